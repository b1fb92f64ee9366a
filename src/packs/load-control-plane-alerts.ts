import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkValue } from '../documents/checked-value.js';
import { readYamlFile } from '../documents/yaml-file.js';
import type { MatchOperator } from '../promql/expression.js';
import type { AlertCondition, AlertSeries, ControlPlaneAlert } from './control-plane-alert.js';
import {
  controlPlaneAlertSchema,
  type WrittenCondition,
  type WrittenControlPlaneAlert,
  type WrittenSeries,
} from './control-plane-alert-schema.js';

const shippedFolder = fileURLToPath(new URL('../../alerts/control-plane/', import.meta.url));

/**
 * The alerts about control planes that come with meshslo, by name; a mistake in one is a bug.
 *
 * @throws Error with every mistake
 */
export function loadControlPlaneAlerts(): readonly ControlPlaneAlert[] {
  const files = readdirSync(shippedFolder).filter((name) => name.endsWith('.yaml'));
  return files.sort().map((name) => shippedAlert(join(shippedFolder, name)));
}

function shippedAlert(file: string): ControlPlaneAlert {
  const { documents, diagnostics } = readYamlFile(file);
  const checked = documents.map((document) => checkValue(document, controlPlaneAlertSchema));
  const mistakes = [...diagnostics, ...checked.flatMap((one) => one.diagnostics)];
  const written = checked[0]?.value;
  if (written !== undefined && mistakes.length === 0) return alertOf(written);
  const words = mistakes.map(({ position, message }) => `line ${position?.line ?? 1}: ${message}`);
  throw new Error(`${file} is wrong:\n${words.join('\n')}`);
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
    tests: tests.map(({ at, ...test }) => ({ ...test, atSeconds: at })),
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
