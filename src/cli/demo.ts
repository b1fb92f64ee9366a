import { accessSync, constants } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { loadConfig } from '../config/load-config.js';
import { demoOutbox, writeDemoConfig } from '../demo/demo-config.js';
import { demoGreeting } from '../demo/demo-greeting.js';
import { readHistory } from '../demo/read-history.js';
import { startSimulatedMesh } from '../demo/simulated-mesh.js';
import { makeFolder } from '../documents/make-folder.js';
import { Failure } from '../domain/failure.js';
import { spanInWords } from '../domain/in-words.js';
import { systemReason } from '../domain/system-reason.js';
import type { Ledger } from '../ledger/ledger.js';
import { runService } from './run-service.js';
import { shortName } from './terminal.js';

interface DemoOptions {
  readonly port: number;
  readonly state?: string;
  readonly mesh: string;
  readonly seed: number;
}

/** Meshes that the simulator knows. */
const simulatedMeshes = ['istio', 'ambient', 'linkerd2', 'linkerd1', 'linkerd1-daemonset', 'envoy', 'nginx'];

/** Said wherever a figure comes from the simulator's past. */
const origin = 'simulated history';

/** `meshslo demo`: the same service as `serve`, pointed at a simulated mesh that is scraped over real HTTP. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('look around: a simulated mesh, scraped over real HTTP, with 30 days of history')
    .option('--port <port>', 'port of the page', wholeNumber, 8080)
    .option('--state <folder>', 'where configuration and ledger are kept (default: .meshslo/demo, one for each mesh)')
    .addOption(new Option('--mesh <name>', 'the mesh that is simulated').choices(simulatedMeshes).default('istio'))
    .option('--seed <number>', 'another seed is another past', wholeNumber, 1)
    .addHelpText('after', '\nExample:\n  $ npm start -- --port 9090\n  $ npm start -- --mesh linkerd1')
    .action(demo);
}

async function demo({ port, state: folder, mesh: name, seed }: DemoOptions): Promise<void> {
  const state = prepareState(folder ?? `.meshslo/demo${name === 'istio' ? '' : `-${name}`}`);
  process.stdout.write('Starting a simulated mesh ...');
  const mesh = await startSimulatedMesh(state, { seed, mesh: name });
  try {
    const file = writeDemoConfig({ state, port, ...mesh });
    const { config } = loadConfig(file);
    if (!config) throw new Failure('bad-configuration', `${file} is refused: meshslo check --config ${file} says why`);
    let goesOn = false;
    await runService({
      config,
      prepare: async ({ ledger, slos }) => {
        process.stdout.write(' done.\n');
        goesOn = ledger.extent() !== undefined;
        if (!goesOn && mesh.history !== undefined) {
          process.stdout.write('Reading 30 days of its history ');
          await readHistory({
            config,
            ledger,
            slos,
            url: mesh.history,
            origin,
            onDay: () => process.stdout.write('.'),
          });
          process.stdout.write(` done: ${requestsInWords(ledger)}.\n`);
        }
        process.stdout.write('\n');
      },
      greeting: (url) =>
        demoGreeting({
          url,
          file: shortName(file),
          goesOn,
          hasPast: mesh.history !== undefined,
          ...(mesh.history !== undefined && { outbox: shortName(join(state, demoOutbox)) }),
          faults: mesh.faults,
          burns: burning(name),
        }),
      sendsLastWeek: mesh.history !== undefined,
    });
  } finally {
    await mesh.stop();
  }
}

/** The service that fails within five minutes; Consul knows no namespaces. */
function burning(mesh: string): string {
  return mesh === 'envoy' ? 'default/recommendations' : 'shop/recommendations';
}

/** The folder, made where there is none. Throws `file-unreadable` before anything is started in it. */
function prepareState(folder: string): string {
  const state = resolve(folder);
  try {
    makeFolder(state);
    accessSync(state, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new Failure('file-unreadable', `${state} cannot be written: ${systemReason(cause)}`, {
      hint: 'name another folder with --state',
      cause,
    });
  }
  return state;
}

/** `1.2 billion requests in 30 days`: all that the ledger holds. */
function requestsInWords(ledger: Ledger): string {
  const range = ledger.extent() ?? { from: 0, to: 0 };
  let requests = 0;
  for (const { traffic } of ledger.traffic(range)) for (const one of traffic) requests += one.requests;
  const amount = new Intl.NumberFormat('en', { notation: 'compact', compactDisplay: 'long' }).format(requests);
  return `${amount} requests in ${spanInWords(range.to - range.from)}`;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}
