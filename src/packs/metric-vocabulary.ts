/**
 * What a metric is called, what it is, and which of its labels tell apart what it is about.
 *
 * A histogram stands for its three families, a summary for its sum and count; `le` needs no mention, `job` and `instance` of
 * scraped metrics none either.
 */
export interface MetricWord {
  readonly name: string;
  readonly type: MetricType;
  readonly labels: readonly string[];
  /** Who exposes it, where a pack says so: what is chosen of the instances of some says nothing of others. */
  readonly of?: string | undefined;
}

/** `recorded-sum`: events of a stretch of time, recorded by a rule; what else is recorded is a gauge. */
export const metricTypes = ['counter', 'gauge', 'histogram', 'summary', 'recorded-sum'] as const;

export type MetricType = (typeof metricTypes)[number];

/** Everything that a query may ask for, by name. */
export type MetricVocabulary = ReadonlyMap<string, MetricWord>;
