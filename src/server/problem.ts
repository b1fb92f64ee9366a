import { STATUS_CODES } from 'node:http';
import type { NextFunction, Request, Response } from 'express';
import { Failure, failureKinds } from '../domain/failure.js';
import type { Problem } from './api-types/problem.js';
import { MistakeList } from './mistakes.js';

/** What an HTTP client is told of a failure. */
export function problemOf(failure: Pick<Failure, 'code' | 'message' | 'hint' | 'cause'>): Problem {
  return {
    type: `urn:meshslo:${failure.code}`,
    title: failure.code.replaceAll('-', ' '),
    status: failureKinds[failure.code].httpStatus,
    detail: failure.message,
    ...(failure.hint === undefined ? {} : { hint: failure.hint }),
    ...(failure.cause instanceof MistakeList ? { mistakes: failure.cause.mistakes } : {}),
  };
}

/** Answers with a problem. */
export function sendProblem(response: Response, problem: Problem): void {
  response
    .status(problem.status)
    .set('Cache-Control', 'no-store')
    .type('application/problem+json')
    .send(JSON.stringify(problem));
}

/**
 * The last handler: turns whatever was thrown into a problem.
 *
 * @param onBug is told of what nobody foresaw; the client is told nothing of it, it may hold anything
 */
export function problemHandler(onBug: (error: unknown) => void) {
  // Express knows an error handler by its four parameters.
  return (error: unknown, _request: Request, response: Response, next: NextFunction): void => {
    if (response.headersSent) {
      next(error);
    } else if (error instanceof Failure) {
      sendProblem(response, problemOf(error));
    } else {
      const status = clientMistake(error);
      if (status === undefined) onBug(error);
      sendProblem(response, httpProblem(status ?? 500));
    }
  };
}

/** A problem that is no failure of meshslo: the client's, or one of capacity. */
export function httpProblem(status: number, detail?: string): Problem {
  const title = STATUS_CODES[status] ?? 'Error';
  return { type: 'about:blank', title, status, detail: detail ?? title };
}

/** Express' own refusals (a path that cannot be decoded, a body that is too large) carry a status of 4xx. */
function clientMistake(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  return error.status >= 400 && error.status < 500 ? error.status : undefined;
}
