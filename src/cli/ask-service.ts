import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { Agent, request } from 'undici';
import { Failure } from '../domain/failure.js';
import { systemReason } from '../domain/system-reason.js';
import { starUserInfo } from '../domain/user-info.js';
import type { Problem } from '../server/api-types/problem.js';

/** Where a running meshslo is, and how to get in. */
export interface ServiceAddress {
  readonly url: string;
  readonly tokenFile?: string;
}

const timeoutMilliseconds = 10_000;

/** Some ten thousands of SLOs. */
const mostBytes = 64 * 1024 ** 2;

/** The options that say where a running meshslo is. */
export function withServiceAddress(command: Command): Command {
  return command
    .option('--url <address>', 'where meshslo listens', 'http://127.0.0.1:8080')
    .option('--token-file <file>', 'file with the bearer token, where one is asked for');
}

/** Reads one address of the API, such as `api/v1/slos`, or posts JSON to it; `origin` is for messages. */
export type Ask = (path: string, body?: string) => Promise<{ readonly text: string; readonly origin: string }>;

/**
 * Asks a running meshslo.
 *
 * @throws Failure `service-unreachable`, `unauthenticated`, `file-unreadable`, `bad-arguments`
 */
export async function askService<T>(
  { url, tokenFile }: ServiceAddress,
  work: (ask: Ask) => Promise<T>,
  patienceMilliseconds = timeoutMilliseconds,
): Promise<T> {
  const base = baseAddress(url);
  const headers = tokenFile === undefined ? {} : { authorization: `Bearer ${readToken(tokenFile)}` };
  const agent = new Agent({ maxResponseSize: mostBytes });
  const signal = AbortSignal.timeout(patienceMilliseconds);
  const ask: Ask = async (path, sent) => {
    const { statusCode, body } = await request(new URL(path, base), {
      dispatcher: agent,
      signal,
      headers: { ...headers, ...(sent !== undefined && { 'content-type': 'application/json' }) },
      ...(sent !== undefined && { method: 'POST', body: sent }),
    });
    const text = await body.text();
    if (statusCode !== 200) throw refusal(base, statusCode, text);
    return { text, origin: base.origin };
  };
  try {
    return await work(ask);
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
    throw new Failure('bad-arguments', `--url ${starUserInfo(url)} is no HTTP address`, {
      hint: 'such as http://127.0.0.1:8080',
    });
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
    throw new Failure('file-unreadable', `cannot read the token in ${file}: ${systemReason(cause)}`, { cause });
  }
}

function reason(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  return code === 'ECONNREFUSED' ? 'connection refused' : message || String(code);
}
