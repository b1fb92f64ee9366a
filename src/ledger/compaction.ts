import type { EpochSeconds } from '../domain/clock.js';
import type { AlertStore } from './alert-store.js';
import type { BreakdownStore } from './breakdown-store.js';
import type { Database } from './database.js';
import type { EventStore } from './event-store.js';
import type { FindingStore } from './finding-store.js';
import type { HourStore } from './hour-store.js';
import type { SignalStore } from './signal-store.js';

/** How long slots keep their width, counted back from the newest slot that {@link newestInCompany} trusts. */
export const retention = {
  /** As they were committed: a minute. */
  fineSeconds: 3 * 86_400,
  /** 5 minutes; time zones at :30 and :45, corrections and epochs need them. */
  fiveMinutesSeconds: 100 * 86_400,
  /** 15 minutes; then they are gone. */
  quartersSeconds: 2 * 366 * 86_400,
  /** Alerts that have ended. */
  alertsSeconds: 2 * 366 * 86_400,
  /** Findings that have ended, and events. */
  findingsSeconds: 2 * 366 * 86_400,
} as const;

interface Parts {
  readonly database: Database;
  readonly hours: HourStore;
  readonly breakdown: BreakdownStore;
  readonly signals: SignalStore;
  readonly alerts: AlertStore;
  readonly findings: FindingStore;
  readonly events: EventStore;
  /** How many SLOs there are. */
  readonly slos: number;
  /** The moment from which ages are counted back. */
  readonly newest: EpochSeconds;
}

/** Does one bounded piece of what is due: an hour made coarser, a day, some alerts, findings or events dropped. Returns false when nothing was due. */
export function compactOnce(parts: Parts): boolean {
  return (
    dropOldDay(parts) || dropOldAlerts(parts) || dropOldFindings(parts) || mergeOldHour(parts) || mergeRecentHour(parts)
  );
}

function dropOldAlerts({ alerts, newest }: Parts): boolean {
  return alerts.dropBefore(newest - retention.alertsSeconds);
}

function dropOldFindings({ findings, events, newest }: Parts): boolean {
  const cut = newest - retention.findingsSeconds;
  return findings.dropBefore(cut) || events.dropBefore(cut);
}

function mergeRecentHour({ database, hours, signals, newest }: Parts): boolean {
  const sql = 'SELECT min(start) FROM hour WHERE fine = 1 AND closed = 1 AND start <= ?';
  const start = database.number(sql, newest - retention.fineSeconds - 3600);
  if (start === undefined) return false;
  hours.coarsen(start, 300);
  signals.coarsen({ from: start, to: start + 3600 }, 300);
  return true;
}

function mergeOldHour({ database, hours, signals, breakdown, slos, newest }: Parts): boolean {
  const sql = 'SELECT min(start) FROM hour WHERE cell_seconds = 300 AND closed = 1 AND start <= ?';
  const start = database.number(sql, newest - retention.fiveMinutesSeconds - 3600);
  if (start === undefined) return false;
  const range = { from: start, to: start + 3600 };
  hours.coarsen(start, 900);
  signals.coarsen(range, 900);
  breakdown.coarsen(slos, range);
  return true;
}

function dropOldDay({ database, hours, signals, breakdown, slos, newest }: Parts): boolean {
  const cut = Math.floor((newest - retention.quartersSeconds) / 86_400) * 86_400;
  const oldest = database.number('SELECT min(start) FROM hour WHERE start < ?', cut);
  if (oldest === undefined) return false;
  const from = Math.floor(oldest / 86_400) * 86_400;
  const range = { from, to: from + 86_400 };
  hours.drop(range.from, range.to);
  signals.drop(range);
  breakdown.drop(slos, range);
  for (const table of ['unplaced', 'unseen']) database.run(`DELETE FROM ${table} WHERE ends <= ?`, range.to);
  return true;
}
