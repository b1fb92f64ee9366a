import { accessSync, constants } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { loadConfig } from '../config/load-config.js';
import { demoLedger, demoOutbox, writeDemoConfig } from '../demo/demo-config.js';
import { demoGreeting } from '../demo/demo-greeting.js';
import { readHistory } from '../demo/read-history.js';
import { startSimulatedMesh } from '../demo/simulated-mesh.js';
import { makeFolder } from '../documents/make-folder.js';
import { Failure } from '../domain/failure.js';
import { spanInWords } from '../domain/in-words.js';
import { systemReason } from '../domain/system-reason.js';
import type { Ledger } from '../ledger/ledger.js';
import { WriterLock } from '../ledger/writer-lock.js';
import { runService } from './run-service.js';
import { shortName } from './terminal.js';

interface DemoOptions {
  readonly port: number;
  readonly state?: string;
  readonly mesh: string;
  readonly seed: number;
}

/** Meshes that the simulator knows. */
const simulatedMeshes = ['istio', 'ambient', 'linkerd2', 'linkerd1', 'linkerd1-daemonset', 'envoy', 'consul', 'nginx'];

/** Said wherever a figure comes from the simulator's past. */
const origin = 'simulated history';

/** `meshslo demo`: the same service as `serve`, pointed at a simulated mesh that is scraped over real HTTP. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('look around: a simulated mesh, scraped over real HTTP, with 30 days of history')
    .option('--port <port>', 'port of the page', portNumber, 8080)
    .option('--state <folder>', 'where configuration and ledger are kept (default: .meshslo/demo, one for each mesh)')
    .addOption(new Option('--mesh <name>', 'the mesh that is simulated').choices(simulatedMeshes).default('istio'))
    .option('--seed <number>', 'another seed is another past', wholeNumber, 1)
    .addHelpText('after', '\nExample:\n  $ npm start -- --port 9090\n  $ npm start -- --mesh linkerd1')
    .action(demo);
}

async function demo({ port, state: folder, mesh: name, seed }: DemoOptions): Promise<void> {
  const state = prepareState(folder ?? `.meshslo/demo${name === 'istio' ? '' : `-${name}`}`);
  const mesh = await telling('Starting a simulated mesh ...', () => startSimulatedMesh(state, { seed, mesh: name }));
  try {
    const file = writeDemoConfig({ state, port, ...mesh });
    const { config } = loadConfig(file);
    if (!config) throw new Failure('bad-configuration', `${file} is refused: meshslo check --config ${file} says why`);
    let goesOn = false;
    await runService({
      config,
      prepare: async ({ ledger, slos }, stopping) => {
        // A history that was interrupted is read again; what of it stands already stays as it is.
        goesOn = ledger.lastObservedSlot() !== undefined;
        if (!goesOn && mesh.history !== undefined) {
          const onDay = (): void => {
            stopping.throwIfAborted();
            process.stdout.write('.');
          };
          const parts = { config, ledger, slos, url: mesh.history, origin, onDay };
          const read = () => readHistory(parts).then(() => requestsInWords(ledger));
          await telling('Reading 30 days of its history ', read, (requests) => `: ${requests}`);
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

/** Says what is being done, and that it is done; what fails begins a line of its own. */
async function telling<T>(what: string, work: () => Promise<T>, outcome: (result: T) => string = () => ''): Promise<T> {
  process.stdout.write(what);
  try {
    const result = await work();
    process.stdout.write(` done${outcome(result)}.\n`);
    return result;
  } catch (error) {
    process.stdout.write('\n');
    throw error;
  }
}

/** The service that fails within five minutes; Consul knows no namespaces. */
function burning(mesh: string): string {
  return mesh === 'envoy' || mesh === 'consul' ? 'default/recommendations' : 'shop/recommendations';
}

/**
 * The folder, made where there is none; before anything is started or written in it.
 *
 * @throws Failure `file-unreadable`; `ledger-locked` while another demo runs in it, which follows the configuration there
 */
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
  refuseSecond(state);
  return state;
}

function refuseSecond(state: string): void {
  try {
    new WriterLock(join(state, demoLedger)).release();
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'ledger-locked') throw error;
    throw new Failure('ledger-locked', `a demo runs in ${shortName(state)} already: ${error.message}`, {
      hint: 'look at that one, or give this one a folder and a port of its own: npm start -- --state .meshslo/second --port 8081',
      cause: error,
    });
  }
}

/** `1.2 billion requests in 30 days`: all that the ledger holds. */
function requestsInWords(ledger: Ledger): string {
  const range = ledger.extent() ?? { from: 0, to: 0 };
  let requests = 0;
  for (const { traffic } of ledger.traffic(range)) for (const one of traffic) requests += one.requests;
  const amount = new Intl.NumberFormat('en', { notation: 'compact', compactDisplay: 'long' }).format(requests);
  return `${amount} requests in ${spanInWords(range.to - range.from)}`;
}

function portNumber(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new InvalidArgumentError('It must be 0 to 65535.');
  return Number(text);
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}
