import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, parse } from 'node:path';
import { Command, Option } from 'commander';
import type { Config } from '../config/config.js';
import { loadConfig } from '../config/load-config.js';
import { makeFolder } from '../documents/make-folder.js';
import type { EpochSeconds } from '../domain/clock.js';
import { hasErrors } from '../domain/diagnostic.js';
import { Failure } from '../domain/failure.js';
import type { IsoWeek } from '../domain/iso-week.js';
import { systemReason } from '../domain/system-reason.js';
import { Ledger } from '../ledger/ledger.js';
import { fileName } from '../report/delivery/folder-transport.js';
import { findingsOfLedger } from '../report/findings-of-ledger.js';
import { isLookedAt } from '../report/looked-at.js';
import { type RenderedReport, renderReport, type ReportFormat, reportFormats } from '../report/render-report.js';
import { standaloneHtml } from '../report/render/standalone-html.js';
import { readWeek } from '../report/week-book.js';
import type { WeekReport } from '../report/week-report.js';
import { scopeName } from '../report/words/names.js';
import { slosKnownTo } from '../service/know-again.js';
import { couldNotLook } from './check.js';
import { openInBrowser } from './open-in-browser.js';
import { reportScope } from './report-scope.js';
import { type AskedReport, askedWeek } from './asked-report.js';
import { sendReport, type SendOrder } from './send-report.js';
import { systemClock } from './system-clock.js';
import { diagnosticsText, shortName, standardOutput, type Terminal } from './terminal.js';

export interface ReportOptions extends AskedReport {
  readonly config: string;
  readonly output: ReportFormat;
}

/** `meshslo report`: one week of an organisation, a team or a service, read from the ledger. */
export function reportCommand(): Command {
  return new Command('report')
    .description('tell what was promised and kept in a week, where budget went, and what needs attention')
    .option('--config <file>', 'the configuration', 'meshslo.yaml')
    .option('--week <week>', 'such as 2026-W47, or "this" for the one that goes on; the last whole week when left out')
    .option(
      '--time-zone <name>',
      'whose weeks and clocks; that of the configured reports, else UTC, when left out; not with --send',
    )
    .option('--team <owner>', 'only the services of this owner')
    .option('--service <name>', 'only this service: NAME, NAMESPACE/NAME or CLUSTER/NAMESPACE/NAME')
    .addOption(new Option('--output <format>', 'how to tell it').choices(reportFormats).default('text'))
    .option('--open', 'show it in the browser')
    .option('--preview', 'write what is mailed into a file, and neither open nor send it')
    .option('--send', 'send it to those whom the configuration names; without --team, every team its own, too')
    .option('--token-file <file>', 'with --send: file with the bearer token, where a running service asks for one')
    .option('--out <folder>', 'write it into files of this folder instead of printing it')
    .addHelpText(
      'after',
      '\nReads the ledger only; a running service need not stop, and counts on meanwhile. With --send that service sends it,' +
        '\nwhere there is one. Nobody is sent the same twice.' +
        '\n\nExits with 0 when every promise that can be judged was kept, 1 when one was broken, none can be judged, or the' +
        '\nconfiguration has mistakes (with --send: when somebody was not reached), 2 when nothing could be read or written.',
    )
    .addHelpText(
      'after',
      '\nExample:\n  $ meshslo report' +
        '\n  $ meshslo report --week 2026-W47 --team team-shop --open' +
        '\n  $ meshslo report --week 2026-W47 --send' +
        '\n  $ meshslo report --week this --service shop/cart --output md',
    )
    .action(async (options: ReportOptions) => {
      process.exitCode = await report(options, standardOutput(), systemClock.now());
    });
}

/**
 * @returns the exit code
 * @throws Failure `bad-arguments`, `not-found` for a scope that the week does not have, `file-unreadable`, and those of a
 * ledger that cannot be read
 */
export async function report(options: ReportOptions, terminal: Terminal, now: EpochSeconds): Promise<0 | 1 | 2> {
  const loaded = loadConfig(options.config);
  const { config, diagnostics } = loaded;
  if (config === undefined || hasErrors(diagnostics)) {
    process.stderr.write(`${diagnosticsText(diagnostics, false)}\n`);
    return couldNotLook(loaded) ? 2 : 1;
  }
  const { week, timeZone } = askedWeek(options, config, now);
  if (options.send) return sendReport(config, sendOrder(options, week, now), terminal);
  const told = await readReport(config, options, { week, timeZone, now });
  const isFile = options.open === true || options.preview === true;
  const format = isFile ? 'html' : options.output;
  const rendered = await renderReport(told, format);
  const text = format === 'html' ? standaloneHtml(rendered) : rendered.body;
  if (isFile || options.out !== undefined) {
    const file = written(options.out, told, rendered, text, format);
    terminal.write(`${shortName(file)}\n`);
    if (options.open) openInBrowser(file);
  } else terminal.write(text);
  const { met, missed } = told.counts;
  return missed > 0 || met === 0 ? 1 : 0;
}

async function readReport(
  config: Config,
  options: ReportOptions,
  { week, timeZone, now }: { readonly week: IsoWeek; readonly timeZone: string; readonly now: EpochSeconds },
): Promise<WeekReport> {
  const ledger = Ledger.open(config.ledgerPath, { readOnly: true });
  try {
    const slos = slosKnownTo(ledger, config, now);
    const source = {
      ledger,
      slos: slos.all(),
      findings: isLookedAt(config) ? findingsOfLedger(ledger) : undefined,
      catalog: undefined,
      corrections: undefined,
      page: config.links.page,
      now,
    };
    const book = await readWeek(source, week, timeZone);
    return await book.report(reportScope(options, book));
  } finally {
    ledger.close();
  }
}

function sendOrder({ team, tokenFile }: ReportOptions, week: IsoWeek, now: EpochSeconds): SendOrder {
  return { week, scope: team === undefined ? undefined : { kind: 'team', owner: team }, tokenFile, now };
}

/** Writes the report and what belongs to it; returns the file of the report. */
function written(
  out: string | undefined,
  { period, scope }: WeekReport,
  { attachments }: RenderedReport,
  text: string,
  format: ReportFormat,
): string {
  try {
    const folder = out ?? mkdtempSync(join(tmpdir(), 'meshslo-report-'));
    makeFolder(folder);
    // Reports of several teams may go into one folder.
    const whose = scope.kind === 'organisation' ? '' : `-${fileName(scopeName(scope))}`;
    const file = join(folder, `report-${period.week}-${scope.kind}${whose}.${format === 'text' ? 'txt' : format}`);
    writeFileSync(file, text);
    for (const one of attachments) {
      const { name, ext } = parse(one.fileName);
      writeFileSync(join(folder, `${name}${whose}${ext}`), one.content);
    }
    return file;
  } catch (cause) {
    throw new Failure('file-unreadable', `the report cannot be written: ${systemReason(cause)}`, { cause });
  }
}
