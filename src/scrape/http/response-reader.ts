import { Failure } from '../../domain/failure.js';
import type { BodyBuffer } from './body-buffer.js';

const longestHeadBytes = 64 * 1024;
const longestChunkLineBytes = 4 * 1024;
const mostInterimHeads = 10;
/** What an answer may hold beside its body and as much again: heads and trailers. */
const freeFramingBytes = 2 * longestHeadBytes;

/** Status and headers of an answer; header names in lower case, repeated ones joined with a comma. */
export interface ResponseHead {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly keepAlive: boolean;
}

type Part = 'head' | 'counted' | 'until-close' | 'chunk-size' | 'chunk' | 'chunk-end' | 'trailer' | 'done';

/**
 * Takes the bytes of one HTTP/1.1 answer as they arrive and puts its body together.
 *
 * Everything that does not add up is refused: a body shorter than announced, chunks that do not chain, two lengths.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9112
 */
export class ResponseReader {
  readonly #body: BodyBuffer;
  readonly #bodyLimitBytes: number;
  #part: Part = 'head';
  /** Bytes of the head or of a chunk's size line that are not complete yet. */
  #line = Buffer.alloc(0);
  #missing = 0;
  #wireBytes = 0;
  #interimHeads = 0;
  #head: ResponseHead | undefined;

  constructor(body: BodyBuffer, bodyLimitBytes: number) {
    this.#body = body;
    this.#bodyLimitBytes = bodyLimitBytes;
  }

  get head(): ResponseHead | undefined {
    return this.#head;
  }

  get done(): boolean {
    return this.#part === 'done';
  }

  /** Whether the answer itself says where it ends; if not, nobody can tell a whole body from a cut one. */
  get delimited(): boolean {
    return this.#part !== 'until-close';
  }

  /**
   * Reads on.
   *
   * @returns whether bytes are left over after the end, which no server may send
   * @throws Failure `body-malformed`, `body-too-large`
   */
  push(chunk: Buffer): boolean {
    let rest = chunk;
    while (rest.length > 0 && this.#part !== 'done') rest = this.#step(rest);
    this.#wireBytes += chunk.length - rest.length;
    this.#refuseFlood();
    return rest.length > 0;
  }

  /**
   * The server has closed the connection.
   *
   * @throws Failure `body-malformed` when the answer is not whole
   */
  end(): void {
    if (this.#part === 'done' || this.#part === 'until-close') return;
    if (this.#part === 'head') throw malformed('the connection was closed before the end of the headers');
    const expected = this.#part === 'counted' ? ` of ${this.#body.length + this.#missing}` : '';
    throw malformed(`the body was cut off after ${this.#body.length}${expected} bytes`);
  }

  #step(bytes: Buffer): Buffer {
    switch (this.#part) {
      case 'head':
        return this.#takeHead(bytes);
      case 'counted':
      case 'chunk':
        return this.#takeCounted(bytes);
      case 'until-close':
        this.#append(bytes);
        return bytes.subarray(bytes.length);
      case 'chunk-size':
      case 'chunk-end':
      case 'trailer':
        return this.#takeChunkLine(bytes);
      case 'done':
        return bytes;
    }
  }

  #takeHead(bytes: Buffer): Buffer {
    const known = this.#line.length;
    const all = known === 0 ? bytes : Buffer.concat([this.#line, bytes]);
    const end = all.indexOf('\r\n\r\n', Math.max(0, known - 3), 'latin1');
    if (end > longestHeadBytes || (end < 0 && all.length > longestHeadBytes)) throw malformed('the headers do not end');
    if (end < 0) {
      this.#line = Buffer.from(all);
      return bytes.subarray(bytes.length);
    }
    this.#line = Buffer.alloc(0);
    const head = parseHead(all.toString('latin1', 0, end));
    const isInterim = head.status >= 100 && head.status < 200;
    if (!isInterim) this.#beginBody(head);
    else if (++this.#interimHeads > mostInterimHeads) throw malformed('the interim answers do not end');
    return all.subarray(end + 4);
  }

  #beginBody(head: ResponseHead): void {
    this.#head = head;
    const coding = head.headers.get('transfer-encoding');
    const length = head.headers.get('content-length');
    if (coding !== undefined) {
      if (length !== undefined || coding.toLowerCase() !== 'chunked')
        throw malformed('the length of the body is ambiguous');
      this.#part = 'chunk-size';
    } else if (length === undefined) {
      this.#part = 'until-close';
    } else {
      if (!/^\d{1,15}$/.test(length)) throw malformed(`Content-Length is no number: ${length.slice(0, 40)}`);
      this.#missing = Number(length);
      if (this.#missing > this.#bodyLimitBytes) throw tooLarge(this.#bodyLimitBytes);
      this.#part = this.#missing === 0 ? 'done' : 'counted';
    }
  }

  #takeCounted(bytes: Buffer): Buffer {
    const taken = Math.min(bytes.length, this.#missing);
    this.#append(taken === bytes.length ? bytes : bytes.subarray(0, taken));
    this.#missing -= taken;
    if (this.#missing === 0) this.#part = this.#part === 'chunk' ? 'chunk-end' : 'done';
    return bytes.subarray(taken);
  }

  #takeChunkLine(bytes: Buffer): Buffer {
    const newline = bytes.indexOf(0x0a);
    const taken = newline < 0 ? bytes.length : newline + 1;
    this.#line = Buffer.concat([this.#line, bytes.subarray(0, taken)]);
    if (this.#line.length > longestChunkLineBytes) throw malformed('a chunk of the body has no size');
    if (newline >= 0) {
      const line = this.#line.toString('latin1').replace(/\r?\n$/, '');
      this.#line = Buffer.alloc(0);
      this.#endChunkLine(line);
    }
    return bytes.subarray(taken);
  }

  #endChunkLine(line: string): void {
    if (this.#part === 'trailer') {
      if (line === '') this.#part = 'done';
    } else if (this.#part === 'chunk-end') {
      if (line !== '') throw malformed('a chunk of the body is longer than announced');
      this.#part = 'chunk-size';
    } else {
      const size = /^([0-9a-fA-F]{1,12})[ \t]*(?:;.*)?$/.exec(line)?.[1];
      if (size === undefined) throw malformed('a chunk of the body has no size');
      this.#missing = parseInt(size, 16);
      this.#part = this.#missing === 0 ? 'trailer' : 'chunk';
    }
  }

  /** Chunks of one byte, trailers without an end: they are never too large a body, but as much work as one. */
  #refuseFlood(): void {
    const framingBytes = this.#wireBytes - this.#body.length;
    if (framingBytes > freeFramingBytes + this.#body.length) throw malformed('the answer is framing for the most part');
  }

  #append(bytes: Buffer): void {
    if (this.#body.length + bytes.length > this.#bodyLimitBytes) throw tooLarge(this.#bodyLimitBytes);
    this.#body.append(bytes);
  }
}

function parseHead(text: string): ResponseHead {
  const [statusLine, ...lines] = text.split('\r\n');
  const match = /^HTTP\/1\.([01]) (\d{3})(?: |$)/.exec(statusLine!);
  if (!match) throw malformed('the answer is not HTTP');
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon <= 0) throw malformed('a header line has no name');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    const before = headers.get(name);
    headers.set(name, before === undefined || before === value ? value : `${before}, ${value}`);
  }
  const connection = headers.get('connection')?.toLowerCase() ?? '';
  const keepAlive = match[1] === '1' ? !connection.includes('close') : connection.includes('keep-alive');
  return { status: Number(match[2]), headers, keepAlive };
}

function malformed(what: string): Failure {
  return new Failure('body-malformed', what);
}

function tooLarge(limitBytes: number): Failure {
  return new Failure('body-too-large', `the body is larger than ${limitBytes} bytes`, {
    hint: 'Raise the limit, or let the target filter what it sends.',
  });
}
