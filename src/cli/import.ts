import { existsSync, lstatSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { loadConfig } from '../config/load-config.js';
import { shippedRules } from '../config/shipped-rules.js';
import type { Diagnostic } from '../domain/diagnostic.js';
import { hasErrors, inReadingOrder } from '../domain/diagnostic.js';
import { parseDuration } from '../domain/duration.js';
import { Failure } from '../domain/failure.js';
import { systemReason } from '../domain/system-reason.js';
import { makeFolder } from '../documents/make-folder.js';
import { visibleJson } from '../documents/visible.js';
import { readYamlFile } from '../documents/yaml-file.js';
import { loadAlertPolicies } from '../packs/load-alert-policies.js';
import { loadPacks } from '../packs/load-packs.js';
import { importSlos } from '../peers/import-slos.js';
import type { Destination, Import, ImportedFile } from '../peers/import-slos.js';
import { replaceFiles } from '../publish/files/replace-files.js';
import { importText } from './import-text.js';
import { importJson } from './import-json.js';
import type { FileStatus } from './import-view.js';
import type { Terminal } from './terminal.js';
import { diagnosticsText, standardOutput } from './terminal.js';
import { yamlFilesIn } from './yaml-files-in.js';

export interface ImportOptions {
  /** A folder; without, files are shown. */
  readonly out?: string;
  /** Undefined: meshslo.yaml, where there is one. */
  readonly config?: string;
  /** Seconds; of Sloth's promises. */
  readonly window: number;
  readonly output: 'text' | 'json';
}

const usualConfig = 'meshslo.yaml';

/** `meshslo import`: the promises of Sloth, Pyrra and OpenSLO as SLO files. */
export function importCommand(): Command {
  return new Command('import')
    .description('take over SLOs from definitions of Sloth, Pyrra or OpenSLO, and say what means something else here')
    .argument('<definitions...>', 'files, or folders of them')
    .option('--out <folder>', 'where SLO files are written, one for each service; without, they are shown')
    .option(
      '--config <file>',
      'the configuration whose packs, tiers and SLO files count (meshslo.yaml, if there is one)',
    )
    .addOption(
      new Option('--window <duration>', 'window of Sloth’s SLOs, which their files do not say')
        .argParser(window)
        .default(30 * 86_400, '30d'),
    )
    .addOption(new Option('--output <format>', 'how to print').choices(['text', 'json']).default('text'))
    .addHelpText(
      'after',
      '\nReads Sloth (prometheus/v1, PrometheusServiceLevel), Pyrra (ServiceLevelObjective) and OpenSLO v1. A file that is there' +
        '\nalready is never written over. Without --out, SLO files go to the standard output, and what is said of them to the other.' +
        '\n\nExits with 0 when all is taken, 1 when some could not be (the rest is written), 2 when nothing could be read or written.',
    )
    .addHelpText(
      'after',
      '\nExample:\n  $ meshslo import sloth/ --out slos\n  $ meshslo import cart.yaml > cart-of-meshslo.yaml',
    )
    .action((definitions: readonly string[], options: ImportOptions) => {
      const said = { write: (text: string) => process.stderr.write(text), color: false };
      process.exitCode = importDefinitions(definitions, options, standardOutput(), said);
    });
}

function window(text: string): number {
  const seconds = parseDuration(text);
  if (seconds !== undefined && seconds >= 3600 && seconds <= 366 * 86_400 && seconds % 60 === 0) return seconds;
  throw new InvalidArgumentError('whole minutes from 1h to 366d, such as 28d.');
}

/**
 * @param aside where what is said of files goes while these are shown
 * @returns the exit code
 * @throws Failure `file-unreadable` for definitions that are not there; `bad-arguments` where there are none in them, or nothing
 *   can be written
 */
export function importDefinitions(
  definitions: readonly string[],
  options: ImportOptions,
  terminal: Terminal,
  aside: Terminal,
): 0 | 1 | 2 {
  const { out, output } = options;
  const files = definitions.flatMap((path) => yamlFilesIn(path).map((file) => ({ file, name: nameIn(path, file) })));
  const names = new Map(files.map(({ file, name }) => [resolve(file), name]));
  const readings = [...names.keys()].map((file) => readYamlFile(file));
  const documents = readings.flatMap((reading) => reading.documents);
  const unread = readings.flatMap(({ diagnostics }) => diagnostics).filter(({ code }) => code !== 'empty-file');
  const destination = destinationOf(options, names);
  if ('diagnostics' in destination) {
    terminal.write(`${diagnosticsText(destination.diagnostics, terminal.color)}\n`);
    terminal.write(`${options.config ?? usualConfig} has mistakes: nothing was imported\n`);
    return 2;
  }
  const imported = importSlos(documents, destination);
  const diagnostics = inReadingOrder([...unread, ...imported.diagnostics]);
  if (imported.found === 0 && diagnostics.length === 0) {
    throw new Failure('bad-arguments', `no SLO of Sloth, Pyrra or OpenSLO in ${definitions.join(', ')}`, {
      hint: 'definitions are read, not the rules that tools make of them',
    });
  }
  const statuses = write(imported.files, out);
  const whole: Import = { ...imported, diagnostics };
  const view = { imported: whole, statuses, out, rules: destination.rules, patterns: destination.patterns };
  if (output === 'json') terminal.write(`${visibleJson(importJson(view))}\n`);
  else {
    if (out === undefined) terminal.write(imported.files.map(({ text }) => text).join('---\n'));
    const words = importText(view, (out === undefined ? aside : terminal).color);
    (out === undefined ? aside : terminal).write(words);
  }
  const isLeft = [...statuses.values()].includes('differs');
  return hasErrors(diagnostics) || isLeft ? 1 : 0;
}

/** A file as comments call it: the same wherever the folder stands. */
function nameIn(path: string, file: string): string {
  return statSync(path).isDirectory() ? relative(path, file) : basename(file);
}

interface Known extends Destination {
  /** Patterns of SLO files that a configuration names; undefined without one. */
  readonly patterns: readonly string[] | undefined;
}

function destinationOf(
  { config: file, out, window: seconds }: ImportOptions,
  names: ReadonlyMap<string, string>,
): Known | { readonly diagnostics: readonly Diagnostic[] } {
  const common = {
    slothWindow: { kind: 'rolling', seconds } as const,
    nameOf: (path: string) => names.get(path) ?? basename(path),
    isThere: (name: string) => out !== undefined && existsSync(join(out, name)),
  };
  if (file === undefined && !existsSync(usualConfig)) {
    const { packs } = loadPacks();
    const policies = [...loadAlertPolicies().policies.keys()];
    const clusters = { label: 'cluster', aliases: new Map<string, string>() };
    const rules = shippedRules(packs, policies);
    return { ...common, packs, policies, rules, inUse: [], clusters, patterns: undefined };
  }
  const { config, diagnostics } = loadConfig(file ?? usualConfig);
  if (config === undefined) return { diagnostics };
  return {
    ...common,
    packs: config.packs,
    policies: [...config.policies.keys()],
    rules: config.slos,
    inUse: [...new Set(config.scrape.jobs.map(({ pack }) => pack.name))],
    clusters: { label: config.rules.clusterLabel ?? 'cluster', aliases: config.clusterAliases },
    patterns: config.filePatterns,
  };
}

/** Writes files where there are none; what is there stays. All of them are written, or none. */
function write(files: readonly ImportedFile[], out: string | undefined): ReadonlyMap<ImportedFile, FileStatus> {
  if (out === undefined) return new Map(files.map((file) => [file, 'shown']));
  try {
    const statuses = new Map(files.map((file) => [file, statusIn(out, file)]));
    const missing = files.filter((file) => statuses.get(file) === 'written');
    makeFolder(resolve(out));
    replaceFiles(
      out,
      missing.map(({ name, text }) => [name, text]),
    );
    return statuses;
  } catch (cause) {
    throw new Failure('bad-arguments', `${out} cannot be written: ${systemReason(cause)}`, { cause });
  }
}

/** What is to become of a file. */
function statusIn(out: string, { name, text }: ImportedFile): FileStatus {
  const path = join(out, name);
  if (!lstatSync(path, { throwIfNoEntry: false })) return 'written';
  const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  return isFile && readFileSync(path, 'utf8') === text ? 'unchanged' : 'differs';
}
