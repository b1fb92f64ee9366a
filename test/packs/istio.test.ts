import { describe, expect, test } from '@jest/globals';
import { loadPacks, packFor } from '../../src/packs/load-packs.js';
import { seriesInterpreter } from '../../src/packs/interpreter.js';
import type { SeriesMeaning, View } from '../../src/domain/series-meaning.js';

const { packs, diagnostics } = loadPacks();
const istio = packFor(packs, 'istio')!;
const interpreter = seriesInterpreter(istio, {
  cluster: 'eu-1',
  clusterAliases: new Map([['cluster-7', 'us-2']]),
});

const identity = {
  destination_service_name: 'cart',
  destination_service_namespace: 'shop',
  destination_cluster: 'Kubernetes',
  source_canonical_service: 'web',
};

function meaning(labels: Readonly<Record<string, string>>, name = 'istio_requests_total'): SeriesMeaning | undefined {
  return interpreter.meaning(name, new Map(Object.entries({ ...identity, ...labels })));
}

function viewsOf(found: SeriesMeaning | undefined): readonly View[] {
  return found !== undefined && 'views' in found ? found.views : [];
}

/** `server bad server-error, union bad server-error` */
function verdicts(labels: Readonly<Record<string, string>>): string {
  return viewsOf(meaning(labels))
    .map(({ perspective, verdict, className }) => `${perspective} ${verdict} ${className}`)
    .join(', ');
}

test('the shipped packs have no mistakes', () => {
  expect(diagnostics).toEqual([]);
});

describe("a row of the server's proxy counts for server and union", () => {
  test.each([
    { code: '200', flags: '-', grpc: '', is: 'good success', why: 'answered' },
    { code: '404', flags: '-', grpc: '', is: 'good success', why: 'the client asked for something that is not there' },
    { code: '429', flags: 'RL', grpc: '', is: 'good success', why: 'a limit that did its work' },
    { code: '500', flags: '-', grpc: '', is: 'bad server-error', why: 'the server failed' },
    { code: '503', flags: 'UF,URX', grpc: '', is: 'bad server-error', why: 'its own proxy could not reach it' },
    { code: '504', flags: 'UT', grpc: '', is: 'bad server-error', why: 'its own proxy gave up' },
    { code: '0', flags: 'DC', grpc: '', is: 'left-out client-abort', why: 'the client went away' },
    { code: '503', flags: 'UF,DC', grpc: '', is: 'left-out client-abort', why: 'DC is an element of the list' },
    { code: '200', flags: 'DC', grpc: '', is: 'left-out client-abort', why: 'aborted in the middle of the answer' },
    { code: '0', flags: 'DCX', grpc: '', is: 'bad no-response', why: 'DCX is not DC' },
    { code: '0', flags: '-', grpc: '', is: 'bad no-response', why: 'code 0 without DC is nobody else’s fault' },
    { code: '0', flags: 'UR', grpc: '', is: 'bad no-response', why: 'reset by the server' },
    { code: '200', flags: '-', grpc: '0', is: 'good success', why: 'gRPC OK' },
    { code: '200', flags: '-', grpc: '14', is: 'bad grpc-failure', why: 'UNAVAILABLE comes with HTTP 200' },
    { code: '200', flags: '-', grpc: '5', is: 'good success', why: 'NOT_FOUND is the client’s' },
    { code: '200', flags: '-', grpc: '1', is: 'good success', why: 'CANCELLED is the client’s' },
    { code: '503', flags: 'UH', grpc: '14', is: 'bad server-error', why: '5xx with a gRPC status is one failure' },
    { code: '5000', flags: '-', grpc: '', is: 'good success', why: 'no status of the 500s' },
    { code: '', flags: '', grpc: '', is: 'good success', why: 'a row without these labels failed in no known way' },
  ])('code "$code", flags "$flags", grpc "$grpc" is $is: $why', ({ code, flags, grpc, is }) => {
    const row = { reporter: 'destination', response_code: code, response_flags: flags, grpc_response_status: grpc };
    // What a caller with a proxy cut off stands at that proxy; see below.
    const union = is === 'left-out client-abort' ? '' : `, union ${is}`;
    expect(verdicts(row)).toBe(`server ${is}${union}`);
  });

  test('an abort by a caller without a proxy has no other row, so it counts for the union too', () => {
    const row = { reporter: 'destination', response_code: '0', response_flags: 'DC', source_workload: 'unknown' };
    expect(verdicts(row)).toBe('server left-out client-abort, union left-out client-abort');
  });
});

describe("a row of the client's proxy counts for client and mesh failures, and for the union only what the server missed", () => {
  const ok = 'mesh-failures good success';
  const failed = 'mesh-failures bad mesh-failure';
  test.each([
    { code: '200', flags: '-', are: `${ok}, client good success`, why: 'the server has a row of it' },
    { code: '500', flags: '-', are: `${ok}, client bad server-error`, why: 'the mesh carried a failure of the server' },
    {
      code: '503',
      flags: 'UF,URX',
      are: `${failed}, client bad server-error, union bad mesh-failure`,
      why: 'UF and URX are two elements; no connection, no row at the server',
    },
    {
      code: '404',
      flags: 'NR',
      are: `${failed}, client good success, union bad mesh-failure`,
      why: 'a missing route is the mesh’s failure even where its code is 404',
    },
    { code: '503', flags: 'UFX', are: `${ok}, client bad server-error`, why: 'UFX is not UF' },
    { code: '503', flags: 'URX', are: `${ok}, client bad server-error`, why: 'retries that the server saw' },
    {
      code: '504',
      flags: 'UT',
      are: `${ok}, client bad server-error, union bad client-timeout`,
      why: 'the server saw only an abort, which its row leaves out',
    },
    {
      code: '0',
      flags: 'DC',
      are: 'mesh-failures left-out client-abort, client left-out client-abort, union left-out client-abort',
      why: 'the client went away; in the union this row stands for the request, the server’s does not',
    },
    {
      code: '0',
      flags: 'DC,UF',
      are: 'mesh-failures left-out client-abort, client left-out client-abort, union left-out client-abort',
      why: 'nobody waited for the connection',
    },
  ])('code $code with flags $flags: $why', ({ code, flags, are }) => {
    const row = { reporter: 'source', response_code: code, response_flags: flags, grpc_response_status: '' };
    expect(verdicts(row)).toBe(are);
  });
});

describe('which service a row belongs to', () => {
  const destination = { reporter: 'destination', response_code: '200' };
  test.each([
    { labels: {}, cluster: 'eu-1', why: 'Kubernetes is the id of a cluster that nobody named: the configured one' },
    { labels: { destination_cluster: 'cluster-7' }, cluster: 'us-2', why: 'an alias' },
    { labels: { destination_cluster: 'asia-1' }, cluster: 'asia-1', why: 'a name of its own' },
    { labels: { destination_cluster: 'unknown' }, cluster: 'eu-1', why: 'not known: the configured one' },
    { labels: { destination_cluster: '' }, cluster: 'eu-1', why: 'proxies before 1.8 do not tell' },
  ])('cluster $cluster for $labels: $why', ({ labels, cluster }) => {
    const [view] = viewsOf(meaning({ ...destination, ...labels }));
    expect(view?.service).toEqual({ cluster, namespace: 'shop', name: 'cart' });
  });

  test('a request that never reached its destination belongs to the configured cluster', () => {
    const views = viewsOf(meaning({ reporter: 'source', response_flags: 'UH', destination_cluster: 'asia-1' }));
    expect(views.map(({ perspective, service }) => `${perspective} ${service.cluster}`)).toEqual([
      'mesh-failures eu-1',
      'client asia-1',
      'union eu-1',
    ]);
  });

  test('a request that its client cut off had reached its destination, so it belongs there', () => {
    const views = viewsOf(meaning({ reporter: 'source', response_flags: 'UT', destination_cluster: 'asia-1' }));
    expect(views.find(({ perspective }) => perspective === 'union')).toMatchObject({ service: { cluster: 'asia-1' } });
  });

  test.each([
    { name: 'PassthroughCluster', namespace: 'shop', why: 'traffic to the outside' },
    { name: 'BlackHoleCluster', namespace: 'shop', why: 'traffic that was stopped' },
    { name: 'InboundPassthroughCluster', namespace: 'shop', why: 'traffic to a port without a service' },
    { name: 'unknown', namespace: 'shop', why: 'no name' },
    { name: '', namespace: 'shop', why: 'no name' },
    { name: 'cart', namespace: 'unknown', why: 'no namespace' },
    { name: 'cart', namespace: '', why: 'no namespace' },
  ])('"$name" in namespace "$namespace" is no service: $why', ({ name, namespace }) => {
    const found = meaning({ ...destination, destination_service_name: name, destination_service_namespace: namespace });
    expect(found).toMatchObject({ kind: 'requests', views: [] });
  });

  test('a waypoint’s row is nothing that this pack counts', () => {
    expect(meaning({ reporter: 'waypoint' })).toBeUndefined();
  });
});

describe('what is known of a request', () => {
  test.each([
    { labels: { response_code: '200', grpc_response_status: '14' }, code: 'grpc 14', why: 'HTTP calls it a success' },
    { labels: { response_code: '503', grpc_response_status: '14' }, code: '503', why: 'HTTP says it failed' },
    { labels: { response_code: '200', grpc_response_status: '0' }, code: '200', why: 'gRPC says no more' },
    { labels: { response_code: '0' }, code: '0', why: 'no response' },
  ])('code "$code": $why', ({ labels, code }) => {
    expect(meaning({ reporter: 'destination', ...labels })).toMatchObject({ facts: { code } });
  });

  test('the caller is the canonical service, the workload where there is none, and empty where neither is known', () => {
    const callerOf = (canonical: string, workload: string): unknown =>
      meaning({ reporter: 'destination', source_canonical_service: canonical, source_workload: workload });
    expect(callerOf('web', 'web-v1')).toMatchObject({ facts: { caller: 'web' } });
    expect(callerOf('unknown', 'web-v1')).toMatchObject({ facts: { caller: 'web-v1' } });
    expect(callerOf('unknown', 'unknown')).toMatchObject({ facts: { caller: '' } });
  });

  test('a label that is absent is an empty fact', () => {
    expect(meaning({ reporter: 'destination', destination_version: 'v2', response_flags: 'UF,URX' })).toMatchObject({
      facts: { caller: 'web', callerCluster: '', version: 'v2', method: '', flags: 'UF,URX', code: '' },
    });
  });
});

describe('latency and the proxy itself', () => {
  test.each([
    { le: '250', boundSeconds: 0.25, why: 'as Envoy writes it' },
    { le: '250.0', boundSeconds: 0.25, why: 'as Prometheus 3 writes it' },
    { le: '0.5', boundSeconds: 0.0005, why: 'half a millisecond' },
    { le: '1.8e+06', boundSeconds: 1800, why: 'as Go writes it' },
    { le: '+Inf', boundSeconds: Infinity, why: 'all requests' },
  ])('le="$le" is $boundSeconds s: $why', ({ le, boundSeconds }) => {
    const found = meaning({ reporter: 'destination', le }, 'istio_request_duration_milliseconds_bucket');
    expect(found).toMatchObject({ kind: 'latency-bucket', boundSeconds });
  });

  test('a bucket without a bound that is a number means nothing', () => {
    const bucket = 'istio_request_duration_milliseconds_bucket';
    expect(meaning({ reporter: 'destination', le: 'many' }, bucket)).toBeUndefined();
    expect(meaning({ reporter: 'destination' }, bucket)).toBeUndefined();
  });

  test('the count of the histogram counts the same views as the requests', () => {
    const row = { reporter: 'destination', response_code: '500' };
    const count = meaning(row, 'istio_request_duration_milliseconds_count');
    expect(count?.kind).toBe('latency-count');
    expect(viewsOf(count)).toEqual(viewsOf(meaning(row)));
  });

  test.each([
    { name: 'envoy_server_uptime', is: { kind: 'process-uptime', perSecond: 1 } },
    { name: 'envoy_server_memory_allocated', is: { kind: 'saturation', resource: 'memory-bytes' } },
    { name: 'envoy_server_total_connections', is: { kind: 'saturation', resource: 'connections' } },
    { name: 'istio_request_bytes_count', is: undefined },
  ])('$name', ({ name, is }) => {
    expect(interpreter.meaning(name, new Map())).toEqual(is);
    expect(interpreter.sampleNames.has(name)).toBe(is !== undefined);
  });
});
