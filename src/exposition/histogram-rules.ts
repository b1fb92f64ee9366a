import { numberOfText } from './number-text.js';
import type { ExpositionRule } from './problem.js';
import type { RuledSample } from './ruled-sample.js';
import { seriesKey } from './series-key.js';

interface HistogramFault {
  readonly rule: ExpositionRule;
  readonly sample: RuledSample;
  readonly message: string;
}

/** What is wrong with the histograms of one family: each label set at each time is one histogram. */
export function histogramFaults(samples: readonly RuledSample[], family: string): readonly HistogramFault[] {
  const histograms = new Map<string, RuledSample[]>();
  for (const sample of samples) {
    if (sample.name.endsWith('_created')) continue;
    const key = `${seriesKey('', sample.labels, 'le')} ${String(sample.timestamp)}`;
    const histogram = histograms.get(key);
    if (histogram === undefined) histograms.set(key, [sample]);
    else histogram.push(sample);
  }
  return [...histograms.values()].flatMap((histogram) => faultsOf(histogram, family));
}

function faultsOf(histogram: readonly RuledSample[], family: string): HistogramFault[] {
  const faults: HistogramFault[] = [];
  const sample = histogram.at(-1)!;
  const named = (...suffixes: string[]): RuledSample | undefined =>
    histogram.find(({ name }) => suffixes.includes(name.slice(family.length)));
  const buckets = histogram.filter(({ name }) => name === `${family}_bucket`);
  const bounds = buckets.map(({ labels }) => numberOfText(labels.get('le') ?? '') ?? NaN);

  for (let index = 1; index < buckets.length; index++) {
    const bucket = buckets[index]!;
    if (bounds[index]! <= bounds[index - 1]!) {
      faults.push({ rule: 'bucket-order', sample: bucket, message: `the buckets of ${family} are out of order` });
    }
    if (bucket.value < buckets[index - 1]!.value) {
      faults.push({
        rule: 'bucket-counts',
        sample: bucket,
        message: `a bucket of ${family} holds less than a narrower`,
      });
    }
  }

  const count = named('_count', '_gcount');
  const sum = named('_sum');
  const gaugeSum = named('_gsum');
  if (bounds.at(-1) !== Infinity) {
    faults.push({ rule: 'bucket-infinity', sample, message: `${family} has no last bucket le="+Inf"` });
  } else if (count !== undefined && count.value !== buckets.at(-1)!.value) {
    faults.push({ rule: 'bucket-infinity', sample: count, message: `the count of ${family} is not its last bucket` });
  }
  if ((count === undefined) !== (sum === undefined && gaugeSum === undefined)) {
    faults.push({ rule: 'histogram-sum', sample, message: `${family} has only one of sum and count` });
  }
  const negative = bounds.some((bound) => bound < 0);
  if (negative && sum !== undefined) {
    faults.push({ rule: 'histogram-sum', sample: sum, message: `${family} has a sum and buckets below zero` });
  }
  if (!negative && (gaugeSum?.value ?? 0) < 0) {
    faults.push({
      rule: 'histogram-sum',
      sample: gaugeSum!,
      message: `${family} sums up to less than its buckets allow`,
    });
  }
  return faults;
}
