import type { RequestHandler } from 'express';
import express from 'express';
import { httpProblem, sendProblem } from './problem.js';

/** No body that is asked for is larger than a note. */
const mostBodyBytes = 16_384;

/**
 * Reads a body of JSON; anything else is refused with 415. A form of another site cannot send this type without asking
 * first, and nobody answers such a question here.
 */
export function jsonBody(): RequestHandler {
  const read = express.json({ limit: mostBodyBytes, strict: false }) as RequestHandler;
  return (request, response, next) => {
    if (request.is('application/json') === 'application/json') {
      void read(request, response, next);
      return;
    }
    response.set('Accept-Post', 'application/json');
    sendProblem(response, httpProblem(415, 'send Content-Type: application/json'));
  };
}
