import { describe, expect, test } from '@jest/globals';
import { demoMesh } from '../../src/simulator/demo-mesh.js';
import { history, type HistoryRow } from '../../src/simulator/history.js';
import { historyText } from '../../src/simulator/history-text.js';
import { everyTrouble, smallMesh } from './small-mesh.js';

const start = 1_763_700_000;
const range = { fromSeconds: start - 3600, toSeconds: start, stepSeconds: 300 };

function lines(model = smallMesh({ shares: everyTrouble }), style?: 'inline'): readonly Record<string, unknown>[] {
  return [...historyText(history(model, 1, range), style)]
    .join('')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('the history of a mesh', () => {
  test('has every whole step of its range, in order', () => {
    const steps = [...history(smallMesh(), 1, range)].map((rows) => rows[0]!.at);
    expect(steps).toHaveLength(12);
    expect(steps.every((at, index) => at === range.fromSeconds + index * 300)).toBe(true);
  });

  test('a label set has one row in a step, and its buckets add up to its count', () => {
    for (const rows of history(smallMesh({ shares: everyTrouble }), 1, range)) {
      expect(new Set(rows.map(({ labels }) => labels)).size).toBe(rows.length);
      for (const { count, buckets } of rows) expect(buckets.reduce((sum, bucket) => sum + bucket, 0)).toBe(count);
    }
  });

  test('what reached the destination is told by both proxies alike', () => {
    const totals = { source: 0, destination: 0 };
    for (const { labels, count } of [...history(smallMesh(), 1, range)].flat()) {
      totals[labels['reporter'] as 'source' | 'destination'] += count;
    }
    expect(totals.destination).toBeGreaterThan(0);
    expect(totals.source).toBe(totals.destination);
  });

  test('a line declares every label set before the first row that uses it', () => {
    const declared = new Set<unknown>();
    for (const line of lines()) {
      if ('labels' in line) declared.add(line['series']);
      else expect(declared).toContain(line['series']);
    }
  });

  test('rows with their labels written out say the same as those with a number', () => {
    const labels = new Map(lines().flatMap((line) => ('labels' in line ? [[line['series'], line['labels']]] : [])));
    const declared = lines()
      .filter((line) => !('labels' in line))
      .map(({ series, ...row }) => ({ ...row, metric: 'requests', labels: labels.get(series) }));
    expect(lines(undefined, 'inline')).toEqual(declared);
  });

  test('the same seed tells the same past', () => {
    const past = (seed: number): readonly HistoryRow[] => [...history(smallMesh(), seed, range)].flat();
    expect(past(1)).toEqual(past(1));
    expect(past(1)).not.toEqual(past(2));
  });

  test('the demo’s past has a service that is hardly called at night and a bad day', () => {
    const model = demoMesh(start);
    const rows = (fromSeconds: number, name: string): readonly HistoryRow[] =>
      [...history(model, 1, { fromSeconds, toSeconds: fromSeconds + 1800, stepSeconds: 300 })]
        .flat()
        .filter(({ labels }) => labels['destination_service_name'] === name);
    const midnight = Math.floor(start / 86_400) * 86_400;
    const requests = (fromSeconds: number): number =>
      rows(fromSeconds, 'invoices').reduce((sum, { count }) => sum + count, 0);
    expect(requests(midnight)).toBeGreaterThan(0);
    expect(requests(midnight + 12 * 3600)).toBeGreaterThan(5 * requests(midnight));

    const errors = (fromSeconds: number): number =>
      rows(fromSeconds, 'recommendations')
        .filter(({ labels }) => labels['response_code'] === '500')
        .reduce((sum, { count }) => sum + count, 0);
    const badDay = Math.ceil((start - 11 * 86_400) / 300) * 300;
    expect(errors(badDay)).toBeGreaterThan(10 * Math.max(1, errors(badDay - 86_400)));
  });
});
