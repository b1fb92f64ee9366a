import { isEvidence } from './evidence.js';
import type { BurnRate, SloStatus } from './slo-status.js';
import { windowSeconds } from './window.js';

/**
 * Spending this share of a budget within the long window, and still spending at that pace in the short one.
 *
 * Both windows are among those whose burn rates a status holds.
 *
 * @see https://sre.google/workbook/alerting-on-slos/#6-multiwindow-multi-burn-rate-alerts
 */
export interface BurnStep {
  readonly budgetShare: number;
  readonly longSeconds: number;
  readonly shortSeconds: number;
}

/** The burn rate that spends the step's share within its long window; 14.4 for 2 % of 30 days in an hour. */
export function burnFactor(step: BurnStep, budgetSeconds: number): number {
  return (step.budgetShare * budgetSeconds) / step.longSeconds;
}

/** Whether an SLO spends as fast as the step says, and still does, by more than chance. */
export function isActive(step: BurnStep, status: SloStatus): boolean {
  const factor = burnFactor(step, windowSeconds(status.slo.window, status.at));
  const [long, short] = [burnOver(status, step.longSeconds), burnOver(status, step.shortSeconds)];
  if (long.burnRate === undefined || short.burnRate === undefined) return false;
  return long.burnRate >= factor && short.burnRate >= factor && isEvidence(long, status.slo.objective);
}

/**
 * The burn rate of one window.
 *
 * @throws RangeError for a window that the status does not hold: a step over it would never fire, and nobody would know
 */
export function burnOver(status: SloStatus, seconds: number): BurnRate {
  const found = status.burnRates.find((rate) => rate.windowSeconds === seconds);
  if (found) return found;
  throw new RangeError(`burn rates over ${seconds} s are not kept`);
}
