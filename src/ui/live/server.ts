import type { Problem } from '../../server/api-types/problem.js';

/**
 * Why the server did not give what was asked for.
 *
 * - `logged-out`: it wants to know who asks. - `not-found`: there is nothing (any more). - `refused`: it says why.
 * - `unreachable`: it did not answer, or something else did.
 */
export type TroubleKind = 'logged-out' | 'not-found' | 'refused' | 'unreachable';

/** An answer that is none; the message is a sentence without its full stop. */
export class Trouble extends Error {
  readonly kind: TroubleKind;

  constructor(kind: TroubleKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

const patienceMilliseconds = 20_000;

/** Reads `/api/v1/<path>`. Throws {@link Trouble}. */
export function read<T>(path: string, signal?: AbortSignal): Promise<T> {
  return ask(path, { ...(signal && { signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMilliseconds)]) }) });
}

/** Changes something at `/api/v1/<path>`; answers with how it is then. Throws {@link Trouble}. */
export function change<T>(method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<T> {
  return ask(path, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
  });
}

async function ask<T>(path: string, how: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`/api/v1/${path}`, { signal: AbortSignal.timeout(patienceMilliseconds), ...how });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Trouble('unreachable', 'the server does not answer');
  }
  if (response.ok) return readBody(response);
  const problem = (await response.json().catch(() => undefined)) as Problem | undefined;
  throw new Trouble(kindOf(response.status), problem?.detail ?? `the server answered ${response.status}`);
}

/** A proxy in front may answer with a page of its own. */
async function readBody<T>(response: Response): Promise<T> {
  try {
    return (await response.json()) as T;
  } catch {
    throw new Trouble('unreachable', 'something that is not meshslo answered');
  }
}

function kindOf(status: number): TroubleKind {
  if (status === 401) return 'logged-out';
  if (status === 404) return 'not-found';
  return status >= 500 ? 'unreachable' : 'refused';
}
