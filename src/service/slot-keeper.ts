import { type Clock, type EpochSeconds, wholeMinute } from '../domain/clock.js';
import { Failure, failureOf } from '../domain/failure.js';
import type { SlotBatch } from '../domain/slot-batch.js';
import type { Source } from '../domain/source.js';

const slotSeconds = 60;

/** Slots that wait for a full disk in memory; beyond, the source keeps counting and the next slot holds more than a minute. */
const mostWaiting = 180;

/** What a keeper needs; `commit` throws a {@link Failure} and has then written nothing. */
export interface SlotKeeperParts {
  readonly source: Pick<Source, 'collect'>;
  readonly commit: (batch: SlotBatch) => void;
  /** Whether the ledger has the slot that begins then. */
  readonly isKept: (slotStart: EpochSeconds) => boolean;
  readonly clock: Pick<Clock, 'now'>;
  /** Called after every minute's work, with what went wrong if anything did. */
  readonly onKept: (kept: KeptSlot) => void;
}

/** How one minute's work ended. */
export interface KeptSlot {
  /** Start of the newest slot that is safely in the ledger. */
  readonly lastSlot: EpochSeconds | undefined;
  /** Slots that are counted but not yet written. */
  readonly waiting: number;
  readonly failure: Failure | undefined;
}

/**
 * The minute's work: once a minute is over, takes what the source has counted until then and commits it.
 *
 * A slot that cannot be written waits, in order, and is tried again a minute later: events are late, not lost. A minute that
 * the ledger has already (the wall clock was set back) is not collected; the source goes on counting.
 */
export class SlotKeeper {
  readonly #parts: SlotKeeperParts;
  readonly #waiting: SlotBatch[] = [];
  /** End of the minute that was collected last, or was over before we began. */
  #until: EpochSeconds | undefined;
  /** The same of the one that was worked on last, whether or not that went well. */
  #tried: EpochSeconds | undefined;
  #committed: EpochSeconds | undefined;
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> = Promise.resolve();

  constructor(parts: SlotKeeperParts) {
    this.#parts = parts;
  }

  /** Begins to work at the end of every minute, the open one first. */
  start(): void {
    this.#until = this.#tried = wholeMinute(this.#parts.clock.now());
    this.#schedule();
  }

  /** Waits for the end of the open minute; not at all where one has ended meanwhile that nobody worked on. */
  #schedule(): void {
    const now = this.#parts.clock.now();
    const waitSeconds = wholeMinute(now) === this.#tried ? slotSeconds - (now % slotSeconds) : 0;
    this.#timer = setTimeout(() => {
      this.#working = this.keep().finally(() => {
        if (this.#timer) this.#schedule();
      });
    }, waitSeconds * 1000);
  }

  /** Ends the work, after the minute that is being written. What the open minute holds is seen again by the next start. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#working;
  }

  /** Does the work of the minute that ended last. */
  async keep(): Promise<void> {
    const until = wholeMinute(this.#parts.clock.now());
    this.#tried = until;
    const failure = (await this.#collect(until)) ?? this.#commitWaiting();
    this.#parts.onKept({ lastSlot: this.#committed, waiting: this.#waiting.length, failure });
  }

  async #collect(until: EpochSeconds): Promise<Failure | undefined> {
    if (until === this.#until || this.#waiting.length >= mostWaiting) return undefined;
    if (this.#isKept(until - slotSeconds)) {
      return new Failure('clock-behind', 'the clock was set back: this minute is in the ledger already', {
        hint: 'counting goes on; slots are written again from the first minute that is not there yet',
      });
    }
    try {
      this.#waiting.push(...(await this.#parts.source.collect(until)));
      this.#until = until;
      return undefined;
    } catch (error) {
      return failureOf(error);
    }
  }

  #isKept(slotStart: EpochSeconds): boolean {
    return this.#waiting.some((batch) => batch.slotStart === slotStart) || this.#parts.isKept(slotStart);
  }

  #commitWaiting(): Failure | undefined {
    while (this.#waiting.length > 0) {
      try {
        this.#parts.commit(this.#waiting[0]!);
      } catch (error) {
        return failureOf(error);
      }
      this.#committed = this.#waiting.shift()!.slotStart;
    }
    return undefined;
  }
}
