import type { SloState } from '../../domain/budget.js';
import type { Perspective } from '../../domain/slo.js';
import type { Urgency } from '../../domain/urgency.js';
import type { PaceView } from './slo.js';

/** `GET /api/v1/services`: every service that has SLOs or traffic, most urgent first. */
export interface ServiceList {
  /** The moment as of which this is told; it changes with every counted slot. */
  readonly atSeconds: number;
  /** Start of the first step of every `traffic`. */
  readonly trafficFromSeconds: number;
  readonly trafficStepSeconds: number;
  readonly services: readonly ServiceView[];
}

/** One row of the list: small, because there may be thousands. Ratios and rates are rounded. */
export interface ServiceView {
  readonly cluster: string;
  readonly namespace: string;
  readonly service: string;
  /** Team that is called; null where nobody is known. */
  readonly owner: string | null;
  /** Null without SLOs. */
  readonly tier: string | null;
  /** That of its most urgent SLO; null without SLOs. */
  readonly urgency: Urgency | null;
  /** How many SLOs it has. */
  readonly slos: number;
  /** Its most urgent SLO; of equally urgent ones that with the least budget. Null without SLOs. */
  readonly worst: WorstSloView | null;
  readonly alerts: AlertCounts;
  /** The lowest coverage that one of its SLOs has over its own window; null without SLOs. */
  readonly coverage: number | null;
  /** Requests per second of the last hours, oldest first; null where nobody looked. Empty where it was never seen. */
  readonly traffic: readonly (number | null)[];
}

/** An SLO as far as a list shows it. */
export interface WorstSloView {
  readonly slo: string;
  readonly perspective: Perspective;
  readonly objective: number;
  readonly state: SloState;
  /** Share of the budget that is left; negative when overspent, null without events. */
  readonly remainingRatio: number | null;
  /** The pace at which its budget is being spent; null without traffic. */
  readonly pace: PaceView | null;
  /** Whether any of its events were imported, not observed. */
  readonly imported: boolean;
}

/** Alerts that fire now, those inhibited left out. */
export interface AlertCounts {
  readonly pages: number;
  readonly tickets: number;
}
