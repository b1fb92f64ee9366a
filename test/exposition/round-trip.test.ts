import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Labels, MetricFamily, MetricType } from '../../src/exposition/exposition.js';
import { openMetricsSuffixes, textSuffixes } from '../../src/exposition/family-shape.js';
import type { ExpositionFormat } from '../../src/exposition/format.js';
import { readExposition } from '../../src/exposition/read-exposition.js';
import { plain } from './plain-family.js';

interface Written {
  readonly name: string;
  readonly type: MetricType;
  readonly help: string | undefined;
  readonly unit: string | undefined;
  readonly samples: readonly {
    readonly name: string;
    readonly labels: Labels;
    readonly value: number;
    readonly timestampSeconds: number | undefined;
    readonly exemplar:
      { readonly labels: Labels; readonly value: number; readonly timestampSeconds: number } | undefined;
  }[];
}

function render(families: readonly Written[], format: ExpositionFormat): string {
  const lines: string[] = [];
  const openMetrics = format === 'openmetrics';
  for (const { name, type, help, unit, samples } of families) {
    if (help !== undefined) {
      const escaped = help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
      lines.push(`# HELP ${name} ${openMetrics ? escaped.replaceAll('"', '\\"') : escaped}`);
    }
    lines.push(`# TYPE ${name} ${!openMetrics && type === 'unknown' ? 'untyped' : type}`);
    if (unit !== undefined) lines.push(`# UNIT ${name} ${unit}`);
    for (const { name: sample, labels, value, timestampSeconds, exemplar } of samples) {
      const time = timestampSeconds === undefined ? '' : ` ${openMetrics ? timestampSeconds : timestampSeconds * 1000}`;
      const trace = exemplar
        ? ` # {${renderLabels(exemplar.labels)}} ${renderNumber(exemplar.value)} ${exemplar.timestampSeconds}`
        : '';
      lines.push(`${sample}{${renderLabels(labels)}} ${renderNumber(value)}${time}${trace}`);
    }
  }
  if (openMetrics) lines.push('# EOF');
  return lines.map((line) => `${line}\n`).join('');
}

function renderLabels(labels: Labels): string {
  return [...labels]
    .map(([label, value]) => `${label}="${value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`)
    .join(',');
}

function renderNumber(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value).replace('Infinity', 'Inf');
}

const labels = fc
  .uniqueArray(
    fc.tuple(fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,6}$/), fc.string({ unit: 'grapheme', maxLength: 8 })),
    { selector: ([label]) => label, maxLength: 4 },
  )
  .map((pairs): Labels => new Map(pairs));

function families(format: ExpositionFormat): fc.Arbitrary<readonly Written[]> {
  const suffixes = format === 'openmetrics' ? openMetricsSuffixes : textSuffixes;
  const types: readonly MetricType[] =
    format === 'openmetrics'
      ? (Object.keys(suffixes) as MetricType[])
      : ['counter', 'gauge', 'histogram', 'summary', 'unknown'];
  const exemplar = fc.record({ labels, value: fc.double(), timestampSeconds: fc.nat() });
  return fc.uniqueArray(fc.stringMatching(/^[a-z]{1,6}x$/), { maxLength: 4 }).chain((names) =>
    fc.tuple(
      ...names.map((name) =>
        fc.constantFrom(...types).chain((type) =>
          fc.record({
            name: fc.constant(name),
            type: fc.constant(type),
            help: fc.option(
              fc
                .string({ unit: fc.constantFrom(...Array.from('ab"\\\n ü')), minLength: 1 })
                .filter((help) => help.trim() === help),
              { nil: undefined },
            ),
            unit: fc.option(fc.constant('x'), { nil: undefined }),
            samples: fc.array(
              fc.record({
                name: fc.constantFrom(...suffixes[type].map((suffix) => name + suffix)),
                labels,
                value: fc.double(),
                timestampSeconds: fc.option(fc.nat(1e9), { nil: undefined }),
                exemplar: format === 'openmetrics' ? fc.option(exemplar, { nil: undefined }) : fc.constant(undefined),
              }),
              { maxLength: 4 },
            ),
          }),
        ),
      ),
    ),
  );
}

describe('what is written is read back', () => {
  test.each(['prometheus-text', 'openmetrics'] as const)('in %s', (format) => {
    fc.assert(
      fc.property(families(format), (written) => {
        const read = readExposition(Buffer.from(render(written, format)), { format });
        expect(read.badLines).toBe(0);
        expect(read.families.map(plain)).toEqual(written.map((family) => plain(family as MetricFamily)));
      }),
      { numRuns: 300 },
    );
  });
});
