import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { EventLog, RequestEvents } from '../../src/simulator/event-log.js';
import { typicalMs } from '../../src/simulator/latency.js';
import { evenCurve, type TrafficCurve } from '../../src/simulator/mesh-model.js';
import type { OutcomeKind } from '../../src/simulator/outcome.js';
import type { DataPlane } from '../../src/simulator/planes/data-plane.js';
import { EnvoyPlane } from '../../src/simulator/planes/envoy-plane.js';
import { Linkerd1Plane } from '../../src/simulator/planes/linkerd1-plane.js';
import { Linkerd2Plane } from '../../src/simulator/planes/linkerd2-plane.js';
import { NginxPlane } from '../../src/simulator/planes/nginx-plane.js';
import { WaypointPlane } from '../../src/simulator/planes/waypoint-plane.js';
import { ZtunnelPlane } from '../../src/simulator/planes/ztunnel-plane.js';
import { everyTrouble, smallEdge, smallMesh, smallService } from '../simulator/small-mesh.js';
import { withoutLost } from './loss-book.js';
import { ObservedMesh } from './observed-mesh.js';

const start = 1_795_168_800; // a whole hour
const minute = 60;

/** Of a proxy that does not tell its age, nothing counts before its first scrape: nobody calls until then. */
const startHour = (start % 86_400) / 3600;
const curve: TrafficCurve = { ...evenCurve, silentHours: [startHour, startHour + 0.01] };

const model = smallMesh(undefined, {
  services: [smallService('web'), smallService('cart')],
  edges: [
    smallEdge('shop/web', 'shop/cart', { curve, shares: everyTrouble, requestsPerSecond: 40 }),
    smallEdge(undefined, 'shop/cart', {
      curve,
      shares: { 'server-error': 0.01, 'abort-fast': 0.05, 'abort-long': 0.05 },
      requestsPerSecond: 3,
    }),
  ],
});

/** Which endings an SLO counts, written by hand from what each proxy is documented to do. */
interface Counted {
  readonly slo: string;
  readonly side: 'server' | 'client' | 'either';
  readonly good: readonly OutcomeKind[];
  readonly bad: readonly OutcomeKind[];
  /** With a threshold: bad where they took longer, and no event before. */
  readonly leftOut?: readonly OutcomeKind[];
  readonly thresholdMs?: number;
  /** How many events a group of requests is; one each where nothing is said. */
  readonly eventsOf?: (events: RequestEvents) => number;
}

const answered = ['ok', 'not-found'] as const;
const failed = ['server-error', 'unavailable', 'no-response'] as const;
const onTheWay = ['connect-failure', 'no-healthy-upstream', 'circuit-breaker', 'dns-failure'] as const;
const goneAway = ['abort-fast', 'abort-long', 'timeout'] as const;

const meshes: readonly {
  readonly mesh: string;
  readonly plane: () => DataPlane;
  readonly service: string;
  readonly slos: string;
  readonly counted: readonly Counted[];
}[] = [
  {
    mesh: 'linkerd2',
    plane: () => new Linkerd2Plane(),
    service: 'shop/cart',
    slos: `latency: { objective: 99%, threshold: 40ms }
  seen-by-clients: { objective: 99%, perspective: client }
  from-web: { objective: 99%, filter: { caller: web } }`,
    counted: [
      { slo: 'availability', side: 'server', good: answered, bad: failed },
      { slo: 'latency', side: 'server', good: answered, bad: failed, thresholdMs: 40 },
      // A connection that never came to be is no response of anybody's.
      { slo: 'seen-by-clients', side: 'client', good: answered, bad: [...failed, 'timeout'] },
    ],
  },
  {
    mesh: 'linkerd2-routes',
    plane: () => new Linkerd2Plane(),
    service: 'shop/cart',
    slos: `seen-by-clients: { objective: 99%, perspective: client }`,
    counted: [
      { slo: 'availability', side: 'server', good: answered, bad: failed },
      {
        slo: 'seen-by-clients',
        side: 'client',
        good: answered,
        bad: [...failed, 'timeout', ...onTheWay, 'no-cluster'],
      },
    ],
  },
  {
    mesh: 'envoy',
    plane: () => new EnvoyPlane(),
    service: 'default/cart',
    slos: `latency: { objective: 99%, threshold: 25ms }
  seen-by-clients: { objective: 99%, perspective: client }
  slow-for-clients: { objective: 99%, threshold: 25ms, perspective: client }`,
    counted: [
      { slo: 'availability', side: 'server', good: answered, bad: failed },
      // No code stands at the histogram: a fast failure is fast.
      { slo: 'latency', side: 'server', good: [...answered, ...failed], bad: [], thresholdMs: 25 },
      { slo: 'seen-by-clients', side: 'client', good: answered, bad: [...failed, 'timeout', ...onTheWay] },
      {
        slo: 'slow-for-clients',
        side: 'client',
        good: [...answered, 'server-error', 'unavailable'],
        bad: [],
        thresholdMs: 25,
      },
    ],
  },
  {
    mesh: 'nginx-ingress',
    plane: () => new NginxPlane(),
    service: 'shop/cart',
    slos: `latency: { objective: 99%, threshold: 100ms }`,
    counted: [
      { slo: 'availability', side: 'server', good: answered, bad: failed },
      { slo: 'latency', side: 'server', good: answered, bad: failed, leftOut: goneAway, thresholdMs: 100 },
    ],
  },
  {
    mesh: 'linkerd1',
    plane: () => new Linkerd1Plane('sidecar'),
    service: 'shop/cart',
    slos: `latency: { objective: 99%, threshold: 250ms }
  seen-by-clients: { objective: 99%, perspective: client }`,
    counted: [
      // A client that goes away is a failure like others.
      { slo: 'availability', side: 'server', good: answered, bad: [...failed, ...goneAway] },
      {
        slo: 'seen-by-clients',
        side: 'client',
        good: [...answered, 'no-route'],
        bad: [...failed, ...goneAway, ...onTheWay, 'no-cluster'],
      },
    ],
  },
  {
    mesh: 'linkerd1',
    plane: () => new Linkerd1Plane('daemonset'),
    service: 'shop/cart',
    slos: `seen-by-clients: { objective: 99%, perspective: client }`,
    counted: [{ slo: 'availability', side: 'server', good: answered, bad: [...failed, ...goneAway] }],
  },
  {
    mesh: 'istio-ambient',
    plane: () => new WaypointPlane(),
    service: 'shop/cart',
    slos: `latency: { objective: 99%, threshold: 25ms }
  mesh: { objective: 99% }
  outside-in: { objective: 99%, perspective: union }`,
    counted: [
      // A port that is closed is a connection that the waypoint could not make.
      { slo: 'availability', side: 'either', good: answered, bad: ['server-error', 'no-response'] },
      {
        slo: 'latency',
        side: 'either',
        good: answered,
        bad: ['server-error', 'no-response'],
        leftOut: goneAway,
        thresholdMs: 25,
      },
      {
        slo: 'mesh',
        side: 'either',
        good: [...answered, 'server-error', 'no-response'],
        bad: [...onTheWay, 'no-route', 'no-cluster', 'unavailable'],
      },
      {
        slo: 'outside-in',
        side: 'either',
        good: answered,
        bad: [...failed, ...onTheWay, 'no-route', 'no-cluster'],
      },
    ],
  },
  {
    mesh: 'ztunnel',
    plane: () => new ZtunnelPlane(),
    service: 'shop/cart',
    slos: `{}`,
    counted: [
      {
        slo: 'client-availability',
        side: 'client',
        good: [...answered, ...failed, ...goneAway, 'no-route', 'no-cluster', 'dns-failure'],
        bad: ['connect-failure', 'no-healthy-upstream', 'circuit-breaker'],
        eventsOf: connections,
      },
    ],
  },
];

/** Twenty requests go through one connection; one that fails is tried for each. */
function connections({ kind, count }: RequestEvents): number {
  const failsToOpen = ['connect-failure', 'no-healthy-upstream', 'circuit-breaker'].includes(kind);
  return failsToOpen ? count : Math.ceil(count / 20);
}

/** What a side's proxies counted of a log, by kinds of endings. */
function truthOf(
  log: EventLog,
  { side, good, bad, leftOut = [], thresholdMs, eventsOf }: Counted,
): { total: number; bad: number } {
  const sum = { total: 0, bad: 0 };
  const isSeen = ({ server, client }: RequestEvents): boolean =>
    side === 'either'
      ? server !== undefined || client !== undefined
      : (side === 'server' ? server : client) !== undefined;
  for (const events of log.requests(undefined, undefined, ({ destination }) => destination === 'shop/cart')) {
    if (!isSeen(events)) continue;
    const { kind, buckets } = events;
    const count = eventsOf?.(events) ?? events.count;
    const late =
      thresholdMs === undefined
        ? 0
        : buckets.reduce((so, inBucket, bucket) => so + (typicalMs(bucket) > thresholdMs ? inBucket : 0), 0);
    if (good.includes(kind) || bad.includes(kind)) {
      sum.total += count;
      sum.bad += bad.includes(kind) ? count : late;
    } else if (leftOut.includes(kind)) {
      sum.total += late;
      sum.bad += late;
    }
  }
  return sum;
}

describe.each(meshes.map((one, index) => ({ ...one, index })))(
  '$mesh ($index): the ledger, after minutes with restarts, faults and a death',
  ({ mesh, plane, service, slos, counted }) => {
    const planeOfMesh = plane();
    const observed = new ObservedMesh(model, start, 11, { pack: mesh, plane: planeOfMesh });
    let seen: EventLog;

    beforeAll(async () => {
      await observed.open(`service: ${service}\nslos:\n  ${slos}\n`);
      await observed.startMeshslo();
      await observed.list();
      await observed.live(4 * minute);
      const someProxy = (): string => planeOfMesh.proxies()[0]!.name;
      observed.restartProxy(someProxy());
      await observed.live(2 * minute + 10);
      await observed.replace(observed.mesh.pods.find((pod) => pod.service.name === 'cart')!.name);
      await observed.live(2 * minute);
      await observed.servers.setFault(someProxy(), 'refuse');
      await observed.live(2 * minute);
      await observed.servers.setFault(someProxy(), undefined);
      await observed.live(minute);
      await observed.killMeshslo();
      await observed.live(2 * minute + 25);
      await observed.startMeshslo();
      await observed.live(3 * minute);
      await observed.live(minute - (observed.clock.now() % minute));
      seen = withoutLost(observed.log, observed.lost());
    });

    afterAll(() => observed.close());

    test.each(counted)('$slo equals the log as integers, but for what nobody could see', (one) => {
      const range = { from: start, to: observed.clock.now() };
      const id = `test/${service}/${one.slo}`;
      const { total, bad } = observed.ledger.sums(range, { unplaced: 'ending-inside' }).of(id);
      const expected = truthOf(seen, one);
      expect({ total, bad }).toEqual(expected);
      const all = truthOf(observed.log, one);
      expect(expected.total).toBeGreaterThan(0.9 * all.total);
      if (one.bad.length > 0 || one.thresholdMs !== undefined) expect(bad).toBeGreaterThan(0);
    });

    test('the ledger finds nothing wrong with itself', () => {
      expect(observed.ledger.verify()).toEqual([]);
    });
  },
);
