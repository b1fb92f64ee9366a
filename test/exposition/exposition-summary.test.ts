import { describe, expect, test } from '@jest/globals';
import { summarizeExposition } from '../../src/exposition/exposition-summary.js';

describe('the summary of an exposition', () => {
  test('counts samples and series per family, the largest family first', () => {
    const summary = summarizeExposition(
      Buffer.from(
        '# TYPE up gauge\nup 1\n# TYPE r_total counter\nr_total{b="1",a="2"} 1\nr_total{a="2",b="1"} 2\nbroken\n',
      ),
    );
    expect(summary).toMatchObject({
      format: 'prometheus-text',
      sampleCount: 3,
      seriesCount: 2,
      badLines: 1,
      sound: false,
    });
    expect(summary.families).toMatchObject([
      { name: 'r_total', type: 'counter', sampleCount: 2, seriesCount: 1, labelNames: ['a', 'b'] },
      { name: 'up', type: 'gauge', sampleCount: 1, seriesCount: 1, labelNames: [] },
    ]);
    expect(summary.families[0]?.firstLabels?.get('a')).toBe('2');
  });

  test('a body that can be read may still break its format', () => {
    const body = Buffer.from('a 1\n\n# EOF\n');
    expect(summarizeExposition(body).sound).toBe(true);
    expect(summarizeExposition(body, { strict: true })).toMatchObject({
      sound: false,
      problems: [{ rule: 'blank-line', line: 2, column: 1 }],
    });
  });
});
