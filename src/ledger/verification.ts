import { failureOf } from '../domain/failure.js';
import type { AlertStore } from './alert-store.js';
import type { BreakdownStore } from './breakdown-store.js';
import type { Database } from './database.js';
import { type Hour, rangeOf } from './hour.js';
import type { HourStore } from './hour-store.js';
import { loadPages } from './pages.js';
import { SumColumns } from './sum-columns.js';

/** Something in a ledger that is not as it should be. */
export interface LedgerFault {
  readonly code: 'structure' | 'unreadable' | 'hour-differs' | 'day-differs' | 'breakdown-differs' | 'alert-unsound';
  readonly message: string;
}

/** Holds every roll-up against what it sums, the breakdown against the bad events, and looks at alerts; also SQLite's own check. */
export function verifyLedger(
  database: Database,
  hours: HourStore,
  breakdown: BreakdownStore,
  alerts: AlertStore,
): readonly LedgerFault[] {
  const faults: LedgerFault[] = database
    .rows('PRAGMA integrity_check(20)')
    .map(([message]) => String(message))
    .filter((message) => message !== 'ok')
    .map((message) => ({ code: 'structure', message }));
  const all = new SumColumns();
  for (const hour of hours.hours(0, Number.MAX_SAFE_INTEGER)) {
    faults.push(...readable(`the hour at ${iso(hour.start)}`, () => verifyHour(database, hours, hour, all)));
  }
  for (const [day, sums] of database.rows('SELECT start, sums FROM day ORDER BY start')) {
    const start = day as number;
    faults.push(...readable(`the day at ${iso(start)}`, () => verifyDay(database, start, sums as Buffer)));
  }
  faults.push(...readable('the breakdown', () => verifyBreakdown(breakdown, all)));
  faults.push(...readable('the history of alerts', () => verifyAlerts(alerts)));
  return faults;
}

function verifyAlerts(alerts: AlertStore): readonly LedgerFault[] {
  return [...alerts.faults()].map((message) => ({ code: 'alert-unsound', message }));
}

/** Rows may tell of fewer bad events than there were, never of more. */
function verifyBreakdown(breakdown: BreakdownStore, all: SumColumns): readonly LedgerFault[] {
  return [...breakdown.totals()].flatMap(([slo, told]) => {
    const bad = (all.bad[slo] ?? 0) + (all.unplacedBad[slo] ?? 0);
    if (told <= bad) return [];
    const message = `the breakdown of SLO number ${slo} tells of ${told} bad events, its slots of ${bad}`;
    return [{ code: 'breakdown-differs' as const, message }];
  });
}

function verifyHour(database: Database, hours: HourStore, hour: Hour, all: SumColumns): readonly LedgerFault[] {
  const whole = rangeOf(hour.start);
  const sums = hours.sumHour(hour, whole);
  hours.addUnplaced(sums, whole);
  all.addSums(sums);
  if (!hour.closed) return [];
  const pages = hours.sumCells(hour, loadPages(database, hour), whole);
  hours.addUnplaced(pages, whole);
  const kept = hours.loadSums(hour.start);
  return [
    ...(kept.equals(sums) ? [] : differs('hour-differs', `the roll-up of the hour at ${iso(hour.start)}`)),
    ...(pages.equals(sums) ? [] : differs('hour-differs', `the pages of the hour at ${iso(hour.start)}`)),
  ];
}

function verifyDay(database: Database, start: number, bytes: Buffer): readonly LedgerFault[] {
  const sums = new SumColumns();
  for (const [hour] of database.rows('SELECT sums FROM hour WHERE start >= ? AND start < ?', start, start + 86_400)) {
    sums.addSums(SumColumns.unpack(hour as Buffer));
  }
  return SumColumns.unpack(bytes).equals(sums) ? [] : differs('day-differs', `the roll-up of the day at ${iso(start)}`);
}

function differs(code: LedgerFault['code'], what: string): readonly LedgerFault[] {
  return [{ code, message: `${what} is not the sum of its parts` }];
}

/** A part that cannot be read is a fault; the rest is looked at all the same. */
function readable(what: string, look: () => readonly LedgerFault[]): readonly LedgerFault[] {
  try {
    return look();
  } catch (error) {
    return [{ code: 'unreadable', message: `${what}: ${failureOf(error).message}` }];
  }
}

function iso(at: number): string {
  return new Date(at * 1000).toISOString();
}
