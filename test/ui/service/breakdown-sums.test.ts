import { expect, test } from '@jest/globals';
import { sumsBy, tellingDimensions } from '../../../src/ui/service/breakdown-sums.js';

const facts = { caller: 'web', callerCluster: '', version: 'v1', method: '', flags: '-', code: '503' };
const range = { fromSeconds: 0, toSeconds: 60 };

test('bad requests by one fact are summed over the others, and all of them add up', () => {
  const rows = [
    { ...facts, bad: 10 },
    { ...facts, version: 'v2', bad: 5 },
    { ...facts, caller: 'batch', bad: 12 },
  ];
  expect(sumsBy('caller', { ...range, rows, otherBad: 3 })).toEqual({
    shown: [
      { value: 'web', bad: 15 },
      { value: 'batch', bad: 12 },
    ],
    other: 3,
    total: 30,
  });
});

test('what does not fit a glance joins the others', () => {
  const rows = Array.from({ length: 12 }, (_, index) => ({ ...facts, caller: `c${index}`, bad: 100 - index }));
  const { shown, other, total } = sumsBy('caller', { ...range, rows, otherBad: 1 });
  expect(shown).toHaveLength(8);
  // 92 + 91 + 90 + 89 of the last four callers, and 1.
  expect(other).toBe(363);
  expect(total).toBe(1135);
});

test('a fact that nobody told is no choice; the caller always is', () => {
  expect(tellingDimensions({ ...range, rows: [{ ...facts, caller: '', bad: 1 }], otherBad: 0 })).toEqual([
    'caller',
    'flags',
    'code',
    'version',
  ]);
});
