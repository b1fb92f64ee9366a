import type { EpochSeconds } from '../domain/clock.js';
import type { TimeRange } from '../domain/window.js';
import type { Database } from './database.js';
import { type Cell, slosPerPage, unpackSlo } from './hour-columns.js';
import type { HourStore } from './hour-store.js';
import { pageId } from './pages.js';
import type { SlotColumns } from './slot-columns.js';

/** One SLO in one step of time. */
export interface SeriesPoint {
  /** Start of the step. */
  readonly at: EpochSeconds;
  /** Length of the step, or of the slot that the point stands for where only wider ones are left. */
  readonly seconds: number;
  readonly total: number;
  readonly bad: number;
  /** Share of the step that was observed; undefined where nothing at all is known, and then the counts mean nothing. */
  readonly coverage: number | undefined;
}

/**
 * SLOs over time, in the order given: a point for every step that begins in the range or holds its start; steps are multiples of their
 * length since 1970.
 *
 * A slot counts in the step that holds its start. Where only wider slots are left than the step, a point stands for the
 * slot and the next ones are unknown. Unplaced events have no place here.
 */
export function readSeries(
  database: Database,
  hours: HourStore,
  slos: readonly number[],
  range: TimeRange,
  stepSeconds: number,
): readonly (readonly SeriesPoint[])[] {
  const columns = slos.map(() => new SeriesColumns(range, stepSeconds));
  visitSlots(database, hours, slos, range, stepSeconds, (index, start, seconds, cell) =>
    columns[index]!.add(start, seconds, cell),
  );
  return columns.map((column) => column.points());
}

/** The points of one SLO while slots come in. */
class SeriesColumns {
  readonly #stepSeconds: number;
  /** Number of the first step since 1970. */
  readonly #first: number;
  readonly #total: Float64Array;
  readonly #bad: Float64Array;
  readonly #observedMs: Float64Array;
  readonly #seconds: Float64Array;

  constructor({ from, to }: TimeRange, stepSeconds: number) {
    this.#stepSeconds = stepSeconds;
    this.#first = Math.floor(from / stepSeconds);
    const steps = Math.max(0, Math.ceil(to / stepSeconds) - this.#first);
    this.#total = new Float64Array(steps);
    this.#bad = new Float64Array(steps);
    this.#observedMs = new Float64Array(steps);
    this.#seconds = new Float64Array(steps).fill(stepSeconds);
  }

  add(start: EpochSeconds, seconds: number, { total, bad, observedMs }: Cell): void {
    const step = Math.floor(start / this.#stepSeconds) - this.#first;
    this.#total[step]! += total;
    this.#bad[step]! += bad;
    this.#observedMs[step]! += observedMs;
    if (seconds > this.#stepSeconds) this.#seconds[step] = seconds;
  }

  points(): readonly SeriesPoint[] {
    return Array.from(this.#total, (total, step) => {
      const seconds = this.#seconds[step]!;
      const observedMs = this.#observedMs[step]!;
      return {
        at: (this.#first + step) * this.#stepSeconds,
        seconds,
        total,
        bad: this.#bad[step]!,
        coverage: total === 0 && observedMs === 0 ? undefined : Math.min(1, observedMs / (seconds * 1000)),
      };
    });
  }
}

/** Takes a slot of the SLO at this place of the list. */
type SlotVisitor = (index: number, start: EpochSeconds, seconds: number, cell: Cell) => void;

/** From pages, except for hours whose slots are still there and tell more: open ones, cut ones, and those with too wide cells. */
function visitSlots(
  database: Database,
  hours: HourStore,
  slos: readonly number[],
  { from, to }: TimeRange,
  stepSeconds: number,
  visit: SlotVisitor,
): void {
  const firstHour = Math.floor(from / 3600) * 3600;
  const fromSlots = new Set<EpochSeconds>();
  for (const [start] of database.rows(
    `SELECT start FROM hour WHERE fine = 1 AND start >= ?1 AND start < ?2
       AND (closed = 0 OR start < ?3 OR start + 3600 > ?2 OR ?4 % cell_seconds <> 0)`,
    firstHour,
    to,
    from,
    stepSeconds,
  )) {
    const hour = start as number;
    fromSlots.add(hour);
    for (const { start: at, seconds, columns } of hours.slots(Math.max(from, hour), Math.min(to, hour + 3600))) {
      for (const [index, slo] of slos.entries()) {
        if (slo < columns.size) visit(index, at, seconds, cellOf(columns, slo));
      }
    }
  }
  for (const [index, slo] of slos.entries()) {
    const page = Math.floor(slo / slosPerPage);
    const bounds = [pageId(page, firstHour), pageId(page, Math.ceil(to / 3600) * 3600)];
    for (const [id, bytes] of database.rows('SELECT id, cells FROM page WHERE id >= ? AND id < ?', ...bounds)) {
      const hour = ((id as number) % 2 ** 24) * 3600;
      if (fromSlots.has(hour)) continue;
      unpackSlo(bytes as Buffer, slo % slosPerPage).forEach((cell, number, cells) => {
        const seconds = 3600 / cells.length;
        const at = hour + number * seconds;
        if (at >= from && at < to) visit(index, at, seconds, cell);
      });
    }
  }
}

function cellOf({ total, bad, observedMs }: SlotColumns, slo: number): Cell {
  return { total: total[slo]!, bad: bad[slo]!, observedMs: observedMs[slo]! };
}
