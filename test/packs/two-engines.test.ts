import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { View } from '../../src/domain/series-meaning.js';
import { perspectives } from '../../src/domain/slo.js';
import { seriesInterpreter } from '../../src/packs/interpreter.js';
import { loadPacks, packFor } from '../../src/packs/load-packs.js';
import { classSelectors, selectorsOf } from '../../src/packs/selectors.js';
import type { Matcher, Selector } from '../../src/promql/expression.js';
import { labelSets } from './generated-series.js';
import type { Labels } from './generated-series.js';

const istio = packFor(loadPacks().packs, 'istio')!;
const interpreter = seriesInterpreter(istio, { cluster: 'eu-1', clusterAliases: new Map() });
const requests = 'istio_requests_total';

/** PromQL's own reading of a matcher: whole values, absent is empty, and a dot is any character. */
function passes({ label, operator, value }: Matcher, labels: Labels): boolean {
  const actual = (labels as Readonly<Record<string, string>>)[label] ?? '';
  const matches = (): boolean => new RegExp(`^(?:${value})$`, 'su').test(actual);
  switch (operator) {
    case '=':
      return actual === value;
    case '!=':
      return actual !== value;
    case '=~':
      return matches();
    case '!~':
      return !matches();
  }
}

function selects({ matchers }: Selector, labels: Labels): boolean {
  return matchers.every((matcher) => passes(matcher, labels));
}

function viewsOf(labels: Labels): readonly View[] {
  const found = interpreter.meaning(requests, new Map(Object.entries(labels)));
  return found !== undefined && 'views' in found ? found.views : [];
}

describe('selectors and interpreter say the same of every series', () => {
  test.each(perspectives)(
    '%s: one selector of the class that the interpreter names passes it, and no other',
    (perspective) => {
      const classes = classSelectors(istio, perspective, [requests]);
      fc.assert(
        fc.property(labelSets, (labels) => {
          const passing = classes.flatMap(({ className, verdict, selectors }) =>
            selectors.filter((selector) => selects(selector, labels)).map(() => `${verdict} ${className}`),
          );
          const views = viewsOf(labels).filter((view) => view.perspective === perspective);
          expect(passing).toEqual(views.map(({ verdict, className }) => `${verdict} ${className}`));
        }),
        { numRuns: 3000 },
      );
    },
  );

  test.each([
    { filter: { caller: 'web' } },
    { filter: { version: 'latest' } },
    { filter: { method: 'Get', caller: 'web', version: 'v1' } },
  ])('the selectors of a filter $filter pass the series with these facts', ({ filter }) => {
    const { total } = selectorsOf(istio, 'server', { kind: 'availability' }, filter);
    fc.assert(
      fc.property(labelSets, (labels) => {
        const found = interpreter.meaning(requests, new Map(Object.entries(labels)));
        const view = viewsOf(labels).find(({ perspective }) => perspective === 'server');
        const facts = found !== undefined && 'facts' in found ? found.facts : undefined;
        const counts = view !== undefined && view.verdict !== 'left-out';
        const fits = Object.entries(filter).every(([key, value]) => facts?.[key as 'caller'] === value);
        const passing = total.filter(({ selector }) => selects(selector, labels));
        expect(passing).toHaveLength(counts && fits ? 1 : 0);
      }),
      { numRuns: 2000 },
    );
  });

  test('a filter by something that the pack cannot tell, and a threshold between two buckets, are refused', () => {
    const bare = { ...istio, facts: { ...istio.facts, method: undefined } };
    expect(() => selectorsOf(bare, 'server', { kind: 'availability' }, { method: 'Get' })).toThrow(RangeError);
    expect(() => selectorsOf(istio, 'server', { kind: 'latency', thresholdSeconds: 0.3 })).toThrow(RangeError);
    const quick = { ...istio, latency: undefined };
    expect(() => selectorsOf(quick, 'server', { kind: 'latency', thresholdSeconds: 0.25 })).toThrow(RangeError);
  });
});
