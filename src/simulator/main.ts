import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { discoveryServer } from './control-servers.js';
import { DemoLife } from './demo-life.js';
import { demoMesh } from './demo-mesh.js';
import { EventFile } from './event-file.js';
import { istioFaults } from './istio-faults.js';
import { IstioFleet } from './istio-fleet.js';
import { closeServer, listen } from './loopback.js';
import { Mesh } from './mesh.js';
import { MeshServers } from './mesh-servers.js';
import { planesOf } from './planes/demo-planes.js';
import { catchUp, everyTick, wallTick } from './real-time.js';
import { SimulatedCluster } from './simulated-cluster.js';
import { simulateOther } from './simulate-other.js';
import type { SimulationOptions } from './simulation-options.js';

const usage = 'usage: main.js --state DIR [--port N] [--mesh NAME] [--seed N] [--history-days N]';

await run();

async function run(): Promise<void> {
  const options = readOptions();
  if (!options) {
    console.error(usage);
    process.exitCode = 2;
    return;
  }
  const stop = await simulate(options).catch(giveUp);
  // The demo holds the other end of standard input: when it dies, so does the simulator.
  process.stdin.on('end', stop).on('error', stop).resume();
  process.once('SIGTERM', stop).once('SIGINT', stop);
}

/** A folder or a port that is not to be had needs a word, and no stack. */
function giveUp(error: unknown): never {
  if (!(error instanceof Error && 'syscall' in error)) throw error;
  console.error(`the simulated mesh cannot start: ${error.message}`);
  process.exit(2);
}

/** Undefined when the command line makes no sense. */
function readOptions(): SimulationOptions | undefined {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: '0' },
        state: { type: 'string' },
        mesh: { type: 'string', default: 'istio' },
        seed: { type: 'string', default: '1' },
        'history-days': { type: 'string', default: '30' },
      },
    });
    const [port, seed, historyDays] = [Number(values.port), Number(values.seed), Number(values['history-days'])];
    const wrong = ![port, seed, historyDays].every((value) => Number.isInteger(value) && value >= 0);
    if (values.state === undefined || !planesOf(values.mesh) || wrong) return undefined;
    return { port, state: values.state, seed, historyDays, mesh: values.mesh };
  } catch {
    return undefined;
  }
}

/** Starts everything, says where it is, and returns what ends it. */
async function simulate(options: SimulationOptions): Promise<() => void> {
  return options.mesh === 'istio' ? simulateIstio(options) : simulateOther(options);
}

async function simulateIstio({ port, state, seed, historyDays }: SimulationOptions): Promise<() => void> {
  mkdirSync(state, { recursive: true });
  const events = join(state, 'events.ndjson');
  const file = new EventFile(events, (message) => console.error(message));
  const start = wallTick();
  const model = demoMesh(start);
  const mesh = new Mesh(model, start, seed, file.write);
  const present = (): void => catchUp(mesh);
  const servers = new MeshServers(mesh, present);
  await servers.reconcile();

  const fleet = new IstioFleet(mesh, { instances: 2, beforeAnswer: present, changeSeconds: 60 });
  await fleet.open();
  const range = {
    fromSeconds: start - historyDays * 86_400,
    toSeconds: start,
    stepSeconds: 300,
    olderStepSeconds: 900,
  };
  const cluster = new SimulatedCluster('istio', mesh, [istioFaults(mesh, fleet, servers)]);
  const { kubernetes, backstage } = await cluster.open();
  const discovery = discoveryServer(servers, fleet.addresses, { model, seed, range, faults: cluster.faults });
  const base = `http://127.0.0.1:${await listen(discovery, port)}`;

  const life = new DemoLife(mesh, seed);
  const stopTicking = everyTick(() => {
    present();
    if (life.live()) void servers.reconcile();
    cluster.live();
  });
  const ready = {
    discovery: `${base}/sd/sidecars`,
    istiod: `${base}/sd/istiod`,
    history: `${base}/history`,
    kubernetes,
    backstage,
    faults: `${base}/faults`,
    events,
  };
  console.log(JSON.stringify(ready));

  let stopped = false;
  return () => {
    if (stopped) return;
    stopped = true;
    stopTicking();
    process.stdin.destroy();
    void Promise.all([servers.close(), fleet.close(), closeServer(discovery), cluster.close()]).then(() =>
      file.close(),
    );
  };
}
