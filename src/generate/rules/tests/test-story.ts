import type { AlertPolicy } from '../../../domain/alert-policy.js';
import { burnRate } from '../../../domain/budget.js';
import { burnWindows, type FiringBefore, judged, nothingFiring } from '../../../domain/burn-verdict.js';
import { type Slo, sloId } from '../../../domain/slo.js';
import type { SloStatus } from '../../../domain/slo-status.js';

/** The usual interval of scrapes, and of samples in tests; seconds. */
export const scrapeSeconds = 15;

/** So many scrapes in a row see so many requests each. */
export interface Phase {
  readonly scrapes: number;
  readonly good: number;
  readonly bad: number;
  /** The process begins anew just before the first of them, and its counters with it. */
  readonly restarts?: true;
}

/** A counter's samples in promtool's notation: the first is 0, and each phase adds its growth to every one. */
export function counterValues(phases: readonly Phase[], kind: 'good' | 'bad'): string {
  let reached = 0;
  const parts = ['0'];
  for (const phase of phases) {
    const growth = phase[kind];
    if (phase.restarts) reached = 0;
    parts.push(`${reached + growth}+${growth}x${phase.scrapes - 1}`);
    reached += growth * phase.scrapes;
  }
  return parts.join(' ');
}

/** The age of the process that counts, a sample for every one of {@link counterValues}. */
export function ageValues(phases: readonly Phase[], unitsPerSecond: number): string {
  const step = scrapeSeconds * unitsPerSecond;
  const lives: number[] = [0];
  for (const { scrapes, restarts } of phases) {
    if (restarts) lives.push(scrapes - 1);
    else lives[lives.length - 1]! += scrapes;
  }
  return lives.map((samples) => `0+${step}x${samples}`).join(' ');
}

/** When that process began, in epoch seconds; a test begins at 0. */
export function startValues(phases: readonly Phase[]): string {
  const parts = ['0'];
  let [began, scraped] = [0, 0];
  for (const { scrapes, restarts } of phases) {
    if (restarts) began = (scraped + 1) * scrapeSeconds;
    parts.push(`${began}x${scrapes - 1}`);
    scraped += scrapes;
  }
  return parts.join(' ');
}

/** What the embedded evaluator would say of an SLO in every minute of a story that rules see with a delay. */
export function verdicts(
  phases: readonly Phase[],
  slo: Slo,
  policy: AlertPolicy,
  delaySeconds: number,
): readonly FiringBefore[] {
  const minutes = minuteEvents(phases, delaySeconds);
  const windows = burnWindows([policy]);
  const found: FiringBefore[] = [];
  for (let end = 1; end <= minutes.length; end++) {
    const burnRates = windows.map(({ seconds }) => {
      const inside = minutes.slice(Math.max(0, end - seconds / 60), end);
      const total = inside.reduce((sum, minute) => sum + minute.good + minute.bad, 0);
      const bad = inside.reduce((sum, minute) => sum + minute.bad, 0);
      const worstMinuteBad = Math.max(...inside.map((minute) => minute.bad));
      const rate = burnRate({ total, bad }, slo.objective);
      return { windowSeconds: seconds, total, bad, coverage: 1, burnRate: rate, unplacedBad: 0, worstMinuteBad };
    });
    const { verdict } = judged(statusOf(slo, end * 60, burnRates), policy, found.at(-1) ?? nothingFiring);
    found.push({ page: slo.alerts.pages && verdict.page !== undefined, ticket: verdict.ticket !== undefined });
  }
  return found;
}

/** The events that the rules book to each minute, from the first on: what a process counted in its last one is lost. */
function minuteEvents(phases: readonly Phase[], delaySeconds: number): readonly { good: number; bad: number }[] {
  const scrapes = phases.flatMap(({ scrapes: count, good, bad, restarts }) =>
    Array.from({ length: count }, (_, index) => ({ good, bad, isFirst: restarts && index === 0 })),
  );
  const minutes = Array.from({ length: Math.floor((scrapes.length * scrapeSeconds) / 60) }, () => ({
    good: 0,
    bad: 0,
  }));
  for (const [index, { good, bad, isFirst }] of scrapes.entries()) {
    const seenAt = (index + 1) * scrapeSeconds + delaySeconds;
    const minute = minutes[Math.ceil(seenAt / 60) - 1];
    if (minute === undefined) continue;
    if (isFirst) Object.assign(minute, { good: 0, bad: 0 });
    minute.good += good;
    minute.bad += bad;
  }
  return minutes;
}

function statusOf(slo: Slo, at: number, burnRates: SloStatus['burnRates']): SloStatus {
  return {
    id: sloId(slo),
    slo,
    at,
    state: 'met',
    window: { from: 0, to: at, total: 0, bad: 0, coverage: 1, goodRatio: undefined, unplaced: 0, imported: 0 },
    budget: undefined,
    burnRates,
    observed: undefined,
    definedSince: undefined,
  };
}
