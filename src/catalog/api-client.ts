import type { ConnectionOptions } from 'node:tls';
import { Agent, request } from 'undici';
import { Failure } from '../domain/failure.js';
import { connectionFailure } from '../scrape/http/connection-failure.js';

/** How to get in. A new object wherever anything of it has changed. */
export interface Credentials {
  /** Base address, without a slash at its end. */
  readonly url: string;
  readonly authorization: string | undefined;
  /** Further headers, such as a token of its own kind. */
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: ConnectionOptions;
}

/** What an API answered: 200 and its headers, or nothing. */
export interface Answer {
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

interface AskOptions {
  readonly signal: AbortSignal;
  readonly timeoutSeconds?: number;
}

interface LineOptions extends AskOptions {
  /** Called once the server has agreed to tell. */
  readonly onOpen: () => void;
}

const usualTimeoutSeconds = 30;

/** A page of 500 pods has 5 MB. */
const mostBytes = 128 * 1024 ** 2;

/** One line of a watch: an object of Kubernetes is at most 1.5 MB in etcd. */
const mostLineCharacters = 8 * 1024 ** 2;

/** Reads JSON of one server over kept-alive connections, with the credentials of now. */
export class ApiClient {
  readonly #credentials: () => Promise<Credentials>;
  /** What to configure where the server refuses. */
  readonly #hints: { readonly unauthenticated: string; readonly forbidden: string };
  #agent: Agent | undefined;
  #used: Credentials | undefined;

  /** @param credentials throws Failure `file-unreadable`, `bad-configuration` */
  constructor(
    credentials: () => Promise<Credentials>,
    hints: { readonly unauthenticated: string; readonly forbidden: string },
  ) {
    this.#credentials = credentials;
    this.#hints = hints;
  }

  /**
   * @throws Failure `unauthenticated`, `forbidden`, `not-found`, `target-status`, `target-unreachable`, `target-untrusted`,
   * `target-timeout`, `body-too-large`, `body-malformed`, `file-unreadable`
   */
  async get(path: string, { signal, timeoutSeconds = usualTimeoutSeconds }: AskOptions): Promise<Answer> {
    const timeout = AbortSignal.timeout(Math.ceil(timeoutSeconds * 1000));
    return this.#guarded(timeout, timeoutSeconds, async () => {
      const { body, headers } = await this.#ask(path, AbortSignal.any([timeout, signal]));
      return { body: parsed(await body.text()), headers };
    });
  }

  /** Lines of JSON as they come, until the server ends them; throws as {@link get} does. */
  async *lines(path: string, options: LineOptions): AsyncGenerator {
    const { signal, timeoutSeconds = usualTimeoutSeconds, onOpen } = options;
    const timeout = AbortSignal.timeout(Math.ceil(timeoutSeconds * 1000));
    const both = AbortSignal.any([timeout, signal]);
    const { body } = await this.#guarded(timeout, timeoutSeconds, () => this.#ask(path, both));
    onOpen();
    let rest = '';
    try {
      for await (const chunk of body.setEncoding('utf8') as AsyncIterable<string>) {
        rest += chunk;
        const complete = rest.split('\n');
        rest = complete.pop()!;
        if (rest.length > mostLineCharacters) throw new Failure('body-too-large', 'one line of the watch is too long');
        for (const line of complete) if (line.trim() !== '') yield parsed(line);
      }
    } catch (cause) {
      if (timeout.aborted) return;
      throw failureOfAsking(cause);
    } finally {
      body.destroy();
    }
  }

  async close(): Promise<void> {
    await this.#agent?.destroy();
  }

  async #ask(path: string, signal: AbortSignal) {
    const { url, authorization, headers } = await this.#connect();
    const answer = await request(`${url}${path}`, {
      dispatcher: this.#agent!,
      headers: { accept: 'application/json', ...headers, ...(authorization !== undefined && { authorization }) },
      signal,
    });
    if (answer.statusCode === 200) return answer;
    const text = await answer.body.text().catch(() => '');
    throw this.#refusal(answer.statusCode, text);
  }

  async #connect(): Promise<Credentials> {
    const credentials = await this.#credentials();
    if (credentials !== this.#used) {
      const before = this.#agent;
      const connect = credentials.tls as object;
      // Watches and blocking queries are silent for minutes: what may take long is bounded by each request's signal.
      this.#agent = new Agent({
        connect,
        connections: 32,
        headersTimeout: 0,
        bodyTimeout: 0,
        maxResponseSize: mostBytes,
      });
      this.#used = credentials;
      void before?.close();
    }
    return credentials;
  }

  #refusal(status: number, text: string): Failure {
    const said = messageOf(text);
    if (status === 401)
      return new Failure('unauthenticated', `it asks who we are${said}`, { hint: this.#hints.unauthenticated });
    if (status === 403) return new Failure('forbidden', `it refuses us${said}`, { hint: this.#hints.forbidden });
    if (status === 404) return new Failure('not-found', `there is no such thing there${said}`);
    return new Failure('target-status', `answered with status ${status}${said}`);
  }

  async #guarded<T>(timeout: AbortSignal, timeoutSeconds: number, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      if (timeout.aborted) throw new Failure('target-timeout', `no whole answer within ${timeoutSeconds} s`, { cause });
      throw failureOfAsking(cause);
    }
  }
}

function failureOfAsking(cause: unknown): Failure {
  if (cause instanceof Failure) return cause;
  const { code, name } = cause as { readonly code?: string; readonly name?: string };
  if (name === 'AbortError') return new Failure('target-timeout', 'called off', { cause });
  if (code === 'UND_ERR_SOCKET') return new Failure('target-unreachable', 'the connection was closed', { cause });
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE')
    return new Failure('body-too-large', 'the answer is too large', { cause });
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return new Failure('target-timeout', 'no connection', { cause });
  return connectionFailure(cause);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Failure('body-malformed', 'what it answered is no JSON', { cause });
  }
}

/** What Kubernetes puts into `message`, and Consul into a bare text; short, on one line. */
function messageOf(text: string): string {
  let said = text;
  try {
    const { message } = JSON.parse(text) as { readonly message?: unknown };
    said = typeof message === 'string' ? message : '';
  } catch {
    if (text.trimStart().startsWith('<')) said = '';
  }
  const line = said
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, 200);
  return line === '' ? '' : `: ${line}`;
}
