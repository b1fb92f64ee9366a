import type { CatalogService } from '../domain/catalog-service.js';
import type { EpochSeconds } from '../domain/clock.js';
import type { FindingBook } from '../domain/finding-book.js';
import type { Slo } from '../domain/slo.js';
import type { TimeRange } from '../domain/window.js';
import type { Ledger } from '../ledger/ledger.js';
import type { ReportCorrection } from './week-surroundings.js';

/** What reports are read from. Only the ledger must be there; the rest is said to be absent where it is. */
export interface ReportSource {
  readonly ledger: Ledger;
  /** The SLOs that are kept now: one that nothing was counted for is reported, too. */
  readonly slos: readonly Slo[];
  readonly findings: Pick<FindingBook, 'during' | 'events'> | undefined;
  readonly catalog: { services(): readonly CatalogService[] } | undefined;
  readonly corrections: ((range: TimeRange) => readonly ReportCorrection[]) | undefined;
  /** Address of the page, without a slash at its end. */
  readonly page: string | undefined;
  /** When the report is read. */
  readonly now: EpochSeconds;
}
