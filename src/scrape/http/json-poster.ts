import { Agent, request } from 'undici';
import type { AccessSettings } from '../../config/access-settings.js';
import type { EpochSeconds } from '../../domain/clock.js';
import { Failure } from '../../domain/failure.js';
import { visible } from '../../documents/visible.js';
import { AccessFiles } from './access.js';
import { connectionFailure } from './connection-failure.js';
import { epochSeconds, retryAfterSeconds } from './retry-after.js';

/** What of an answer is read: enough for a sentence. */
const mostAnswerCharacters = 4096;

/** What somebody says to what was posted, whatever they say. */
export interface PostAnswer {
  readonly status: number;
  /** Its own words; empty where it has none. */
  readonly message: string;
  /** Its wall clock; undefined where it does not tell. */
  readonly theirNow: EpochSeconds | undefined;
  readonly retryAfterSeconds: number | undefined;
}

/** How somebody is posted to. */
export interface PosterSettings {
  /** For the whole answer. */
  readonly timeoutSeconds: number;
  readonly access: AccessSettings;
}

/** Posts JSON over one kept-alive connection, with the certificates and secrets that its files hold at the time. */
export class JsonPoster {
  readonly #settings: PosterSettings;
  readonly #files: AccessFiles;
  readonly #closing = new AbortController();
  #agent: Agent | undefined;
  #accessVersion = 0;

  constructor(settings: PosterSettings) {
    this.#settings = settings;
    this.#files = new AccessFiles(settings.access);
  }

  /**
   * Posts once.
   *
   * @param body JSON
   * @throws Failure `target-unreachable`, `target-timeout`, `target-untrusted`, `file-unreadable`
   */
  async post(address: string, body: string): Promise<PostAnswer> {
    const { timeoutSeconds } = this.#settings;
    const { authorization, agent } = await this.#connect();
    const timeout = AbortSignal.timeout(timeoutSeconds * 1000);
    try {
      const {
        statusCode,
        headers,
        body: answer,
      } = await request(address, {
        dispatcher: agent,
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(authorization !== undefined && { authorization }) },
        body,
        signal: AbortSignal.any([timeout, this.#closing.signal]),
      });
      let text = '';
      for await (const chunk of answer.setEncoding('utf8') as AsyncIterable<string>) {
        text += chunk;
        if (text.length > mostAnswerCharacters) break;
      }
      return {
        status: statusCode,
        message: messageOf(text),
        theirNow: epochSeconds(headers['date']),
        retryAfterSeconds: retryAfterSeconds(headers),
      };
    } catch (cause) {
      if (timeout.aborted) throw new Failure('target-timeout', `no whole answer within ${timeoutSeconds} s`, { cause });
      throw postFailure(cause);
    }
  }

  /** Calls off what is going on. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#agent?.destroy();
  }

  /** The connection with the certificates and secrets of now. */
  async #connect(): Promise<{ readonly authorization: string | undefined; readonly agent: Agent }> {
    await this.#files.refresh();
    const { version, authorization, tls } = this.#files.access;
    if (!this.#agent || version !== this.#accessVersion) {
      await this.#agent?.destroy();
      // Half of the time is for getting there, so that a whole one without an answer was spent behind an open door.
      const connect = { ...(tls as object), timeout: this.#settings.timeoutSeconds * 500 };
      // What else may take long is bounded by the signal of each request alone.
      this.#agent = new Agent({ connect, connections: 1, headersTimeout: 0, bodyTimeout: 0 });
      this.#accessVersion = version;
    }
    return { authorization, agent: this.#agent };
  }
}

/** A JSON text, the `message` of an object, or a plain text; no page of whatever stands in between. */
function messageOf(text: string): string {
  try {
    const said = JSON.parse(text) as string | { readonly message?: unknown } | null;
    const message = typeof said === 'object' ? said?.message : said;
    return typeof message === 'string' ? shortened(message) : '';
  } catch {
    return text.trimStart().startsWith('<') ? '' : shortened(text);
  }
}

function shortened(text: string): string {
  return visible(text.trim().slice(0, 200));
}

function postFailure(cause: unknown): Failure {
  const { code } = cause as { readonly code?: string };
  if (code === 'UND_ERR_SOCKET') {
    return new Failure('target-unreachable', 'the connection was closed without an answer', { cause });
  }
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return new Failure('target-timeout', 'no connection', { cause });
  const failure = connectionFailure(cause);
  if (failure.hint?.includes('scheme')) {
    return new Failure(failure.code, failure.message, { hint: 'write http:// in its url', cause });
  }
  return failure;
}
