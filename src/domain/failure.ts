/** Every way in which meshslo can fail for a reason that lies outside its code. Bugs are not in this list: they crash. */
export type FailureCode =
  | 'bad-arguments'
  | 'bad-configuration'
  | 'bad-exposition'
  | 'file-unreadable'
  | 'address-in-use'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'target-unreachable'
  | 'target-timeout'
  | 'target-status'
  | 'target-untrusted'
  | 'body-too-large'
  | 'body-malformed'
  | 'too-many-series'
  | 'refused'
  | 'conflict'
  | 'ledger-damaged'
  | 'ledger-locked'
  | 'ledger-newer'
  | 'disk-full'
  | 'clock-behind'
  | 'service-unreachable';

interface FailureKind {
  /** 1: the thing looked at is bad. 2: meshslo could not do its work. */
  readonly exitCode: 1 | 2;
  readonly httpStatus: number;
  /** Whether the same attempt may succeed later without anybody changing anything. */
  readonly retryable: boolean;
}

/** What a failure means to a shell, to an HTTP client and to a retry loop. The only such table. */
export const failureKinds: Readonly<Record<FailureCode, FailureKind>> = {
  'bad-arguments': { exitCode: 2, httpStatus: 400, retryable: false },
  'bad-configuration': { exitCode: 1, httpStatus: 422, retryable: false },
  'bad-exposition': { exitCode: 1, httpStatus: 422, retryable: false },
  'file-unreadable': { exitCode: 2, httpStatus: 500, retryable: false },
  'address-in-use': { exitCode: 2, httpStatus: 500, retryable: true },
  unauthenticated: { exitCode: 2, httpStatus: 401, retryable: false },
  forbidden: { exitCode: 2, httpStatus: 403, retryable: false },
  'not-found': { exitCode: 2, httpStatus: 404, retryable: false },
  'target-unreachable': { exitCode: 2, httpStatus: 502, retryable: true },
  'target-timeout': { exitCode: 2, httpStatus: 504, retryable: true },
  'target-status': { exitCode: 2, httpStatus: 502, retryable: true },
  'target-untrusted': { exitCode: 2, httpStatus: 502, retryable: false },
  'body-too-large': { exitCode: 1, httpStatus: 502, retryable: false },
  'body-malformed': { exitCode: 1, httpStatus: 502, retryable: true },
  'too-many-series': { exitCode: 1, httpStatus: 502, retryable: false },
  refused: { exitCode: 1, httpStatus: 502, retryable: false },
  conflict: { exitCode: 1, httpStatus: 409, retryable: false },
  'ledger-damaged': { exitCode: 1, httpStatus: 503, retryable: false },
  'ledger-locked': { exitCode: 2, httpStatus: 503, retryable: true },
  'ledger-newer': { exitCode: 2, httpStatus: 503, retryable: false },
  'disk-full': { exitCode: 2, httpStatus: 507, retryable: true },
  'clock-behind': { exitCode: 2, httpStatus: 503, retryable: true },
  'service-unreachable': { exitCode: 2, httpStatus: 502, retryable: true },
};

interface FailureDetail {
  /** What the reader can do about it; one sentence. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/**
 * The one error class that meshslo throws on purpose.
 *
 * The message says what happened and to what, without secrets: it is printed, logged and sent to HTTP clients as it is.
 */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly hint: string | undefined;

  constructor(code: FailureCode, message: string, detail: FailureDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = 'Failure';
    this.code = code;
    this.hint = detail.hint;
  }
}

/** What was caught, where it was to be expected; anything else is a bug, and thrown on. */
export function failureOf(caught: unknown): Failure {
  if (caught instanceof Failure) return caught;
  throw caught;
}
