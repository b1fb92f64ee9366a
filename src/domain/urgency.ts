import { burnOver } from './burn-step.js';
import type { JudgedSlo } from './burn-verdict.js';
import { isEvidence } from './evidence.js';
import type { BurnRate, SloStatus } from './slo-status.js';
import { windowSeconds } from './window.js';

/**
 * What an SLO asks of the person who looks.
 *
 * - `burning`: the budget is being spent fast enough to wake somebody, and it still is. - `missed`: too many bad events.
 * - `at-risk`: little budget is left, or it has been spent too fast for days, or very fast for the last five minutes.
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
  /** The pace of the last hour, of clearly worse five minutes, or of the window that makes it burn; undefined without traffic. */
  readonly pace: BurnPace | undefined;
}

/** What "now" and "lately" are to a person who looks. */
const [nowSeconds, hourSeconds] = [300, 3600];

/** Below this share of the budget the next incident is likely to miss the objective. */
const lowBudgetRatio = 0.25;

/** The last five minutes are told instead of the last hour where they are so many times worse. */
const worseNow = 1.5;

/** Judges one SLO: it burns exactly while its policy pages, or would where pages are switched off. */
export function sloUrgency(status: JudgedSlo): SloUrgency {
  const { page, ticket } = status.verdict;
  const pace = burnPace(page?.kind === 'step' ? worst(status, page.state.long) : worstRecent(status), status);
  if (page) return { urgency: 'burning', pace };
  if (status.state !== 'met') return { urgency: status.state, pace };
  const isLow = status.budget !== undefined && status.budget.remainingRatio < lowBudgetRatio;
  return { urgency: isLow || ticket !== undefined || hasFlaredUp(status) ? 'at-risk' : 'healthy', pace };
}

/** Statuses with their urgency, most urgent first; of equal urgency the one with the least budget, then by id. */
export function byUrgency(statuses: readonly JudgedSlo[]): readonly (JudgedSlo & SloUrgency)[] {
  return statuses
    .map((status) => ({ ...status, ...sloUrgency(status) }))
    .sort(
      (a, b) =>
        urgencies.indexOf(a.urgency) - urgencies.indexOf(b.urgency) ||
        (a.budget?.remainingRatio ?? 1) - (b.budget?.remainingRatio ?? 1) ||
        (a.id < b.id ? -1 : 1),
    );
}

/** The window of the step that fires; of one shorter than people are shown, the shortest of those. */
function worst(status: JudgedSlo, long: BurnRate): BurnRate {
  return long.windowSeconds < nowSeconds ? burnOver(status, nowSeconds) : long;
}

/** The last hour, unless the last five minutes are clearly worse, by more than chance. */
function worstRecent(status: SloStatus): BurnRate {
  const [now, hour] = [burnOver(status, nowSeconds), burnOver(status, hourSeconds)];
  const isWorse = (now.burnRate ?? 0) > worseNow * (hour.burnRate ?? 0) && isEvidence(now, status.slo.objective);
  return isWorse ? now : hour;
}

/** Whether the last minutes were bad enough to page; if they last, it will. */
function hasFlaredUp({ slo, verdict }: JudgedSlo): boolean {
  return verdict.steps.some(
    ({ step, factor, isReachable, short }) =>
      step.severity === 'page' &&
      isReachable &&
      (short.burnRate ?? 0) >= factor &&
      isEvidence(short, slo.objective, verdict.policy.evidence),
  );
}

/** When the budget ends at the burn rate of one window; undefined without traffic in it. */
export function burnPace({ windowSeconds: over, burnRate }: BurnRate, status: SloStatus): BurnPace | undefined {
  if (burnRate === undefined) return undefined;
  const left = Math.max(0, status.budget?.remainingRatio ?? 1);
  const whole = windowSeconds(status.slo.window, status.at);
  return {
    windowSeconds: over,
    burnRate,
    exhaustedInSeconds: burnRate > 0 ? (left * whole) / burnRate : undefined,
  };
}
