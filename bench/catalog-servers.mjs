/** Kubernetes and Consul of several clusters in a process of their own: `catalog-servers.mjs <clusters> <pods> <services>`. */
import { once } from 'node:events';
import { ConsulApi } from '../dist/simulator/consul-api.js';
import { KubernetesApi } from '../dist/simulator/kubernetes-api.js';

const [clusters, pods, services] = process.argv.slice(2).map(Number);

const all = Array.from({ length: clusters }, (_, cluster) => newCluster(cluster));
const places = [];
for (const { kubernetes, consul } of all) {
  places.push({ kubernetes: await listen(kubernetes.server), consul: await listen(consul.server) });
}
setInterval(() => all.forEach(({ consul }) => consul.tick(Date.now() / 1000)), 200);
process.on('message', (message) => {
  if (message === 'churn') for (const one of all) one.churn();
  if (message === 'expire') for (const one of all) one.expire();
  process.send({ done: message });
});
process.send({ places });

/** Pods and services of one cluster, all in one namespace, as most clusters have it for most of theirs. */
function newCluster(cluster) {
  const kubernetes = new KubernetesApi();
  const consul = new ConsulApi();
  const own = { services: Math.ceil(services / clusters), pods: Math.ceil(pods / clusters) };
  kubernetes.put('/api/v1/namespaces', { metadata: { name: 'shop', labels: { 'istio-injection': 'enabled' } } });
  for (let number = 0; number < own.services; number++) {
    const name = `service-${number}`;
    const metadata = { name, namespace: 'shop', labels: { owner: `team-${number % 17}` } };
    kubernetes.put('/api/v1/services', { metadata, spec: { type: 'ClusterIP', selector: { app: name } } });
  }
  let started = 0;
  const names = [];
  const start = (slot) => {
    const app = `service-${slot % own.services}`;
    const name = `${app}-v1-7c9f8d6b5-${String(started++).padStart(5, 'x')}`;
    const address = `10.${cluster}.${started >> 8}.${started & 255}`;
    names[slot] = name;
    kubernetes.put('/api/v1/pods', podOf(name, app, address));
    consul.register({
      node: `node-${slot % 50}`,
      id: name,
      service: app,
      address,
      port: 8080,
      meta: { 'pod-name': name },
    });
  };
  for (let slot = 0; slot < own.pods; slot++) start(slot);
  let next = 0;
  /** One pod in a hundred is replaced. */
  const churn = () => {
    for (let count = Math.ceil(own.pods / 100); count > 0; count--) {
      const slot = next++ % own.pods;
      kubernetes.remove('/api/v1/pods', 'shop', names[slot]);
      consul.deregister(names[slot]);
      start(slot);
    }
    kubernetes.bookmark();
  };
  /** What was replaced is told by a new list alone. */
  const expire = () => {
    kubernetes.expireWatches();
    churn();
  };
  return { kubernetes, consul, churn, expire };
}

/** About as large as a pod with a sidecar is. */
function podOf(name, app, address) {
  const env = Array.from({ length: 30 }, (_, index) => ({
    name: `SETTING_${index}`,
    value: `value-of-${index}-${app}`,
  }));
  return {
    metadata: {
      name,
      namespace: 'shop',
      creationTimestamp: '2026-06-01T11:59:00Z',
      labels: { app, version: 'v1', 'pod-template-hash': '7c9f8d6b5' },
      annotations: { 'sidecar.istio.io/status': '{"containers":["istio-proxy"],"revision":"default"}' },
      ownerReferences: [{ kind: 'ReplicaSet', name: `${app}-v1-7c9f8d6b5`, controller: true }],
    },
    spec: {
      containers: [
        { name: app, image: `registry.example/${app}:v1`, env },
        { name: 'istio-proxy', image: 'docker.io/istio/proxyv2:1.24.3', env },
      ],
    },
    status: { phase: 'Running', podIP: address, conditions: [{ type: 'Ready', status: 'True' }] },
  };
}

async function listen(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${server.address().port}`;
}
