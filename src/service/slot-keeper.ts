import type { Clock, EpochSeconds } from '../domain/clock.js';
import { Failure } from '../domain/failure.js';
import type { SlotBatch } from '../domain/slot-batch.js';
import type { Source } from '../domain/source.js';

const slotSeconds = 60;

/** Slots that wait for a full disk in memory; beyond, the source keeps counting and the next slot holds more than a minute. */
const mostWaiting = 180;

/** Start of the newest minute that is over. */
function newestOver(now: EpochSeconds): EpochSeconds {
  return Math.floor(now / slotSeconds) * slotSeconds - slotSeconds;
}

/** What a keeper needs; `commit` throws a {@link Failure} and has then written nothing. */
export interface SlotKeeperParts {
  readonly source: Pick<Source, 'collect'>;
  readonly commit: (batch: SlotBatch) => void;
  readonly clock: Pick<Clock, 'now'>;
  /** Start of the newest slot that is already kept; undefined for a new ledger. */
  readonly lastSlot: EpochSeconds | undefined;
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
 * The minute's work: once a minute is over, takes what the source has counted in it and commits it.
 *
 * A slot that cannot be written waits, in order, and is tried again with the next one: events are late, not lost. While the
 * wall clock stands before the newest slot (it was set back), nothing is collected; the source goes on counting.
 */
export class SlotKeeper {
  readonly #parts: SlotKeeperParts;
  readonly #waiting: SlotBatch[] = [];
  #collected: EpochSeconds | undefined;
  #committed: EpochSeconds | undefined;
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> = Promise.resolve();

  constructor(parts: SlotKeeperParts) {
    this.#parts = parts;
    this.#collected = this.#committed = parts.lastSlot;
  }

  /** Begins to work at the end of every minute, the open one first. */
  start(): void {
    this.#collected = Math.max(this.#collected ?? -Infinity, newestOver(this.#parts.clock.now()));
    this.#schedule();
  }

  /** Waits for the end of the open minute, or not at all where a minute has ended that was not collected. */
  #schedule(): void {
    const now = this.#parts.clock.now();
    const isBehind = this.#collected === undefined || newestOver(now) > this.#collected;
    const untilNext = isBehind ? 0 : slotSeconds - (now % slotSeconds);
    this.#timer = setTimeout(() => {
      this.#working = this.keep().finally(() => {
        if (this.#timer) this.#schedule();
      });
    }, untilNext * 1000);
  }

  /** Ends the work, after the minute that is being written. What the open minute holds is seen again by the next start. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#working;
  }

  /** Does the work of the minute that ended last. */
  async keep(): Promise<void> {
    let failure = await this.#collect();
    while (!failure && this.#waiting.length > 0) failure = this.#commitOldest();
    this.#parts.onKept({ lastSlot: this.#committed, waiting: this.#waiting.length, failure });
  }

  async #collect(): Promise<Failure | undefined> {
    const slotStart = newestOver(this.#parts.clock.now());
    if (this.#collected !== undefined && slotStart <= this.#collected) {
      if (slotStart === this.#collected) return undefined;
      const behind = this.#collected - slotStart;
      return new Failure('clock-behind', `the clock stands ${behind} s before the newest slot of the ledger`, {
        hint: 'counting goes on; slots are written again once the clock has caught up',
      });
    }
    if (this.#waiting.length >= mostWaiting) return undefined;
    this.#waiting.push(await this.#parts.source.collect(slotStart));
    this.#collected = slotStart;
    return undefined;
  }

  #commitOldest(): Failure | undefined {
    try {
      this.#parts.commit(this.#waiting[0]!);
    } catch (error) {
      if (error instanceof Failure) return error;
      throw error;
    }
    this.#committed = this.#waiting.shift()!.slotStart;
    return undefined;
  }
}
