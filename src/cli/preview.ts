import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Command } from 'commander';
import { loadConfig } from '../config/load-config.js';
import { hasErrors } from '../domain/diagnostic.js';
import { Failure } from '../domain/failure.js';
import { boardSet } from '../generate/dashboards/board-set.js';
import { ruleParts } from '../publish/documents.js';
import { previewApp } from '../server/preview/preview-app.js';
import { knownSlos } from '../service/known-slos.js';
import { pastOfFile } from '../service/past.js';
import { type LiveOptions, connectLive } from './live-check.js';
import { systemClock } from './system-clock.js';
import { diagnosticsText, standardOutput } from './terminal.js';

interface PreviewOptions extends LiveOptions {
  readonly config: string;
  readonly prometheus: string;
  readonly port: number;
}

/** `meshslo preview`: the dashboards with what a Prometheus knows, in a browser, before anybody has a Grafana. */
export function previewCommand(): Command {
  return new Command('preview')
    .description('look at the generated dashboards, filled from a Prometheus, without a Grafana')
    .requiredOption('--prometheus <url>', 'the Prometheus that has the recorded series')
    .option('--config <file>', 'the configuration', 'meshslo.yaml')
    .option('--port <port>', 'port of the pages on this machine; 0 takes a free one', Number, 8090)
    .option('--token-file <file>', 'file with the bearer token for it')
    .option('--user <name>', 'user for it, with --password-file')
    .option('--password-file <file>', 'file with the password of --user')
    .option('--ca-file <file>', 'certificate authority of it')
    .option('--tenant <id>', 'tenant of Cortex or Mimir (X-Scope-OrgID)')
    .addHelpText(
      'after',
      '\nOnly this machine can look. Queries of the dashboards are asked and no others, and nothing is changed.' +
        '\n\nExits with 1 for mistakes in the configuration, 2 when nothing could be asked or listened on.' +
        '\n\nExample:\n  $ meshslo preview --config meshslo.yaml --prometheus http://prometheus.example:9090',
    )
    .action(async (options: PreviewOptions) => {
      process.exitCode = await preview(options);
    });
}

async function preview(options: PreviewOptions): Promise<0 | 1> {
  const terminal = standardOutput();
  const { config, diagnostics } = loadConfig(options.config);
  if (diagnostics.length > 0) terminal.write(`${diagnosticsText(diagnostics, terminal.color)}\n`);
  if (config === undefined || hasErrors(diagnostics)) return 1;
  const { slos } = knownSlos(config, systemClock.now());
  const boards = [...boardSet({ ...ruleParts(config, slos), boards: config.boards })];
  const prometheus = await connectLive('--prometheus', options.prometheus, options);
  const past = pastOfFile(config.ledgerPath);
  const server = createServer(
    previewApp({ boards, prometheus, past, clock: systemClock, onBug: (error) => console.error(error) }),
  );
  server.listen(options.port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (cause) {
    prometheus.close();
    throw new Failure('address-in-use', `port ${options.port} cannot be listened on`, {
      hint: 'choose another --port',
      cause,
    });
  }
  const { port } = server.address() as AddressInfo;
  terminal.write(`${boards.length} boards are at http://127.0.0.1:${port}/boards; Ctrl-C stops\n`);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  prometheus.close();
  server.close();
  server.closeAllConnections();
  return 0;
}
