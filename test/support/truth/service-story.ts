import type { Moment } from './ending.js';

/** The classes of traffic that rules are held against. */
export const trafficClasses = [
  'uneven days',
  'restarts',
  'rare requests',
  'gaps',
  'began yesterday',
  'late first error',
  'old process',
  'long gap',
  'evictions',
] as const;

export type TrafficClass = (typeof trafficClasses)[number];

/** What happens to one service, and how its proxies are scraped. Times are epoch seconds, whole multiples of a cell. */
export interface ServiceStory {
  readonly name: string;
  readonly namespace: string;
  readonly cluster: string;
  readonly traffic: TrafficClass;
  /** Of all pods together. */
  readonly requestsPerSecond: (at: number) => number;
  readonly momentAt: (at: number) => Moment;
  readonly callers: number;
  readonly pods: readonly PodStory[];
  readonly outages: readonly Outage[];
  /** Which share of all scrapes fails, in [0, 1]. */
  readonly lostScrapes: number;
}

/** A pod of the service, which takes its even share of the requests. */
export interface PodStory {
  readonly name: string;
  readonly bornAt: number;
  readonly goneAt: number;
  /** Discovered later than it was born: what it counted until then nobody can place. */
  readonly scrapedFrom: number;
  /** The container starts again under the same name: all counters and the uptime from zero. */
  readonly restartsAt: readonly number[];
  /** The living process forgets its series and counts them from zero. */
  readonly evictionsAt: readonly number[];
}

/** A stretch in which nothing is scraped. */
export interface Outage {
  readonly from: number;
  readonly to: number;
  /** `failing`: scrapes are tried, and series end with a marker. `nobody`: Prometheus is away, and nothing is written. */
  readonly kind: 'failing' | 'nobody';
}

/** A pod that is there all the time, and always scraped. */
export function steadyPod(name: string, bornAt: number, own: Partial<PodStory> = {}): PodStory {
  return {
    name,
    bornAt,
    goneAt: Infinity,
    scrapedFrom: own.bornAt ?? bornAt,
    restartsAt: [],
    evictionsAt: [],
    ...own,
  };
}
