/** What was observed of an SLO in a stretch of time. Counts are events, or slices where the budget counts slices. */
export interface WindowEvents {
  readonly total: number;
  readonly bad: number;
  /** Share of the stretch that was observed, in [0, 1], counted from the first moment this SLO was ever observed. */
  readonly coverage: number;
}

/**
 * How an SLO stands.
 *
 * - `no-data`: nobody looked. - `no-traffic`: somebody looked for most of the time and there was nothing.
 * - `insufficient`: too few events to hold even one bad one, or more than half of the time unobserved.
 * - `met`, `missed`: judged.
 */
export type SloState = 'met' | 'missed' | 'no-traffic' | 'no-data' | 'insufficient';

/** Below this share of observed time a verdict would be about the gaps. */
export const leastCoverage = 0.5;

/** The verdict over a window; see {@link SloState}. */
export function sloState({ total, bad, coverage }: WindowEvents, objective: number): SloState {
  if (total === 0 && coverage === 0) return 'no-data';
  if (total === 0) return coverage < leastCoverage ? 'insufficient' : 'no-traffic';
  const allowed = allowedBad(total, objective);
  if (allowed < 1 || coverage < leastCoverage) return 'insufficient';
  return bad > allowed ? 'missed' : 'met';
}

/** An error budget, event-weighted: bad over allowed, never an average of ratios. */
export interface ErrorBudget {
  /** Bad events that the objective allows for the events there were; a fraction is kept. */
  readonly allowedEvents: number;
  /** Share of the budget that is spent; above 1 when overspent. */
  readonly spentRatio: number;
  /** 1 - spent; negative when overspent. */
  readonly remainingRatio: number;
}

/** The budget of a window; undefined where there were no events, because it is then neither full nor empty. */
export function errorBudget(
  { total, bad }: Pick<WindowEvents, 'total' | 'bad'>,
  objective: number,
): ErrorBudget | undefined {
  if (total === 0) return undefined;
  const allowedEvents = allowedBad(total, objective);
  const spentRatio = bad / allowedEvents;
  return { allowedEvents, spentRatio, remainingRatio: 1 - spentRatio };
}

/**
 * How many times faster than allowed the budget is being spent; 1 spends it exactly within its window.
 *
 * @returns undefined without events.
 * @see https://sre.google/workbook/alerting-on-slos/ (burn rate)
 */
export function burnRate({ total, bad }: Pick<WindowEvents, 'total' | 'bad'>, objective: number): number | undefined {
  return errorBudget({ total, bad }, objective)?.spentRatio;
}

/** The SLI: good over total, in [0, 1]; undefined without events. */
export function goodRatio({ total, bad }: Pick<WindowEvents, 'total' | 'bad'>): number | undefined {
  return total === 0 ? undefined : (total - bad) / total;
}

/** 1000 events at 99.9 % allow 1, not 1.0000000000000009: rounded far below one event. */
function allowedBad(total: number, objective: number): number {
  const exact = total * (1 - objective);
  return Number(exact.toPrecision(12));
}
