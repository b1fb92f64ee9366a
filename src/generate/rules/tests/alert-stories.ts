import type { AlertPolicy, PolicyStep } from '../../../domain/alert-policy.js';
import { burnFactor, isReachable } from '../../../domain/burn-step.js';
import { type Phase, scrapeSeconds } from './test-story.js';

/** What happens to a service. */
export interface AlertStory {
  /** As a sentence. */
  readonly name: string;
  readonly phases: readonly Phase[];
  /** A step that is active in one minute. */
  readonly active?: { readonly step: string; readonly minute: number };
}

const scrapesIn = (minutes: number): number => (minutes * 60) / scrapeSeconds;

export const healthy = (minutes: number): Phase => ({ scrapes: scrapesIn(minutes), good: 15, bad: 0 });
export const outage = (minutes: number): Phase => ({ scrapes: scrapesIn(minutes), good: 0, bad: 15 });
const idle = (minutes: number): Phase => ({ scrapes: scrapesIn(minutes), good: 0, bad: 0 });
const limping = (minutes: number): Phase => ({ scrapes: scrapesIn(minutes), good: 14, bad: 1 });

/** One request in four: no evidence can be had of so few. */
const rare = (minutes: number): Phase => ({ scrapes: scrapesIn(minutes), good: 0, bad: 0.25 });

/** The same, by a process that has just begun. */
const restarted = (phase: Phase): Phase => ({ ...phase, restarts: true });

const slowBurn: AlertStory = { name: 'one request of fifteen fails', phases: [healthy(5), limping(25), healthy(10)] };

/** What any policy is tried with. */
export const usualStories: readonly AlertStory[] = [
  { name: 'an outage of a quarter of an hour, and what comes after it', phases: [healthy(5), outage(15), healthy(25)] },
  { name: 'a minute in which everything fails', phases: [healthy(15), outage(1), healthy(10)] },
  slowBurn,
  { name: 'a proxy restarts amid an outage', phases: [healthy(10), outage(8), restarted(outage(8)), healthy(20)] },
  { name: 'a proxy restarts after a while of failures', phases: [limping(5), healthy(20), restarted(healthy(10))] },
  { name: 'an outage that ends in silence', phases: [healthy(3), outage(5), idle(63)] },
  { name: 'a service that nobody calls', phases: [idle(20)] },
  { name: 'one failure a minute, of nothing else', phases: [idle(5), rare(8), idle(10)] },
];

/** What is told of other windows of a policy, of which the factors are others. */
export const windowStories: readonly AlertStory[] = [slowBurn];

/** What shows that alerts are there, where others have shown when they fire. */
export const shortStory: AlertStory = { name: 'an outage begins', phases: [healthy(5), outage(10)] };

/** Requests of a busy service in every scrape, at least. */
const leastBusy = 1000;

/**
 * A story for each step that asks for many bad events, and for no more than others that ask for few: of a busy service, so
 * many requests fail that this step is active, and none that asks for a larger share.
 */
export function busyStories(policy: AlertPolicy, objective: number, windowSeconds: number): readonly AlertStory[] {
  const ratioOf = (step: PolicyStep): number => burnFactor(step, windowSeconds) * (1 - objective);
  const shortest = Math.min(...policy.steps.map(({ longSeconds }) => longSeconds));
  return policy.steps.flatMap((step) => {
    const { name, leastBad, longSeconds } = step;
    const isOfBusy = leastBad >= 100 && longSeconds <= 5 * shortest;
    if (!isOfBusy || !isReachable(burnFactor(step, windowSeconds), objective)) return [];
    const larger = policy.steps.map(ratioOf).filter((ratio) => ratio > ratioOf(step));
    const share = (ratioOf(step) + Math.min(1, ...larger)) / 2;
    // Of few failures it would take a busier one until they are enough.
    const busy = Math.max(leastBusy, Math.ceil((1.5 * leastBad) / share / scrapesIn(longSeconds / 60)));
    const bad = Math.round(busy * share);
    const well: Phase = { scrapes: scrapesIn(5), good: busy, bad: 0 };
    const ill: Phase = { scrapes: scrapesIn(5), good: busy - bad, bad };
    return [
      {
        name: `of a busy service, ${Number((100 * share).toPrecision(2))} in 100 requests fail`,
        phases: [well, ill, well],
        active: { step: name, minute: 9 },
      },
    ];
  });
}
