import type { JobSettings } from '../../src/config/config.js';
import type { TargetListSettings } from '../../src/config/target-settings.js';
import { loadPacks, packFor } from '../../src/packs/load-packs.js';
import { type ScrapeJob, scrapeJob } from '../../src/scrape/scrape-job.js';

const { packs } = loadPacks();

/** A job of Istio sidecars every 15 s, with what the test is about changed. */
export function testJob(targets: readonly TargetListSettings[], changes: Partial<JobSettings> = {}): ScrapeJob {
  const settings: JobSettings = {
    name: 'sidecars',
    pack: packFor(packs, 'istio')!,
    cluster: 'eu1',
    intervalSeconds: 15,
    timeoutSeconds: 60,
    scheme: 'http',
    path: '/stats/prometheus',
    params: {},
    filterParams: {},
    gzip: true,
    access: {},
    targets,
    limits: { bodyBytes: 1_000_000, decompressedBytes: 2_000_000, series: 1000, services: 1000 },
    ...changes,
  };
  return scrapeJob(settings, new Map());
}

/** Addresses in the configuration itself. */
export function staticTargets(...targets: readonly string[]): TargetListSettings {
  return { kind: 'static', groups: [{ targets, labels: {} }] };
}
