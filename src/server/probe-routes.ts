import type { Readiness } from './api-types/resource.js';
import type { Authentication } from './authentication.js';
import { identityOf } from './guard.js';
import { sendJson } from './json-reply.js';
import type { OwnMetrics } from './own-metrics.js';
import type { Route } from './route.js';
import type { StatusReader } from './status-reader.js';

/** Whether the process answers at all; anybody may ask. */
export const aliveRoute: Route = {
  method: 'get',
  path: '/healthz',
  summary: '200 while the process answers; needs no token.',
  answer: { mediaType: 'text/plain' },
  handle: (_request, response) => void response.type('text/plain').send('alive\n'),
};

/** Whether there is something to show. */
export function readyRoute(reader: StatusReader, authentication: Authentication): Route {
  return {
    method: 'get',
    path: '/readyz',
    summary: '200 once there is something to show, else 503; needs no token, but tells the reasons only with one.',
    answer: 'Readiness',
    elseStatus: 503,
    handle: async (request, response) => {
      const reasons = reader.health().notReady;
      const ready = reasons.length === 0;
      // A kubelet has no token; it is told no more than it asks for.
      const mayKnowWhy = authentication.kind === 'none' || identityOf(response) !== undefined;
      const answer: Readiness = mayKnowWhy ? { ready, reasons } : { ready };
      await sendJson(request, response, answer, ready ? 200 : 503);
    },
  };
}

/** meshslo's own numbers. */
export function metricsRoute(metrics: OwnMetrics): Route {
  return {
    method: 'get',
    path: '/metrics',
    summary: 'Numbers of meshslo itself for Prometheus, all `meshslo_*`.',
    answer: { mediaType: 'text/plain' },
    handle: async (_request, response) => {
      response.set('Content-Type', metrics.contentType).send(await metrics.render());
    },
  };
}
