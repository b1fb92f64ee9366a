import type { ListenSettings, TokenSettings } from '../config/config.js';
import { type AccessToken, readToken } from '../config/tokens.js';
import { failureOf } from '../domain/failure.js';
import type { Authentication } from '../server/authentication.js';
import type { Notices } from './notices.js';

/** Who may look at the page, as the configuration in force says it at every request. */
export function pageAccess(listen: () => ListenSettings, notices: Notices): Authentication {
  const { authentication } = listen();
  if (authentication.kind === 'none') return authentication;
  return {
    kind: 'tokens',
    tokens: () => {
      const current = listen().authentication;
      return current.kind === 'tokens' ? current.tokens.flatMap((token) => readableToken(token, notices)) : [];
    },
  };
}

/** A token whose file has gone lets nobody in. */
function readableToken(settings: TokenSettings, notices: Notices): readonly AccessToken[] {
  const report = (trouble: string | undefined) => {
    const token = `token ${settings.name}`;
    notices.report(token, trouble, `${token} can be read again`);
  };
  try {
    const token = readToken(settings, process.env);
    report(undefined);
    return [token];
  } catch (error) {
    report(`${failureOf(error).message}; it lets nobody in`);
    return [];
  }
}
