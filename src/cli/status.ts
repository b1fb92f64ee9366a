import { Command, Option } from 'commander';
import { visible, visibleJson } from '../documents/visible.js';
import type { SloList, SloView } from '../server/api-types/slo.js';
import type { TargetCounts } from '../server/api-types/target.js';
import { type Ask, askService, type ServiceAddress, withServiceAddress } from './ask-service.js';
import { sloListAnswer, type WatcherCounts, watcherCountsAnswer } from './answers.js';
import { statusTable } from './status-table.js';
import type { Terminal } from './terminal.js';
import { standardOutput } from './terminal.js';

export interface StatusOptions extends ServiceAddress {
  readonly filter?: string;
  readonly output: 'text' | 'json';
}

/** `meshslo status`: every SLO of a running meshslo, most urgent first. */
export function statusCommand(): Command {
  return withServiceAddress(new Command('status'))
    .description('show every SLO of a running meshslo: what burns, what is left, whose it is')
    .option('--filter <words>', 'only SLOs in whose service, team, cluster or state every word occurs')
    .addOption(new Option('--output <format>', 'how to print').choices(['text', 'json']).default('text'))
    .addHelpText(
      'after',
      '\nExits with 0 when all is fine, 1 when something burns or is missed, or nothing of what is shown can be judged,' +
        '\nor the filter fits no SLO, 2 when nobody answers.',
    )
    .addHelpText('after', '\nExample:\n  $ meshslo status --filter payments')
    .action(async (options: StatusOptions) => {
      process.exitCode = await showStatus(options, standardOutput());
    });
}

/**
 * @returns the exit code.
 * @throws Failure `service-unreachable`, `unauthenticated`, `file-unreadable`, `bad-arguments`
 */
export async function showStatus(options: StatusOptions, terminal: Terminal): Promise<0 | 1> {
  const { slos, targets, alerts } = await askService(options, readAnswers);
  const shown = slos.filter(fitsWords(options.filter ?? ''));
  const fitsNone = shown.length === 0 && slos.length > 0;
  terminal.write(
    options.output === 'json'
      ? `${visibleJson({ slos: shown } satisfies SloList)}\n`
      : `${targetsLine(targets)}${alertsLine(alerts)}${fitsNone ? noneFits(slos, options.filter!) : statusTable(shown, terminal.color)}`,
  );
  const isBad = shown.some(({ urgency }) => urgency === 'burning' || urgency === 'missed');
  return isBad || fitsNone || isBlind(shown) ? 1 : 0;
}

/** Somebody who mistypes a name is not to read that all is well. */
function noneFits(slos: readonly SloView[], filter: string): string {
  return `None of ${counted(slos.length, 'SLO')} has every word of ${visible(JSON.stringify(filter))}.\n`;
}

/** Nothing can be said about anything; an empty list is nobody's trouble. */
function isBlind(slos: readonly SloView[]): boolean {
  return slos.length > 0 && slos.every(({ urgency }) => urgency === 'no-data');
}

/** Only where somebody does not answer. */
function targetsLine({ up, down, unknown }: TargetCounts): string {
  return down === 0 ? '' : `${up} of ${up + down + unknown} targets answer\n`;
}

/** Only where somebody is called. */
function alertsLine({ pages, tickets }: WatcherCounts['alerts']): string {
  const counts = [counted(pages, 'page'), counted(tickets, 'ticket')].filter(Boolean).join(' and ');
  return counts === '' ? '' : `${counts} ${pages + tickets === 1 ? 'fires' : 'fire'}\n`;
}

function counted(amount: number, noun: string): string {
  return amount === 0 ? '' : `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}

function fitsWords(filter: string): (slo: SloView) => boolean {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return ({ service, slo, namespace, cluster, owner, urgency }) => {
    const text = [service, slo, namespace, cluster, owner ?? '', urgency].join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  };
}

async function readAnswers(ask: Ask): Promise<SloList & WatcherCounts> {
  const list = await ask('api/v1/slos');
  const { slos } = sloListAnswer(list.text, list.origin);
  const status = await ask('api/v1/status');
  return { slos, ...watcherCountsAnswer(status.text, status.origin) };
}
