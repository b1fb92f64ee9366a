import { expect, test } from '@jest/globals';
import { seriesInterpreter } from '../../src/packs/interpreter.js';
import { loadPacks } from '../../src/packs/load-packs.js';

const { packs } = loadPacks();

function pathOf(pack: string, sample: string, labels: Readonly<Record<string, string>>) {
  const interpreter = seriesInterpreter(packs.get(pack)!, { cluster: 'eu', clusterAliases: new Map() });
  const meaning = interpreter.meaning(sample, new Map(Object.entries(labels)));
  return meaning?.kind === 'requests' ? meaning.path : 'no requests';
}

const istio = {
  source_canonical_service: 'web',
  source_workload: 'web-v1',
  source_workload_namespace: 'shop',
  source_cluster: 'Kubernetes',
  destination_service_name: 'cart',
  destination_service_namespace: 'shop',
  response_code: '200',
};
const linkerd = { namespace: 'shop', app: 'cart', classification: 'success', status_code: '200' };
const inbound = { ...linkerd, direction: 'inbound' };
const web = { cluster: 'eu', namespace: 'shop', name: 'web' };

test.each([
  ['istio', { ...istio, reporter: 'destination', connection_security_policy: 'mutual_tls' }, { isAuthenticated: true }],
  ['istio', { ...istio, reporter: 'destination', connection_security_policy: 'none' }, { isAuthenticated: false }],
  ['istio', { ...istio, reporter: 'destination', connection_security_policy: 'unknown' }, {}],
  ['istio', { ...istio, reporter: 'source', connection_security_policy: 'unknown' }, { sender: web }],
  [
    'istio-ambient',
    { ...istio, reporter: 'waypoint', connection_security_policy: 'mutual_tls' },
    { isAuthenticated: true },
  ],
])(
  'Istio: only the proxy that is reached knows whether a connection was authenticated (%s, %j)',
  (pack, labels, path) => {
    expect(pathOf(pack, 'istio_requests_total', labels)).toEqual(path);
  },
);

test.each([
  [
    { ...inbound, tls: 'true', client_id: 'web.shop.serviceaccount.identity.linkerd.cluster.local' },
    { isAuthenticated: true },
  ],
  [{ ...inbound, tls: 'true', client_id: '' }, {}],
  [{ ...inbound, tls: 'no_identity', no_tls_reason: 'no_tls_from_remote' }, { isAuthenticated: false }],
  [{ ...inbound, tls: 'no_identity', no_tls_reason: 'loopback' }, {}],
  [{ ...inbound, tls: 'opaque' }, {}],
  [
    { ...linkerd, app: 'web', direction: 'outbound', tls: 'true', dst_service: 'cart', dst_namespace: 'shop' },
    { sender: web },
  ],
])('Linkerd 2: authenticated is who has an identity of its own (%j)', (labels, path) => {
  expect(pathOf('linkerd2', 'response_total', labels)).toEqual(path);
});

function arrivalsOf(pack: string, sample: string, labels: Readonly<Record<string, string>>) {
  const interpreter = seriesInterpreter(packs.get(pack)!, { cluster: 'eu', clusterAliases: new Map() });
  const meaning = interpreter.meaning(sample, new Map(Object.entries(labels)));
  return meaning?.kind === 'arrivals' ? meaning : undefined;
}

test('Envoy’s requests tell who sent them, and nothing of mTLS', () => {
  const labels = { namespace: 'shop', service: 'web', envoy_cluster_name: 'cart', envoy_response_code_class: '2' };
  expect(pathOf('envoy', 'envoy_cluster_upstream_rq_xx', labels)).toEqual({ sender: web });
});

// envoyproxy/envoy docs/root/configuration/listeners/stats.rst: handshakes, and those of them without a client's certificate.
test.each([
  ['envoy_listener_ssl_handshake', { envoy_listener_address: '0.0.0.0_8080' }, { authenticated: 1, plain: 0 }],
  ['envoy_listener_ssl_no_certificate', { envoy_listener_address: '0.0.0.0_8080' }, { authenticated: -1, plain: 1 }],
  [
    'envoy_http_downstream_cx_total',
    { envoy_http_conn_manager_prefix: 'ingress_http' },
    { authenticated: 0, plain: 1 },
  ],
  [
    'envoy_http_downstream_cx_ssl_total',
    { envoy_http_conn_manager_prefix: 'ingress_http' },
    { authenticated: 0, plain: -1 },
  ],
])('Envoy counts connections: %s %j', (sample, labels, shares) => {
  const own = { namespace: 'shop', service: 'web' };
  expect(arrivalsOf('envoy', sample, { ...own, ...labels })).toEqual({
    kind: 'arrivals',
    service: web,
    received: 0,
    ...shares,
  });
});

test.each([
  [
    'what goes out',
    'envoy_http_downstream_cx_total',
    { envoy_http_conn_manager_prefix: 'egress_http', service: 'web' },
  ],
  ['an Envoy of nobody', 'envoy_listener_ssl_handshake', { envoy_listener_address: '0.0.0.0_8080' }],
])('Envoy’s connections of %s are nobody’s arrivals', (_why, sample, labels) => {
  expect(arrivalsOf('envoy', sample, labels)).toBeUndefined();
});

test('ztunnel knows at the destination’s end: what it did not authenticate it calls unknown', () => {
  const opened = 'istio_tcp_connections_opened_total';
  const there = { ...istio, reporter: 'destination' };
  const arrived = { kind: 'arrivals', service: { ...web, name: 'cart' }, received: 1 };
  expect(arrivalsOf('ztunnel', opened, { ...there, connection_security_policy: 'mutual_tls' })).toEqual({
    ...arrived,
    authenticated: 1,
    plain: 0,
  });
  expect(arrivalsOf('ztunnel', opened, { ...there, connection_security_policy: 'unknown' })).toEqual({
    ...arrived,
    authenticated: 0,
    plain: 1,
  });
  const sent = { ...istio, reporter: 'source', connection_security_policy: 'mutual_tls' };
  expect(pathOf('ztunnel', opened, sent)).toEqual({ sender: web });
});
