/**
 * Upper bounds of Istio's latency histogram, milliseconds; the infinite one is left out.
 *
 * @see envoyproxy/envoy source/common/stats/histogram_impl.cc
 */
export const latencyBoundsMs: readonly number[] = [
  0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 60000, 300000, 600000, 1800000, 3600000,
];

/** Number of buckets, the infinite one included. */
export const bucketCount = latencyBoundsMs.length + 1;

/** How long requests take: log-normal, as latencies are. */
export interface LatencyProfile {
  readonly medianMs: number;
  /** Standard deviation of the natural logarithm; 0.5 is an even service, 1 one with a long tail. */
  readonly spread: number;
}

/** Requests by bucket, one number for each of {@link bucketCount}; not cumulative. */
export type BucketCounts = readonly number[];

/** Probability of every bucket; what is less likely than one in a million never happens. */
export function bucketShares({ medianMs, spread }: LatencyProfile): readonly number[] {
  const below = latencyBoundsMs.map((bound) => normalShareBelow(Math.log(bound / medianMs) / spread));
  return [...below, 1].map((share, index) => {
    const within = share - (below[index - 1] ?? 0);
    return within < 1e-6 ? 0 : within;
  });
}

/** The duration that stands for all requests of a bucket in the histogram's sum, milliseconds. */
export function typicalMs(bucket: number): number {
  const upper = latencyBoundsMs[bucket] ?? 7_200_000;
  return ((latencyBoundsMs[bucket - 1] ?? 0) + upper) / 2;
}

/** Position of a bound; throws a RangeError for a threshold between bounds, where a histogram cannot tell. */
export function boundIndex(thresholdMs: number): number {
  const index = latencyBoundsMs.indexOf(thresholdMs);
  if (index < 0) throw new RangeError(`${thresholdMs} ms is no bound of the histogram`);
  return index;
}

/** @see Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.17 */
function normalShareBelow(deviations: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(deviations));
  const density = Math.exp((-deviations * deviations) / 2) / Math.sqrt(2 * Math.PI);
  const polynomial = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return deviations >= 0 ? 1 - density * polynomial : density * polynomial;
}
