import type { EpochSeconds } from '../domain/clock.js';
import type { SlotSeconds } from '../domain/slot-batch.js';
import type { TimeRange } from '../domain/window.js';
import type { Row } from './database.js';
import type { CellSeconds } from './hour-columns.js';
import type { SlotColumns } from './slot-columns.js';

/** The origin of what was observed, as opposed to imported. */
export const observedOrigin = 1;

/** One slot as it is kept. `origin` is {@link observedOrigin} or the number of an import. */
export interface Slot {
  readonly start: EpochSeconds;
  readonly seconds: SlotSeconds;
  readonly origin: number;
  readonly columns: SlotColumns;
}

/** An hour of the ledger. */
export interface Hour {
  readonly start: EpochSeconds;
  /** Origin of the slot that holds each minute; 0 for none. */
  readonly minutes: Uint8Array;
  /** Its pages and its roll-up are there and right. */
  readonly closed: boolean;
  /** Its slots are there as they were committed. */
  readonly fine: boolean;
  /** Width of the cells in its pages. */
  readonly cellSeconds: CellSeconds;
}

/** What {@link hourOf} reads. */
export const columnsOfHour = 'start, minutes, closed, fine, cell_seconds';

/** The hour that begins at this moment. */
export function rangeOf(start: EpochSeconds): TimeRange {
  return { from: start, to: start + 3600 };
}

/** Start of the hour that a moment lies in. */
export function hourOfMoment(at: EpochSeconds): EpochSeconds {
  return Math.floor(at / 3600) * 3600;
}

/** Whether the first slot known within this stretch of the hour was imported. */
export function isImported(hour: Pick<Hour, 'minutes'>, start: EpochSeconds, seconds: number): boolean {
  const [from, to] = minutesOf({ start, seconds });
  const origin = hour.minutes.subarray(from, to).find((minute) => minute > 0);
  return origin !== undefined && origin !== observedOrigin;
}

/** The same for every cell of an hour. */
export function importedCells(hour: Pick<Hour, 'start' | 'minutes'>, cellSeconds: CellSeconds): readonly boolean[] {
  return Array.from({ length: 3600 / cellSeconds }, (_, cell) =>
    isImported(hour, hour.start + cell * cellSeconds, cellSeconds),
  );
}

/** The minutes of an hour that a slot holds: the first, and the one after the last. */
export function minutesOf({ start, seconds }: Pick<Slot, 'start'> & { readonly seconds: number }): [number, number] {
  const first = (start % 3600) / 60;
  return [first, first + seconds / 60];
}

/** Start of the UTC day that a moment lies in. */
export function dayOf(at: EpochSeconds): EpochSeconds {
  return Math.floor(at / 86_400) * 86_400;
}

/** A row of {@link columnsOfHour}. */
export function hourOf([start, minutes, closed, fine, cellSeconds]: Row): Hour {
  return {
    start: start as number,
    minutes: minutes as Buffer,
    closed: closed === 1,
    fine: fine === 1,
    cellSeconds: cellSeconds as CellSeconds,
  };
}
