import { randomBytes } from 'node:crypto';
import type { AccessToken } from '../config/tokens.js';
import type { Clock, EpochSeconds } from '../domain/clock.js';
import { tokenDigest } from './authentication.js';

/** A working day and its overtime; then the token is asked for again. */
export const sessionSeconds = 12 * 3600;

/** Beyond, the oldest session ends. */
const mostSessions = 1000;

interface Session {
  readonly tokenDigest: Buffer;
  readonly endsAt: EpochSeconds;
}

/**
 * Browsers that have shown a token.
 *
 * The browser keeps a random id in a cookie that scripts cannot read, not the token: a token in `sessionStorage` would be
 * within reach of any script, and server-sent events cannot carry an `Authorization` header. A session ends with its time,
 * with its token, and with the process.
 */
export class Sessions {
  readonly #sessions = new Map<string, Session>();
  readonly #clock: Pick<Clock, 'now'>;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** The id of a new session. */
  begin(token: AccessToken): string {
    const id = randomBytes(32).toString('base64url');
    this.#sessions.set(id, {
      tokenDigest: tokenDigest(token.token),
      endsAt: this.#clock.now() + sessionSeconds,
    });
    if (this.#sessions.size > mostSessions) this.#sessions.delete(this.#sessions.keys().next().value!);
    return id;
  }

  end(id: string): void {
    this.#sessions.delete(id);
  }

  /** The token behind a session, if it is still among those that count. */
  tokenOf(id: string, tokens: readonly AccessToken[]): AccessToken | undefined {
    const session = this.#sessions.get(id);
    if (!session) return undefined;
    if (session.endsAt <= this.#clock.now()) {
      this.#sessions.delete(id);
      return undefined;
    }
    return tokens.find((token) => tokenDigest(token.token).equals(session.tokenDigest));
  }
}
