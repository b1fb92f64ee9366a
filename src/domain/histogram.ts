/** Requests by latency. `counts[i]` took at most `boundsSeconds[i]` and more than the bound before; the last bound is Infinity. */
export interface LatencyCounts {
  readonly boundsSeconds: readonly number[];
  readonly counts: readonly number[];
}

/**
 * The latency that a share of the requests stayed within, by linear interpolation inside its bucket as Prometheus does.
 *
 * @param quantile in [0, 1]
 * @returns seconds; undefined without requests; the last finite bound where the true value lies above it.
 * @see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile
 */
export function latencyQuantile({ boundsSeconds, counts }: LatencyCounts, quantile: number): number | undefined {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  const rank = quantile * total;
  let below = 0;
  for (const [index, count] of counts.entries()) {
    const upper = boundsSeconds[index]!;
    const lower = index === 0 ? 0 : boundsSeconds[index - 1]!;
    if (below + count >= rank && count > 0) {
      return upper === Infinity ? lower : lower + ((upper - lower) * Math.max(0, rank - below)) / count;
    }
    below += count;
  }
  return boundsSeconds.findLast((bound) => bound !== Infinity);
}

/** The bounds next to a value that is no bound itself: what a person can choose instead. */
export function nearestBounds(boundsSeconds: readonly number[], seconds: number): readonly number[] {
  const finite = boundsSeconds.filter((bound) => bound !== Infinity);
  const below = finite.findLast((bound) => bound < seconds);
  const above = finite.find((bound) => bound > seconds);
  return [below, above].filter((bound) => bound !== undefined);
}
