import { describe, expect, test } from '@jest/globals';
import type { RequestFacts } from '../../src/domain/series-meaning.js';
import type { ServiceSignals } from '../../src/domain/slot-batch.js';
import { Ledger } from '../../src/ledger/ledger.js';
import { batch, cart, cartBatch, cartId, monday, passTime, withPath } from './support.js';

const day = 86_400;

function facts(caller: string): RequestFacts {
  return { caller, callerCluster: 'eu', version: 'v1', method: '', flags: '-', code: '503' };
}

function withCart(work: (ledger: Ledger) => void): void {
  withPath((path) => {
    const ledger = Ledger.open(path);
    ledger.declare([cart], monday);
    work(ledger);
    expect(ledger.verify()).toEqual([]);
    ledger.close();
  });
}

describe('the breakdown of bad events', () => {
  test('adds up exactly: largest first, what nobody could tell is "other"', () =>
    withCart((ledger) => {
      const rows = (front: number): readonly { slo: string; facts: RequestFacts; bad: number }[] => [
        { slo: cartId, facts: facts('front'), bad: front },
        { slo: cartId, facts: facts('app'), bad: 3 },
      ];
      const gap = { slo: cartId, from: monday, to: monday + 100, total: 9, bad: 2 };
      ledger.commit(cartBatch(monday, 100, 10, { breakdown: rows(5) }));
      ledger.commit(cartBatch(monday + 60, 100, 4, { breakdown: rows(3), unplaced: [gap] }));
      const breakdown = ledger.breakdown(cartId, { from: monday + 10, to: monday + 120 });
      expect(breakdown).toEqual({
        range: { from: monday, to: monday + 300 },
        bad: 16,
        rows: [
          { facts: facts('front'), bad: 8 },
          { facts: facts('app'), bad: 6 },
        ],
        other: 2,
      });
    }));

  test('keeps the 20 largest of a slot, and the sum of the rest', () =>
    withCart((ledger) => {
      const breakdown = Array.from({ length: 30 }, (_, n) => ({ slo: cartId, facts: facts(`c${n}`), bad: n + 1 }));
      ledger.commit(cartBatch(monday, 1000, 465, { breakdown }));
      const read = ledger.breakdown(cartId, { from: monday, to: monday + 300 });
      expect(read.rows).toHaveLength(20);
      expect(read.rows[0]).toEqual({ facts: facts('c29'), bad: 30 });
      // 1 + 2 + ... + 10
      expect([read.bad, read.other]).toEqual([465, 55]);
    }));

  test('is the same after merging into quarters of an hour', () =>
    withCart((ledger) => {
      for (let minute = 0; minute < 60; minute++) {
        const breakdown = [{ slo: cartId, facts: facts(minute % 2 ? 'odd' : 'even'), bad: 2 }];
        ledger.commit(cartBatch(monday + minute * 60, 10, 3, { breakdown }));
      }
      const range = { from: monday + 900, to: monday + 2700 };
      const before = ledger.breakdown(cartId, range);
      expect(before).toMatchObject({ bad: 90, other: 30 });
      passTime(ledger, monday + 101 * day);
      expect(ledger.breakdown(cartId, range)).toEqual(before);
    }));
});

describe('golden signals', () => {
  const service = { cluster: 'eu', namespace: 'shop', name: 'cart' };
  const signals = (requests: number, memoryBytes: number | undefined): ServiceSignals => ({
    service,
    requests,
    errors: 1,
    leftOut: 0,
    latency: { boundsSeconds: [0.1, Infinity], counts: [requests - 1, 1] },
    memoryBytes,
    connections: undefined,
    proxies: 2,
  });

  test('come back per step; counts add up, levels are the latest, and a step without any is unknown', () =>
    withCart((ledger) => {
      ledger.commit(batch(monday, { signals: [signals(10, 500)] }));
      ledger.commit(batch(monday + 60, { signals: [signals(20, undefined)] }));
      const read = (): unknown => ledger.signals(service, { from: monday, to: monday + 600 }, 300);
      const expected = [
        {
          at: monday,
          seconds: 120,
          signals: {
            requests: 30,
            errors: 2,
            leftOut: 0,
            latency: { boundsSeconds: [0.1, Infinity], counts: [28, 2] },
            memoryBytes: 500,
            connections: undefined,
            proxies: 2,
          },
        },
        { at: monday + 300, seconds: 0, signals: undefined },
      ];
      expect(read()).toEqual(expected);
      passTime(ledger, monday + 4 * day);
      expect(read()).toEqual(expected);
    }));
});

test('checkpoints are kept, replaced and forgotten; unseen ends are listed by their end', () =>
  withCart((ledger) => {
    const text = (): readonly string[] =>
      ledger.checkpoints().map(({ key, state }) => `${key}=${Buffer.from(state!).toString()}`);
    const state = (value: string): Uint8Array => Buffer.from(value);
    ledger.commit(
      batch(monday, {
        checkpoints: [
          { key: 'a', state: state('1') },
          { key: 'b', state: state('') },
        ],
      }),
    );
    expect(text()).toEqual(['a=1', 'b=']);
    const tail = { target: 'pod', services: [cart.service], from: monday + 5, to: monday + 90 };
    ledger.commit(
      batch(monday + 60, {
        checkpoints: [
          { key: 'a', state: state('2') },
          { key: 'b', state: undefined },
        ],
        unseen: [tail],
      }),
    );
    expect(text()).toEqual(['a=2']);
    expect(ledger.unseen({ from: monday, to: monday + 90 })).toEqual([tail]);
    expect(ledger.unseen({ from: monday + 90, to: monday + 900 })).toEqual([]);
  }));
