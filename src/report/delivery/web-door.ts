import { readFile } from 'node:fs/promises';
import { Failure } from '../../domain/failure.js';
import { systemReason } from '../../domain/system-reason.js';
import { JsonPoster, type PosterSettings, type PostAnswer } from '../../scrape/http/json-poster.js';
import type { DeliveryOutcome } from './delivery-outcome.js';

/** Where something is posted to. */
export interface WebPlace extends PosterSettings {
  readonly url: { readonly kind: 'file'; readonly file: string } | { readonly kind: 'open'; readonly url: string };
}

/**
 * Posts JSON to one address, once; never fails.
 *
 * 429 and 5xx are tried again, as late as is asked for; 401 and 403 wait for somebody who mends the login; any other 4xx is
 * for good. A redirect is not followed: it would carry a report to somebody else.
 */
export async function postOnce({ url, timeoutSeconds, access }: WebPlace, body: string): Promise<DeliveryOutcome> {
  const poster = new JsonPoster({ timeoutSeconds, access });
  try {
    return outcomeOf(await poster.post(await addressOf(url), body), url.kind === 'file');
  } catch (error) {
    if (error instanceof Failure) return failedOf(error);
    throw error;
  } finally {
    await poster.close();
  }
}

function outcomeOf({ status, message, retryAfterSeconds }: PostAnswer, isSecretAddress: boolean): DeliveryOutcome {
  if (status >= 200 && status < 300) return { kind: 'sent' };
  const reason = `answered with status ${status}${message === '' ? '' : `: ${message}`}`;
  const again = { kind: 'failed', reason, unanswered: false } as const;
  const patience = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  if (status === 408 || status === 429 || status >= 500) return { ...again, waitsFor: 'server', ...patience };
  // Where the address is the secret, there is no login that could be mended.
  if ((status === 401 || status === 403) && !isSecretAddress) return { ...again, waitsFor: 'operator' };
  return { kind: 'refused', reason };
}

function failedOf({ code, message, cause }: Failure): DeliveryOutcome {
  const isConnected = (cause as { readonly code?: string } | undefined)?.code !== 'UND_ERR_CONNECT_TIMEOUT';
  const unanswered = isConnected && (code === 'target-timeout' || /without an answer|was reset/.test(message));
  const needsSomebody = code === 'file-unreadable' || code === 'target-untrusted' || code === 'bad-configuration';
  return { kind: 'failed', reason: message, waitsFor: needsSomebody ? 'operator' : 'server', unanswered };
}

async function addressOf(url: WebPlace['url']): Promise<string> {
  if (url.kind === 'open') return url.url;
  const text = await readFile(url.file, 'utf8').catch((cause: unknown) => {
    throw new Failure('file-unreadable', `${url.file} cannot be read: ${systemReason(cause)}`, { cause });
  });
  const address = text.trim();
  // The address is the secret: no message repeats it.
  if (/^https?:\/\/[^\s@]+$/.test(address) && URL.canParse(address)) return address;
  throw new Failure('bad-configuration', `${url.file} holds no address of a web server on one line`);
}
