import { Command, Option } from 'commander';
import { loadConfig } from '../config/load-config.js';
import type { LoadedConfig } from '../config/load-config.js';
import { visibleJson } from '../documents/visible.js';
import type { Terminal } from './terminal.js';
import { diagnosticsText, shortName, standardOutput } from './terminal.js';

interface CheckOptions {
  readonly config: string;
  readonly output: 'text' | 'json';
}

/** `meshslo check`: every mistake of a configuration and of all files that it names. */
export function checkCommand(): Command {
  return new Command('check')
    .description('say what is wrong with a configuration and its SLO files')
    .option('--config <file>', 'the configuration', 'meshslo.yaml')
    .addOption(new Option('--output <format>', 'how to print').choices(['text', 'json']).default('text'))
    .addHelpText('after', '\nExits with 0 when all is good, 1 with mistakes, 2 when the file could not be read.')
    .addHelpText('after', '\nExample:\n  $ meshslo check --config meshslo.yaml')
    .action((options: CheckOptions) => {
      process.exitCode = check(options, standardOutput());
    });
}

/** @returns the exit code. */
export function check({ config: file, output }: CheckOptions, terminal: Terminal): 0 | 1 | 2 {
  const loaded = loadConfig(file);
  const { config, diagnostics } = loaded;
  if (output === 'json') {
    terminal.write(`${visibleJson({ good: config !== undefined, diagnostics })}\n`);
  } else {
    if (diagnostics.length > 0) terminal.write(`${diagnosticsText(diagnostics, terminal.color)}\n`);
    terminal.write(`${summary(file, loaded)}\n`);
  }
  if (config !== undefined) return 0;
  return couldNotLook(loaded) ? 2 : 1;
}

/** Whether the configuration itself could not be read: that makes it neither good nor bad. */
export function couldNotLook({ diagnostics, files }: LoadedConfig): boolean {
  return diagnostics.some(({ code, position }) => code === 'file-unreadable' && position?.file === files[0]);
}

function summary(file: string, { config, diagnostics, files }: LoadedConfig): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const warnings = diagnostics.length - errors;
  const further = warnings > 0 ? `, ${count(warnings, 'warning')}` : '';
  if (config === undefined) return `${shortName(file)}: ${count(errors, 'mistake')}${further}`;
  const jobs = count(config.scrape.jobs.length, 'job');
  return `${shortName(file)} is good: ${count(files.length, 'file')}, ${jobs}, ${count(config.slos.services.size, 'service')} with SLOs of their own${further}`;
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}
