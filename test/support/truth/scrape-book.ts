import { seededRandom } from '../../../src/simulator/random.js';
import type { PodStory, ServiceStory } from './service-story.js';

/** When a target was scraped, and with which success. */
export interface ScrapeBook {
  /** Whole milliseconds, ascending. */
  readonly times: Float64Array;
  readonly results: readonly ScrapeResult[];
}

/** After `gone` the target is no longer listed; its series end there with a marker, as Prometheus ends them. */
export type ScrapeResult = 'read' | 'failed' | 'gone';

/** The scrapes of a pod until a moment; each pod has its own place in the interval, as Prometheus gives them. */
export function scrapesOf(
  story: ServiceStory,
  pod: PodStory,
  untilSeconds: number,
  intervalSeconds: number,
): ScrapeBook {
  const random = seededRandom(hashOf(`${story.name} ${pod.name}`));
  const phase = Math.floor(random() * intervalSeconds * 1000) / 1000;
  const times: number[] = [];
  const results: ScrapeResult[] = [];
  const first = Math.ceil((pod.scrapedFrom - phase) / intervalSeconds);
  for (let tick = first; ; tick++) {
    const at = tick * intervalSeconds + phase;
    if (at >= untilSeconds) break;
    const lost = random() < story.lostScrapes;
    const outage = story.outages.find(({ from, to }) => at >= from && at < to);
    if (outage?.kind === 'nobody') {
      if (at >= pod.goneAt) break;
      continue;
    }
    times.push(Math.round(at * 1000));
    if (at >= pod.goneAt) {
      results.push('gone');
      break;
    }
    results.push(outage || lost ? 'failed' : 'read');
  }
  return { times: Float64Array.from(times), results };
}

/** A whole number that stands for a text. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
