import type { Expression } from '../../promql/expression.js';
import { printExpression } from '../../promql/printer.js';

// Of the private use area: no label's value has them, and no printer touches them.
const [opens, closes] = ['\uE000', '\uE001'];

/** A matcher's value that Grafana fills in with what is chosen. */
export function chosen(variable: string): string {
  return `${opens}${variable}${closes}`;
}

/** Whether a value is {@link chosen}, and nobody knows it yet. */
export function isChosen(value: string): boolean {
  return value.startsWith(opens);
}

/** What is {@link chosen}, as Grafana writes it outside of queries. */
export function grafanaVariable(value: string): string {
  return `\${${value.slice(opens.length, -closes.length)}}`;
}

/**
 * An expression as Grafana takes it: its own variables stand as such, and no value that looks like one is taken for one.
 *
 * PromQL reads `\u0024` as a dollar sign, Grafana reads nothing into it.
 *
 * @see https://grafana.com/docs/grafana/latest/dashboards/variables/variable-syntax/
 */
export function grafanaText(expression: Expression): string {
  return printExpression(expression)
    .replaceAll(/"(?:[^"\\]|\\.)*"/g, (text) =>
      text.replaceAll(/\$(?=[A-Za-z_{])/g, '\\u0024').replaceAll('[[', '[\\u005b'),
    )
    .replaceAll(new RegExp(`${opens}(\\w+)${closes}`, 'g'), '$$$1');
}
