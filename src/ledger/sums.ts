import type { EpochSeconds } from '../domain/clock.js';
import type { SloId } from '../domain/slo.js';
import type { TimeRange } from '../domain/window.js';
import type { Database } from './database.js';
import { hourOfMoment } from './hour.js';
import type { HourStore } from './hour-store.js';
import type { SloRegistry } from './slo-registry.js';
import { SumColumns } from './sum-columns.js';

/**
 * Which gaps count in a range.
 *
 * - `ending-inside`: those with `from < end <= to`. The reading of budgets: each gap counts in exactly one of two ranges
 *   that meet.
 * - `wholly-inside`: only those that begin in the range, too. The reading of burn rates: old events never feed a short window.
 */
export type UnplacedReading = 'ending-inside' | 'wholly-inside';

/** What one SLO has in a range. */
export interface SloSums {
  /** Events, unplaced and imported ones included. */
  readonly total: number;
  readonly bad: number;
  /** Those of `total` that are known to lie in the range, but not where in it. */
  readonly unplaced: number;
  /** The bad ones of these. */
  readonly unplacedBad: number;
  /** Those of `total` that were imported. */
  readonly imported: number;
  /** Observed time; slots that are partly observed count partly. */
  readonly observedSeconds: number;
  /**
   * Slices with traffic, and those of them that are bad; 0 for an SLO whose budget does not count slices. A slice that
   * the range cuts counts as far as the range holds it: ask for ranges with edges between slices.
   */
  readonly slices: number;
  readonly badSlices: number;
}

/** What every SLO has in a range; columns inside, looked up by SLO. */
export class Sums {
  readonly range: TimeRange;
  readonly #columns: SumColumns;
  readonly #registry: SloRegistry;

  constructor(range: TimeRange, columns: SumColumns, registry: SloRegistry) {
    this.range = range;
    this.#columns = columns;
    this.#registry = registry;
  }

  /** Zeros for an SLO of which nothing is known in the range. */
  of(id: SloId): SloSums {
    const slo = this.#registry.ordinal(id);
    if (slo === undefined || slo >= this.#columns.size) return nothing;
    const { total, bad, unplaced, unplacedBad, imported, observedMs, slices, badSlices } = this.#columns;
    return {
      total: total[slo]! + unplaced[slo]!,
      bad: bad[slo]! + unplacedBad[slo]!,
      unplaced: unplaced[slo]!,
      unplacedBad: unplacedBad[slo]!,
      imported: imported[slo]!,
      observedSeconds: observedMs[slo]! / 1000,
      slices: slices[slo]!,
      badSlices: badSlices[slo]!,
    };
  }
}

const nothing: SloSums = {
  total: 0,
  bad: 0,
  unplaced: 0,
  unplacedBad: 0,
  imported: 0,
  observedSeconds: 0,
  slices: 0,
  badSlices: 0,
};

/**
 * Adds up a range for all SLOs: whole days and hours from their roll-ups, the rest from slots.
 *
 * A slot belongs to the range that holds its start.
 */
export function sumRange(database: Database, hours: HourStore, { from, to }: TimeRange): SumColumns {
  const sums = new SumColumns();
  const first = Math.ceil(from / 3600) * 3600;
  const last = hourOfMoment(to);
  if (first > last) {
    addPart(hours, sums, from, to);
    return sums;
  }
  addPart(hours, sums, from, first);
  addWholeHours(database, hours, sums, { from: first, to: last });
  addPart(hours, sums, last, to);
  return sums;
}

/** Takes out again what gaps hold that began before the range. */
export function leaveOutOldGaps(database: Database, sums: SumColumns, { from, to }: TimeRange): void {
  const sql =
    'SELECT slo, sum(total), sum(bad) FROM unplaced WHERE ends > ?1 AND ends <= ?2 AND begins < ?1 GROUP BY slo';
  for (const [slo, total, bad] of database.rows(sql, from, to)) {
    sums.addUnplaced(slo as number, total as number, bad as number, -1);
  }
}

function addWholeHours(database: Database, hours: HourStore, sums: SumColumns, { from, to }: TimeRange): void {
  const firstDay = Math.ceil(from / 86_400) * 86_400;
  const lastDay = Math.floor(to / 86_400) * 86_400;
  const summed = new Set<EpochSeconds>();
  for (const [day, bytes] of database.rows(
    'SELECT start, sums FROM day WHERE start >= ? AND start < ?',
    firstDay,
    lastDay,
  )) {
    summed.add(day as number);
    sums.addSums(SumColumns.unpack(bytes as Buffer));
  }
  for (const [start, closed] of database.rows(
    'SELECT start, closed FROM hour WHERE start >= ? AND start < ?',
    from,
    to,
  )) {
    const hour = start as number;
    if (summed.has(Math.floor(hour / 86_400) * 86_400)) continue;
    if (closed === 1) {
      sums.addSums(hours.loadSums(hour));
    } else {
      addPart(hours, sums, hour, hour + 3600);
    }
  }
}

/** Part of one hour. */
function addPart(hours: HourStore, sums: SumColumns, from: EpochSeconds, to: EpochSeconds): void {
  if (from >= to) return;
  const hour = hours.hour(hourOfMoment(from));
  if (hour) sums.addSums(hours.sumHour(hour, { from, to }));
  hours.addUnplaced(sums, { from, to });
}
