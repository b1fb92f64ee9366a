import type { EpochSeconds } from '../../domain/clock.js';
import type { AlertCondition, AlertSeries } from '../../packs/control-plane-alert.js';

/** One series of a gauge, as it is now. */
export interface GaugeSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The series of a gauge; empty where there are none. */
export type ToldGauges = (metric: string) => readonly GaugeSeries[];

/** Whether a condition asks for nothing but what gauges are now: the others need a history of samples. */
export function isOfNow({ form }: AlertCondition): boolean {
  return form === 'gauge' || form === 'age';
}

/**
 * What a condition of gauges holds for, as Prometheus would find it: one series for each group of labels, labels without a value
 * left out.
 */
export function holdsFor(
  condition: AlertCondition,
  by: readonly string[],
  told: ToldGauges,
  now: EpochSeconds,
): readonly GaugeSeries[] {
  if (condition.form === 'age') {
    return grouped(condition.of, by, told)
      .map(({ labels, values }) => ({ labels, value: now - Math.max(...values) }))
      .filter(({ value }) => value > condition.above);
  }
  if (condition.form !== 'gauge') return [];
  const { combine, above = -Infinity, below = Infinity } = condition;
  return grouped(condition.of, by, told)
    .map(({ labels, values }) => ({ labels, value: combined(combine, values) }))
    .filter(({ value }) => value > above && value < below);
}

interface Group {
  readonly labels: Readonly<Record<string, string>>;
  readonly values: number[];
}

function grouped({ metric, matchers }: AlertSeries, by: readonly string[], told: ToldGauges): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const { labels, value } of told(metric)) {
    if (!matchers.every((matcher) => passes(labels[matcher.label] ?? '', matcher))) continue;
    const kept = by.flatMap((name) => (labels[name] ? [[name, labels[name]] as const] : []));
    const key = JSON.stringify(kept);
    const group = groups.get(key) ?? { labels: Object.fromEntries(kept), values: [] };
    groups.set(key, group);
    group.values.push(value);
  }
  return [...groups.values()];
}

function passes(text: string, { operator, value }: AlertSeries['matchers'][number]): boolean {
  switch (operator) {
    case '=':
      return text === value;
    case '!=':
      return text !== value;
    case '=~':
      return new RegExp(`^(?:${value})$`, 's').test(text);
    case '!~':
      return !new RegExp(`^(?:${value})$`, 's').test(text);
  }
}

function combined(how: 'sum' | 'min' | 'max' | 'count', values: readonly number[]): number {
  switch (how) {
    case 'sum':
      return values.reduce((sum, value) => sum + value, 0);
    case 'min':
      return Math.min(...values);
    case 'max':
      return Math.max(...values);
    case 'count':
      return values.length;
  }
}
