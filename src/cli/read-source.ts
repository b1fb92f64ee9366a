import { createReadStream } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { Failure } from '../domain/failure.js';
import { starUserInfo } from '../domain/user-info.js';
import { acceptedFormats } from '../scrape/http/accepted-formats.js';

/** What a source answered. */
export interface SourceBody {
  readonly bytes: Uint8Array;
  readonly contentType: string | undefined;
}

export interface SourceLimits {
  /** On the wire or on disk, and again after decompression. */
  readonly bodyBytes: number;
  readonly timeoutSeconds: number;
}

/**
 * The body behind a URL, in a file, or on the standard input (`-`), without its gzip; bounded in size and time.
 *
 * @throws Failure `target-unreachable`, `target-timeout`, `target-status`, `file-unreadable`, `body-too-large`, `body-malformed`
 */
export async function readSource(source: string, limits: SourceLimits): Promise<SourceBody> {
  if (isUrl(source)) return fetchSource(source, limits);
  const stream = source === '-' ? process.stdin : createReadStream(source);
  const bytes = await gather(stream, limits).catch((cause: unknown) => {
    if (cause instanceof Failure) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : message;
    throw new Failure('file-unreadable', `${source}: ${why}`, {
      hint: 'name a URL, a file, or - for the input',
      cause,
    });
  });
  return { bytes: withoutGzip(bytes, limits), contentType: undefined };
}

/** The source as it may be told: a URL without its user. */
export function shownSource(source: string): string {
  return isUrl(source) ? starUserInfo(source) : source;
}

function isUrl(source: string): boolean {
  return /^https?:\/\//i.test(source);
}

async function fetchSource(source: string, limits: SourceLimits): Promise<SourceBody> {
  const url = starUserInfo(source);
  const { address, authorization } = withoutUser(source);
  const headers = { accept: acceptedFormats, ...(authorization && { authorization }) };
  const signal = AbortSignal.timeout(limits.timeoutSeconds * 1000);
  const response = await fetch(address, { headers, redirect: 'manual', signal }).catch((cause: unknown) => {
    throw refusal(url, cause, limits, 'target-unreachable', 'cannot be reached');
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Failure('target-status', `${url} answered with status ${response.status}`);
  }
  const bytes = await gather(response.body ?? [], limits).catch((cause: unknown) => {
    throw refusal(url, cause, limits, 'body-malformed', 'broke off in the middle of its answer');
  });
  // `fetch` has taken the gzip off, piece by piece, so its limit held after decompression.
  return { bytes, contentType: response.headers.get('content-type') ?? undefined };
}

/** `fetch` takes no address with a user in it; the user goes into a header, as browsers do it. */
function withoutUser(source: string): { readonly address: URL; readonly authorization: string | undefined } {
  if (!URL.canParse(source)) throw new Failure('bad-arguments', 'the URL is none');
  const address = new URL(source);
  const user = `${address.username}:${address.password}`;
  address.username = address.password = '';
  if (user === ':') return { address, authorization: undefined };
  return { address, authorization: `Basic ${Buffer.from(percentDecoded(user)).toString('base64')}` };
}

/** A `%` that encodes nothing stands for itself. */
function percentDecoded(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (bytes) => Buffer.from(bytes.replaceAll('%', ''), 'hex').toString());
}

function refusal(
  url: string,
  cause: unknown,
  { timeoutSeconds }: SourceLimits,
  code: 'target-unreachable' | 'body-malformed',
  what: string,
): Failure {
  if (cause instanceof Failure) return cause;
  const error = cause as Error & { readonly cause?: { readonly code?: string; readonly message?: string } };
  if (error.name === 'TimeoutError') {
    return new Failure('target-timeout', `${url} did not answer within ${timeoutSeconds} s`, { cause });
  }
  const why = error.cause?.code ?? error.cause?.message ?? error.message;
  return new Failure(code, `${url} ${what}: ${why}`, { cause });
}

async function gather(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { bodyBytes }: SourceLimits,
): Promise<Uint8Array> {
  const gathered: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces) {
    length += piece.length;
    if (length > bodyBytes) throw tooLarge(bodyBytes);
    gathered.push(piece);
  }
  return Buffer.concat(gathered);
}

function withoutGzip(bytes: Uint8Array, { bodyBytes }: SourceLimits): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: bodyBytes });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(bodyBytes);
    throw new Failure('body-malformed', 'the gzip is damaged', { cause });
  }
}

function tooLarge(limitBytes: number): Failure {
  return new Failure('body-too-large', `larger than ${limitBytes} bytes`, { hint: 'this is no body of metrics' });
}
