/**
 * A fleet for `bench/fleet.mjs`: istiods of every cluster, and proxies. All answers are made in advance.
 *
 * Arguments: clusters, instances of each, proxies of each cluster, `filtered` or `merged` bodies of proxies. Every proxy has an
 * address of its own (127.x.y.z) and all of them one port.
 */
import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';
import { sidecarBody } from './sidecar-body.mjs';

const [clusters, instances, proxies, bodies] = process.argv
  .slice(2)
  .map((word) => (/^\d+$/.test(word) ? Number(word) : word));

const types = [
  'cluster.v3.Cluster',
  'listener.v3.Listener',
  'route.v3.RouteConfiguration',
  'endpoint.v3.ClusterLoadAssignment',
];
const own = `# TYPE envoy_cluster_manager_warming_clusters gauge
envoy_cluster_manager_warming_clusters{} 0
envoy_listener_manager_total_listeners_warming{} 0
envoy_server_hot_restart_epoch{} 0
istio_build{component="proxy",tag="1.24.3"} 1
istio_agent_cert_expiry_seconds{resource_name="default"} 43200
`;
const proxyBody = Buffer.from(bodies === 'merged' ? `${sidecarBody().toString('latin1')}${own}` : own, 'latin1');
const zippedProxy = gzipSync(proxyBody);

const servers = [];
for (let cluster = 0; cluster < clusters; cluster++) {
  for (let instance = 0; instance < instances; instance++) servers.push(await istiod(cluster, instance));
}
const proxyServer = createServer((request, response) => send(request, response, proxyBody, zippedProxy, 'text/plain'));
proxyServer.keepAliveTimeout = 600_000;
proxyServer.listen(0, '0.0.0.0', () => {
  console.log(
    JSON.stringify({ istiods: servers, proxyPort: proxyServer.address().port, proxyBytes: proxyBody.length }),
  );
});

function istiod(cluster, instance) {
  const rows = [];
  for (let proxy = instance; proxy < proxies; proxy += instances) rows.push(row(cluster, proxy));
  const syncz = Buffer.from(JSON.stringify(rows));
  const metrics = Buffer.from(istiodBody(cluster));
  const zipped = { syncz: gzipSync(syncz), metrics: gzipSync(metrics) };
  const server = createServer((request, response) => {
    if (request.url.startsWith('/debug/syncz')) send(request, response, syncz, zipped.syncz, 'application/json');
    else send(request, response, metrics, zipped.metrics, 'text/plain; version=0.0.4');
  });
  server.keepAliveTimeout = 600_000;
  return new Promise((done) => {
    server.listen(0, '127.0.0.1', () => done({ cluster, port: server.address().port }));
  });
}

/** One in a hundred is stuck, one in fifty is of an old version. */
function row(cluster, proxy) {
  const sentTime = new Date(Date.now() - 600_000).toISOString();
  const resources = Object.fromEntries(
    types.map((type) => {
      const sent = `2026-08-01T00:00:00Z/${cluster}.${proxy}=e2a82dc3-7f4a-48ae-a431-933f940662ff`;
      return [
        `type.googleapis.com/envoy.config.${type}`,
        { sent, acked: proxy % 100 === 7 ? 'before' : sent, sentTime },
      ];
    }),
  );
  return {
    cluster_id: `cluster-${cluster}`,
    proxy: `service-${proxy % 34}-v1-7c9f8d6b5-${String(proxy).padStart(5, 'x')}.shop`,
    proxy_type: 'sidecar',
    istio_version: proxy % 50 === 3 ? '1.23.5' : '1.24.3',
    resources,
  };
}

/** As large as that of a busy istiod: 120 KB, most of which nobody reads. */
function istiodBody(cluster) {
  const filler = Array.from(
    { length: 1200 },
    (_, index) => `pilot_k8s_reg_events{event="update",type="Endpoints",shard="${index}"} ${index * 7 + cluster}\n`,
  );
  const buckets = ['0.1', '0.5', '1', '3', '5', '10', '20', '30', '+Inf'].map(
    (le) => `pilot_proxy_convergence_time_bucket{le="${le}"} 1000\n`,
  );
  return `${filler.join('')}${buckets.join('')}istio_build{component="pilot",tag="1.24.3"} 1
pilot_services 34
pilot_virt_services 12
pilot_xds{version="1.24.3"} 34
pilot_xds_pushes{type="cds"} 1000
istiod_uptime_seconds 86400
process_resident_memory_bytes 500000000
process_cpu_seconds_total 1234
citadel_server_root_cert_expiry_timestamp 2000000000
`;
}

function send(request, response, body, zipped, type) {
  const gzip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
  const bytes = gzip ? zipped : body;
  response.writeHead(200, {
    'content-type': type,
    'content-length': bytes.length,
    ...(gzip ? { 'content-encoding': 'gzip' } : {}),
  });
  response.end(bytes);
}
