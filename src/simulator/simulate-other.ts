import { mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { DemoLife } from './demo-life.js';
import { demoMesh } from './demo-mesh.js';
import { EventFile } from './event-file.js';
import type { FaultSwitchboard } from './fault-switchboard.js';
import { closeServer, listen } from './loopback.js';
import { Mesh } from './mesh.js';
import { registryOf } from './mesh-registry.js';
import { MeshServers } from './mesh-servers.js';
import { type OtherControlPlane, startOtherControlPlanes } from './other-control-plane.js';
import type { NamedPod } from './pod-servers.js';
import { modelFor, planesOf } from './planes/demo-planes.js';
import { catchUp, everyTick, wallTick } from './real-time.js';
import { SimulatedCluster } from './simulated-cluster.js';
import type { SimulationOptions } from './simulation-options.js';

/** A list of targets, and the servers behind it. */
interface ServedJob {
  readonly job: string;
  readonly pack: string;
  readonly servers: MeshServers;
}

/**
 * Starts the proxies of a mesh other than Istio, says where their lists of targets are, and returns what ends them. It has
 * no past to tell of.
 */
export async function simulateOther({ port, state, seed, mesh: name }: SimulationOptions): Promise<() => void> {
  mkdirSync(state, { recursive: true });
  const events = join(state, 'events.ndjson');
  const file = new EventFile(events, (message) => console.error(message));
  const start = wallTick();
  const planes = planesOf(name)!;
  const mesh = new Mesh(modelFor(name, demoMesh(start)), start, seed, (happened) => {
    file.write(happened);
    for (const { plane } of planes) plane.take(happened);
  });
  const present = (): void => catchUp(mesh);
  const jobs = planes.map(({ job, pack, plane }) => ({ job, pack, servers: new MeshServers(mesh, present, plane) }));
  const { namespace } = registryOf(name);
  const pods = (): readonly NamedPod[] =>
    mesh.pods.map((pod) => ({ name: pod.name, namespace: namespace ?? pod.service.namespace }));
  const controlPlanes = await startOtherControlPlanes(name, () => Date.now() / 1000, pods);
  const reconcile = async (): Promise<void> => {
    await Promise.all([
      ...jobs.map(({ servers }) => servers.reconcile()),
      ...controlPlanes.map((one) => one.follow(pods())),
    ]);
  };
  await reconcile();
  const cluster = new SimulatedCluster(
    name,
    mesh,
    controlPlanes.map(({ faults }) => faults),
  );
  const { kubernetes, consul, backstage } = await cluster.open();
  const discovery = listServer(jobs, controlPlanes, cluster.faults);
  const base = `http://127.0.0.1:${await listen(discovery, port)}`;

  const life = new DemoLife(mesh, seed);
  const stopTicking = everyTick(() => {
    present();
    if (life.live()) void reconcile();
    cluster.live();
  });
  const lists = jobs.map(({ job, pack }) => ({ job, pack, discovery: `${base}/sd/${job}` }));
  const ready = {
    jobs: lists,
    kubernetes,
    consul,
    backstage,
    faults: `${base}/faults`,
    events,
    controlPlanes: controlPlanes.map((one) => listsOf(one, base)),
  };
  console.log(JSON.stringify(ready));

  let stopped = false;
  return () => {
    if (stopped) return;
    stopped = true;
    stopTicking();
    process.stdin.destroy();
    const closing = [
      ...jobs.map(({ servers }) => servers.close()),
      ...controlPlanes.map((one) => one.close()),
      closeServer(discovery),
      cluster.close(),
    ];
    void Promise.all(closing).then(() => file.close());
  };
}

/** Where the lists of a control plane are, by what a configuration calls them. */
function listsOf({ kind, lists }: OtherControlPlane, base: string): object {
  const names = Object.keys(lists);
  return { kind, lists: Object.fromEntries(names.map((name) => [name, `${base}/sd/${kind}/${name}`])) };
}

/** `/sd/<job>` and `/sd/<kind of control plane>/<list>` in Prometheus' http_sd format, and `/faults`. */
function listServer(
  jobs: readonly ServedJob[],
  controlPlanes: readonly OtherControlPlane[],
  faults: FaultSwitchboard,
): Server {
  return createServer((request, response) => {
    if (faults.answer(request, response)) return;
    const found = jobs.find(({ job }) => request.url === `/sd/${job}`)?.servers.targets();
    const [, kind, list = ''] = /^\/sd\/([\w-]+)\/(\w+)$/.exec(request.url ?? '') ?? [];
    const targets = found ?? controlPlanes.find((one) => one.kind === kind)?.lists[list]?.();
    if (!targets) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(targets));
  });
}
