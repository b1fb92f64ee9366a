import { Document } from 'yaml';
import { type AlertName, alertSeverities } from '../../../domain/alert-names.js';
import { quoteString } from '../../../promql/escaping.js';
import { seriesText } from './example-series.js';
import type { RuleFile } from '../rule-file.js';
import { filledGroups, ruleFileName } from '../rule-yaml.js';

/** A test as promtool reads it. */
export interface PromtoolTest {
  readonly name: string;
  readonly interval: string;
  readonly input_series: readonly { readonly series: string; readonly values: string }[];
  readonly promql_expr_test: readonly Moment[];
}

/** What an expression is at a moment. */
export interface Moment {
  readonly expr: string;
  readonly eval_time: string;
  readonly exp_samples: readonly { readonly labels: string; readonly value: number }[];
}

/** Tests of promtool over the rule files that they need, and no others: it evaluates all that it loads, every interval. */
export function promtoolFile(
  rules: readonly RuleFile[],
  tests: readonly PromtoolTest[],
  evaluationInterval: string,
): string {
  const document = new Document({
    rule_files: rules.map(ruleFileName),
    evaluation_interval: evaluationInterval,
    // What others read goes first; without an order promtool takes any.
    group_eval_order: rules.flatMap(({ groups }) => filledGroups(groups).map(({ name }) => name)),
    tests,
  });
  document.commentBefore = [
    ' Made by meshslo generate: changes get lost with the next run. Run it with: promtool test rules FILE',
    ' promtool evaluates all groups at one interval, so budgets are counted five times over here; their ratios are right.',
  ].join('\n');
  return document.toString({ lineWidth: 0 });
}

/** Whether an alert fires at a minute. */
export function alertAt(
  alertname: AlertName,
  labels: Readonly<Record<string, string>>,
  minute: number,
  fires: boolean,
): Moment {
  const all = { alertname, alertstate: 'firing', severity: alertSeverities[alertname], ...labels };
  return {
    expr: `ALERTS${matchersText(all)}`,
    eval_time: `${minute}m`,
    exp_samples: fires ? [{ labels: seriesText('ALERTS', all), value: 1 }] : [],
  };
}

/** Labels as a selector has them. */
export function matchersText(labels: Readonly<Record<string, string>>): string {
  const matchers = Object.entries(labels).map(([name, value]) => `${name}=${quoteString(value)}`);
  return `{${matchers.join(',')}}`;
}
