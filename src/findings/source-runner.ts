import type { Clock, EpochSeconds } from '../domain/clock.js';
import { Failure } from '../domain/failure.js';
import type { FindingSource, Look } from '../domain/finding-source.js';

/** A look may take twice its interval, and at least this long. */
const leastPatienceSeconds = 30;

/** How one look of a source ended. */
export interface LookOutcome {
  readonly source: string;
  readonly durationSeconds: number;
  /** Undefined where it failed; then nothing is known of what goes on. */
  readonly look: Look | undefined;
  readonly trouble: Failure | undefined;
}

/** How a source is doing. */
export interface SourceState {
  readonly name: string;
  readonly everySeconds: number;
  /** When the last look that told anything ended; undefined before the first. */
  readonly lookedAt: EpochSeconds | undefined;
  /** Why the last look told nothing. */
  readonly trouble: Failure | undefined;
}

interface RunnerParts {
  readonly clock: Clock;
  readonly onLook: (outcome: LookOutcome) => void;
  /** Told of errors that nobody foresaw; the source looks again all the same. */
  readonly onBug: (error: unknown) => void;
  /** As many seconds as one look may take; usually left out. */
  readonly patienceSeconds?: number;
}

/** Lets one source look on its interval, alone: how long it takes and how it fails is no matter of any other. */
export class SourceRunner {
  readonly source: FindingSource;
  readonly #parts: RunnerParts;
  readonly #closing = new AbortController();
  #lookedAt: EpochSeconds | undefined;
  #trouble: Failure | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;
  /** Settles when the look that goes on has: a source that hangs is not asked again on top. */
  #looking: Promise<unknown> = Promise.resolve();

  constructor(source: FindingSource, parts: RunnerParts) {
    this.source = source;
    this.#parts = parts;
  }

  get state(): SourceState {
    const { name, everySeconds } = this.source;
    return { name, everySeconds, lookedAt: this.#lookedAt, trouble: this.#trouble };
  }

  /** Looks now and then again and again. */
  start(): void {
    void this.#run();
  }

  /** Ends the look that goes on. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#closing.abort();
  }

  /** Looks once. */
  async look(): Promise<void> {
    const { clock, onLook, onBug } = this.#parts;
    const began = clock.monotonic();
    try {
      const look = await this.#lookInTime();
      if (this.#isStopped) return;
      this.#lookedAt = clock.now();
      this.#trouble = undefined;
      onLook({ source: this.source.name, durationSeconds: clock.monotonic() - began, look, trouble: undefined });
    } catch (error) {
      if (this.#isStopped) return;
      if (!(error instanceof Failure)) onBug(error);
      this.#trouble = error instanceof Failure ? error : bugFailure(error);
      const durationSeconds = clock.monotonic() - began;
      onLook({ source: this.source.name, durationSeconds, look: undefined, trouble: this.#trouble });
    }
  }

  async #run(): Promise<void> {
    const { clock } = this.#parts;
    const began = clock.monotonic();
    await this.look();
    await this.#looking.catch(() => undefined);
    if (this.#isStopped) return;
    const waitSeconds = Math.max(1, this.source.everySeconds - (clock.monotonic() - began));
    this.#timer = setTimeout(() => void this.#run(), waitSeconds * 1000);
  }

  async #lookInTime(): Promise<Look> {
    const { everySeconds } = this.source;
    const { patienceSeconds = Math.max(leastPatienceSeconds, 2 * everySeconds) } = this.#parts;
    const patience = new AbortController();
    const signal = AbortSignal.any([patience.signal, this.#closing.signal]);
    let onAbort = (): void => undefined;
    const isOver = new Promise<never>((_resolve, reject) => {
      onAbort = () => reject(new Failure('target-timeout', `the look was not over after ${patienceSeconds} s`));
    });
    signal.addEventListener('abort', onAbort);
    const timer = setTimeout(() => patience.abort(), patienceSeconds * 1000);
    // A function of its own, so that a source that throws at once is no different.
    const looking = (async () => this.source.look(signal))();
    this.#looking = looking;
    try {
      return await Promise.race([looking, isOver]);
    } finally {
      clearTimeout(timer);
      // A combined signal that somebody listens to is kept for as long as the process lives.
      signal.removeEventListener('abort', onAbort);
    }
  }
}

function bugFailure(cause: unknown): Failure {
  return new Failure('body-malformed', 'what was read is nothing that meshslo foresaw; its log says more', { cause });
}
