/**
 * What a metric is called, what it is, and which of its labels tell apart what it is about.
 *
 * A histogram stands for its three families; `le` needs no mention, `job` and `instance` of scraped metrics none either.
 */
export interface MetricWord {
  readonly name: string;
  readonly type: MetricType;
  readonly labels: readonly string[];
}

/** `recorded-sum`: events of a stretch of time, recorded by a rule; what else is recorded is a gauge. */
export type MetricType = 'counter' | 'gauge' | 'histogram' | 'summary' | 'recorded-sum';

/** Everything that a query may ask for, by name. */
export type MetricVocabulary = ReadonlyMap<string, MetricWord>;
