import { z } from 'zod';
import { Failure } from '../domain/failure.js';

/** The part of an HTTP answer that tells what it is. */
export interface RawAnswer {
  readonly status: number;
  /** Parsed where it is JSON, else the text. */
  readonly data: unknown;
}

/** What the server says of a question that it does not answer. */
const refusal = z.looseObject({ status: z.literal('error'), error: z.string().optional() });

const success = z.looseObject({ status: z.literal('success'), data: z.unknown() });

/** The only form of values that we ask for. */
const vector = z.looseObject({
  resultType: z.literal('vector'),
  result: z.array(
    z.looseObject({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) }),
  ),
});

const longestReason = 300;

/**
 * Nothing, where an answer is what the API promises.
 *
 * @throws Failure where it is not: whoever answers may be a login page, a proxy, or something else altogether
 */
export function checkAnswer({ status, data }: RawAnswer, address: string, path: string): void {
  if (status === 401) {
    const hint = 'name the file of its token (--token-file), or a user and the file of the password';
    throw new Failure('unauthenticated', `${address} asks for a login`, { hint });
  }
  if (status === 403) throw new Failure('forbidden', `${address} does not let us ask for /api/v1/${path}`);
  if (status === 404 || status === 405 || status === 501) {
    const hint = 'the address of the server, with its prefix: http://mimir.example/prometheus';
    throw new Failure('not-found', `${address} has no /api/v1/${path}`, { hint });
  }
  if (status >= 300 && status < 400) {
    const hint = 'name the address that it leads to; a login page is no server of metrics';
    throw new Failure('target-status', `${address} leads elsewhere (status ${status})`, { hint });
  }
  const refused = refusal.safeParse(data);
  if (status < 200 || status > 299 || refused.success) {
    const reason = refused.data?.error?.slice(0, longestReason);
    throw new Failure('target-status', `${address} answered ${status}${reason === undefined ? '' : `: ${reason}`}`);
  }
  const answer = success.safeParse(data);
  if (!answer.success || (path === 'query' && !vector.safeParse(answer.data.data).success)) {
    throw new Failure('body-malformed', `what answers at ${address} does not talk like a Prometheus`, {
      hint: 'is it the address of the server, or of something before it?',
    });
  }
}
