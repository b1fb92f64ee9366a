import type { Request, RequestHandler } from 'express';
import { Failure } from '../domain/failure.js';

const readingMethods = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Refuses changes that a page of another site asks for through its visitor's browser.
 *
 * A session's cookie is `SameSite=Strict`, but where nobody has to log in there is no cookie to hold back. What browsers say
 * of where a request comes from cannot be forged by a page; programs say nothing, and have no visitor to abuse.
 *
 * @see https://owasp.org/www-community/attacks/csrf
 */
export function sameOriginGuard(): RequestHandler {
  return (request, _response, next) => {
    if (readingMethods.includes(request.method) || isOurs(request)) {
      next();
      return;
    }
    throw new Failure('forbidden', 'another site asks for this change', {
      hint: 'open the page of meshslo itself; a proxy in front must pass the host on in Host or X-Forwarded-Host',
    });
  };
}

function isOurs(request: Request): boolean {
  const site = request.get('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const origin = request.get('origin');
  return origin === undefined || ownHosts(request).some((host) => host === hostOf(origin));
}

/** Names under which we were asked; a page of another site cannot set either header. */
function ownHosts(request: Request): readonly string[] {
  const forwarded = request.get('x-forwarded-host')?.split(',')[0]?.trim();
  return [request.get('host'), forwarded].filter((host) => host !== undefined).map((host) => host.toLowerCase());
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
