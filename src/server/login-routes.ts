import type { Request } from 'express';
import express, { Router } from 'express';
import type { Authentication } from './authentication.js';
import { findToken } from './authentication.js';
import { sessionCookie, sessionIdOf } from './guard.js';
import type { Sessions } from './sessions.js';
import { sessionSeconds } from './sessions.js';

/** A token is some dozen characters. */
const mostFormBytes = 4096;

/** The login form, and what it posts; without a script, so that it works before anything is allowed to load. */
export function loginRoutes(authentication: Authentication, sessions: Sessions, uiFolder: string): Router {
  const router = Router();

  router.get('/login', (_request, response) => {
    response.set('Cache-Control', 'no-cache').sendFile('login.html', { root: uiFolder });
  });

  router.post('/login', express.urlencoded({ extended: false, limit: mostFormBytes }), (request, response) => {
    const form = request.body as Readonly<Record<string, unknown>> | undefined;
    const given = form?.['token'];
    const tokens = authentication.kind === 'tokens' ? authentication.tokens() : [];
    const token = typeof given === 'string' ? findToken(given.trim(), tokens) : undefined;
    if (!token) {
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
