import type { EpochSeconds } from '../domain/clock.js';
import type { TimeRange } from '../domain/window.js';
import type { Database } from './database.js';
import { slosPerPage, unpackSlo } from './hour-columns.js';
import type { HourStore } from './hour-store.js';
import { pageId } from './pages.js';

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
 * One SLO over time, a point for every step that begins in the range or holds its start; steps are multiples of their
 * length since 1970.
 *
 * A slot counts in the step that holds its start. Where only wider slots are left than the step, a point stands for the
 * slot and the next ones are unknown. Unplaced events have no place here.
 */
export function readSeries(
  database: Database,
  hours: HourStore,
  slo: number,
  range: TimeRange,
  stepSeconds: number,
): readonly SeriesPoint[] {
  const first = Math.floor(range.from / stepSeconds);
  const steps = Math.max(0, Math.ceil(range.to / stepSeconds) - first);
  const total = new Float64Array(steps);
  const bad = new Float64Array(steps);
  const observedMs = new Float64Array(steps);
  const wide = new Float64Array(steps).fill(stepSeconds);
  visitSlots(database, hours, slo, range, stepSeconds, (start, seconds, slotTotal, slotBad, slotMs) => {
    const step = Math.floor(start / stepSeconds) - first;
    total[step]! += slotTotal;
    bad[step]! += slotBad;
    observedMs[step]! += slotMs;
    if (seconds > stepSeconds) wide[step] = seconds;
  });
  return Array.from(total, (count, step) => ({
    at: (first + step) * stepSeconds,
    seconds: wide[step]!,
    total: count,
    bad: bad[step]!,
    coverage: count === 0 && observedMs[step] === 0 ? undefined : Math.min(1, observedMs[step]! / (wide[step]! * 1000)),
  }));
}

type SlotVisitor = (start: EpochSeconds, seconds: number, total: number, bad: number, observedMs: number) => void;

/** From pages, except for hours whose slots are still there and tell more: open ones, cut ones, and those with too wide cells. */
function visitSlots(
  database: Database,
  hours: HourStore,
  slo: number,
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
      if (slo < columns.size) visit(at, seconds, columns.total[slo]!, columns.bad[slo]!, columns.observedMs[slo]!);
    }
  }
  const page = Math.floor(slo / slosPerPage);
  const bounds = [pageId(page, firstHour), pageId(page, Math.ceil(to / 3600) * 3600)];
  for (const [id, bytes] of database.rows('SELECT id, cells FROM page WHERE id >= ? AND id < ?', ...bounds)) {
    const hour = ((id as number) % 2 ** 24) * 3600;
    if (fromSlots.has(hour)) continue;
    unpackSlo(bytes as Buffer, slo % slosPerPage).forEach((cell, index, cells) => {
      const seconds = 3600 / cells.length;
      const at = hour + index * seconds;
      if (at >= from && at < to) visit(at, seconds, cell.total, cell.bad, cell.observedMs);
    });
  }
}
