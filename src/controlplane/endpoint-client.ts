import { gunzipSync } from 'node:zlib';
import type { Clock, EpochSeconds } from '../domain/clock.js';
import { Failure } from '../domain/failure.js';
import { type Exposition } from '../exposition/exposition.js';
import { readExposition } from '../exposition/read-exposition.js';
import type { Target } from '../scrape/discovery/target.js';
import { acceptedFormats } from '../scrape/http/accepted-formats.js';
import type { AccessFiles } from '../scrape/http/access.js';
import type { BodyBuffers } from '../scrape/http/body-buffer.js';
import type { Answer } from '../scrape/http/exchange.js';
import { getRequest } from '../scrape/http/get-request.js';
import { metricsBody } from '../scrape/http/metrics-body.js';
import { TargetConnection } from '../scrape/http/target-connection.js';
import { MetricValues } from './metric-values.js';
import { wantedLines } from './wanted-lines.js';

/** Answers about thousands of proxies are large; what is larger is no answer. */
const largestBodyBytes = 64 * 1024 * 1024;
const largestJsonBytes = 256 * 1024 * 1024;

/** What a client needs. */
export interface EndpointClientParts {
  readonly target: Target;
  readonly access: AccessFiles;
  readonly buffers: BodyBuffers;
  readonly timeoutSeconds: number;
  readonly clock: Pick<Clock, 'monotonic'>;
}

/** What one question may cost; where nothing is said, what answers may cost at most. */
export interface Question {
  /** Makes it a POST with this text. */
  readonly posted?: string;
  /** Of the document, once it is unpacked. */
  readonly mostBytes?: number;
}

/** A document and the moment at which it was made, by the clock of its maker; undefined where that tells no time. */
export interface Dated<T> {
  readonly value: T;
  readonly at: EpochSeconds | undefined;
}

/** A document, and how large its text was. */
export interface Sized<T> extends Dated<T> {
  readonly bytes: number;
}

/** Whoever is asked for documents, over one kept-alive connection and one after the other. */
export class EndpointClient {
  readonly target: Target;
  readonly #parts: EndpointClientParts;
  #connection: TargetConnection | undefined;
  #accessVersion = 0;
  /** By when what is asked now must be answered, on the clock that does not jump. */
  #deadline: number | undefined;
  #isClosed = false;

  constructor(parts: EndpointClientParts) {
    this.target = parts.target;
    this.#parts = parts;
  }

  /** `host:port`, as people write it. */
  get address(): string {
    const { host, port } = this.target;
    return `${host.includes(':') ? `[${host}]` : host}:${port}`;
  }

  /** So long one answer may take. */
  get timeoutSeconds(): number {
    return this.#parts.timeoutSeconds;
  }

  /** @throws Failure of any kind that a target can have; `unauthenticated` and `forbidden` where it lets nobody in */
  async metrics(path: string): Promise<Dated<Exposition>> {
    return this.#ask(path, acceptedFormats, undefined, (answer, bytes) => {
      // The samples read their labels out of the body later, and the buffer goes to another answer.
      const body = Buffer.from(metricsBody(answer, bytes, { decompressedBytes: largestBodyBytes }));
      return readExposition(body, { contentType: answer.head.headers.get('content-type'), lastLine: 'drop' });
    });
  }

  /** Values of a few families of a body of metrics. Throws like {@link metrics}. */
  async wantedMetrics(path: string, names: readonly string[]): Promise<MetricValues> {
    const { value } = await this.#ask(path, acceptedFormats, undefined, (answer, bytes) => {
      const body = metricsBody(answer, bytes, { decompressedBytes: largestBodyBytes });
      return readExposition(wantedLines(body, names), { format: 'prometheus-text' });
    });
    return new MetricValues(value);
  }

  /** A JSON document. Throws like {@link metrics}. */
  async json(path: string, { posted, mostBytes = largestJsonBytes }: Question = {}): Promise<Sized<unknown>> {
    let bytes = 0;
    const read = (answer: Answer, body: Uint8Array): unknown => {
      const text = textOf(answer, body, mostBytes);
      bytes = text.length;
      return parsed(text);
    };
    const dated = await this.#ask(path, 'application/json', posted, read, Math.min(mostBytes, largestBodyBytes));
    return { ...dated, bytes };
  }

  /** A document of a few words. Throws like {@link metrics}. */
  async text(path: string): Promise<Dated<string>> {
    return this.#ask(path, '*/*', undefined, (answer, bytes) => textOf(answer, bytes, largestJsonBytes));
  }

  /** Lets some questions take so long together: what is asked later throws `target-timeout`. */
  async within<T>(seconds: number, ask: () => Promise<T>): Promise<T> {
    this.#deadline = this.#parts.clock.monotonic() + seconds;
    try {
      return await ask();
    } finally {
      this.#deadline = undefined;
    }
  }

  /** Ends what is under way; it can be asked again. */
  interrupt(): void {
    this.#connection?.close();
    this.#connection = undefined;
  }

  /** Ends for good: whoever goes on asking reaches nobody, and opens nothing. */
  close(): void {
    this.#isClosed = true;
    this.interrupt();
  }

  async #ask<T>(
    path: string,
    accept: string,
    posted: string | undefined,
    read: (answer: Answer, bytes: Uint8Array) => T,
    bodyBytes = largestBodyBytes,
  ): Promise<Dated<T>> {
    if (this.#isClosed) throw new Failure('target-unreachable', 'it is not asked any more');
    const { target, access: files, buffers } = this.#parts;
    const timeoutSeconds = this.#secondsLeft();
    if (timeoutSeconds <= 0) throw new Failure('target-timeout', 'has not told everything in time');
    const access = files.access;
    if (access.version !== this.#accessVersion) this.interrupt();
    this.#accessVersion = access.version;
    const { host, port, scheme } = target;
    this.#connection ??= new TargetConnection({ host, port, tls: scheme === 'https' ? access.tls : undefined });
    const request = requestOf(path, this.address, posted, {
      Accept: accept,
      'Accept-Encoding': 'gzip',
      Authorization: access.authorization,
    });
    const body = buffers.lend();
    try {
      const answer = await this.#connection.get(request, { timeoutSeconds, bodyBytes }, body);
      refuse(answer.head.status);
      const date = Date.parse(answer.head.headers.get('date') ?? '');
      return { value: read(answer, body.bytes), at: Number.isNaN(date) ? undefined : date / 1000 };
    } finally {
      buffers.release(body);
    }
  }

  #secondsLeft(): number {
    const { timeoutSeconds, clock } = this.#parts;
    return this.#deadline === undefined ? timeoutSeconds : Math.min(timeoutSeconds, this.#deadline - clock.monotonic());
  }
}

function requestOf(
  path: string,
  host: string,
  posted: string | undefined,
  headers: Readonly<Record<string, string | undefined>>,
): string {
  if (posted === undefined) return getRequest(path, host, headers);
  // Requests are written byte by byte: what is no ASCII stands in escapes.
  const ascii = posted.replace(/[^\x20-\x7e]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const head = getRequest(path, host, {
    ...headers,
    'Content-Type': 'application/json',
    'Content-Length': String(ascii.length),
  });
  return `${head.replace(/^GET/, 'POST')}${ascii}`;
}

/** Whether somebody has answered, if only that it will not. */
export function isAnswer({ code }: Failure): boolean {
  return code !== 'target-timeout' && code !== 'target-unreachable' && code !== 'target-untrusted';
}

function refuse(status: number): void {
  if (status === 401) throw new Failure('unauthenticated', 'answered with status 401: it wants to know who asks');
  if (status === 403) throw new Failure('forbidden', 'answered with status 403: whoever asks has no right to this');
  if (status !== 200) throw new Failure('target-status', `answered with status ${status}`);
}

function textOf(answer: Answer, bytes: Uint8Array, mostBytes: number): string {
  if (!answer.delimited) throw new Failure('body-malformed', 'the answer does not say where it ends');
  const decoder = new TextDecoder();
  if (answer.head.headers.get('content-encoding')?.toLowerCase() !== 'gzip') return decoder.decode(bytes);
  try {
    return decoder.decode(gunzipSync(bytes, { maxOutputLength: mostBytes }));
  } catch (cause) {
    throw new Failure('body-malformed', 'the gzip body is damaged or too large', { cause });
  }
}

/** Messages of the parser quote the document, which may hold secrets. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Failure('body-malformed', 'answered with something that is no JSON');
  }
}
