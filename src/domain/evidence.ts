/**
 * Whether so many bad events would hardly come by chance from a service that keeps its objective: at most once in 10^4
 * looks, by Chernoff's bound of the Poisson tail; and never fewer than three.
 */
export function isEvidence(
  { total, bad }: { readonly total: number; readonly bad: number },
  objective: number,
): boolean {
  const expected = total * (1 - objective);
  return bad >= 3 && bad > expected && bad * Math.log(bad / expected) - bad + expected > Math.log(10_000);
}
