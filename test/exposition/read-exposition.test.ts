import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ExpositionFormat } from '../../src/exposition/format.js';
import { readExposition } from '../../src/exposition/read-exposition.js';
import { plain } from './plain-family.js';

const text = (body: string): Buffer => Buffer.from(body);

/** The rules that a body breaks, each as `rule@line:column`. */
function broken(body: string | Buffer, format: ExpositionFormat): readonly string[] {
  const { problems } = readExposition(Buffer.from(body), { format, strict: true });
  return problems.map(({ rule, line, column }) => `${rule}@${line}:${column}`);
}

describe('reading tolerantly', () => {
  test('finds families, types, help, labels, values, timestamps', () => {
    const { families, format } = readExposition(
      text('# HELP a_total What\\nfor\n# TYPE a_total counter\na_total{x="1\\"",y="\\\\n"} 3 1500\nb -Inf\n'),
    );
    expect(format).toBe('prometheus-text');
    expect(families.map(plain)).toEqual([
      {
        name: 'a_total',
        type: 'counter',
        help: 'What\nfor',
        unit: undefined,
        samples: [
          {
            name: 'a_total',
            labels: [
              ['x', '1"'],
              ['y', '\\n'],
            ],
            value: 3,
            timestampSeconds: 1.5,
            exemplar: undefined,
          },
        ],
      },
      {
        name: 'b',
        type: 'unknown',
        help: undefined,
        unit: undefined,
        samples: [{ name: 'b', labels: [], value: -Infinity, timestampSeconds: undefined, exemplar: undefined }],
      },
    ]);
  });

  test('gathers an interleaved family and the parts of a histogram', () => {
    const { families } = readExposition(
      text(
        '# TYPE h histogram\nh_bucket{le="+Inf"} 1\nother 1\nh_count 1\nh_sum 2\n# TYPE h_counter counter\nh_counter 1\n',
      ),
    );
    expect(families.map(({ name, samples }) => [name, samples.length])).toEqual([
      ['h', 3],
      ['other', 1],
      ['h_counter', 1],
    ]);
  });

  test('reads an exemplar and its trace', () => {
    const { families } = readExposition(text('# TYPE a counter\na_total 1 2 # {trace_id="x"} 0.5 3.25\n# EOF\n'));
    expect(families[0]?.samples[0]?.exemplar).toEqual({
      labels: new Map([['trace_id', 'x']]),
      value: 0.5,
      timestampSeconds: 3.25,
    });
  });

  test('keeps good lines, counts bad ones and says where the first ones are', () => {
    const read = readExposition(text('good 1\nbad{a="1"b="2"} 1\n1bad 1\nworse one\ngood 2\n'), { maxProblems: 2 });
    expect(read).toMatchObject({ sampleCount: 2, badLines: 3, moreProblems: true });
    expect(read.problems.map(({ rule, line, column }) => [rule, line, column])).toEqual([
      ['label-comma', 2, 10],
      ['metric-name', 3, 1],
    ]);
  });

  test.each([
    { body: '', samples: 0, bad: 0, truncated: false, why: 'nothing at all' },
    { body: 'a 1\r\nb 2\r\n', samples: 2, bad: 0, truncated: false, why: 'lines of another system' },
    { body: 'a 1\nb 2', samples: 2, bad: 0, truncated: true, why: 'an editor took the last newline' },
    { body: 'a 1\nb', samples: 1, bad: 1, truncated: true, why: 'cut within a line' },
    { body: 'a\0b 1\nc 1\n', samples: 1, bad: 1, truncated: false, why: 'a NUL in a name' },
    { body: 'a{x="\0"} 1\n', samples: 1, bad: 0, truncated: false, why: 'a NUL in a value is a character' },
    { body: 'a NaN\nb -1\nb -1\n', samples: 3, bad: 0, truncated: false, why: 'values are not judged tolerantly' },
    { body: 'a{x="1",x="2"} 1\n', samples: 0, bad: 1, truncated: false, why: 'one label twice' },
    { body: `a{${'x="1",'.repeat(300)}} 1\n`, samples: 0, bad: 1, truncated: false, why: 'hundreds of labels' },
  ])('counts $samples samples and $bad bad lines: $why', ({ body, samples, bad, truncated }) => {
    expect(readExposition(text(body))).toMatchObject({ sampleCount: samples, badLines: bad, truncated });
  });

  test('takes a line that is no UTF-8 for a bad one', () => {
    const body = Buffer.concat([text('a{x="'), Buffer.from([0xff, 0xfe]), text('"} 1\nb 1\n')]);
    expect(readExposition(body)).toMatchObject({ sampleCount: 1, badLines: 1 });
  });

  test('passes over a line of 10 MB', () => {
    const body = text(`a 1\nb{x="${'x'.repeat(10_000_000)}"} 1\nc 1\n`);
    const read = readExposition(body);
    expect(read).toMatchObject({ sampleCount: 2, badLines: 1 });
    expect(read.problems[0]).toMatchObject({ rule: 'line-length', line: 2 });
  });

  test('never throws, whatever the bytes', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc
        .string({ unit: fc.constantFrom(...Array.from('ab{}="\\,#\n\r\t 1.+-eE:_\0ü')) })
        .map((body) => new Uint8Array(text(body))),
    );
    fc.assert(
      fc.property(
        bytes,
        fc.boolean(),
        fc.constantFrom<ExpositionFormat>('prometheus-text', 'openmetrics'),
        (body, strict, format) => {
          const { families } = readExposition(body, { strict, format });
          families.map(plain);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('reading strictly', () => {
  test.each([
    ['# TYPE a counter\n# TYPE a counter\n', ['metadata-repeated@2:1']],
    ['a 1\n# TYPE a counter\n', ['metadata-after-samples@2:1']],
    ['# TYPE a stateset\n', ['unknown-type@1:1']],
    ['# HELP a \\x\n', ['help-escape@1:1']],
    ['a{b="\\x"} 1\n', ['label-escape@1:6']],
    ['a{b="1",b="2"} 1\n', ['duplicate-label@1:9']],
    ['a{__name__="b"} 1\n', ['reserved-label@1:1']],
    ['a 1\na 2\n', ['duplicate-sample@2:1']],
    ['a 1 1.5\n', ['timestamp@1:5']],
    ['a 1 # {} 1\n', ['trailing-text@1:5']],
    ['a 0x1p3\n', ['value@1:3']],
    ['a 1\r\n', ['carriage-return@1:4']],
    ['a 1', ['final-newline@1:4']],
    ['# TYPE h histogram\nh_bucket{le="x"} 1\n', ['le-label@2:1']],
    ['  a { b = "1" , } 1 2 \n\n# any comment\n', []],
  ])('Prometheus text %j breaks %j', (body, rules) => expect(broken(body, 'prometheus-text')).toEqual(rules));

  test.each([
    ['a 1\n', ['eof-missing@2:1']],
    ['a  1\n# EOF\n', ['value@1:3']],
    [' a 1\n# EOF\n', ['metric-name@1:1']],
    ['a 1\n\n# EOF\n', ['blank-line@2:1']],
    ['# EOF\na 1\n', ['text-after-eof@2:1']],
    ['# any comment\n# EOF\n', ['comment@1:1']],
    ['# TYPE a counter\na_total -1\n# EOF\n', ['counter-value@2:1']],
    ['# TYPE a counter\na 1\n# EOF\n', ['family-clash@2:1']],
    ['# TYPE a gauge\na 1\na 2\n# EOF\n', ['duplicate-sample@3:1']],
    ['# TYPE a info\na_info{x="1"} 2\n# EOF\n', ['info-value@2:1']],
    ['# TYPE a untyped\n# EOF\n', ['unknown-type@1:1']],
    ['# TYPE h histogram\nh_bucket{le="1"} 2\nh_bucket{le="+Inf"} 1\n# EOF\n', ['bucket-counts@3:1']],
    ['# TYPE h histogram\nh_bucket{le="+Inf"} 1\nh_count 2\nh_sum 1\n# EOF\n', ['bucket-infinity@3:1']],
    ['# TYPE a counter\na_total 1 # {x="y"} 1\n# TYPE b gauge\nb 1 # {} 1\n# EOF\n', ['exemplar-not-allowed@4:1']],
  ])('OpenMetrics %j breaks %j', (body, rules) => expect(broken(body, 'openmetrics')).toEqual(rules));

  test('reports every broken rule at once, in reading order, each with a hint', () => {
    const { problems, badLines } = readExposition(text('# TYPE a meh\na  1\nb{1="1"} 1\n'), {
      format: 'openmetrics',
      strict: true,
    });
    expect(problems.map(({ rule }) => rule)).toEqual(['unknown-type', 'value', 'label-name', 'eof-missing']);
    expect(problems.every(({ hint, message }) => hint !== '' && message !== '')).toBe(true);
    expect(badLines).toBe(4);
  });
});

describe('the format', () => {
  test.each([
    { contentType: 'application/openmetrics-text; version=1.0.0; charset=utf-8', body: 'a 1\n', is: 'openmetrics' },
    { contentType: 'text/plain; version=0.0.4', body: 'a 1\n# EOF\n', is: 'prometheus-text' },
    { contentType: undefined, body: 'a 1\n# EOF\n', is: 'openmetrics' },
    { contentType: undefined, body: 'a 1\n# EOF', is: 'openmetrics' },
    { contentType: undefined, body: 'a 1\n', is: 'prometheus-text' },
    { contentType: 'application/octet-stream', body: '# EOF\n', is: 'openmetrics' },
  ])('of $body as $contentType is $is', ({ contentType, body, is }) => {
    expect(readExposition(text(body), { contentType }).format).toBe(is);
  });
});
