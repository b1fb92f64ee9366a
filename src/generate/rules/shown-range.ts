import { formatDuration } from '../../domain/duration.js';
import { binary, call, chain, type Expression, type Matcher, number, type Selector } from '../../promql/expression.js';
import { quoteRegex } from '../../promql/escaping.js';
import { ofThisSlo, toldAt } from './alert-template.js';
import type { JudgedAlike } from './burn-step-rules.js';
import { burnStep, objective } from './series-names.js';

const hour = 3600;

/** From when on a page shows an alert that is told: so long before. */
export function before(seconds: number): Expression {
  return binary(toldAt, '-', number(seconds));
}

/** Twice the longest window of the steps that are active, and an hour at least: as the embedded evaluator's links. */
export function beforeBurning(judged: readonly JudgedAlike[], severity: 'page' | 'ticket'): Expression {
  const overSeconds = judged.flatMap(({ policy: { steps, hold } }) => [
    ...steps.filter((step) => step.severity === severity).map(({ longSeconds }) => longSeconds),
    ...(hold === undefined ? [] : [hold.badWithinSeconds]),
  ]);
  const active: Matcher = { label: 'severity', operator: '=', value: severity };
  return beforeThose(burnStep, 'over', overSeconds, (seconds) => Math.max(hour, 2 * seconds), [active]);
}

/** The window of the SLO's budget. */
export function beforeBudget(judged: readonly JudgedAlike[]): Expression {
  const windows = judged.map(({ windowSeconds }) => windowSeconds);
  return beforeThose(objective, 'window', windows, (seconds) => seconds, []);
}

/** The longest of the spans for which the SLO at hand has a series whose label names it. */
function beforeThose(
  metric: string,
  label: string,
  spansSeconds: readonly number[],
  shownSeconds: (spanSeconds: number) => number,
  further: readonly Matcher[],
): Expression {
  const spans = [...new Set(spansSeconds)].sort((a, b) => a - b);
  const shown = [...new Set(spans.map(shownSeconds))];
  const [first, ...others] = shown.map((seconds) => {
    const named = spans.filter((span) => shownSeconds(span) === seconds).map(formatDuration);
    const matcher: Matcher = { label, operator: '=~', value: named.map(quoteRegex).join('|') };
    const of: Selector = { kind: 'selector', metric, matchers: [...further, matcher, ...ofThisSlo] };
    return binary(binary(of, '*', number(0)), '+', number(seconds));
  });
  const longest: Expression = { kind: 'aggregation', operator: 'max', by: [], of: chain('or', [first!, ...others]) };
  return binary(call('time'), '-', longest);
}
