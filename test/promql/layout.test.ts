import { expect, test } from '@jest/globals';
import { layOut } from '../../src/promql/layout.js';
import { binary, call, number, sumBy } from '../../src/promql/expression.js';
import type { Selector } from '../../src/promql/expression.js';
import { printExpression } from '../../src/promql/printer.js';

const long: Selector = {
  kind: 'selector',
  metric: 'requests',
  matchers: [{ label: 'path', operator: '=', value: `two\nlines ${'x'.repeat(80)}` }],
};

test('an expression that fits on a line stays on it', () => {
  expect(layOut(sumBy(['job'], { ...long, matchers: [] }))).toBe('sum by (job) (requests)');
});

test('a long one is indented by its brackets, and means the same', () => {
  const ratio = binary(sumBy(['job'], long), '/', binary(number(1), '-', long), { mode: 'on', labels: ['job'] });
  const expression = call('label_replace', ratio, 'a', '$1', 'b', '(.+)');
  const selector = printExpression(long);
  const text = layOut(expression);
  expect(text).toBe(`label_replace(
  sum by (job) (
    ${selector}
  )
  / on (job) (
    1
    - ${selector}
  ),
  "a", "$1", "b", "(.+)"
)`);
  const squeezed = text.replaceAll(/\s*\n\s*/g, ' ').replaceAll(/\( | \)/g, (bracket) => bracket.trim());
  expect(squeezed).toBe(printExpression(expression));
});
