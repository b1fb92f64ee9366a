import type { EpochSeconds } from '../domain/clock.js';
import type { SlotSeconds } from '../domain/slot-batch.js';
import type { TimeRange } from '../domain/window.js';
import type { Database } from './database.js';
import { DayStore } from './day-store.js';
import { columnsOfHour, type Hour, hourOf, hourOfMoment, isImported, minutesOf, rangeOf, type Slot } from './hour.js';
import { type CellSeconds, HourColumns } from './hour-columns.js';
import { dropPages, loadPages, writePages } from './pages.js';
import { Sight } from './sight.js';
import { SliceCounter, type TimeSlices } from './slice-counter.js';
import { packSlot, type SlotColumns, unpackSlot } from './slot-columns.js';
import { SumColumns } from './sum-columns.js';

/**
 * Slots, hours and days on disk.
 *
 * An hour is open while its slots come in, one row each. When closed it is also kept SLO-major in pages of cells, and summed;
 * days sum their hours. Everything here happens inside the caller's transaction, which ends with {@link flush}.
 */
export class HourStore {
  readonly #database: Database;
  readonly #timeSlices: () => ReadonlyMap<number, TimeSlices>;
  #sight: Sight | undefined;
  readonly #days: DayStore;
  #sightChanged = false;

  /** @param timeSlices how slices are judged, by the ordinal of those SLOs whose budgets count them */
  constructor(database: Database, timeSlices: () => ReadonlyMap<number, TimeSlices>) {
    this.#database = database;
    this.#timeSlices = timeSlices;
    this.#days = new DayStore(database);
  }

  hour(start: EpochSeconds): Hour | undefined {
    const row = this.#database.row(`SELECT ${columnsOfHour} FROM hour WHERE start = ?`, start);
    return row && hourOf(row);
  }

  hours(from: EpochSeconds, to: EpochSeconds): readonly Hour[] {
    const sql = `SELECT ${columnsOfHour} FROM hour WHERE start >= ? AND start < ? ORDER BY start`;
    return this.#database.rows(sql, from, to).map(hourOf);
  }

  /** Slots as they were committed, of fine hours only. */
  slots(from: EpochSeconds, to: EpochSeconds): readonly Omit<Slot, 'origin'>[] {
    return this.#database
      .rows('SELECT start, seconds, columns FROM slot WHERE start >= ? AND start < ? ORDER BY start', from, to)
      .map(([start, seconds, columns]) => ({
        start: start as number,
        seconds: seconds as SlotSeconds,
        columns: unpackSlot(columns as Buffer),
      }));
  }

  /** An hour exists from now on, even if no slot of it is known. */
  ensureHour(start: EpochSeconds): Hour {
    const known = this.hour(start);
    if (known) return known;
    this.#days.hourBegins(start);
    const hour: Hour = { start, minutes: new Uint8Array(60), closed: false, fine: true, cellSeconds: 300 };
    this.#database.run('INSERT INTO hour VALUES (?, ?, 0, 1, 300, NULL)', start, hour.minutes);
    return hour;
  }

  /** Adds a slot whose minutes are free. */
  add(slot: Slot): void {
    const hour = this.ensureHour(hourOfMoment(slot.start));
    const minutes = Uint8Array.from(hour.minutes).fill(slot.origin, ...minutesOf(slot));
    this.#database.run('UPDATE hour SET minutes = ? WHERE start = ?', minutes, hour.start);
    if (hour.fine) {
      this.#database.run('INSERT INTO slot VALUES (?, ?, ?)', slot.start, slot.seconds, packSlot(slot.columns));
      if (hour.closed) this.close(hour.start);
      return;
    }
    const before = loadPages(this.#database, hour);
    const cellSeconds = slot.seconds === 900 ? 900 : hour.cellSeconds;
    const columns = before.recut(cellSeconds, Math.max(before.size, slot.columns.size));
    columns.addSlot(slot.columns, slot.start - hour.start, importedOf({ ...hour, minutes }, slot));
    this.#see(slot.columns, slot.start);
    this.#store({ ...hour, minutes, cellSeconds }, columns);
  }

  /** Takes out the slot of a fine hour that holds this minute; returns which time it held. */
  remove(minute: EpochSeconds): TimeRange {
    const row = this.#database.row(
      'SELECT start, seconds FROM slot WHERE start <= ? ORDER BY start DESC LIMIT 1',
      minute,
    )!;
    const slot = { start: row[0] as number, seconds: row[1] as SlotSeconds };
    const hour = this.hour(hourOfMoment(slot.start))!;
    this.#database.run('DELETE FROM slot WHERE start = ?', slot.start);
    const minutes = Uint8Array.from(hour.minutes).fill(0, ...minutesOf(slot));
    this.#database.run('UPDATE hour SET minutes = ? WHERE start = ?', minutes, hour.start);
    return { from: slot.start, to: slot.start + slot.seconds };
  }

  /** Writes an hour of which nothing was known, straight into pages. */
  addHour(start: EpochSeconds, slots: readonly Slot[]): void {
    const minutes = new Uint8Array(60);
    for (const slot of slots) minutes.fill(slot.origin, ...minutesOf(slot));
    const columns = this.#gather({ start, minutes }, slots);
    const hour: Hour = { start, minutes, closed: true, fine: false, cellSeconds: columns.cellSeconds };
    this.#days.hourBegins(start);
    this.#database.run('INSERT INTO hour VALUES (?, ?, 0, 0, 300, NULL)', start, minutes);
    writePages(this.#database, hour, columns);
    const sums = this.#sum(hour, slots);
    this.addUnplaced(sums, rangeOf(start));
    this.#saveSums(start, sums, columns.cellSeconds);
  }

  /** Makes pages and roll-up of an hour, or makes them anew. */
  close(start: EpochSeconds): void {
    const hour = this.hour(start)!;
    if (hour.fine) {
      const columns = this.#gather(hour, this.slots(start, start + 3600));
      this.#store({ ...hour, cellSeconds: columns.cellSeconds }, columns);
      return;
    }
    const counted = this.loadSums(start);
    this.#store(hour, loadPages(this.#database, hour));
    // Slices were counted on slots that are gone now.
    const sums = this.loadSums(start);
    sums.setSlices(counted, this.#timeSlices().keys());
    this.#saveSums(start, sums, hour.cellSeconds);
  }

  /** Closes open hours before this one, oldest first, at most so many; returns how many. */
  closeBefore(start: EpochSeconds, most: number): number {
    const sql = 'SELECT start FROM hour WHERE closed = 0 AND start < ? ORDER BY start LIMIT ?';
    const open = this.#database.rows(sql, start, most === Infinity ? -1 : most);
    for (const [hour] of open) this.close(hour as number);
    return open.length;
  }

  /** Replaces the pages of a closed hour by wider cells and drops its slots. */
  coarsen(start: EpochSeconds, cellSeconds: CellSeconds): void {
    const hour = this.hour(start)!;
    if (hour.cellSeconds < cellSeconds) {
      const columns = loadPages(this.#database, hour);
      writePages(this.#database, hour, columns.recut(cellSeconds, columns.size));
    }
    this.#database.run('DELETE FROM slot WHERE start >= ? AND start < ?', start, start + 3600);
    const sql = 'UPDATE hour SET fine = 0, cell_seconds = max(cell_seconds, ?) WHERE start = ?';
    this.#database.run(sql, cellSeconds, start);
    this.close(start);
  }

  /** The roll-up of a closed hour. */
  loadSums(start: EpochSeconds): SumColumns {
    return SumColumns.unpack(this.#database.row('SELECT sums FROM hour WHERE start = ?', start)![0] as Buffer);
  }

  /** Counts the slices of some SLOs anew, in all closed hours, because they are judged differently now. */
  recountSlices(slos: readonly number[]): void {
    for (const [start] of this.#database.rows('SELECT start FROM hour WHERE closed = 1 ORDER BY start')) {
      const hour = this.hour(start as number)!;
      const sums = this.loadSums(hour.start);
      sums.setSlices(this.sumHour(hour, rangeOf(hour.start)), slos);
      this.#saveSums(hour.start, sums, hour.cellSeconds);
    }
  }

  /** Forgets whole days. */
  drop(from: EpochSeconds, to: EpochSeconds): void {
    for (const [start] of this.#database.rows('SELECT start FROM hour WHERE start >= ? AND start < ?', from, to)) {
      dropPages(this.#database, start as number);
    }
    for (const table of ['slot', 'hour', 'day']) {
      this.#database.run(`DELETE FROM ${table} WHERE start >= ? AND start < ?`, from, to);
    }
  }

  /** Sums of an hour, or of the part of it within the range, from its slots where they are still there, else from its pages. */
  sumHour(hour: Hour, { from, to }: TimeRange): SumColumns {
    if (!hour.fine) return this.sumCells(hour, loadPages(this.#database, hour), { from, to });
    return this.#sum(hour, this.slots(Math.max(from, hour.start), Math.min(to, hour.start + 3600)));
  }

  /** Sums of an hour, or of a part of it, from its pages. */
  sumCells(hour: Hour, columns: HourColumns, { from, to }: TimeRange): SumColumns {
    const { cells, cellSeconds } = columns;
    const starts = Array.from({ length: cells }, (_, index) => hour.start + index * cellSeconds);
    const inside = starts.filter((start) => start >= from && start < to);
    return this.#sum(
      hour,
      inside.map((start) => ({
        start,
        seconds: cellSeconds,
        columns: columns.cell((start - hour.start) / cellSeconds),
        imported: columns.importedIn((start - hour.start) / cellSeconds),
      })),
    );
  }

  /** What gaps that end within the range hold. */
  addUnplaced(sums: SumColumns, { from, to }: TimeRange): void {
    const sql = 'SELECT slo, sum(total), sum(bad) FROM unplaced WHERE ends > ? AND ends <= ? GROUP BY slo';
    for (const [slo, total, bad] of this.#database.rows(sql, from, to)) {
      sums.addUnplaced(slo as number, total as number, bad as number);
    }
  }

  /** First and last sights, those of open hours included. */
  sight(): Sight {
    const sight = Sight.load(this.#database);
    for (const [start] of this.#database.rows('SELECT start FROM hour WHERE closed = 0')) {
      for (const slot of this.slots(start as number, (start as number) + 3600)) sight.add(slot.columns, slot.start);
    }
    return sight;
  }

  /** Brings days and first sights up to date; the last thing in a transaction. */
  flush(): void {
    this.#days.flush();
    if (this.#sightChanged) this.#sight!.save(this.#database);
    this.#sightChanged = false;
  }

  /** Forgets what a transaction that failed has left in memory. */
  reset(): void {
    this.#days.reset();
    this.#sightChanged = false;
    this.#sight = undefined;
  }

  #sum(hour: Hour, slots: readonly SummedSlot[]): SumColumns {
    const sums = new SumColumns();
    const slices = new SliceCounter(sums, this.#timeSlices());
    for (const { imported, ...slot } of slots) {
      const { start, seconds, columns } = slot;
      sums.addSlot(columns, imported ?? importedOf(hour, slot));
      slices.add(columns, start, seconds);
    }
    slices.finish();
    return sums;
  }

  #gather(hour: Pick<Hour, 'start' | 'minutes'>, slots: readonly Omit<Slot, 'origin'>[]): HourColumns {
    const size = slots.reduce((most, { columns }) => Math.max(most, columns.size), 0);
    const columns = new HourColumns(size, slots.some(({ seconds }) => seconds === 900) ? 900 : 300);
    for (const slot of slots) {
      columns.addSlot(slot.columns, slot.start - hour.start, importedOf(hour, slot));
      this.#see(slot.columns, slot.start);
    }
    return columns;
  }

  #see(columns: SlotColumns, start: EpochSeconds): void {
    this.#sight ??= Sight.load(this.#database);
    this.#sight.add(columns, start);
    this.#sightChanged = true;
  }

  #store(hour: Hour, columns: HourColumns): void {
    writePages(this.#database, hour, columns);
    const whole = rangeOf(hour.start);
    const sums = hour.fine ? this.sumHour(hour, whole) : this.sumCells(hour, columns, whole);
    this.addUnplaced(sums, whole);
    this.#saveSums(hour.start, sums, columns.cellSeconds);
  }

  #saveSums(start: EpochSeconds, sums: SumColumns, cellSeconds: CellSeconds): void {
    const sql = 'UPDATE hour SET closed = 1, cell_seconds = ?, sums = ? WHERE start = ?';
    this.#database.run(sql, cellSeconds, sums.pack(), start);
    this.#days.hourChanged(start);
  }
}

/** A slot, or a cell of a closed hour, of which it is known how much was imported. */
interface SummedSlot extends Omit<Slot, 'origin'> {
  readonly imported?: Float64Array;
}

/** A slot is of one origin: all of its events were imported, or none. */
function importedOf(
  hour: Pick<Hour, 'minutes'>,
  { start, seconds, columns }: Omit<Slot, 'origin'>,
): Float64Array | undefined {
  return isImported(hour, start, seconds) ? columns.total : undefined;
}
