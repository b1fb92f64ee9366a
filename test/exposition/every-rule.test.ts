import { describe, expect, test } from '@jest/globals';
import type { ExpositionFormat } from '../../src/exposition/format.js';
import type { ExpositionRule } from '../../src/exposition/problem.js';
import { readExposition } from '../../src/exposition/read-exposition.js';

const om = (body: string): readonly [ExpositionFormat, string] => ['openmetrics', `${body}# EOF\n`];
const text = (body: string): readonly [ExpositionFormat, string] => ['prometheus-text', body];
const histogram = '# TYPE h histogram\n';

/** The least body that breaks each rule; the type leaves none out. */
const bodies: Readonly<Record<ExpositionRule, readonly [ExpositionFormat, string]>> = {
  'metric-name': text('1a 1\n'),
  'label-name': text('a{1b="x"} 1\n'),
  'label-equals': text('a{b} 1\n'),
  'label-quotes': text('a{b=x} 1\n'),
  'label-comma': text('a{b="x"c="y"} 1\n'),
  'label-escape': text('a{b="\\q"} 1\n'),
  'help-escape': text('# HELP a \\q\na 1\n'),
  'duplicate-label': text('a{b="1",b="2"} 1\n'),
  'reserved-label': text('a{__name__="b"} 1\n'),
  'too-many-labels': text(`a{${Array.from({ length: 300 }, (_, n) => `l${n}="x"`).join(',')}} 1\n`),
  utf8: text('a{b="\uFFFF"} 1\n'),
  'white-space': om('# TYPE a gauge\na 1 \n'),
  value: text('a one\n'),
  timestamp: text('a 1 1.5\n'),
  'trailing-text': text('a 1 2 3\n'),
  'exemplar-syntax': om('# TYPE a counter\na_total 1 # {b="x"}\n'),
  'exemplar-size': om(`# TYPE a counter\na_total 1 # {b="${'x'.repeat(200)}"} 1\n`),
  'exemplar-not-allowed': om('# TYPE a gauge\na 1 # {b="x"} 1\n'),
  'blank-line': om('# TYPE a gauge\n\na 1\n'),
  comment: om('# hello\n'),
  'metadata-syntax': om('# TYPE a\na 1\n'),
  'metadata-repeated': text('# TYPE a gauge\n# TYPE a gauge\na 1\n'),
  'metadata-after-samples': text('a 1\n# TYPE a gauge\n'),
  'unknown-type': text('# TYPE a thing\na 1\n'),
  'unit-suffix': om('# TYPE a gauge\n# UNIT a seconds\na 1\n'),
  'unit-not-allowed': om('# TYPE a_x info\n# UNIT a_x x\na_x_info 1\n'),
  'family-clash': om('# TYPE a counter\na_total 1\n# TYPE b gauge\nb 1\na_total{c="d"} 1\n'),
  'sample-grouping': om('# TYPE a gauge\na{b="1"} 1 1\na{b="2"} 1 1\na{b="1"} 1 2\n'),
  'timestamp-mixed': om('# TYPE a gauge\na 1 1\na 1\n'),
  'timestamp-backwards': om('# TYPE a gauge\na 1 2\na 1 1\n'),
  'duplicate-sample': text('a 1\na 2\n'),
  'stateset-label': om('# TYPE a stateset\na 1\n'),
  'stateset-value': om('# TYPE a stateset\na{a="on"} 2\n'),
  'info-value': om('# TYPE a info\na_info 2\n'),
  'le-label': om(`${histogram}h_bucket 1\n`),
  'quantile-label': om('# TYPE a summary\na{quantile="2"} 1\n'),
  'quantile-value': om('# TYPE a summary\na{quantile="0.5"} -1\n'),
  'counter-value': om('# TYPE a counter\na_total -1\n'),
  'bucket-order': om(`${histogram}h_bucket{le="2.0"} 1\nh_bucket{le="1.0"} 1\nh_bucket{le="+Inf"} 1\n`),
  'bucket-counts': om(`${histogram}h_bucket{le="1.0"} 2\nh_bucket{le="+Inf"} 1\n`),
  'bucket-infinity': om(`${histogram}h_bucket{le="1.0"} 1\n`),
  'histogram-sum': om(`${histogram}h_bucket{le="+Inf"} 1\nh_sum 1\n`),
  'eof-missing': ['openmetrics', '# TYPE a gauge\na 1\n'],
  'text-after-eof': ['openmetrics', '# EOF\na 1\n'],
  'final-newline': text('a 1'),
  'carriage-return': text('a 1\r\n'),
  'line-length': text(`a{b="${'x'.repeat(9000)}"} 1\n`),
};

describe('strict reading', () => {
  test.each(Object.entries(bodies))('finds a body that breaks the rule %s', (rule, [format, body]) => {
    // One byte that no UTF-8 text has; everything else is text.
    const bytes = rule === 'utf8' ? Buffer.from(body.replace('\uFFFF', 'ÿ'), 'latin1') : Buffer.from(body);
    const { problems } = readExposition(bytes, { format, strict: true, maxLineBytes: 8000 });
    const found = problems.find((problem) => problem.rule === rule);
    expect(problems.map((problem) => problem.rule)).toContain(rule);
    expect(found!.hint).not.toBe('');
    expect([found!.line, found!.column].every((place) => place >= 1)).toBe(true);
  });
});
