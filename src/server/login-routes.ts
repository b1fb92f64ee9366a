import type { Request, RequestHandler } from 'express';
import express, { Router } from 'express';
import type { Authentication } from './authentication.js';
import { findToken } from './authentication.js';
import { sessionCookie, sessionIdOf } from './guard.js';
import { noteRefusedLogin } from './rate-limits.js';
import type { Sessions } from './sessions.js';
import { sessionSeconds } from './sessions.js';

/** A token is some dozen characters. */
const mostFormBytes = 4096;

interface LoginParts {
  readonly authentication: Authentication;
  readonly sessions: Sessions;
  readonly uiFolder: string;
  /** Runs before a token is looked at. */
  readonly limit: RequestHandler;
}

/** The login form, and what it posts; without a script, so that it works before anything is allowed to load. */
export function loginRoutes({ authentication, sessions, uiFolder, limit }: LoginParts): Router {
  const router = Router();
  const form = express.urlencoded({ extended: false, limit: mostFormBytes });

  router.get('/login', (_request, response) => {
    response.set('Cache-Control', 'no-cache').sendFile('login.html', { root: uiFolder });
  });

  router.post('/login', limit, form, (request, response) => {
    const given = (request.body as Readonly<Record<string, unknown>> | undefined)?.['token'];
    const tokens = authentication.kind === 'tokens' ? authentication.tokens() : [];
    const token = typeof given === 'string' ? findToken(given.trim(), tokens) : undefined;
    if (!token) {
      noteRefusedLogin(response);
      response.redirect(303, `/login${nextParameter(request)}#refused`);
      return;
    }
    response.cookie(sessionCookie, sessions.begin(token), {
      httpOnly: true,
      sameSite: 'strict',
      // A proxy in front that speaks TLS says so; whoever lies about it only loses their own cookie.
      secure: request.headers['x-forwarded-proto'] === 'https',
      maxAge: sessionSeconds * 1000,
      path: '/',
    });
    response.redirect(303, nextPage(request) ?? '/');
  });

  router.post('/logout', (request, response) => {
    const sessionId = sessionIdOf(request);
    if (sessionId !== undefined) sessions.end(sessionId);
    response.clearCookie(sessionCookie, { path: '/', httpOnly: true, sameSite: 'strict' }).redirect(303, '/login');
  });

  return router;
}

/** The page that somebody was sent here from; undefined for anything that could lead elsewhere. */
function nextPage(request: Request): string | undefined {
  const next = request.query['next'];
  const isOurs = typeof next === 'string' && /^\/(?![/\\])[\x21-\x7e]*$/.test(next);
  return isOurs && next !== '/' ? next : undefined;
}

function nextParameter(request: Request): string {
  const next = nextPage(request);
  return next === undefined ? '' : `?next=${encodeURIComponent(next)}`;
}
