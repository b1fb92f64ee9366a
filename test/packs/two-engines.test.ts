import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { perspectives } from '../../src/domain/slo.js';
import { seriesInterpreter } from '../../src/packs/interpreter.js';
import { loadPacks } from '../../src/packs/load-packs.js';
import { classSelectors, selectorsOf } from '../../src/packs/selectors.js';
import type { Matcher, Selector } from '../../src/promql/expression.js';
import { type GeneratedSeries, seriesOf } from './generated-series.js';

/** A pack that a user wrote is held to the same. */
const ownPack = 'examples/own-pack/haproxy.yaml';

const { packs } = loadPacks([ownPack]);
const names = { cluster: 'eu-1', clusterAliases: new Map<string, string>() };

/** PromQL's own reading of a matcher: whole values, absent is empty, and a dot is any character. */
function passes({ label, operator, value }: Matcher, labels: GeneratedSeries['labels']): boolean {
  const actual = labels[label] ?? '';
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

function selects({ metric, matchers }: Selector, { name, labels }: GeneratedSeries): boolean {
  return metric === name && matchers.every((matcher) => passes(matcher, labels));
}

describe.each([...packs.values()].map((pack) => ({ pack, name: pack.name })))(
  'selectors and interpreter say the same of every series of $name',
  ({ pack }) => {
    const interpreter = seriesInterpreter(pack, names);
    const { families } = pack.requests;

    function meaningOf({ name, labels }: GeneratedSeries) {
      const found = interpreter.meaning(name, new Map(Object.entries(labels)));
      return found?.kind === 'requests' ? found : undefined;
    }

    test.each(perspectives)(
      '%s: one selector of the class that the interpreter names passes it, no other',
      (perspective) => {
        const classes = classSelectors(pack, perspective, families);
        fc.assert(
          fc.property(seriesOf(pack), (series) => {
            const passing = classes.flatMap(({ className, verdict, selectors }) =>
              selectors.filter((selector) => selects(selector, series)).map(() => `${verdict} ${className}`),
            );
            const views = (meaningOf(series)?.views ?? []).filter((view) => view.perspective === perspective);
            expect(passing).toEqual(views.map(({ verdict, className }) => `${verdict} ${className}`));
          }),
          { numRuns: 1500 },
        );
      },
    );

    test('requests of a service are among the generated ones, good, bad and, where there are some, left out', () => {
      const seen = new Set(
        fc
          .sample(seriesOf(pack), { numRuns: 3000, seed: 1 })
          .flatMap((series) =>
            (meaningOf(series)?.views ?? []).map(({ perspective, verdict }) => `${perspective} ${verdict}`),
          ),
      );
      const wanted = pack.views.flatMap(({ perspective, classes, where }) =>
        where.some(({ label }) => label === '__name__')
          ? []
          : classes.map(({ verdict }) => `${perspective} ${verdict}`),
      );
      expect([...seen]).toEqual(expect.arrayContaining([...new Set(wanted)]));
    });

    for (const fact of ['caller', 'version', 'method'] as const) {
      if (pack.facts[fact] === undefined) continue;
      test(`the selectors of a filter by ${fact} pass the series with this fact`, () => {
        const { perspective } = pack.views[0]!;
        const { total } = selectorsOf(pack, perspective, { kind: 'availability' }, { [fact]: 'web' });
        fc.assert(
          fc.property(seriesOf(pack), (series) => {
            const found = meaningOf(series);
            const view = found?.views.find((one) => one.perspective === perspective);
            const counts = view !== undefined && view.verdict !== 'left-out' && found!.facts[fact] === 'web';
            expect(total.filter(({ selector }) => selects(selector, series))).toHaveLength(counts ? 1 : 0);
          }),
          { numRuns: 1500 },
        );
      });
    }
  },
);

test('a filter by something that the pack cannot tell, and a threshold between two buckets, are refused', () => {
  const istio = packs.get('istio')!;
  const bare = { ...istio, facts: { ...istio.facts, method: undefined } };
  expect(() => selectorsOf(bare, 'server', { kind: 'availability' }, { method: 'Get' })).toThrow(RangeError);
  expect(() => selectorsOf(istio, 'server', { kind: 'latency', thresholdSeconds: 0.3 })).toThrow(RangeError);
  const quick = { ...istio, latency: undefined };
  expect(() => selectorsOf(quick, 'server', { kind: 'latency', thresholdSeconds: 0.25 })).toThrow(RangeError);
});
