import type { LatencyProfile } from './latency.js';
import type { Degradation, EdgeModel, MeshModel, ServiceModel, TrafficCurve } from './mesh-model.js';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** People buy in the evening. */
const shoppers: TrafficCurve = { dailySwing: 0.7, peakHour: 19, weekendShare: 1.25 };
const office: TrafficCurve = { dailySwing: 0.9, peakHour: 13, weekendShare: 0.3 };
const always: TrafficCurve = { dailySwing: 0.1, peakHour: 12, weekendShare: 1 };
// Never silent: of a sidecar that nobody has called since its start, nobody can tell whose it is.
const seldomAtNight: TrafficCurve = { dailySwing: 0.98, peakHour: 14, weekendShare: 0.8 };

const usual = { 'not-found': 0.004, 'server-error': 0.0002, 'abort-fast': 0.002, 'abort-long': 0.0001 } as const;

/**
 * The mesh of the demo: twelve services of a shop behind one gateway, one of them without a proxy.
 *
 * `recommendations` degrades for nine minutes from the first one on, and again every three hours; in the month before it
 * had three bad days, and `cart` one. The mesh itself fails for six minutes every two days, and ten minutes from the start.
 */
export function demoMesh(startSeconds: number): MeshModel {
  const troubles: readonly Degradation[] = [
    { firstSeconds: startSeconds + minute, lastsSeconds: 9 * minute, everySeconds: 3 * hour, ...failing(0.4) },
    { firstSeconds: startSeconds - 23 * day, lastsSeconds: 50 * minute, ...failing(0.06) },
    { firstSeconds: startSeconds - 11 * day, lastsSeconds: 25 * minute, ...failing(0.2) },
    { firstSeconds: startSeconds - 3 * day, lastsSeconds: 80 * minute, ...failing(0.03) },
  ];
  const cartTrouble: Degradation = { firstSeconds: startSeconds - 6 * day, lastsSeconds: hour, ...failing(0.01) };
  const broken = {
    lastsSeconds: 6 * minute,
    shares: { 'connect-failure': 0.012, 'circuit-breaker': 0.006, 'no-healthy-upstream': 0.002, 'no-cluster': 0.001 },
    slowdown: 1,
  };
  const meshTroubles: readonly Degradation[] = [
    { firstSeconds: startSeconds - 29 * day, everySeconds: 2 * day, ...broken },
    { firstSeconds: startSeconds + 10 * minute, ...broken },
  ];
  return {
    istioVersion: '1.24.3',
    clusterId: 'Kubernetes',
    fillerClusters: 20,
    services: [
      service('platform', 'istio-ingressgateway', { medianMs: 20, spread: 0.8 }, [['v1', 2]]),
      service('shop', 'storefront', { medianMs: 42, spread: 0.7 }, [['v1', 3]]),
      service('shop', 'catalogue', { medianMs: 9, spread: 0.6 }, [
        ['v7', 2],
        ['v8', 1],
      ]),
      service('shop', 'search', { medianMs: 70, spread: 0.6 }, [['v2', 3]]),
      service('shop', 'cart', { medianMs: 14, spread: 0.7 }, [['v1', 3]]),
      service('shop', 'recommendations', { medianMs: 55, spread: 0.8 }, [['v3', 3]]),
      service('payments', 'checkout', { medianMs: 120, spread: 0.6 }, [['v1', 3]]),
      { ...service('payments', 'ledger', { medianMs: 6, spread: 0.5 }, [['v1', 3]]), protocol: 'grpc' },
      service('payments', 'fraud-check', { medianMs: 35, spread: 0.9 }, [['v1', 2]]),
      service('payments', 'refunds', { medianMs: 60, spread: 0.5 }, [['v1', 2]]),
      service('platform', 'invoices', { medianMs: 90, spread: 0.5 }, [['v1', 2]]),
      service('platform', 'notifications', { medianMs: 25, spread: 0.8 }, [['v1', 2]]),
      { ...service('platform', 'mail-relay', { medianMs: 180, spread: 0.6 }, [['v1', 1]]), proxied: false },
    ],
    edges: [
      edge('platform/istio-ingressgateway', 'shop/storefront', 90, shoppers, usual),
      edge('platform/istio-ingressgateway', 'shop/search', 35, shoppers, { ...usual, 'abort-fast': 0.03 }),
      edge('platform/istio-ingressgateway', 'payments/checkout', 8, shoppers, { ...usual, timeout: 0.0008 }),
      edge('shop/storefront', 'shop/catalogue', 320, shoppers, { ...usual, 'server-error': 0.00005 }),
      edge('shop/storefront', 'shop/cart', 45, shoppers, usual, [cartTrouble]),
      edge('shop/storefront', 'shop/recommendations', 60, shoppers, usual, troubles),
      edge('shop/search', 'shop/catalogue', 60, shoppers, { ...usual, 'server-error': 0.00005 }),
      edge('payments/checkout', 'shop/cart', 8, shoppers, usual),
      edge('payments/checkout', 'payments/ledger', 20, shoppers, { 'server-error': 0.0003, 'not-found': 0.01 }),
      // Between these two the mesh itself fails: connections, circuit breakers, a route that is pushed too late.
      edge('payments/checkout', 'payments/fraud-check', 9, shoppers, usual, meshTroubles),
      edge(undefined, 'payments/ledger', 2, always, { unavailable: 0.0005 }),
      edge(undefined, 'payments/refunds', 0.01, always, {}),
      edge('platform/istio-ingressgateway', 'platform/invoices', 1.5, seldomAtNight, {
        ...usual,
        'no-response': 0.0008,
      }),
      edge('payments/checkout', 'platform/notifications', 6, shoppers, usual),
      edge(undefined, 'platform/notifications', 3, office, usual),
      edge('platform/notifications', 'platform/mail-relay', 5, shoppers, {
        'server-error': 0.001,
        timeout: 0.0005,
        'dns-failure': 0.0002,
      }),
    ],
  };
}

function failing(share: number): Pick<Degradation, 'shares' | 'slowdown'> {
  return { shares: { 'server-error': share, 'abort-long': share / 10, timeout: share / 10 }, slowdown: 3 };
}

function service(
  namespace: string,
  name: string,
  latency: LatencyProfile,
  versions: readonly (readonly [version: string, replicas: number])[],
): ServiceModel {
  return {
    name,
    namespace,
    app: name,
    protocol: 'http',
    proxied: true,
    versions: versions.map(([version, replicas]) => ({ version, replicas })),
    latency,
    requestBytes: 820,
    responseBytes: 2300,
  };
}

function edge(
  source: string | undefined,
  destination: string,
  requestsPerSecond: number,
  curve: TrafficCurve,
  shares: EdgeModel['shares'],
  degradations: readonly Degradation[] = [],
): EdgeModel {
  return { source, destination, requestsPerSecond, curve, shares, degradations };
}
