import { expect, test } from '@jest/globals';
import type { RequestFacts } from '../../src/domain/series-meaning.js';
import { burnCause } from '../../src/report/burn-cause.js';

const facts: RequestFacts = { caller: '', callerCluster: '', version: '', method: '', flags: '', code: '' };

test('of two halves, neither is what most have in common', () => {
  const rows = [
    { facts: { ...facts, code: '500', caller: 'checkout' }, bad: 50 },
    { facts: { ...facts, code: '503', caller: 'basket' }, bad: 50 },
  ];
  expect(burnCause({ bad: 100, rows })).toEqual({ bad: 100, shares: [] });
  expect(burnCause({ bad: 99, rows: [rows[0]!, { ...rows[1]!, bad: 49 }] })?.shares).toEqual([
    { fact: 'code', value: '500', bad: 50 },
    { fact: 'caller', value: 'checkout', bad: 50 },
  ]);
});
