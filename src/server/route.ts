import type { Request, RequestHandler, Response } from 'express';
import { Router } from 'express';
import { Failure } from '../domain/failure.js';
import { identityOf } from './guard.js';
import { httpProblem, sendProblem } from './problem.js';

/** What a request may carry in its query. */
export interface QueryParameter {
  readonly name: string;
  readonly description: string;
}

/** One thing that can be asked for or done below `/api/v1`: what answers it, and what the OpenAPI document says of it. */
export interface Route {
  readonly method: 'get' | 'post' | 'delete';
  /** As Express writes it: `/slos/:cluster/...`. */
  readonly path: string;
  /** One sentence. */
  readonly summary: string;
  readonly query?: readonly QueryParameter[];
  /** Name of the type in `api-types/` that a body must be of. */
  readonly body?: string;
  /** Name of the type in `api-types/` that the answer is of; another media type where it is no JSON. */
  readonly answer: string | { readonly mediaType: string };
  /** A status other than 200 with which it gives the same answer. */
  readonly elseStatus?: number;
  /** Statuses of the problems that it may answer with, beside those that every route may. */
  readonly problems?: readonly number[];
  /** What runs before: reads a body, checks who asks. */
  readonly before?: readonly RequestHandler[];
  readonly handle: (request: Request, response: Response) => void | Promise<void>;
}

/** A router that answers these routes, and says of every other method of their paths which ones there are. */
export function routerOf(routes: readonly Route[]): Router {
  const router = Router();
  const methods = new Map<string, string[]>();
  for (const { method, path, before = [], handle } of routes) {
    router[method](path, ...before, handle);
    methods.set(path, [...(methods.get(path) ?? []), method.toUpperCase()]);
  }
  for (const [path, known] of methods) {
    const allowed = (known.includes('GET') ? [...known, 'HEAD'] : known).sort().join(', ');
    router.all(path, (request, response) => {
      response.set('Allow', allowed);
      sendProblem(response, httpProblem(405, `${request.method} is not for this address; ${allowed} are`));
    });
  }
  return router;
}

/** Lets only editors go on; everybody is one where nobody has to say who they are. */
export function editorsOnly(): RequestHandler {
  return (_request, response, next) => {
    const identity = identityOf(response);
    if (identity && identity.role !== 'editor') {
      const hint = 'ask with a token of `role: editor`';
      throw new Failure('forbidden', `${identity.name} may look, and not change anything`, { hint });
    }
    next();
  };
}
