import { deflateRawSync } from 'node:zlib';
import Libsql from 'libsql';
import fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import type { ServiceSignals } from '../../src/domain/slot-batch.js';
import { Ledger } from '../../src/ledger/ledger.js';
import { seal } from '../../src/ledger/packed-bytes.js';
import type { SignalPoint } from '../../src/ledger/signal-store.js';
import { batch, monday, passTime, withPath } from './support.js';

const hour = 3600;
const day = 24 * hour;
const cart = { cluster: 'eu', namespace: 'shop', name: 'cart' };
const stock = { cluster: 'eu', namespace: 'shop', name: 'st/ck 100 %' };

function signals(requests: number, changes: Partial<ServiceSignals> = {}): ServiceSignals {
  return {
    service: cart,
    requests,
    errors: 1,
    leftOut: 2,
    latency: { boundsSeconds: [0.1, 1, Infinity], counts: [requests, 0, 3] },
    memoryBytes: 80_000_000,
    connections: undefined,
    proxies: 2,
    ...changes,
  };
}

function unnamed(signalsOfService: ServiceSignals): SignalPoint['signals'] {
  return Object.fromEntries(Object.entries(signalsOfService).filter(([name]) => name !== 'service')) as never;
}

function withLedger(work: (ledger: Ledger, path: string) => void): void {
  withPath((path) => {
    const ledger = Ledger.open(path);
    work(ledger, path);
    ledger.close();
  });
}

/** The requests of each step in which something is known. */
function requestsOf(points: readonly SignalPoint[]): readonly (readonly [at: number, requests: number])[] {
  return points.flatMap(({ at, signals: known }) => (known ? [[at, known.requests] as const] : []));
}

describe('golden signals', () => {
  test('are the same in the open hour, in a closed one, and where both meet', () => {
    withLedger((ledger) => {
      for (let minute = 0; minute < 150; minute++) {
        const others = [signals(7, { service: stock }), signals(minute)];
        ledger.commit(batch(monday + minute * 60, { signals: others }));
      }
      const points = ledger.signals(cart, { from: monday, to: monday + 3 * hour }, 60);
      expect(points).toHaveLength(180);
      expect(requestsOf(points)).toEqual(Array.from({ length: 150 }, (_, minute) => [monday + minute * 60, minute]));
      expect(points[149]).toEqual({ at: monday + 149 * 60, seconds: 60, signals: unnamed(signals(149)) });
      expect(points[150]).toEqual({ at: monday + 150 * 60, seconds: 0, signals: undefined });
      expect(ledger.signals(stock, { from: monday + hour, to: monday + hour + 60 }, 60)[0]?.signals?.requests).toBe(7);
    });
  });

  test('of a service that nobody knows are unknown', () => {
    withLedger((ledger) => {
      ledger.commit(batch(monday, { signals: [signals(1)] }));
      expect(requestsOf(ledger.signals(stock, { from: monday, to: monday + hour }, 60))).toEqual([]);
    });
  });

  test('add up into wider steps, as far as they are known, before and after they are compacted', () => {
    withLedger((ledger) => {
      for (const minute of [0, 1, 2, 61, 62]) ledger.commit(batch(monday + minute * 60, { signals: [signals(10)] }));
      const read = (): unknown =>
        ledger
          .signals(cart, { from: monday, to: monday + 2 * hour }, hour)
          .map((point) => [point.seconds, point.signals?.requests, point.signals?.latency?.counts]);
      const expected = [
        [180, 30, [30, 0, 9]],
        [120, 20, [20, 0, 6]],
      ];
      expect(read()).toEqual(expected);
      passTime(ledger, monday + 5 * day);
      expect(read()).toEqual(expected);
      passTime(ledger, monday + 110 * day);
      expect(read()).toEqual(expected);
    });
  });

  test('keep their buckets where these change within an hour', () => {
    withLedger((ledger) => {
      const other = { boundsSeconds: [0.5, Infinity], counts: [4, 5] };
      ledger.commit(batch(monday, { signals: [signals(1)] }));
      ledger.commit(batch(monday + 60, { signals: [signals(2, { latency: other })] }));
      ledger.commit(batch(monday + 120, { signals: [signals(3, { latency: undefined })] }));
      ledger.commit(batch(monday + 2 * hour, {}));
      const points = ledger.signals(cart, { from: monday, to: monday + 180 }, 60);
      expect(points.map((point) => point.signals?.latency)).toEqual([
        { boundsSeconds: [0.1, 1, Infinity], counts: [1, 0, 3] },
        other,
        undefined,
      ]);
    });
  });

  test('traffic comes slot by slot, from closed hours and the open one', () => {
    withLedger((ledger) => {
      for (let minute = 58; minute < 62; minute++) {
        const both = [signals(minute), signals(1, { service: stock })];
        ledger.commit(batch(monday + minute * 60, { signals: both }));
      }
      const traffic = ledger.traffic({ from: monday + 59 * 60, to: monday + 62 * 60 });
      expect(traffic.map(({ at, traffic: slot }) => [at, ...slot.map(({ requests }) => requests)])).toEqual(
        [59, 60, 61].map((minute) => [monday + minute * 60, minute, 1]),
      );
      expect(traffic[0]?.traffic.map(({ service }) => service)).toEqual([cart, stock]);
    });
  });

  test('a service that was first seen in a slot that could not be written is seen again in the next one', () => {
    withPath((path) => {
      const ledger = Ledger.open(path, { mostBytes: 1_000_000 });
      const signalsOfStock = [signals(3, { service: stock })];
      const tooLarge = [{ key: 'large', state: new Uint8Array(2_000_000) }];
      const full = expect.objectContaining({ code: 'disk-full' });
      expect(() => ledger.commit(batch(monday, { signals: signalsOfStock, checkpoints: tooLarge }))).toThrow(full);
      ledger.commit(batch(monday + 60, { signals: [signals(1)] }));
      ledger.commit(batch(monday + 120, { signals: signalsOfStock }));
      expect(requestsOf(ledger.signals(stock, { from: monday, to: monday + 180 }, 60))).toEqual([[monday + 120, 3]]);
      expect(requestsOf(ledger.signals(cart, { from: monday, to: monday + 180 }, 60))).toEqual([[monday + 60, 1]]);
      ledger.close();
    });
  });

  test('any numbers come back as they were, whatever the form they are kept in', () => {
    const count = fc.nat({ max: 2 ** 40 });
    const some = fc.record({
      requests: count,
      errors: count,
      leftOut: count,
      proxies: fc.nat({ max: 1000 }),
      memoryBytes: fc.option(count, { nil: undefined }),
      connections: fc.option(count, { nil: undefined }),
      latency: fc.option(
        fc.array(count, { minLength: 1, maxLength: 5 }).map((counts) => ({
          boundsSeconds: counts.map((_, index) => (index === counts.length - 1 ? Infinity : index + 0.5)),
          counts,
        })),
        { nil: undefined },
      ),
    });
    fc.assert(
      fc.property(fc.array(some, { minLength: 1, maxLength: 10 }), (list) =>
        withLedger((ledger) => {
          const read = (): unknown =>
            ledger.signals(cart, { from: monday, to: monday + list.length * 60 }, 60).map((point) => point.signals);
          list.forEach((one, minute) =>
            ledger.commit(batch(monday + minute * 60, { signals: [{ service: cart, ...one }] })),
          );
          expect(read()).toEqual(list);
          ledger.commit(batch(monday + hour, {}));
          expect(read()).toEqual(list);
        }),
      ),
      { numRuns: 20 },
    );
  });
});

test('signals that an older meshslo has written are rewritten once', () => {
  withPath((path) => {
    const ledger = Ledger.open(path);
    ledger.commit(batch(monday, {}));
    ledger.close();
    const slots = Array.from({ length: 90 }, (_, minute) => {
      const fields = [minute, 1, 2, 2, 80_000_000, null, [0.1, 1, null], [minute, 0, 3]];
      const text = JSON.stringify([
        ['eu/shop/cart', fields],
        ['eu/shop/st%2Fck 100 %25', [5, 0, 0, 1, null, 4, null, null]],
      ]);
      return [monday + minute * 60, 60, Buffer.from(seal(deflateRawSync(text)))] as const;
    });
    const database = new Libsql(path);
    for (const slot of slots) database.prepare('INSERT INTO signal VALUES (?, ?, ?)').run([...slot]);
    const newer =
      'DROP TABLE service; DROP TABLE latency_bounds; DROP TABLE signal_hour; DROP INDEX unplaced_by_slo; DROP TABLE finding; DROP TABLE event; DROP TABLE report; DROP TABLE letter; DROP TABLE report_schedule';
    database.exec(`${newer}; PRAGMA user_version = 3; PRAGMA wal_checkpoint(TRUNCATE)`);
    database.close();

    const migrated = Ledger.open(path);
    expect(migrated.signals(cart, { from: monday + 61 * 60, to: monday + 62 * 60 }, 60)).toEqual([
      { at: monday + 61 * 60, seconds: 60, signals: unnamed(signals(61)) },
    ]);
    expect(requestsOf(migrated.signals(stock, { from: monday, to: monday + 2 * hour }, hour))).toEqual([
      [monday, 300],
      [monday + hour, 150],
    ]);
    migrated.commit(batch(monday + 90 * 60, { signals: [signals(90)] }));
    migrated.commit(batch(monday + 2 * hour, {}));
    const all = requestsOf(migrated.signals(cart, { from: monday, to: monday + 2 * hour }, 60));
    expect(all).toEqual(Array.from({ length: 91 }, (_, minute) => [monday + minute * 60, minute]));
    migrated.close();
  });
});
