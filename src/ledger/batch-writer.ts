import type { EpochSeconds } from '../domain/clock.js';
import type { BadBreakdown, SlotBatch } from '../domain/slot-batch.js';
import type { BreakdownStore } from './breakdown-store.js';
import type { BatchReader } from './checked-batch.js';
import type { Database } from './database.js';
import { hourOfMoment, minutesOf, observedOrigin, type Slot } from './hour.js';
import type { HourStore } from './hour-store.js';
import type { SignalStore } from './signal-store.js';
import type { SlotColumns } from './slot-columns.js';

/** What became of an observed slot. */
export interface CommitResult {
  /**
   * False where an import holds the slot's time and cannot give way, because its hour was imported as a whole: the import
   * stands, and the slot's events, breakdown and signals are left out. All else of the batch is written.
   */
  readonly isCounted: boolean;
  /** Imported time that gave way beyond the slot's own: nothing is known of it any more. */
  readonly lostSeconds: number;
}

interface Parts {
  readonly database: Database;
  readonly batches: BatchReader;
  readonly hours: HourStore;
  readonly breakdown: BreakdownStore;
  readonly signals: SignalStore;
}

/** Writes what batches hold to where it belongs; inside the caller's transaction. */
export class BatchWriter {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Writes an observed batch, checkpoints and all. Throws RangeError where the slot was observed before. */
  writeObserved(batch: SlotBatch, columns: SlotColumns): CommitResult {
    const { database, hours } = this.#parts;
    const slot: Slot = { start: batch.slotStart, seconds: batch.slotSeconds, origin: observedOrigin, columns };
    const room = this.#makeRoom(slot);
    if (room.isCounted) {
      hours.add(slot);
      this.#addDetails(batch);
    }
    this.#addLosses(batch);
    for (const { key, state } of batch.checkpoints) {
      if (state) database.run('INSERT OR REPLACE INTO checkpoint VALUES (?, ?)', key, state);
      else database.run('DELETE FROM checkpoint WHERE key = ?', key);
    }
    return room;
  }

  /** Writes everything of an imported batch but its slot. */
  writeRest(batch: SlotBatch): void {
    this.#addDetails(batch);
    this.#addLosses(batch);
  }

  /** Takes imported slots out of the way, with all that is known of them. */
  #makeRoom(slot: Slot): CommitResult {
    const { hours, signals, breakdown } = this.#parts;
    const hour = hours.hour(hourOfMoment(slot.start));
    const [from, to] = minutesOf(slot);
    const origins = hour?.minutes.subarray(from, to) ?? new Uint8Array();
    if (origins.includes(observedOrigin)) throw new RangeError(`the slot at ${slot.start} is in the ledger already`);
    if (!hour || origins.every((origin) => origin === 0)) return { isCounted: true, lostSeconds: 0 };
    if (!hour.fine) return { isCounted: false, lostSeconds: 0 };
    const known = (): number => hours.hour(hour.start)!.minutes.reduce((count, origin) => count + (origin ? 1 : 0), 0);
    const before = known();
    for (let minute = from; minute < to; minute++) {
      if (hours.hour(hour.start)!.minutes[minute] === 0) continue;
      const range = hours.remove(hour.start + minute * 60);
      signals.drop(range);
      breakdown.forget(range);
    }
    const own = origins.filter((origin) => origin > 0).length;
    return { isCounted: true, lostSeconds: (before - known() - own) * 60 };
  }

  #addDetails(batch: SlotBatch): void {
    const { batches, breakdown, signals } = this.#parts;
    const rows = new Map<number, BadBreakdown[]>();
    for (const row of batch.breakdown) {
      const slo = batches.ordinal(row.slo);
      const known = rows.get(slo);
      if (known) known.push(row);
      else rows.set(slo, [row]);
    }
    breakdown.add(Math.floor(batch.slotStart / 300) * 300, rows);
    signals.add(batch.slotStart, batch.slotSeconds, batch.signals);
  }

  /** What gaps hold, and what nobody could count. */
  #addLosses({ unplaced, unseen }: SlotBatch): void {
    const { database, batches, hours } = this.#parts;
    const changed = new Set<EpochSeconds>();
    for (const { slo, from, to, total, bad } of unplaced) {
      const ordinal = batches.ordinal(slo);
      database.run('INSERT INTO unplaced VALUES (?, ?, ?, ?, ?)', ordinal, from, to, total, bad);
      // A gap that ends with the hour belongs to it.
      changed.add(Math.ceil(to / 3600) * 3600 - 3600);
    }
    for (const start of changed) if (hours.ensureHour(start).closed) hours.close(start);
    for (const { target, services, from, to } of unseen) {
      database.run('INSERT INTO unseen VALUES (?, ?, ?, ?)', target, JSON.stringify(services), from, to);
    }
  }
}
