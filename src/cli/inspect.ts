import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { visible, visibleJson } from '../documents/visible.js';
import { hasErrors } from '../domain/diagnostic.js';
import { formatDuration } from '../domain/duration.js';
import type { ExpositionProblem } from '../exposition/problem.js';
import { loadPacks } from '../packs/load-packs.js';
import type { Inspection } from './inspection.js';
import { inspectBody } from './inspection.js';
import { readSource, shownSource } from './read-source.js';
import type { Terminal } from './terminal.js';
import { diagnosticsText, standardOutput } from './terminal.js';

interface InspectOptions {
  readonly strict?: boolean;
  readonly output: 'text' | 'json';
  readonly timeout: number;
  /** Files of further packs. */
  readonly pack?: readonly string[];
}

const mostBytes = 256 * 1024 ** 2;
const familiesShown = 20;

/** `meshslo inspect`: what a target is, and whether its metrics can be read. */
export function inspectCommand(): Command {
  return new Command('inspect')
    .description('say what a target is: mesh, version, families, services, mistakes in its metrics')
    .argument('<source>', 'a URL, a file, or - for the standard input; gzip is taken off')
    .option('--strict', 'report every rule of the format that is broken, not only unreadable lines')
    .option('--pack <file>', 'a signal pack of your own; may be said several times', andAnother)
    .option('--timeout <seconds>', 'how long a URL may take', seconds, 10)
    .addOption(new Option('--output <format>', 'how to print').choices(['text', 'json']).default('text'))
    .addHelpText('after', '\nExits with 0 when all is good, 1 for a broken body, 2 when there is nothing to look at.')
    .addHelpText('after', '\nExample:\n  $ meshslo inspect http://127.0.0.1:15090/stats/prometheus')
    .action(async (source: string, options: InspectOptions) => {
      process.exitCode = await inspect(source, options, standardOutput());
    });
}

/** One file for each time: the source stands behind the last. */
function andAnother(file: string, files: readonly string[] | undefined): readonly string[] {
  return [...(files ?? []), file];
}

/**
 * @returns the exit code.
 * @throws Failure where the source cannot be read
 */
export async function inspect(source: string, options: InspectOptions, terminal: Terminal): Promise<0 | 1> {
  const { packs, diagnostics } = loadPacks(options.pack?.map((file) => resolve(file)));
  if (hasErrors(diagnostics)) {
    terminal.write(diagnosticsText(diagnostics, terminal.color));
    return 1;
  }
  const body = await readSource(source, { bodyBytes: mostBytes, timeoutSeconds: options.timeout });
  const inspection = inspectBody(body, packs, options.strict === true);
  const shown = shownSource(source);
  terminal.write(options.output === 'json' ? json(shown, inspection) : text(shown, inspection));
  return inspection.sound ? 0 : 1;
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 600)) throw new InvalidArgumentError('more than 0, at most 600.');
  return value;
}

function json(source: string, inspection: Inspection): string {
  const { summary, mesh, wanted, services, requestsOfNoService, uptimeSeconds, sound } = inspection;
  const { families, ...figures } = summary;
  const shown = {
    source,
    mesh: mesh && { name: mesh.pack.name, version: mesh.version },
    uptimeSeconds,
    ...figures,
    sound,
    services,
    requestsOfNoService,
    families: families.map(({ firstLabels, ...family }) => ({
      ...family,
      read: wanted.has(family.name),
      firstLabels: firstLabels && Object.fromEntries(firstLabels),
    })),
  };
  return `${visibleJson(shown)}\n`;
}

function text(source: string, inspection: Inspection): string {
  const { summary, mesh, uptimeSeconds, wanted } = inspection;
  const up = uptimeSeconds === undefined ? '' : `, up ${formatDuration(uptimeSeconds)}`;
  const what = mesh ? `${mesh.pack.title}, version ${mesh.version ?? 'unknown'}${up}` : 'of no mesh that is known here';
  const format = summary.format === 'openmetrics' ? 'OpenMetrics' : 'Prometheus text';
  const lines = [
    `${source}: ${what}`,
    `${format}, ${summary.bytes} bytes, ${summary.sampleCount} samples of ${summary.families.length} families, ${wanted.size} of them read`,
    ...serviceLines(inspection),
    ...familyLines(inspection),
    ...problemLines(inspection),
  ];
  return `${lines.map(visible).join('\n')}\n`;
}

function serviceLines({ mesh, services, requestsOfNoService }: Inspection): readonly string[] {
  if (services.length === 0 && requestsOfNoService === 0) return [];
  const rows = services.map(({ service, perspective, requests }) => [
    service,
    perspective,
    String(requests.good),
    String(requests.bad),
    String(requests['left-out']),
  ]);
  const unit = mesh?.pack.requests.of ?? 'requests';
  const nowhere = requestsOfNoService > 0 ? [`${requestsOfNoService} ${unit} to no service of the mesh`] : [];
  const note = unit === 'requests' ? [] : [`These are ${unit}: this proxy knows nothing of the requests inside them.`];
  return ['', ...table(['SERVICE', 'SEEN BY', 'GOOD', 'BAD', 'LEFT OUT'], rows), ...nowhere, ...note];
}

function familyLines({ summary: { families }, wanted }: Inspection): readonly string[] {
  if (families.length === 0) return [];
  const order = [...families].sort((a, b) => Number(wanted.has(b.name)) - Number(wanted.has(a.name)));
  const rows = order
    .slice(0, familiesShown)
    .map(({ name, type, sampleCount }) => [name, type, String(sampleCount), wanted.has(name) ? 'yes' : '']);
  const more = families.length - rows.length;
  const rest = more > 0 ? [`... and ${more} more families (--output json has all)`] : [];
  return ['', ...table(['FAMILY', 'TYPE', 'SAMPLES', 'READ'], rows), ...rest];
}

function problemLines({ summary, sound }: Inspection): readonly string[] {
  const { problems, moreProblems, badLines, sampleCount } = summary;
  if (sound) return [];
  const verdict = sampleCount === 0 ? 'no samples at all' : `broken: ${badLines} bad lines`;
  return ['', verdict, ...problems.map(problemLine), ...(moreProblems ? ['... and more'] : [])];
}

function problemLine({ line, column, rule, message, hint }: ExpositionProblem): string {
  return `  ${line}:${column} ${message} [${rule}] ${hint}`;
}

/** Columns as wide as their widest cell; figures to the right. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)));
  const isFigure = head.map((_, column) => rows.length > 0 && rows.every((row) => /^[\d.]+$/.test(row[column]!)));
  return [head, ...rows].map((row) =>
    row
      .map((cell, column) =>
        isFigure[column] === true ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join('  ')
      .trimEnd(),
  );
}
