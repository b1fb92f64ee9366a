import type { EpochSeconds } from '../domain/clock.js';
import type { SlotBatch } from '../domain/slot-batch.js';
import type { Database } from './database.js';
import { hourOfMoment, minutesOf, type Slot } from './hour.js';
import type { HourStore } from './hour-store.js';
import type { SlotColumns } from './slot-columns.js';

/** What became of imported slots. */
export interface ImportResult {
  /** Slots that were written. */
  readonly added: number;
  /** Slots that the same origin had brought before. */
  readonly repeated: number;
  /** Slots whose time was observed, or came from another origin. */
  readonly skipped: number;
}

/** Slots in one transaction: a day of 5 minutes. */
const slotsPerTransaction = 288;

interface Parts {
  readonly database: Database;
  readonly hours: HourStore;
  readonly origin: number;
}

interface ImportedSlot {
  readonly batch: SlotBatch;
  readonly slot: Slot;
}

/** One import: gathers slots, and writes them hour by hour in transactions of a bounded size. */
export class ImportRun {
  readonly #parts: Parts;
  #waiting: ImportedSlot[] = [];
  #result = { added: 0, repeated: 0, skipped: 0 };

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get result(): ImportResult {
    return this.#result;
  }

  /** Takes a slot and says whether it is time to flush; what belongs to one hour stays together. */
  take(batch: SlotBatch, columns: SlotColumns): boolean {
    if (batch.checkpoints.length > 0) throw new RangeError('checkpoints belong to what is observed, not to an import');
    this.#waiting.push({
      batch,
      slot: { start: batch.slotStart, seconds: batch.slotSeconds, origin: this.#parts.origin, columns },
    });
    return this.#waiting.length > slotsPerTransaction && batch.slotStart % 3600 === 0;
  }

  /**
   * Writes what waits; the caller's transaction makes it all or nothing.
   *
   * @param addRest called with every batch whose slot was added
   * @param last unless it is the end of the import, the hour that has just begun goes on waiting
   */
  flush(addRest: (batch: SlotBatch) => void, last: boolean): void {
    const held = last ? Infinity : hourOfMoment(this.#waiting.at(-1)!.slot.start);
    const ready = this.#waiting.filter(({ slot }) => hourOfMoment(slot.start) < held);
    const newest = ready.reduce((latest, { slot }) => Math.max(latest, hourOfMoment(slot.start)), -Infinity);
    for (let from = 0; from < ready.length;) {
      const hour = hourOfMoment(ready[from]!.slot.start);
      let to = from;
      while (to < ready.length && hourOfMoment(ready[to]!.slot.start) === hour) to += 1;
      this.#writeHour(hour, ready.slice(from, to), { addRest, mayGoOn: last && hour === newest });
      from = to;
    }
    this.#waiting = this.#waiting.filter(({ slot }) => hourOfMoment(slot.start) >= held);
  }

  #writeHour(
    hour: EpochSeconds,
    slots: readonly ImportedSlot[],
    { addRest, mayGoOn }: { readonly addRest: (batch: SlotBatch) => void; readonly mayGoOn: boolean },
  ): void {
    const { database, hours, origin } = this.#parts;
    const known = hours.hour(hour);
    const minutes = Uint8Array.from(known?.minutes ?? new Uint8Array(60));
    const free = slots.filter(({ slot }) => {
      const place = minutesOf(slot);
      const taken = minutes.subarray(...place).find((minute) => minute > 0);
      if (taken === undefined) minutes.fill(origin, ...place);
      else if (taken === origin) this.#result.repeated += 1;
      else this.#result.skipped += 1;
      return taken === undefined;
    });
    if (free.length === 0) return;
    const isNewest = mayGoOn && database.number('SELECT 1 FROM hour WHERE start > ? LIMIT 1', hour) === undefined;
    const isWhole = !known && !isNewest && free.every(({ slot }) => slot.seconds > 60);
    if (isWhole)
      hours.addHour(
        hour,
        free.map(({ slot }) => slot),
      );
    else for (const { slot } of free) hours.add(slot);
    for (const { batch } of free) addRest(batch);
    if (!isWhole && !isNewest) hours.close(hour);
    this.#result.added += free.length;
  }
}
