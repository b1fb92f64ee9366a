import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { backoffSeconds } from '../../alerting/delivery/backoff.js';
import type { AccessSettings } from '../../config/access-settings.js';
import { visible } from '../../documents/visible.js';
import { formatDuration } from '../../domain/duration.js';
import { Failure, failureKinds, failureOf } from '../../domain/failure.js';
import { AccessFiles } from '../../scrape/http/access.js';
import { connectionFailure } from '../../scrape/http/connection-failure.js';
import { retryAfterSeconds } from '../../scrape/http/retry-after.js';
import { requestsAtOnce } from '../one-by-one.js';
import { jsonAnswer } from './json-answer.js';
import { refusalOf } from './refusal.js';

/** How an API is reached. */
export interface ApiSettings {
  /** Without a slash at its end. */
  readonly url: string;
  readonly access: AccessSettings;
  readonly timeoutSeconds: number;
}

/** What a client waits with; a test waits for nothing. */
export interface Patience {
  /** Ends at once where the signal says so. */
  readonly pause: (seconds: number, signal: AbortSignal) => Promise<void>;
  /** A number in [0, 1). */
  readonly chance: () => number;
}

export const realPatience: Patience = {
  pause: async (seconds, signal) => {
    try {
      await sleep(seconds * 1000, undefined, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  },
  chance: Math.random,
};

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** From the base address on, with its query. */
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
  /** Statuses that are answers all the same, such as 404 where something may be missing. */
  readonly alsoGood?: readonly number[];
  /** Where another answer later is worth no waiting. */
  readonly isTriedOnce?: boolean;
  /** Asked before it is made again, where that is not the same as once: whether it was carried out, and only the answer was lost. */
  readonly isDone?: () => Promise<boolean>;
}

export interface ApiAnswer {
  readonly status: number;
  readonly text: string;
}

/** A list of a whole fleet's objects has some MB; more is no answer. */
const mostAnswerBytes = 64 * 1024 ** 2;

const mostTries = 4;

/** Who asks for more patience than this is asked by the next run. */
const longestPatienceSeconds = 60;

/**
 * One API over some kept-alive connections.
 *
 * A request that found nobody, no answer in time, 429 or 5xx is made again, after a while that doubles or that the other side
 * asks for; any other refusal is final. What is told of it never holds what was sent.
 */
export class ApiClient {
  readonly #settings: ApiSettings;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #patience: Patience;
  readonly #files: AccessFiles;
  readonly #closing = new AbortController();
  #agent: Agent | undefined;
  #accessVersion = 0;

  constructor(settings: ApiSettings, headers: Readonly<Record<string, string>>, patience: Patience = realPatience) {
    this.#settings = settings;
    this.#headers = headers;
    this.#patience = patience;
    this.#files = new AccessFiles(settings.access);
  }

  /** @throws Failure of {@link refusalOf}, `target-unreachable`, `target-timeout`, `target-untrusted`, `file-unreadable`, `body-too-large` */
  async ask(asked: ApiRequest): Promise<ApiAnswer> {
    for (let tries = 1; ; tries += 1) {
      const { answer, failure, waitSeconds } = await this.#try(asked);
      if (answer) return answer;
      const pause = Math.max(backoffSeconds(tries, this.#patience.chance()), waitSeconds ?? 0);
      if (!isWorthAnother(failure!)) throw failure!;
      if ((waitSeconds ?? 0) > longestPatienceSeconds) throw later(failure!, waitSeconds!);
      if (asked.isTriedOnce || tries === mostTries || pause > longestPatienceSeconds) throw failure!;
      if (!this.#closing.signal.aborted) await this.#patience.pause(pause, this.#closing.signal);
      if (this.#closing.signal.aborted) throw failure!;
      if (await asked.isDone?.()) return { status: 200, text: '' };
    }
  }

  /** The same where the answer is JSON. */
  async askJson(asked: ApiRequest): Promise<{ readonly status: number; readonly body: unknown }> {
    const { status, text } = await this.ask(asked);
    return { status, body: jsonAnswer(this.#settings.url, text) };
  }

  /** Lets go of connections; what is asked meanwhile ends as unreachable. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#agent?.destroy();
    this.#agent = undefined;
  }

  async #try(asked: ApiRequest): Promise<Attempt> {
    try {
      return await this.#once(asked);
    } catch (error) {
      return { failure: failureOf(error) };
    }
  }

  async #once({ method, path, body, contentType = 'application/json', alsoGood = [] }: ApiRequest): Promise<Attempt> {
    const { url, timeoutSeconds } = this.#settings;
    const { agent, authorization } = await this.#connect();
    const timeout = AbortSignal.timeout(timeoutSeconds * 1000);
    try {
      const response = await request(`${url}${path}`, {
        dispatcher: agent,
        method,
        headers: {
          accept: 'application/json, application/yaml;q=0.9, */*;q=0.1',
          ...(body !== undefined && { 'content-type': contentType }),
          ...(authorization !== undefined && { authorization }),
          ...this.#headers,
        },
        body: body ?? null,
        signal: timeout,
      });
      const text = await this.#textOf(response.body);
      const status = response.statusCode;
      if ((status >= 200 && status < 300) || alsoGood.includes(status)) return { answer: { status, text } };
      return { failure: refusalOf(url, status, text), waitSeconds: retryAfterSeconds(response.headers) };
    } catch (cause) {
      if (cause instanceof Failure) throw cause;
      if (timeout.aborted)
        throw new Failure('target-timeout', `${url} gave no whole answer within ${timeoutSeconds} s`, {
          hint: 'see what keeps it busy, or give it longer: timeout',
        });
      const { code, message, hint } = connectionFailure(cause);
      throw new Failure(code, `${url}: ${visible(message)}`, { hint: hint === undefined ? awayHint : httpHint });
    }
  }

  async #textOf(body: AsyncIterable<Uint8Array> & { destroy(): unknown }): Promise<string> {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes > mostAnswerBytes) {
        body.destroy();
        throw new Failure('body-too-large', `${this.#settings.url} answered with more than ${mostAnswerBytes} bytes`);
      }
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  }

  /** The connections with the certificates and secrets of now. */
  async #connect(): Promise<{ readonly agent: Agent; readonly authorization: string | undefined }> {
    await this.#files.refresh();
    if (this.#closing.signal.aborted) throw new Failure('target-unreachable', `${this.#settings.url} is asked no more`);
    const { version, authorization, tls } = this.#files.access;
    if (!this.#agent || version !== this.#accessVersion) {
      const before = this.#agent;
      // What may take long is bounded by the signal of each request alone.
      this.#agent = new Agent({
        connect: tls as object,
        connections: requestsAtOnce,
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      this.#accessVersion = version;
      await before?.close();
    }
    return { agent: this.#agent, authorization };
  }
}

interface Attempt {
  readonly answer?: ApiAnswer;
  readonly failure?: Failure;
  readonly waitSeconds?: number | undefined;
}

const awayHint = 'is it running, and is this its address?';

const httpHint = 'is its scheme, http:// or https://, the right one?';

/** The failure of a request that may be made again, but not as soon as a run waits for. */
function later({ code, message }: Failure, seconds: number): Failure {
  const hint = `it asks to be left alone for ${formatDuration(Math.ceil(seconds))}; the next run after that tries again`;
  return new Failure(code, message, { hint });
}

function isWorthAnother({ code }: Failure): boolean {
  return failureKinds[code].retryable && code !== 'body-malformed';
}
