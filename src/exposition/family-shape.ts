import type { MetricType } from './exposition.js';

/** Which suffixes the samples of a type carry in OpenMetrics; the empty one is the family's own name. */
export const openMetricsSuffixes: Readonly<Record<MetricType, readonly string[]>> = {
  counter: ['_total', '_created'],
  gauge: [''],
  histogram: ['_bucket', '_count', '_sum', '_created'],
  summary: ['', '_count', '_sum', '_created'],
  unknown: [''],
  gaugehistogram: ['_bucket', '_gcount', '_gsum'],
  info: ['_info'],
  stateset: [''],
};

/** The same in Prometheus text, where a counter is named like its sample. */
export const textSuffixes: Readonly<Record<MetricType, readonly string[]>> = {
  ...openMetricsSuffixes,
  counter: [''],
  histogram: ['_bucket', '_count', '_sum'],
  summary: ['', '_count', '_sum'],
};

/** All suffixes that may lead from a sample to its family. */
export const familySuffixes: readonly string[] = [
  '_bucket',
  '_count',
  '_sum',
  '_total',
  '_created',
  '_gcount',
  '_gsum',
  '_info',
];

/** Whether a sample with this suffix belongs to a family of this type in either format. */
export function carriesSuffix(type: MetricType, suffix: string): boolean {
  return openMetricsSuffixes[type].includes(suffix) || textSuffixes[type].includes(suffix);
}
