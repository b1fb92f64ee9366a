import { type CheckedValue, checkValue } from '../documents/checked-value.js';
import type { YamlDocument } from '../documents/yaml-document.js';
import type { MatchOperator } from '../promql/expression.js';
import type { AlertCondition, AlertSeries, ControlPlaneAlert, ExampleValues } from './control-plane-alert.js';
import {
  controlPlaneAlertSchema,
  seriesPattern,
  type WrittenCondition,
  type WrittenControlPlaneAlert,
  type WrittenSeries,
} from './control-plane-alert-schema.js';
import { shippedDefinition, shippedFiles } from './definition-files.js';

/**
 * The alerts about control planes that come with meshslo, by name; a mistake in one is a bug.
 *
 * @throws Error with every mistake
 */
export function loadControlPlaneAlerts(): readonly ControlPlaneAlert[] {
  return shippedFiles('alerts/control-plane').map((file) => shippedDefinition(file, checkAlert));
}

function checkAlert(document: YamlDocument): CheckedValue<ControlPlaneAlert> {
  const { value, diagnostics } = checkValue(document, controlPlaneAlertSchema);
  return value === undefined ? { diagnostics } : { value: alertOf(value), diagnostics };
}

function alertOf({ alert, rules, tests, ...texts }: WrittenControlPlaneAlert): ControlPlaneAlert {
  return {
    name: alert,
    ...texts,
    rules: rules.map(({ of, when, by, labels, for: forSeconds, summary }) => ({
      of,
      by,
      labels,
      forSeconds,
      summary,
      condition: conditionOf(when),
    })),
    tests: tests.map(({ at, series, ...test }) => ({
      ...test,
      atSeconds: at,
      series: Object.entries(series).map(([name, values]) => exampleValues(name, values)),
    })),
  };
}

function conditionOf(when: WrittenCondition): AlertCondition {
  if ('quantile' in when) {
    const { quantile, of, over, above } = when;
    return { form: 'quantile', of: seriesOf(of), quantile, overSeconds: over, above };
  }
  if ('mean' in when) return { form: 'mean', of: seriesOf(when.mean), overSeconds: when.over, above: when.above };
  if ('share' in when) {
    const { share, in: all, over, above, at_least: atLeast } = when;
    return { form: 'share', of: share.map(seriesOf), in: all.map(seriesOf), overSeconds: over, above, atLeast };
  }
  if ('growth' in when) {
    return { form: 'growth', of: when.growth.map(seriesOf), overSeconds: when.over, above: when.above };
  }
  if ('gauge' in when) {
    const { gauge, combine, above, below } = when;
    return { form: 'gauge', of: seriesOf(gauge), combine, above, below };
  }
  if ('ratio' in when) return { form: 'ratio', of: seriesOf(when.ratio), in: seriesOf(when.to), above: when.above };
  if ('time_left' in when) return { form: 'time-left', of: seriesOf(when.time_left), below: when.below };
  if ('age' in when) return { form: 'age', of: seriesOf(when.age), above: when.above };
  if ('gone' in when) return { form: 'gone', of: seriesOf(when.gone), withinSeconds: when.within };
  return { form: 'distinct', of: seriesOf(when.of), label: when.distinct, above: when.above };
}

function seriesOf({ metric, where }: WrittenSeries): AlertSeries {
  return {
    metric,
    matchers: Object.entries(where).map(([label, text]) => {
      const [, operator = '=', value = text] = /^(=~|!~|!=)(.*)$/s.exec(text) ?? [];
      return { label, operator: operator as MatchOperator, value };
    }),
  };
}

function exampleValues(name: string, values: string): ExampleValues {
  const [, metric = '', labels = ''] = seriesPattern.exec(name) ?? [];
  const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, value]) => [label!, value!] as const);
  return { metric, labels: Object.fromEntries(pairs), values };
}
