import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { loadConfig } from '../config/load-config.js';
import { writeDemoConfig } from '../demo/demo-config.js';
import { readHistory } from '../demo/read-history.js';
import { startSimulatedMesh } from '../demo/simulated-mesh.js';
import { Failure } from '../domain/failure.js';
import { runService } from './run-service.js';
import { shortName } from './terminal.js';

interface DemoOptions {
  readonly port: number;
  readonly state: string;
  readonly mesh: string;
  readonly seed: number;
}

/** Said wherever a figure comes from the simulator's past. */
const origin = 'simulated history';

/** `meshslo demo`: the same service as `serve`, pointed at a simulated mesh that is scraped over real HTTP. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('look around: a simulated mesh, scraped over real HTTP, with 30 days of history')
    .option('--port <port>', 'port of the page', wholeNumber, 8080)
    .option('--state <folder>', 'where configuration and ledger are kept', '.meshslo/demo')
    .option('--mesh <name>', 'the mesh that is simulated', 'istio')
    .option('--seed <number>', 'another seed is another past', wholeNumber, 1)
    .addHelpText('after', '\nExample:\n  $ npm start -- --port 9090')
    .action(demo);
}

async function demo({ port, state: folder, mesh: name, seed }: DemoOptions): Promise<void> {
  const state = resolve(folder);
  process.stdout.write('Starting a simulated mesh ...');
  const mesh = await startSimulatedMesh(state, { seed, mesh: name });
  try {
    const file = writeDemoConfig({ state, port, discovery: mesh.discovery });
    const { config } = loadConfig(file);
    if (!config) throw new Failure('bad-configuration', `${file} is refused: meshslo check --config ${file} says why`);
    await runService({
      config,
      prepare: async ({ ledger, slos }) => {
        if (ledger.extent()) {
          process.stdout.write(' done.\n\n');
          return;
        }
        process.stdout.write(' done.\nReading 30 days of its history ');
        await readHistory({ config, ledger, slos, url: mesh.history, origin, onDay: () => process.stdout.write('.') });
        process.stdout.write(' done.\n\n');
      },
      greeting: greeting(file),
    });
  } finally {
    await mesh.stop();
  }
}

function greeting(file: string): readonly string[] {
  return [
    '',
    '  What is worth looking at',
    '    the page                  every SLO by urgency; within five minutes shop/recommendations burns',
    '    npx meshslo status        the same in a terminal',
    `    ${shortName(file)}   the configuration; change an owner or an objective while this runs`,
    '',
    '  What is older than this start is simulated history and labelled so; what is live is scraped.',
    '  Ctrl-C stops. The next start goes on with the same ledger.',
  ];
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}
