import { backoffSeconds } from '../../alerting/delivery/backoff.js';
import type { Clock, EpochSeconds } from '../../domain/clock.js';
import { type Failure, failureOf } from '../../domain/failure.js';
import type { Letter, LetterWay } from '../../ledger/letter-store.js';
import type { ReportStore } from '../../ledger/report-store.js';
import type { DeliveryOutcome, FailedAttempt } from './delivery-outcome.js';

/** A way to recipients: tries once to hand a letter over, and never fails. */
export interface LetterDoor {
  deliver(letter: Letter): Promise<DeliveryOutcome>;
  /** Letters at the same time, at most. */
  readonly concurrency: number;
}

export interface CourierParts {
  readonly store: ReportStore;
  readonly doors: (way: LetterWay) => LetterDoor;
  readonly clock: Pick<Clock, 'now'>;
  /** A number in [0, 1). */
  readonly chance: () => number;
  /** Told how every attempt ended. */
  readonly onAttempt: (letter: Letter, outcome: DeliveryOutcome) => void;
  /** Told why letters cannot be written, and that they can again. */
  readonly onFailure: (failure: Failure | undefined) => void;
}

/** Nobody waits longer for news than a weekend. */
const givenUpAfterSeconds = 3 * 86_400;

/** RFC 5321, 4.5.4.1, asks for half an hour between attempts; a busy server is often free sooner. */
const patience = { firstSeconds: 30, longestSeconds: 1800 };

/** Somebody who has to mend a password is not helped by attempts, and an account may be locked by them. */
const operatorSeconds = 900;

/** The longest that a server may ask us to wait. */
const longestRetryAfterSeconds = 3600;

/** So often a letter is handed over whole without an answer; then everybody has had it, or nobody ever will. */
const mostUnanswered = 2;

/** Letters that are taken up at once. */
const lettersAtOnce = 100;

/** An outcome that is known, and not written yet. */
type Unwritten = () => void;

/**
 * Hands letters over until each was taken or refused.
 *
 * All that it must not forget is in the ledger's file before and after each attempt, so that whatever ends the process, the
 * next one goes on; only an attempt that had come to its end, and not into the file, is made a second time.
 */
export class Courier {
  readonly #parts: CourierParts;
  readonly #unwritten = new Map<string, Unwritten>();
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> | undefined;
  #isRunning = false;
  #isStopping = false;
  #hasFailed = false;

  constructor(parts: CourierParts) {
    this.#parts = parts;
  }

  /** Begins with what waits from before. */
  start(): void {
    this.#isRunning = true;
    this.wake();
  }

  /** There may be something new. */
  wake(): void {
    if (!this.#isRunning || this.#working) return;
    clearTimeout(this.#timer);
    this.#working = this.work().finally(() => {
      this.#working = undefined;
      this.#rest();
    });
  }

  /** Ends after the attempts that are being made. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    this.#isStopping = true;
    clearTimeout(this.#timer);
    await this.#working;
  }

  /** Tries every letter that is due, once. */
  async work(): Promise<void> {
    const { store, clock } = this.#parts;
    try {
      for (const [messageId, write] of this.#unwritten) {
        write();
        this.#unwritten.delete(messageId);
      }
      const due = store.letters.due(clock.now(), lettersAtOnce);
      const ways = [...new Set(due.map(({ way }) => way))];
      await allOf(
        ways.map((way) =>
          this.#deliver(
            way,
            due.filter((letter) => letter.way === way),
          ),
        ),
      );
      this.#hasFailed = false;
      if (this.#unwritten.size === 0) this.#parts.onFailure(undefined);
    } catch (error) {
      this.#hasFailed = true;
      this.#parts.onFailure(failureOf(error));
    }
  }

  /** Letters of one way; for mail all go through one server, and what it does to one it may do to all. */
  async #deliver(way: LetterWay, letters: readonly Letter[]): Promise<void> {
    const door = this.#parts.doors(way);
    const waiting = [...letters];
    let isHeld = false;
    const work = async (): Promise<void> => {
      for (let letter = waiting.shift(); letter && !isHeld && !this.#isStopping; letter = waiting.shift()) {
        isHeld ||= holdsAll(letter, await this.#attempt(door, letter));
      }
    };
    await allOf(Array.from({ length: Math.min(door.concurrency, letters.length) }, work));
  }

  async #attempt(door: LetterDoor, letter: Letter): Promise<DeliveryOutcome> {
    const { store, onAttempt } = this.#parts;
    store.letters.begun(letter.messageId);
    const outcome = await door.deliver(letter);
    this.#write(letter, () => this.#settle(letter, outcome));
    onAttempt(letter, outcome);
    return outcome;
  }

  #settle(letter: Letter, outcome: DeliveryOutcome): void {
    const { store, clock } = this.#parts;
    const { letters } = store;
    const now = clock.now();
    const { messageId, attempts, unsure, queuedAt } = letter;
    if (outcome.kind === 'sent') {
      letters.sent(messageId, now);
      return;
    }
    if (outcome.kind === 'refused') {
      letters.refused(messageId, now, outcome.reason);
      return;
    }
    const dueAt = now + this.#waitSeconds(outcome, attempts + 1);
    // All of them at one moment: a server in trouble is asked for one letter then, and not for each in its turn. Just before
    // this one, which may be the trouble itself.
    if (holdsAll(letter, outcome)) letters.held(letter.way, dueAt - 0.001, outcome.reason);
    if (outcome.unanswered) {
      letters.unanswered(messageId);
      if (unsure + 1 >= mostUnanswered) {
        const twice = `handed over whole ${unsure + 1} times without an answer (${outcome.reason}); it may have arrived`;
        letters.refused(messageId, now, twice);
        return;
      }
    }
    if (now - queuedAt >= givenUpAfterSeconds) {
      letters.refused(messageId, now, `given up after three days: ${outcome.reason}`);
      return;
    }
    letters.later(messageId, dueAt, outcome.reason);
  }

  #waitSeconds({ waitsFor, retryAfterSeconds = 0 }: FailedAttempt, failures: number): number {
    const usual = waitsFor === 'operator' ? operatorSeconds : backoffSeconds(failures, this.#parts.chance(), patience);
    return Math.max(usual, Math.min(longestRetryAfterSeconds, retryAfterSeconds));
  }

  /** What cannot be written now (a full disk) is remembered, and not done again. */
  #write({ messageId }: Letter, write: Unwritten): void {
    try {
      write();
    } catch (error) {
      this.#parts.onFailure(failureOf(error));
      this.#unwritten.set(messageId, write);
    }
  }

  #rest(): void {
    if (!this.#isRunning) return;
    const seconds = this.#hasFailed || this.#unwritten.size > 0 ? patience.firstSeconds : this.#restSeconds();
    this.#timer = setTimeout(() => this.wake(), seconds * 1000);
  }

  /** A minute at most: the wall clock may jump. */
  #restSeconds(): number {
    const next: EpochSeconds = this.#nextDueAt() ?? Infinity;
    return Math.min(60, Math.max(0.05, next - this.#parts.clock.now()));
  }

  #nextDueAt(): EpochSeconds | undefined {
    try {
      return this.#parts.store.letters.nextDueAt();
    } catch (error) {
      this.#parts.onFailure(failureOf(error));
      return undefined;
    }
  }
}

/** Whether an attempt says something of every letter of its way: mail goes through one server. */
function holdsAll({ way }: Letter, outcome: DeliveryOutcome): outcome is FailedAttempt {
  return way === 'mail' && outcome.kind === 'failed' && outcome.waitsFor !== 'letter';
}

/** Ends when all have ended, also where one of them fails: what is being handed over is not taken up a second time. */
async function allOf(works: readonly Promise<void>[]): Promise<void> {
  await Promise.allSettled(works);
  await Promise.all(works);
}
