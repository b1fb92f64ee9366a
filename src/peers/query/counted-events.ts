import type { Matcher } from '../../promql/expression.js';

/** A counter that a query adds, or takes off again. */
export interface EventTerm {
  readonly sign: 1 | -1;
  readonly metric: string;
  readonly matchers: readonly Matcher[];
  /** Whether several series of it become one. */
  readonly isSummed: boolean;
}

/** How many events a query counts: signed sums of counters. */
export interface CountedEvents {
  readonly terms: readonly EventTerm[];
  /** Labels by which sums are kept apart: one result for each of their values. */
  readonly groupedBy: readonly string[];
  /** Whether lost telemetry becomes a 0: `or vector(0)`. */
  readonly hidesLoss: boolean;
}

/** No events at all. */
export const noEvents: CountedEvents = { terms: [], groupedBy: [], hidesLoss: false };

/** Both together. */
export function plus(a: CountedEvents, b: CountedEvents): CountedEvents {
  return {
    terms: [...a.terms, ...b.terms],
    groupedBy: [...new Set([...a.groupedBy, ...b.groupedBy])],
    hidesLoss: a.hidesLoss || b.hidesLoss,
  };
}

/** What is left of one without the other. */
export function minus(a: CountedEvents, b: CountedEvents): CountedEvents {
  const negated = b.terms.map((term): EventTerm => ({ ...term, sign: term.sign === 1 ? -1 : 1 }));
  return plus(a, { ...b, terms: negated });
}
