import type { MetricFamily } from '../../src/exposition/exposition.js';

/** A family without the laziness of its samples. */
export function plain({ name, type, help, unit, samples }: MetricFamily): unknown {
  return {
    name,
    type,
    help,
    unit,
    samples: samples.map(({ name: sample, labels, value, timestampSeconds, exemplar }) => ({
      name: sample,
      labels: [...labels],
      value,
      timestampSeconds,
      exemplar: exemplar && { ...exemplar, labels: [...exemplar.labels] },
    })),
  };
}
