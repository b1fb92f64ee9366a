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
      const mistake = clientMistake(error);
      if (mistake === undefined) onBug(error);
      sendProblem(response, httpProblem(mistake?.status ?? 500, mistake?.detail));
    }
  };
}

/** A problem that is no failure of meshslo: the client's, or one of capacity. */
export function httpProblem(status: number, detail?: string): Problem {
  const title = STATUS_CODES[status] ?? 'Error';
  return { type: 'about:blank', title, status, detail: detail ?? title };
}

/** What is told of Express' own refusals, by their type; its own words would repeat what was sent. */
const refusals: Readonly<Record<string, string>> = {
  'entity.parse.failed': 'the body is no JSON',
  'entity.too.large': 'the body is too large',
  'encoding.unsupported': 'the body is compressed in a way that is not known here',
  'charset.unsupported': 'send the body as UTF-8',
};

/** Express' own refusals (a path that cannot be decoded, a body that is too large) carry a status of 4xx. */
function clientMistake(error: unknown): { readonly status: number; readonly detail?: string } | undefined {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  if (error.status < 400 || error.status >= 500) return undefined;
  if (error instanceof URIError) return { status: error.status, detail: 'the path holds a % that begins no character' };
  const detail = 'type' in error && typeof error.type === 'string' ? refusals[error.type] : undefined;
  return { status: error.status, ...(detail !== undefined && { detail }) };
}
