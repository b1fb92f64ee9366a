import { Command, Option } from 'commander';
import { loadConfig } from '../config/load-config.js';
import { visible, visibleJson } from '../documents/visible.js';
import { hasErrors } from '../domain/diagnostic.js';
import { countInWords } from '../domain/in-words.js';
import { sloId } from '../domain/slo.js';
import type { BoardSchema } from '../generate/dashboards/board-document.js';
import { isForRules } from '../generate/rules/objectives-file.js';
import { type RuleCost, ruleCost } from '../generate/rules/rule-cost.js';
import { documentsOf } from '../publish/documents.js';
import { type FolderChanges, writeGenerated } from '../publish/files/generated-folder.js';
import { type Layout, layoutFiles, layouts } from '../publish/files/layouts.js';
import { type KnownSlos, knownSlos } from '../service/known-slos.js';
import { alertmanagerOutput } from '../publish/alertmanager-output.js';
import { couldNotLook } from './check.js';
import { layoutSettings, usualDashboardPath } from './layout-settings.js';
import { systemClock } from './system-clock.js';
import type { Terminal } from './terminal.js';
import { diagnosticsText, shortName, standardOutput } from './terminal.js';

export interface GenerateOptions {
  readonly config: string;
  readonly out: string;
  readonly output: 'text' | 'json';
  readonly layout?: Layout;
  readonly schema?: BoardSchema;
  /** For manifests. */
  readonly namespace?: string;
  /** Where Grafana sees the dashboards. */
  readonly dashboardPath?: string;
}

/** `meshslo generate`: rules and their tests for a Prometheus, the configuration of its Alertmanager, dashboards for its Grafana. */
export function generateCommand(): Command {
  return new Command('generate')
    .description('write recording and alert rules, their tests, alertmanager.yaml and Grafana dashboards')
    .option('--config <file>', 'the configuration', 'meshslo.yaml')
    .requiredOption('--out <folder>', 'a folder of its own for the files')
    .addOption(new Option('--layout <form>', 'for whom the files are').choices(layouts).default('plain'))
    .addOption(
      new Option('--schema <version>', 'of dashboards: classic for Grafana 11 to 13, v2 for 13 alone')
        .choices(['classic', 'v2'])
        .default('classic'),
    )
    .option('--namespace <name>', 'namespace of the manifests of --layout kubernetes')
    .option('--dashboard-path <folder>', 'where Grafana sees dashboards, for --layout grafana', usualDashboardPath)
    .addOption(new Option('--output <format>', 'how to print').choices(['text', 'json']).default('text'))
    .addHelpText(
      'after',
      '\nServices are those of the SLO files, and those that the ledger has seen in the last 30 days: run it again when services' +
        '\ncome or go. The same input gives the same bytes. In the folder, only files of earlier runs are replaced or removed.' +
        '\nA layout is plain, a provisioning folder for grafana, or kubernetes manifests with their kustomization.' +
        '\n\nExits with 0 when all is written, 1 with mistakes in the configuration, 2 when nothing could be read or written.',
    )
    .addHelpText(
      'after',
      '\nExample:\n  $ meshslo generate --config meshslo.yaml --out prometheus/meshslo' +
        '\n  $ promtool check rules prometheus/meshslo/meshslo-*.yaml' +
        '\n  $ promtool test rules prometheus/meshslo/promtool-tests-*.yaml' +
        '\n  $ meshslo generate --layout kubernetes --namespace monitoring --out manifests',
    )
    .action((options: GenerateOptions) => {
      process.exitCode = generate(options, standardOutput(), systemClock.now());
    });
}

/**
 * @param now until when the ledger was read: services that it has not seen for long are left out
 * @returns the exit code
 * @throws Failure `bad-arguments`, `file-unreadable`, and those of a ledger that cannot be read
 */
export function generate(options: GenerateOptions, terminal: Terminal, now: number): 0 | 1 | 2 {
  const { config: file, out, output, layout = 'plain', namespace, dashboardPath = usualDashboardPath } = options;
  const loaded = loadConfig(file);
  const { config } = loaded;
  const notifications = config && alertmanagerOutput(config);
  const diagnostics = [...loaded.diagnostics, ...(notifications?.diagnostics ?? [])];
  const say = (text: string): void => {
    if (output === 'text') terminal.write(`${text}\n`);
  };
  if (diagnostics.length > 0) say(diagnosticsText(diagnostics, terminal.color));
  if (config === undefined || hasErrors(diagnostics)) {
    if (output === 'json') terminal.write(`${visibleJson({ good: false, diagnostics })}\n`);
    return couldNotLook(loaded) ? 2 : 1;
  }
  const known = knownSlos(config, now);
  const documents = documentsOf({
    config,
    slos: known.slos,
    alertmanager: notifications?.text,
    schema: options.schema,
  });
  const kept = known.slos.filter(isForRules);
  const intervals = config.scrape.jobs.map(({ intervalSeconds }) => intervalSeconds);
  const cost = ruleCost(documents.rules, { slos: kept, scrapeSeconds: Math.min(15, ...intervals) });
  say([...servicesWords(known), costWords(cost)].join('\n'));
  const objects = layoutFiles(layout, documents, layoutSettings(config, { namespace, dashboardPath }));
  const changes = writeGenerated(out, objects);
  say(changesWords(out, changes));
  if (output === 'json') {
    const { slos, left, ...figures } = known;
    const leftOut = left.map(sloId);
    terminal.write(
      `${visibleJson({ good: true, diagnostics, ...figures, slos: slos.length, leftOut, cost, out, ...changes })}\n`,
    );
  }
  return 0;
}

/** So many names are told one by one. */
const mostNames = 10;

function servicesWords({ slos, left, services, fromLedger }: KnownSlos): readonly string[] {
  const where =
    fromLedger === undefined
      ? 'all of them from SLO files: there is no ledger yet'
      : `${countInWords(fromLedger)} of them from the ledger alone`;
  const names = services.slice(0, mostNames).map(visible).join(', ');
  const more = services.length > mostNames ? `, and ${countInWords(services.length - mostNames)} more` : '';
  const lines = [
    `${counted(services.length, 'service')} with ${counted(slos.length, 'SLO')}, ${where}${services.length > 0 ? `: ${names}${more}` : ''}`,
  ];
  if (left.length > 0) {
    const first = left.slice(0, mostNames).map((slo) => visible(sloId(slo)));
    lines.push(
      `${counted(left.length, 'SLO')} of these only the ledger can keep (calendar windows, slices of time, minutes of proxies, no mesh known yet): ${first.join(', ')}`,
    );
  }
  return lines;
}

function costWords(cost: RuleCost): string {
  const rules = cost.recordingRules - cost.objectives;
  const slopes = Object.entries(cost.rawSamplesPerMinute).map(
    ([metric, samples]) => `  ${countInWords(samples)} of each series of ${visible(metric)}`,
  );
  return [
    `${counted(rules, 'recording rule')} for all services, ${counted(cost.objectives, 'constant')}, ` +
      `${counted(cost.alertingRules, 'alert')}; at most ${counted(cost.recordedSeries, 'recorded series', '')}, ` +
      `and ${countInWords(cost.recordedSeriesPerProxy)} for each proxy and service that it counts.`,
    `Samples read in a minute: ${countInWords(cost.recordedSamplesPerMinute)} of recorded series, ` +
      `${countInWords(cost.recordedSamplesPerProxy)} for each proxy and service, and of what the mesh tells at most`,
    ...slopes,
  ].join('\n');
}

function changesWords(out: string, { written, unchanged, removed }: FolderChanges): string {
  const lines = [
    ...fewer(written).map((name) => `  wrote    ${name}`),
    ...fewer(unchanged).map((name) => `  as it is ${name}`),
    ...fewer(removed).map((name) => `  removed  ${name}`),
  ];
  return [`${shortName(out)}:`, ...lines].join('\n');
}

/** Files by name; of a folder inside, how many, for every service has one there. */
function fewer(names: readonly string[]): readonly string[] {
  const folders = new Map<string, number>();
  for (const name of names.filter((one) => one.includes('/'))) {
    const folder = name.slice(0, name.indexOf('/') + 1);
    folders.set(folder, (folders.get(folder) ?? 0) + 1);
  }
  const inside = [...folders].map(([folder, amount]) => `${folder} (${counted(amount, 'file')})`);
  return [...names.filter((one) => !one.includes('/')), ...inside];
}

function counted(amount: number, noun: string, plural = 's'): string {
  return `${countInWords(amount)} ${noun}${amount === 1 ? '' : plural}`;
}
