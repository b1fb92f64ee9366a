import type { Moment } from './ending.js';
import { type PodStory, type ServiceStory, steadyPod, type TrafficClass } from './service-story.js';

const hour = 3600;
const day = 24 * hour;

/** A time in which stories happen, epoch seconds; both ends are whole days. */
export interface StorySpan {
  readonly from: number;
  readonly to: number;
}

type Tell = (span: StorySpan, number: number) => Omit<ServiceStory, 'name' | 'namespace' | 'cluster' | 'traffic'>;

/** A service of a class, with 138 series of requests; the number tells services of one class apart. */
export function storyOf(
  traffic: TrafficClass,
  span: StorySpan,
  { number = 0, ...own }: { readonly number?: number } & Partial<ServiceStory> = {},
): ServiceStory {
  const name = `${traffic.replaceAll(' ', '-')}-${number}`;
  return { name, namespace: 'shop', cluster: 'Kubernetes', traffic, ...tellers[traffic](span, number), ...own };
}

const usual: Moment = { bad: 0.0005, slow: 0.004, aborted: 0.01, meshFailures: 0.0003 };

function told(
  span: StorySpan,
  number: number,
  own: Partial<ReturnType<Tell>> & { readonly rate: number },
): ReturnType<Tell> {
  const { rate, ...rest } = own;
  return {
    requestsPerSecond: () => rate * (1 + (number % 7) / 10),
    momentAt: () => usual,
    callers: 6,
    pods: steadyPods(number, span.from),
    outages: [],
    lostScrapes: 0,
    ...rest,
  };
}

const tellers: Readonly<Record<TrafficClass, Tell>> = {
  // Eight busy hours a day; one night in seven, an hour in which half of the few requests fail.
  'uneven days': (span, number) =>
    told(span, number, {
      rate: 0,
      requestsPerSecond: (at) => (hourOf(at) >= 8 && hourOf(at) < 16 ? 60 : 0.6) * (1 + (number % 7) / 10),
      momentAt: (at) => (dayOf(span, at) % 7 === 3 && hourOf(at) === 3 ? { ...usual, bad: 0.5 } : usual),
    }),

  // Every pod is replaced every day, and containers restart three times a day.
  restarts: (span, number) =>
    told(span, number, {
      rate: 12,
      pods: daysOf(span).flatMap((from, index) =>
        [0, 1].map((replica) => {
          const bornAt = index === 0 ? span.from : from + 10 * hour + 90 * replica;
          return steadyPod(podName(number, replica, index), bornAt, {
            goneAt: from + day === span.to ? Infinity : from + day + 10 * hour + 90 * replica + 30,
            restartsAt: replica === 0 ? [from + 13 * hour + 15, from + 17 * hour + 30, from + 22 * hour + 45] : [],
          });
        }),
      ),
    }),

  'rare requests': (span, number) =>
    told(span, number, { rate: 0.01, momentAt: () => ({ ...usual, bad: 0.004, aborted: 0.004 }) }),

  // 10 to 20 minutes a day without a scrape, in which everything goes wrong, and every twentieth scrape lost.
  gaps: (span, number) =>
    told(span, number, {
      rate: 8,
      lostScrapes: 0.05,
      momentAt: (at) => (isIn(dailyGaps(span), at) ? { ...usual, bad: 0.2 } : usual),
      outages: dailyGaps(span).map((gap, index) => ({ ...gap, kind: index % 2 === 0 ? 'failing' : 'nobody' })),
    }),

  'began yesterday': (span, number) =>
    told(span, number, {
      rate: 20,
      pods: steadyPods(number, span.to - day + 5 * hour),
      momentAt: () => ({ ...usual, bad: 0.002 }),
    }),

  'late first error': (span, number) =>
    told(span, number, {
      rate: 5,
      momentAt: (at) => (at >= span.to - day + 2 * hour ? { ...usual, bad: 0.01 } : { ...usual, bad: 0 }),
    }),

  // Half a million requests old when it is discovered.
  'old process': (span, number) =>
    told(span, number, {
      rate: 10,
      pods: [0, 1].map((replica) =>
        steadyPod(podName(number, replica, 0), span.from, { scrapedFrom: span.to - day + 9 * hour + 45 * replica }),
      ),
    }),

  // Prometheus is away for three hours: longer than any look back at what a counter had been.
  'long gap': (span, number) =>
    told(span, number, {
      rate: 10,
      outages: [{ from: span.to - day + 4 * hour, to: span.to - day + 7 * hour, kind: 'nobody' }],
    }),

  // Idle series leave a living process, and come back from zero.
  evictions: (span, number) =>
    told(span, number, {
      rate: 2,
      pods: steadyPods(number, span.from, { evictionsAt: daysOf(span).map((from) => from + 15 * hour + 15) }),
    }),
};

function steadyPods(number: number, bornAt: number, own: Partial<PodStory> = {}): readonly PodStory[] {
  return [0, 1].map((replica) => steadyPod(podName(number, replica, 0), bornAt, own));
}

function podName(number: number, replica: number, generation: number): string {
  return `${number}-${replica}-${generation}`;
}

function daysOf({ from, to }: StorySpan): readonly number[] {
  return Array.from({ length: Math.round((to - from) / day) }, (_, index) => from + index * day);
}

function dayOf({ from }: StorySpan, at: number): number {
  return Math.floor((at - from) / day);
}

function hourOf(at: number): number {
  return Math.floor((at % day) / hour);
}

function dailyGaps(span: StorySpan): readonly { readonly from: number; readonly to: number }[] {
  return daysOf(span).map((from, index) => ({
    from: from + 11 * hour + 15 * (index % 5),
    to: from + 11 * hour + 15 * (index % 5) + 60 * (10 + ((index * 3) % 11)),
  }));
}

function isIn(ranges: readonly { readonly from: number; readonly to: number }[], at: number): boolean {
  return ranges.some(({ from, to }) => at >= from && at < to);
}
