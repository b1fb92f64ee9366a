import { join } from 'node:path';
import type { Express } from 'express';
import express from 'express';
import helmet from 'helmet';
import { isLoopback } from '../config/loopback.js';
import type { Clock } from '../domain/clock.js';
import type { AlertBook } from './alert-book.js';
import { apiRouter } from './api-routes.js';
import type { Authentication } from './authentication.js';
import { identification, identityGuard, identityOf, loopbackHostGuard } from './guard.js';
import { sendJson } from './json-reply.js';
import type { LiveEvents } from './live-events.js';
import { loginRoutes } from './login-routes.js';
import type { OwnMetrics } from './own-metrics.js';
import { httpProblem, problemHandler, sendProblem } from './problem.js';
import { sameOriginGuard } from './same-origin.js';
import { Sessions } from './sessions.js';
import type { StatusReader } from './status-reader.js';

/** What the answers are made of; nothing of it is owned. */
export interface AppParts {
  readonly reader: StatusReader;
  readonly alerts: AlertBook;
  readonly metrics: OwnMetrics;
  readonly clock: Pick<Clock, 'now'>;
  /** Name or address that is listened on. */
  readonly address: string;
  readonly authentication: Authentication;
  /** Folder with the built page. */
  readonly uiFolder: string;
  readonly version: string;
  /** Told of errors that nobody foresaw; the client gets a bare 500. */
  readonly onBug: (error: unknown) => void;
}

/** Addresses that the page itself reads. */
const pagePaths = ['/', '/services/*rest', '/alerts', '/alerts/*rest'];

/** Who may ask comes first, then what is answered: health, login, API, metrics, page. */
export function createApp(parts: AppParts, events: LiveEvents): Express {
  const { reader, metrics, authentication, uiFolder } = parts;
  const sessions = new Sessions(parts.clock);
  const app = express();
  app.disable('x-powered-by');
  // Values like `a[b]=c` become objects by the extended parser; nothing here asks for them.
  app.set('query parser', 'simple');
  app.use(securityHeaders());

  app.use(sameOriginGuard());

  app.get('/healthz', (_request, response) => void response.type('text/plain').send('alive\n'));
  if (authentication.kind === 'none' && isLoopback(parts.address)) app.use(loopbackHostGuard());
  // The code of the page is public, and its login needs the style; what it shows is not.
  app.use('/assets', express.static(join(uiFolder, 'assets'), { immutable: true, maxAge: '1y', index: false }));
  app.use(loginRoutes(authentication, sessions, uiFolder));
  app.use(identification(authentication, sessions));
  app.get('/readyz', async (request, response) => {
    const reasons = reader.health().notReady;
    const ready = reasons.length === 0;
    // A kubelet has no token; it is told no more than it asks for.
    const mayKnowWhy = authentication.kind === 'none' || identityOf(response) !== undefined;
    await sendJson(request, response, mayKnowWhy ? { ready, reasons } : { ready }, ready ? 200 : 503);
  });
  app.use(identityGuard(authentication));

  app.get('/metrics', async (_request, response) => {
    response.set('Content-Type', metrics.contentType).send(await metrics.render());
  });
  app.use('/api/v1', apiRouter({ ...parts, events }));
  app.get(pagePaths, (_request, response) => {
    response.set('Cache-Control', 'no-cache').sendFile('index.html', { root: uiFolder });
  });

  app.use((_request, response) => sendProblem(response, httpProblem(404, 'there is nothing at this address')));
  app.use(problemHandler(parts.onBug));
  return app;
}

/** Only our own files are loaded and asked; nothing inline, nothing framed. TLS, and so HSTS, is a proxy's in front. */
function securityHeaders() {
  return helmet({
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
    // With `no-referrer` browsers call the origin of our own login form `null`, too.
    referrerPolicy: { policy: 'same-origin' },
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
  });
}
