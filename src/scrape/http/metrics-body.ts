import { Failure } from '../../domain/failure.js';
import { Gunzip } from './gunzip.js';
import type { Answer } from './exchange.js';

const textTypes = new Set(['text/plain', 'application/openmetrics-text']);

const gunzip = new Gunzip();

/**
 * The metrics text of an answer, decompressed; refuses what is no metrics, or not all of them. It lasts until the next call.
 *
 * @throws Failure `target-status`, `body-malformed`, `body-too-large`
 */
export function metricsBody(
  answer: Answer,
  bytes: Uint8Array,
  limits: { readonly decompressedBytes: number },
): Uint8Array {
  const { status, headers } = answer.head;
  refuseStatus(status);
  refuseType(headers.get('content-type'));
  const coding = headers.get('content-encoding')?.toLowerCase() ?? 'identity';
  if (coding === 'gzip' || coding === 'x-gzip') return decompress(bytes, limits.decompressedBytes);
  if (coding !== 'identity')
    throw new Failure('body-malformed', `answered in the coding ${coding.slice(0, 40)}, not in gzip`);
  if (bytes.length > limits.decompressedBytes) throw tooLarge(limits.decompressedBytes);
  if (!answer.delimited && !endsOpenMetrics(bytes)) {
    throw new Failure('body-malformed', 'the answer does not say where it ends, so a cut one would go unnoticed', {
      hint: 'The target must send Content-Length, chunks, gzip or OpenMetrics.',
    });
  }
  return bytes;
}

function refuseStatus(status: number): void {
  if (status === 200) return;
  const redirected = status >= 300 && status < 400;
  throw new Failure('target-status', `answered with status ${status}`, {
    ...(redirected && { hint: 'Redirects are not followed; name the final address.' }),
    ...((status === 401 || status === 403) && { hint: 'Check the token or the password of this job.' }),
  });
}

function refuseType(contentType: string | undefined): void {
  const type = contentType?.split(';', 1)[0]!.trim().toLowerCase();
  if (type === undefined || type === '' || textTypes.has(type)) return;
  throw new Failure('body-malformed', `answered with ${type.slice(0, 60)}, not with metrics`, {
    hint: 'Check the path: metrics come as text/plain or application/openmetrics-text.',
  });
}

/** Sidecars' metrics shrink to about a thirtieth. What grows much more than that was made to keep its reader busy. */
const mostGrowth = 100;
/** Small enough to read in passing, however much it has grown. */
const harmlessBytes = 8 * 1024 * 1024;

function decompress(bytes: Uint8Array, limitBytes: number): Uint8Array {
  const plausibleBytes = Math.max(harmlessBytes, bytes.length * mostGrowth);
  try {
    return gunzip.decompress(bytes, Math.min(limitBytes, plausibleBytes));
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') {
      if (limitBytes <= plausibleBytes) throw tooLarge(limitBytes);
      throw new Failure('body-too-large', `the gzip body grows to more than ${mostGrowth} times its size`, {
        hint: 'No metrics of a proxy do; look at what this target sends.',
      });
    }
    throw new Failure('body-malformed', 'the gzip body is damaged', { cause: error });
  }
}

function tooLarge(limitBytes: number): Failure {
  return new Failure('body-too-large', `the decompressed body is larger than ${limitBytes} bytes`, {
    hint: 'Raise the limit, or let the target filter what it sends.',
  });
}

function endsOpenMetrics(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(-8)).toString('latin1').trimEnd().endsWith('\n# EOF');
}
