import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { Failure } from '../domain/failure.js';
import { loadConfig } from '../config/load-config.js';
import { couldNotLook } from './check.js';
import { diagnosticsText, shortName, standardOutput } from './terminal.js';
import { runService } from './run-service.js';

/** `meshslo serve`: the service, on one's own systems. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('scrape, count, and show budgets until stopped')
    .option('--config <file>', 'the configuration', 'meshslo.yaml')
    .addHelpText('after', '\nA changed configuration is taken up while it runs; a bad one is refused and said.')
    .addHelpText('after', '\nExample:\n  $ meshslo serve --config /etc/meshslo/meshslo.yaml')
    .action(({ config }: { config: string }) => serve(config));
}

async function serve(file: string): Promise<void> {
  if (!existsSync(file)) {
    const hint =
      'meshslo init writes a commented one; the least is:\n\n' +
      '    cluster: my-cluster\n    scrape:\n      jobs:\n        - name: sidecars\n          mesh: istio\n' +
      '          targets: [{ file_sd: { files: [targets/*.json] } }]\n';
    throw new Failure('file-unreadable', `there is no ${file}`, { hint });
  }
  const loaded = loadConfig(file);
  const { config, diagnostics } = loaded;
  const { color } = standardOutput();
  if (diagnostics.length > 0) process.stderr.write(`${diagnosticsText(diagnostics, color)}\n`);
  if (!config) {
    const code = couldNotLook(loaded) ? 'file-unreadable' : 'bad-configuration';
    throw new Failure(code, `${shortName(file)} is refused; nothing was started`);
  }
  await runService({ config });
}
