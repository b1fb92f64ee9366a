import type { Config } from '../config/config.js';
import type { Clock } from '../domain/clock.js';
import { type ScrapeJob, scrapeJob } from '../scrape/scrape-job.js';
import { ScrapeSource } from '../scrape/scrape-source.js';
import type { TargetOwner } from '../scrape/target-owner.js';
import type { OwnMetrics } from '../server/own-metrics.js';
import type { CurrentSlos } from './current-slos.js';

export interface ScrapingParts {
  readonly config: Config;
  readonly slos: CurrentSlos;
  readonly ownerOf: TargetOwner;
  readonly clock: Clock;
  /** Asked after every scrape. */
  readonly metrics: () => Pick<OwnMetrics, 'scrapeEnded'>;
}

/** The embedded source, with its metrics. */
export function createScrapeSource({ config, slos, ownerOf, clock, metrics }: ScrapingParts): ScrapeSource {
  return new ScrapeSource({
    jobs: scrapeJobs(config),
    directory: slos,
    ownerOf,
    clock,
    concurrency: config.scrape.concurrency,
    onScrape: ({ outcome, durationSeconds, unusable }) => {
      if (outcome === 'skipped') return;
      metrics().scrapeEnded(outcome === 'success' ? 'ok' : outcome, durationSeconds, unusable);
    },
  });
}

/** What is scraped under a configuration. */
export function scrapeJobs({ scrape, clusterAliases }: Config): readonly ScrapeJob[] {
  return scrape.jobs.map((job) => scrapeJob(job, clusterAliases));
}
