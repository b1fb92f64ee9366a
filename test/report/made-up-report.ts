import { parseIsoWeek } from '../../src/domain/iso-week.js';
import { Ledger } from '../../src/ledger/ledger.js';
import type { ReportSource } from '../../src/report/report-source.js';
import { readWeek } from '../../src/report/week-book.js';
import type { ReportScope, WeekReport } from '../../src/report/week-report.js';
import { withPath } from '../ledger/support.js';
import { fill, type MadeUpPast, madeUpPast, sourceOf } from './made-up-weeks.js';

/** From 2026-11-15T23:00Z: week 47 begins at midnight of Berlin. */
export const week = { name: '2026-W47', zone: 'Europe/Berlin', from: 1_794_783_600, to: 1_795_388_400 } as const;

const hour = 3600;

/** The Wednesday afternoon of that week. */
export const burst = { from: week.from + 62 * hour + 300, to: week.from + 62 * hour + 2400 };

interface Told {
  readonly past?: MadeUpPast;
  readonly now?: number;
  readonly scope?: ReportScope;
  readonly source?: Partial<ReportSource>;
  /** Told of the ledger before it is read. */
  readonly prepare?: (ledger: Ledger) => void;
}

/** A report of a made-up week, read from a real ledger. */
export function madeUpReport(told: Told = {}): Promise<WeekReport> {
  const { past = madeUpPast({ ...week, burst }), now = week.to + hour, scope = { kind: 'organisation' } } = told;
  return withPath(async (path) => {
    const ledger = Ledger.open(path);
    fill(ledger, past);
    told.prepare?.(ledger);
    const source = sourceOf(ledger, now, { slos: past.slos, ...told.source });
    const book = await readWeek(source, parseIsoWeek(week.name)!, week.zone);
    const report = await book.report(scope);
    ledger.close();
    return report;
  });
}
