import { latencyQuantile } from '../domain/histogram.js';
import type { CounterValues } from './growth-window.js';
import type { MetricValues } from './metric-values.js';

/** Buckets of a histogram as counters: all of its series together. */
export function bucketCounters(values: MetricValues, family: string): CounterValues {
  const counters = new Map<string, number>();
  for (const { labels, value } of values.series(`${family}_bucket`)) {
    const le = labels.get('le');
    if (le === undefined || !Number.isFinite(value)) continue;
    const key = `${family} ${Number(le === '+Inf' ? 'Infinity' : le)}`;
    counters.set(key, (counters.get(key) ?? 0) + value);
  }
  return counters;
}

/** Quantiles of what was observed lately by all instances together; undefined without an observation. */
export function recentQuantile(grown: readonly CounterValues[], family: string, quantile: number): number | undefined {
  const sums = new Map<number, number>();
  for (const counters of grown) {
    for (const [key, growth] of counters) {
      if (!key.startsWith(`${family} `)) continue;
      const bound = Number(key.slice(family.length + 1));
      sums.set(bound, (sums.get(bound) ?? 0) + growth);
    }
  }
  const bounds = [...sums.keys()].sort((a, b) => a - b);
  const cumulative = bounds.map((bound) => sums.get(bound)!);
  const counts = cumulative.map((count, index) => Math.max(0, count - (cumulative[index - 1] ?? 0)));
  return latencyQuantile({ boundsSeconds: bounds, counts }, quantile);
}
