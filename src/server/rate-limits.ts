import type { RequestHandler, Response } from 'express';
import { rateLimit } from 'express-rate-limit';
import { clientOf, identityOf } from './guard.js';
import { httpProblem, sendProblem } from './problem.js';

/** How often one client may ask. */
export interface RateLimits {
  /** Of somebody who is let in; a page asks some ten times a minute. */
  readonly requestsPerMinute: number;
  /** Of somebody who is not. */
  readonly refusalsPerMinute: number;
  /** Logins with a wrong token within five minutes. */
  readonly failedLogins: number;
}

export const usualRateLimits: RateLimits = { requestsPerMinute: 3000, refusalsPerMinute: 120, failedLogins: 10 };

/** Slows down programs that ask in a loop; knows who asks. */
export function requestLimit(limits: RateLimits, isOpen: boolean): RequestHandler {
  return rateLimit({
    ...common,
    windowMs: 60_000,
    limit: (_request, response) =>
      isOpen || identityOf(response) ? limits.requestsPerMinute : limits.refusalsPerMinute,
  });
}

/** Slows down whoever guesses tokens at the login: after some wrong ones even a right one is not looked at for a while. */
export function loginLimit({ failedLogins }: RateLimits): RequestHandler {
  return rateLimit({
    ...common,
    windowMs: 300_000,
    limit: failedLogins,
    skipSuccessfulRequests: true,
    requestWasSuccessful: (_request, response) => response.locals['loginRefused'] !== true,
  });
}

/** Notes that a token at the login was wrong. */
export function noteRefusedLogin(response: Response): void {
  response.locals['loginRefused'] = true;
}

const common = {
  keyGenerator: clientOf,
  standardHeaders: 'draft-8',
  legacyHeaders: false,
  // A proxy in front is one client, whatever it says of its own clients: anybody could say that.
  validate: { xForwardedForHeader: false, forwardedHeader: false },
  handler: (_request, response) =>
    sendProblem(response, httpProblem(429, 'this client asks too often; Retry-After says when to ask again')),
} as const satisfies Parameters<typeof rateLimit>[0];
