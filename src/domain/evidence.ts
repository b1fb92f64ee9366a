/** How much it takes to believe that bad events are more than bad luck. */
export interface EvidenceTerms {
  /** Fewer bad events prove nothing, however few were expected. */
  readonly leastBad: number;
  /** So many bad events show that it goes on: the one that any service has now and then does not bring back a page. */
  readonly leastBadLately: number;
  /** The bound of the probability, in (0, 1), that a service which keeps its objective shows so many at one look. */
  readonly chance: number;
}

/** Three bad events at least, and such as come by chance at most once in 10^4 looks. */
export const usualEvidence: EvidenceTerms = { leastBad: 3, leastBadLately: 2, chance: 0.0001 };

/**
 * Whether so many bad events would hardly come by chance from a service that keeps its objective: by Chernoff's bound of
 * the Poisson tail.
 */
export function isEvidence(
  { total, bad }: { readonly total: number; readonly bad: number },
  objective: number,
  { leastBad, chance }: EvidenceTerms = usualEvidence,
): boolean {
  const expected = total * (1 - objective);
  return bad >= leastBad && bad > expected && isImprobable(bad, expected, chance);
}

/** Whether so many events, more than expected, come less often by chance: by Chernoff's bound. */
export function isImprobable(events: number, expected: number, chance: number): boolean {
  return events * Math.log(events / expected) - events + expected > -Math.log(chance);
}
