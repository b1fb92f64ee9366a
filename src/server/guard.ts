import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { ipKeyGenerator } from 'express-rate-limit';
import { isLoopback } from '../config/loopback.js';
import type { AccessToken } from '../config/tokens.js';
import { Failure } from '../domain/failure.js';
import type { Authentication, Identity } from './authentication.js';
import { bearerToken } from './authentication.js';
import type { Sessions } from './sessions.js';

export const sessionCookie = 'meshslo_session';

/**
 * Refuses requests to a loopback address under a foreign name.
 *
 * A page on the internet whose name suddenly resolves to 127.0.0.1 could otherwise read everything from its visitor's
 * machine (DNS rebinding). Where tokens are asked for there is nothing to gain, and a proxy in front may use its own name.
 */
export function loopbackHostGuard(): RequestHandler {
  return (request, _response, next) => {
    const host = /^(\[[^\]]*\]|[^:]*)(?::\d+)?$/.exec(request.headers.host ?? '')?.[1];
    if (host !== undefined && isLoopback(host)) next();
    else {
      throw new Failure('forbidden', 'this address is known by a loopback name only, such as 127.0.0.1', {
        hint: 'ask http://127.0.0.1, or configure bearer tokens',
      });
    }
  };
}

/** Finds out who asks, by a token or a session's cookie, and refuses nobody. */
export function identification(authentication: Authentication, sessions: Sessions): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    const find = () =>
      authentication.kind === 'tokens' ? tokenOf(request, authentication.tokens(), sessions) : undefined;
    const token = find();
    if (token) {
      response.locals['identity'] = { name: token.name, role: token.role } satisfies Identity;
      response.locals['isStillKnown'] = () => find() !== undefined;
    }
    next();
  };
}

/** Whether whoever asked would still be let in: sessions end, and tokens are taken back, while a stream is open. */
export function isStillKnown(response: Response): boolean {
  const find = response.locals['isStillKnown'] as (() => boolean) | undefined;
  return find?.() ?? true;
}

/** Who is counted as one client: an address (a network of IPv6), and the name of the token where there is one. */
export function clientOf(request: Request, response: Response): string {
  return `${identityOf(response)?.name ?? ''} ${ipKeyGenerator(request.socket.remoteAddress ?? '')}`;
}

/** Lets in whom {@link identification} knows, and refuses everybody else. */
export function identityGuard(authentication: Authentication): RequestHandler {
  return (_request: Request, response: Response, next: NextFunction) => {
    if (authentication.kind === 'none' || identityOf(response)) {
      next();
      return;
    }
    response.set('WWW-Authenticate', 'Bearer realm="meshslo"');
    throw new Failure('unauthenticated', 'this needs a valid token', {
      hint: 'send `Authorization: Bearer <token>`, or log in with a browser',
    });
  };
}

/** Who asked; undefined where nobody has to say so. */
export function identityOf(response: Response): Identity | undefined {
  return response.locals['identity'] as Identity | undefined;
}

/** The session's id in a request's cookies. */
export function sessionIdOf(request: Request): string | undefined {
  const cookies = (request.headers.cookie ?? '').split(/; */);
  return cookies.find((cookie) => cookie.startsWith(`${sessionCookie}=`))?.slice(sessionCookie.length + 1);
}

/** A token in the header decides alone: a wrong one is not made good by a cookie. */
function tokenOf(request: Request, tokens: readonly AccessToken[], sessions: Sessions): AccessToken | undefined {
  const { authorization } = request.headers;
  if (authorization !== undefined) return bearerToken(authorization, tokens);
  const sessionId = sessionIdOf(request);
  return sessionId === undefined ? undefined : sessions.tokenOf(sessionId, tokens);
}
