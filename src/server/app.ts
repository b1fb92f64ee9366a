import type { Express } from 'express';
import express from 'express';
import helmet from 'helmet';
import { isLoopback } from '../config/loopback.js';
import type { Clock } from '../domain/clock.js';
import type { AlertBook } from './alert-book.js';
import { apiRoutes } from './api-routes.js';
import type { Authentication } from './authentication.js';
import type { ControlPlaneReader, RegistryReader } from './control-plane-routes.js';
import type { FindingReader } from './finding-reader.js';
import { identification, identityGuard, loopbackHostGuard } from './guard.js';
import type { LiveEvents } from './live-events.js';
import { loginRoutes } from './login-routes.js';
import { descriptionRoutes } from './openapi/description-routes.js';
import type { MountedRoute } from './openapi/document.js';
import type { MigrationReader } from './migration-routes.js';
import type { OwnMetrics } from './own-metrics.js';
import { pageAssets } from './page-assets.js';
import { aliveRoute, metricsRoute, readyRoute } from './probe-routes.js';
import { httpProblem, problemHandler, sendProblem } from './problem.js';
import { loginLimit, type RateLimits, requestLimit, usualRateLimits } from './rate-limits.js';
import type { ReportOffice } from './report-routes.js';
import { type Route, routerOf } from './route.js';
import { sameOriginGuard } from './same-origin.js';
import { Sessions } from './sessions.js';
import type { StatusReader } from './status-reader.js';

/** What the answers are made of; nothing of it is owned. */
export interface AppParts {
  readonly reader: StatusReader;
  readonly alerts: AlertBook;
  readonly findings: FindingReader;
  readonly migration: MigrationReader;
  readonly controlPlanes: ControlPlaneReader;
  readonly registries: RegistryReader;
  readonly reports: ReportOffice;
  readonly metrics: OwnMetrics;
  readonly clock: Pick<Clock, 'now'>;
  /** Name or address that is listened on. */
  readonly address: string;
  readonly authentication: Authentication;
  /** Folder with the built page. */
  readonly uiFolder: string;
  readonly version: string;
  /** The usual ones when left out. */
  readonly rateLimits?: RateLimits;
  /** Told of errors that nobody foresaw; the client gets a bare 500. */
  readonly onBug: (error: unknown) => void;
}

/** Addresses that the page itself reads. */
const pagePaths = [
  '/',
  '/services/*rest',
  '/alerts',
  '/alerts/*rest',
  '/findings',
  '/findings/*rest',
  '/migration',
  '/control-plane',
  '/reports',
  '/reports/*rest',
];

/** Who may ask comes first, then what is answered: health, login, API, metrics, page. */
export function createApp(parts: AppParts, events: LiveEvents): Express {
  const { reader, metrics, authentication, uiFolder, rateLimits: limits = usualRateLimits } = parts;
  const sessions = new Sessions(parts.clock);
  const probes = [aliveRoute, readyRoute(reader, authentication), metricsRoute(metrics)] as const;
  const [alive, ready, ownMetrics] = probes;
  const api: readonly Route[] = [
    ...descriptionRoutes(() => documented, parts.version),
    ...apiRoutes({ ...parts, events }),
  ];
  const documented = [...mounted('', probes), ...mounted('/api/v1', api)];
  const app = express();
  app.disable('x-powered-by');
  // Answers are never stored, and files bring a tag of their own.
  app.set('etag', false);
  // Values like `a[b]=c` become objects by the extended parser; nothing here asks for them.
  app.set('query parser', 'simple');
  app.use(securityHeaders());

  app.use(sameOriginGuard());

  app.use(routerOf([alive]));
  if (authentication.kind === 'none' && isLoopback(parts.address)) app.use(loopbackHostGuard());
  // The code of the page is public, and its login needs the style; what it shows is not.
  app.use('/assets', pageAssets(uiFolder));
  // A link in a message comes without the session's cookie; the page itself asks with it, and else for the login.
  app.get(pagePaths, (_request, response) => {
    response.set('Cache-Control', 'no-cache').sendFile('index.html', { root: uiFolder });
  });
  app.use(loginRoutes({ authentication, sessions, uiFolder, limit: loginLimit(limits) }));
  app.use(identification(authentication, sessions));
  app.use(routerOf([ready]));
  app.use(requestLimit(limits, authentication.kind === 'none'));
  app.use(identityGuard(authentication));

  app.use(routerOf([ownMetrics]));
  app.use('/api/v1', routerOf(api));

  app.use((_request, response) => sendProblem(response, httpProblem(404, 'there is nothing at this address')));
  app.use(problemHandler(parts.onBug));
  return app;
}

function mounted(base: string, routes: readonly Route[]): readonly MountedRoute[] {
  return routes.map((route) => ({ base, route }));
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
