import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { imported, rateOf, sloth } from './imported.js';

const cart = 'reporter="destination", destination_service="cart.shop.svc.cluster.local"';
const good = sloth({
  error: `${rateOf('istio_requests_total', `${cart}, response_code=~"5..|429"`)} or on() vector(0)`,
  total: rateOf('istio_requests_total', cart),
  more: '    labels: { owner: "team-shop" }\n',
});

const pieces = [
  '{',
  '}',
  '[',
  ']',
  '(',
  ')',
  '"',
  "'",
  '`',
  '\n',
  '  ',
  ':',
  '- ',
  '&a ',
  '*a',
  '|',
  '~',
  '\\',
  '\r',
  '\u0000',
  '5..',
  '=~',
  '!=',
  '!~',
  '{{.window}}',
  '[5m]',
  'sum(',
  'rate(',
  ' by (le)',
  '-',
  '/',
  ' or vector(0)',
  'le="250"',
  '1e309',
  '\ud800',
  'items:',
  'kind: List\n',
];

const change = fc.record({ at: fc.nat(good.length), remove: fc.nat(40), insert: fc.constantFrom('', ...pieces) });

test('whatever is done to a definition, an import ends, says something of it, and says it again', () => {
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
      const text = changes.reduce(
        (all, { at, remove, insert }) => all.slice(0, at) + insert + all.slice(at + remove),
        good,
      );
      const made = imported(text);
      const isTold = made.diagnostics.length > 0 || made.strangers.length > 0 || made.taken === made.found;
      expect(isTold).toBe(true);
      expect(made.taken).toBeLessThanOrEqual(made.found);
      expect(imported(text).files.map((file) => file.text)).toEqual(made.files.map((file) => file.text));
    }),
    { numRuns: 200 },
  );
});

test('whatever a query says, it is read, or there is a reason', () => {
  const query = fc.array(
    fc.constantFrom(...pieces, 'istio_requests_total', cart, ' + ', ' > 0', '@ end()', 'offset 5m', ' unless ', '^'),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(query, query, (error, total) => {
      const made = imported(sloth({ error: error.join(''), total: total.join('') }));
      expect(made.taken === 1 || made.diagnostics.some(({ severity }) => severity === 'error')).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test.each([
  ['brackets', '('.repeat(30_000)],
  ['signs', `${'-'.repeat(19_000)}1`],
  ['sums', 'sum('.repeat(55) + 'x' + ')'.repeat(55)],
  ['length', 'a'.repeat(200_000)],
  ['an expression that repeats itself', `sum(rate(istio_requests_total{${cart}, response_code=~"((a+)+)+b"}[5m]))`],
])('a query deep or long beyond sense is refused: %s', (_, query) => {
  const made = imported(sloth({ error: query, total: query }));
  expect(made.diagnostics.filter(({ severity }) => severity === 'error')).toHaveLength(1);
});
