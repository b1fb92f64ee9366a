import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { Agent, request } from 'undici';
import { visibleJson } from '../documents/visible.js';
import { Failure } from '../domain/failure.js';
import type { Problem } from '../server/api-types/problem.js';
import type { SloList, SloView } from '../server/api-types/slo.js';
import type { TargetCounts } from '../server/api-types/target.js';
import { sloListAnswer, type WatcherCounts, watcherCountsAnswer } from './answers.js';
import { statusTable } from './status-table.js';
import type { Terminal } from './terminal.js';
import { standardOutput } from './terminal.js';

export interface StatusOptions {
  readonly url: string;
  readonly tokenFile?: string;
  readonly filter?: string;
  readonly output: 'text' | 'json';
}

const timeoutMilliseconds = 10_000;

/** Some ten thousands of SLOs. */
const mostBytes = 64 * 1024 ** 2;

/** `meshslo status`: every SLO of a running meshslo, most urgent first. */
export function statusCommand(): Command {
  return new Command('status')
    .description('show every SLO of a running meshslo: what burns, what is left, whose it is')
    .option('--url <address>', 'where meshslo listens', 'http://127.0.0.1:8080')
    .option('--token-file <file>', 'file with the bearer token, where one is asked for')
    .option('--filter <words>', 'only SLOs in whose service, team, cluster or state every word occurs')
    .addOption(new Option('--output <format>', 'how to print').choices(['text', 'json']).default('text'))
    .addHelpText(
      'after',
      '\nExits with 0 when all is fine, 1 when something burns or is missed, or nothing of what is shown can be judged,' +
        '\n2 when nobody answers.',
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
  const { slos, targets, alerts } = await readAnswers(options);
  const shown = slos.filter(fitsWords(options.filter ?? ''));
  terminal.write(
    options.output === 'json'
      ? `${visibleJson({ slos: shown } satisfies SloList)}\n`
      : `${targetsLine(targets)}${alertsLine(alerts)}${statusTable(shown, terminal.color)}`,
  );
  const isBad = shown.some(({ urgency }) => urgency === 'burning' || urgency === 'missed');
  return isBad || isBlind(shown) ? 1 : 0;
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

type Answers = SloList & WatcherCounts;

async function readAnswers({ url, tokenFile }: StatusOptions): Promise<Answers> {
  const base = baseAddress(url);
  const headers = tokenFile === undefined ? {} : { authorization: `Bearer ${readToken(tokenFile)}` };
  const agent = new Agent({ maxResponseSize: mostBytes });
  const signal = AbortSignal.timeout(timeoutMilliseconds);
  const read = async (path: string): Promise<string> => {
    const { statusCode, body } = await request(new URL(path, base), { dispatcher: agent, headers, signal });
    const text = await body.text();
    if (statusCode !== 200) throw refusal(base, statusCode, text);
    return text;
  };
  try {
    const { slos } = sloListAnswer(await read('api/v1/slos'), base.origin);
    return { slos, ...watcherCountsAnswer(await read('api/v1/status'), base.origin) };
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure('service-unreachable', `no meshslo answers at ${base.origin}: ${reason(cause)}`, {
      hint: 'start one with `meshslo serve`, or say where it listens with --url',
      cause,
    });
  } finally {
    await agent.destroy();
  }
}

function baseAddress(url: string): URL {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (address?.protocol !== 'http:' && address?.protocol !== 'https:') {
    throw new Failure('bad-arguments', `--url ${url} is no HTTP address`, { hint: 'such as http://127.0.0.1:8080' });
  }
  return new URL(address.href.replace(/\/*$/, '/'));
}

function refusal(address: URL, statusCode: number, text: string): Failure {
  if (statusCode === 401) {
    const hint = 'name a file with a valid token with --token-file';
    return new Failure('unauthenticated', `meshslo at ${address.origin} asks for a token`, { hint });
  }
  return new Failure('service-unreachable', `${address.origin} answered ${statusCode}${problemDetail(text)}`, {
    hint: 'say where meshslo listens with --url',
  });
}

/** Something else than meshslo may have answered. */
function problemDetail(text: string): string {
  try {
    const { detail } = JSON.parse(text) as Partial<Problem>;
    return typeof detail === 'string' ? `: ${detail.slice(0, 200)}` : '';
  } catch {
    return '';
  }
}

function readToken(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new Failure('file-unreadable', `cannot read the token in ${file}: ${reason(cause)}`, { cause });
  }
}

function reason(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  return code === 'ECONNREFUSED' ? 'connection refused' : message || String(code);
}
