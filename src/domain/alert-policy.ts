import type { EvidenceTerms } from './evidence.js';

/** When an SLO's budget is being spent too fast, and who is told: data that operators tune. */
export interface AlertPolicy {
  /** What tiers and SLO files choose it by. */
  readonly name: string;
  readonly title: string;
  /** What the bad events of a step's long window must be; undefined where any ratio counts. */
  readonly evidence: EvidenceTerms | undefined;
  /** How long an alert outlives the traffic that would end it; undefined where it ends at once. */
  readonly hold: HoldTerms | undefined;
  /** In the order in which they are told: the one that is worst first. */
  readonly steps: readonly PolicyStep[];
}

/**
 * One condition of a policy: spending this share of a budget within the long window, and still spending at that pace in the
 * short one. An alert fires while any step of its severity does.
 *
 * @see https://sre.google/workbook/alerting-on-slos/#6-multiwindow-multi-burn-rate-alerts
 */
export interface PolicyStep {
  /** Unique within the policy; what texts call it. */
  readonly name: string;
  readonly severity: 'page' | 'ticket';
  readonly budgetShare: number;
  /** No factor is below it: of a short budget window, the share of days is a pace that the budget bears. 0 asks for nothing. */
  readonly leastFactor: number;
  readonly longSeconds: number;
  readonly shortSeconds: number;
  /** The share of the step's pace that the short window must still show, in (0, 1]; below 1, it ends later than it begins. */
  readonly shortPace: number;
  /** Fewer bad events in the long window do not count, however large their share; 0 where the evidence alone decides. */
  readonly leastBad: number;
  /**
   * The evidence must be there without so many times the worst minute of the long window. 2 asks for trouble that lasts: a blip of a minute
   * touches two slots. Events without a minute, from gaps, are left out too. 0 asks for nothing.
   */
  readonly worstMinutesLeftOut: number;
  /** What people do next; a sentence. */
  readonly action: string;
}

/**
 * An alert goes on while nothing says that it is over: the last `withinSeconds` hold fewer than `fewerEvents` events, and
 * the last `badWithinSeconds` hold a bad one. Silence after an incident is no recovery; it begins no alert either, for no step
 * fires while the last `withinSeconds` hold no event at all.
 */
export interface HoldTerms {
  readonly fewerEvents: number;
  readonly withinSeconds: number;
  readonly badWithinSeconds: number;
}
