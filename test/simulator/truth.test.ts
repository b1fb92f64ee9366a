import { describe, expect, test } from '@jest/globals';
import { EventLog, type RequestEvents } from '../../src/simulator/event-log.js';
import { bucketCount, latencyBoundsMs } from '../../src/simulator/latency.js';
import { type OutcomeKind, outcomes, type Protocol } from '../../src/simulator/outcome.js';
import { type Perspective, truth } from '../../src/simulator/truth.js';

/** Requests of one kind that all took about as long as a bound. */
function ended(kind: OutcomeKind, count: number, boundMs = 25, protocol: Protocol = 'http'): RequestEvents {
  const { server, client } = outcomes(protocol)[kind];
  const buckets = new Array<number>(bucketCount).fill(0);
  buckets[latencyBoundsMs.indexOf(boundMs)] = count;
  return {
    fromSeconds: 0,
    toSeconds: 10,
    source: 'shop/web',
    destination: 'shop/cart',
    pod: server && 'cart-1',
    clientPod: 'web-1',
    kind,
    server,
    client,
    count,
    buckets,
  };
}

function truthOf(events: readonly RequestEvents[], perspective: Perspective, thresholdMs?: number): readonly number[] {
  const log = new EventLog();
  log.write(events);
  const { total, bad, leftOut } = truth(log, 'shop/cart', perspective, { fromSeconds: 0, toSeconds: 10 }, thresholdMs);
  return [total, bad, leftOut];
}

const perspectives = ['server', 'mesh-failures', 'client', 'union'] as const;

describe('the truth about requests', () => {
  // total, bad, left out of: server, mesh failures, client, union; ten requests each.
  test.each([
    { kind: 'ok', expected: ['10 0 0', '10 0 0', '10 0 0', '10 0 0'], why: 'everybody is content' },
    { kind: 'not-found', expected: ['10 0 0', '10 0 0', '10 0 0', '10 0 0'], why: 'the server answered rightly' },
    { kind: 'server-error', expected: ['10 10 0', '10 0 0', '10 10 0', '10 10 0'], why: 'the mesh delivered it' },
    {
      kind: 'unavailable',
      expected: ['10 10 0', '10 0 0', '10 10 0', '10 10 0'],
      why: 'the flag is not the client proxy’s',
    },
    { kind: 'no-response', expected: ['10 10 0', '10 0 0', '10 10 0', '10 10 0'], why: 'code 0 without DC is bad' },
    { kind: 'abort-fast', expected: ['0 0 10', '0 0 10', '0 0 10', '0 0 10'], why: 'the client went away' },
    { kind: 'timeout', expected: ['0 0 10', '10 0 0', '10 10 0', '10 10 0'], why: 'the client’s UT replaces the DC' },
    { kind: 'connect-failure', expected: ['0 0 0', '10 10 0', '10 10 0', '10 10 0'], why: 'UF is one of two flags' },
    { kind: 'no-route', expected: ['0 0 0', '10 10 0', '10 0 0', '10 10 0'], why: 'NR comes with a 404' },
  ] as const)('$kind counts as $expected: $why', ({ kind, expected }) => {
    expect(perspectives.map((perspective) => truthOf([ended(kind, 10)], perspective).join(' '))).toEqual(expected);
  });

  test.each([
    { kind: 'server-error', bad: 10, why: 'status 13 is a failure though HTTP says 200' },
    { kind: 'not-found', bad: 0, why: 'status 5 is the caller’s own' },
    { kind: 'ok', bad: 0, why: 'status 0' },
  ] as const)('gRPC: $kind has $bad bad requests: $why', ({ kind, bad }) => {
    expect(truthOf([ended(kind, 10, 25, 'grpc')], 'server')).toEqual([10, bad, 0]);
  });

  test('a threshold makes slow good requests and late aborts bad, and leaves fast errors bad', () => {
    const events = [
      ended('ok', 70, 100),
      ended('ok', 5, 250),
      ended('server-error', 3, 5),
      ended('abort-fast', 2, 50),
      ended('abort-long', 4, 30_000),
    ];
    // total: 75 good, 3 bad, 4 late aborts; bad: 5 slow, 3 errors, 4 late aborts; the 2 fast aborts are left out.
    expect(truthOf(events, 'server', 100)).toEqual([82, 12, 2]);
  });

  test('in the union a request is one event, whoever ended it, and a caller without a proxy has only the server’s row', () => {
    const unproxied = (events: RequestEvents): RequestEvents => ({
      ...events,
      clientPod: undefined,
      client: undefined,
    });
    const events = [
      ended('ok', 70, 100),
      ended('timeout', 3, 30_000), // DC at the server, UT at the client: 3 bad
      ended('abort-long', 4, 30_000), // DC at both: 4 bad, because late
      ended('abort-fast', 2, 50), // DC at both: left out
      unproxied(ended('abort-long', 5, 30_000)), // 5 bad
      unproxied(ended('abort-fast', 1, 50)), // left out
      ended('connect-failure', 6, 1), // the client's only: 6 bad
    ];
    expect(truthOf(events, 'union', 100)).toEqual([70 + 3 + 4 + 5 + 6, 18, 3]);
    expect(truthOf(events, 'union')).toEqual([70 + 3 + 6, 9, 12]);
  });

  test('a threshold between two bounds is refused, because no histogram could tell', () => {
    expect(() => truthOf([ended('ok', 1)], 'server', 300)).toThrow(RangeError);
  });

  test('requests of other services and of other times do not count', () => {
    const log = new EventLog();
    log.write([ended('ok', 1), { ...ended('ok', 2), destination: 'shop/web' }, { ...ended('ok', 4), toSeconds: 11 }]);
    expect(truth(log, 'shop/cart', 'server', { fromSeconds: 0, toSeconds: 10 }).total).toBe(1);
  });
});
