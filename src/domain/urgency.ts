import { windowSeconds } from './window.js';
import type { BurnRate, SloStatus } from './slo-status.js';

/**
 * What an SLO asks of the person who looks.
 *
 * - `burning`: the budget is being spent fast enough to wake somebody, and it still is. - `missed`: too many bad events.
 * - `at-risk`: little budget is left, or it has been spent too fast for days.
 * - `insufficient`, `no-data`, `no-traffic`: nothing can be said, and why. - `healthy`: nothing to do.
 */
export type Urgency = 'burning' | 'missed' | 'at-risk' | 'insufficient' | 'no-data' | 'no-traffic' | 'healthy';

/** Most urgent first. */
export const urgencies: readonly Urgency[] = [
  'burning',
  'missed',
  'at-risk',
  'insufficient',
  'no-data',
  'no-traffic',
  'healthy',
];

/** The pace at which a budget is being spent, over the window that shows it best. */
export interface BurnPace {
  readonly windowSeconds: number;
  /** Times faster than allowed. */
  readonly burnRate: number;
  /** Until nothing is left at this pace; 0 when it is spent already, undefined when nothing is being spent. */
  readonly exhaustedInSeconds: number | undefined;
}

/** How an SLO's urgency was judged. */
export interface SloUrgency {
  readonly urgency: Urgency;
  /** The pace of the last hour, or of the window that makes it burn; undefined where there was no traffic. */
  readonly pace: BurnPace | undefined;
}

/** Spending this share of a budget within the long window, and still spending at that pace in the short one. */
interface BurnStep {
  readonly budgetShare: number;
  readonly longSeconds: number;
  readonly shortSeconds: number;
}

/**
 * The steps that page. The workbook's short window of the second is 30 min; an hour is the nearest one that is kept.
 *
 * @see https://sre.google/workbook/alerting-on-slos/ table 5-8
 */
const pageSteps: readonly BurnStep[] = [
  { budgetShare: 0.02, longSeconds: 3600, shortSeconds: 300 },
  { budgetShare: 0.05, longSeconds: 21_600, shortSeconds: 3600 },
];

/** The step that makes a ticket in the same table. */
const slowStep: BurnStep = { budgetShare: 0.1, longSeconds: 259_200, shortSeconds: 21_600 };

/** Below this share of the budget the next incident is likely to miss the objective. */
const lowBudgetRatio = 0.25;

/** Judges one SLO. Few bad events are no evidence: one failure of three requests does not burn. */
export function sloUrgency(status: SloStatus): SloUrgency {
  const burning = pageSteps.find((step) => isActive(step, status));
  const shown = burnOver(status, burning?.longSeconds ?? 3600);
  const pace = shown && burnPace(shown, status);
  if (burning) return { urgency: 'burning', pace };
  if (status.state !== 'met') return { urgency: status.state, pace };
  const isLow = status.budget !== undefined && status.budget.remainingRatio < lowBudgetRatio;
  return { urgency: isLow || isActive(slowStep, status) ? 'at-risk' : 'healthy', pace };
}

/** Statuses with their urgency, most urgent first; of equal urgency the one with the least budget, then by id. */
export function byUrgency(statuses: readonly SloStatus[]): readonly (SloStatus & SloUrgency)[] {
  return statuses
    .map((status) => ({ ...status, ...sloUrgency(status) }))
    .sort(
      (a, b) =>
        urgencies.indexOf(a.urgency) - urgencies.indexOf(b.urgency) ||
        (a.budget?.remainingRatio ?? 1) - (b.budget?.remainingRatio ?? 1) ||
        (a.id < b.id ? -1 : 1),
    );
}

function isActive(step: BurnStep, status: SloStatus): boolean {
  const factor = (step.budgetShare * windowSeconds(status.slo.window, status.at)) / step.longSeconds;
  const long = burnOver(status, step.longSeconds);
  const short = burnOver(status, step.shortSeconds);
  if (long?.burnRate === undefined || short?.burnRate === undefined) return false;
  return long.burnRate >= factor && short.burnRate >= factor && isEvidence(long, status.slo.objective);
}

/**
 * Whether so many bad events would hardly come by chance from a service that keeps its objective: at most once in 10^4
 * looks, by Chernoff's bound of the Poisson tail; and never fewer than three.
 */
function isEvidence({ total, bad }: BurnRate, objective: number): boolean {
  const expected = total * (1 - objective);
  return bad >= 3 && bad > expected && bad * Math.log(bad / expected) - bad + expected > Math.log(10_000);
}

function burnOver(status: SloStatus, seconds: number): BurnRate | undefined {
  return status.burnRates.find((rate) => rate.windowSeconds === seconds);
}

function burnPace({ windowSeconds: over, burnRate }: BurnRate, status: SloStatus): BurnPace | undefined {
  if (burnRate === undefined) return undefined;
  const left = Math.max(0, status.budget?.remainingRatio ?? 1);
  const whole = windowSeconds(status.slo.window, status.at);
  return {
    windowSeconds: over,
    burnRate,
    exhaustedInSeconds: burnRate > 0 ? (left * whole) / burnRate : undefined,
  };
}
