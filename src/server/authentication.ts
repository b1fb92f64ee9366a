import { createHash, timingSafeEqual } from 'node:crypto';
import { isLoopback } from '../config/loopback.js';
import type { AccessToken } from '../config/tokens.js';
import { Failure } from '../domain/failure.js';

/** Who asks, and what that allows: to look, or to change things too. */
export type Identity = Pick<AccessToken, 'name' | 'role'>;

/**
 * Who may ask. `none` is for loopback, elsewhere only where somebody has `explicit`ly written that nobody is to be asked.
 *
 * `tokens` is called at every request, so that a reloaded configuration counts at once; an empty list lets nobody in.
 */
export type Authentication =
  | { readonly kind: 'none'; readonly explicit: boolean }
  | { readonly kind: 'tokens'; readonly tokens: () => readonly AccessToken[] };

/**
 * Refuses to show budgets and addresses of every service to a whole network by accident.
 *
 * @throws Failure `bad-configuration`
 */
export function assertSafeListen(address: string, authentication: Authentication): void {
  if (authentication.kind === 'tokens' || authentication.explicit || isLoopback(address)) return;
  throw new Failure(
    'bad-configuration',
    `${address} can be reached from other machines, and nobody would be asked for a token`,
    { hint: 'configure bearer tokens, listen on 127.0.0.1, or write `authentication: none` if that is what you want' },
  );
}

/** The token that was given, or undefined; takes equally long whichever token it is, or nearly is. */
export function findToken(given: string, tokens: readonly AccessToken[]): AccessToken | undefined {
  const digest = tokenDigest(given);
  let found: AccessToken | undefined;
  for (const token of tokens) {
    if (timingSafeEqual(digest, tokenDigest(token.token))) found = token;
  }
  return found;
}

/** The token that stands in an `Authorization` header. */
export function bearerToken(header: string | undefined, tokens: readonly AccessToken[]): AccessToken | undefined {
  const given = /^Bearer +(\S+)$/i.exec(header ?? '')?.[1];
  return given === undefined ? undefined : findToken(given, tokens);
}

/** Digests are of one length, which a comparison in constant time asks for. */
export function tokenDigest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
