import { Command, InvalidArgumentError, Option } from 'commander';
import { loadConfig } from '../config/load-config.js';
import type { LoadedConfig } from '../config/load-config.js';
import { outOfReach } from '../config/out-of-reach.js';
import { visible, visibleJson } from '../documents/visible.js';
import { githubAnnotations } from './github-annotations.js';
import { liveText, lookLive, usualTimeoutSeconds } from './live-check.js';
import type { LiveOptions } from './live-check.js';
import type { Terminal } from './terminal.js';
import { diagnosticsText, shortName, standardOutput } from './terminal.js';

interface CheckOptions extends LiveOptions {
  readonly config: string;
  readonly output: 'text' | 'json' | 'github';
  /** Address of a Prometheus. */
  readonly live?: string;
}

/** `meshslo check`: every mistake of a configuration and of all files that it names; with `--live`, what a Prometheus lacks. */
export function checkCommand(): Command {
  return new Command('check')
    .description(
      'say what is wrong with a configuration and its SLO files, and whether a Prometheus has what they need',
    )
    .option('--config <file>', 'the configuration', 'meshslo.yaml')
    .addOption(new Option('--output <format>', 'how to print').choices(['text', 'json', 'github']).default('text'))
    .option('--live <url>', 'look at a Prometheus too, or at something that talks like one')
    .option('--token-file <file>', 'file with the bearer token for it')
    .option('--user <name>', 'user for it, with --password-file')
    .option('--password-file <file>', 'file with the password of --user')
    .option('--ca-file <file>', 'certificate authority of it')
    .option('--tenant <id>', 'tenant of Cortex or Mimir (X-Scope-OrgID)')
    .option('--timeout <seconds>', 'how long an answer of it may take', seconds, usualTimeoutSeconds)
    .addHelpText(
      'after',
      '\nExits with 0 when all is good, 1 with mistakes or something missing, 2 when the file or the server could not be read.',
    )
    .addHelpText('after', '\nWith --output github, mistakes are annotations on the lines of a pull request.')
    .addHelpText('after', '\nExample:\n  $ meshslo check --live http://prometheus.example:9090')
    .action(async (options: CheckOptions) => {
      process.exitCode = await check(options, standardOutput());
    });
}

/**
 * @returns the exit code.
 * @throws Failure where the server of `--live` cannot be asked
 */
export async function check(options: CheckOptions, terminal: Terminal): Promise<0 | 1 | 2> {
  const { config: file, output } = options;
  const loaded = loadConfig(file);
  const { config, diagnostics } = loaded;
  const notes = config ? outOfReach(config) : [];
  if (output === 'github') {
    const root = process.env['GITHUB_WORKSPACE'] ?? process.cwd();
    for (const line of githubAnnotations(diagnostics, root)) terminal.write(`${line}\n`);
    terminal.write(`${summary(file, loaded)}\n`);
  }
  if (output === 'text') {
    if (diagnostics.length > 0) terminal.write(`${diagnosticsText(diagnostics, terminal.color)}\n`);
    terminal.write(`${summary(file, loaded)}\n`);
    if (options.live === undefined) terminal.write(notesText(notes));
  }
  const live = config && options.live !== undefined ? await lookLive(config, options.live, options) : undefined;
  const lacks = live?.findings.some(({ verdict }) => verdict === 'error') === true;
  if (output === 'json') {
    const good = config !== undefined && !lacks;
    terminal.write(`${visibleJson({ good, diagnostics, notes, ...(live && { live }) })}\n`);
  } else if (live) {
    terminal.write(liveText(live, terminal.color));
    // What was asked for is the server's answer: notes that are the same every time stand behind it.
    if (output === 'text' && notes.length > 0) terminal.write(`\nOf ${shortName(file)} itself:\n${notesText(notes)}`);
  }
  if (config !== undefined) return lacks ? 1 : 0;
  return couldNotLook(loaded) ? 2 : 1;
}

/** Whether the configuration itself could not be read: that makes it neither good nor bad. */
export function couldNotLook({ diagnostics, files }: LoadedConfig): boolean {
  return diagnostics.some(({ code, position }) => code === 'file-unreadable' && position?.file === files[0]);
}

function notesText(notes: readonly string[]): string {
  return notes.map((note) => `  ${visible(note)}\n`).join('');
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

function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 600)) throw new InvalidArgumentError('more than 0, at most 600.');
  return value;
}
