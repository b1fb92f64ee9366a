import type { Clock, EpochSeconds } from '../domain/clock.js';
import { Failure } from '../domain/failure.js';
import { isoWeekName, isoWeekRange } from '../domain/iso-week.js';
import type { Letter } from '../ledger/letter-store.js';
import type { ReportEntry, ReportPage, ReportQuery, ReportStore } from '../ledger/report-store.js';
import { type RenderedReport, renderReport, type ReportFormat } from './render-report.js';
import { parseReportId, type ReportName, scopeKey, scopeOfKey } from '../domain/report-id.js';
import type { WeekBook } from './week-book.js';
import type { WeekReport } from './week-report.js';

/** A report that somebody looks at. */
export interface ShelvedReport {
  readonly id: string;
  readonly name: ReportName;
  readonly report: WeekReport;
  /** Undefined where it was made for whoever asks, and is not kept. */
  readonly archived: ReportEntry | undefined;
  /** Id of a later revision; undefined where this is the last. */
  readonly newer: string | undefined;
}

interface ShelfParts {
  readonly store: ReportStore;
  readonly readWeek: (name: ReportName['week'], timeZone: string) => Promise<Pick<WeekBook, 'owners' | 'report'>>;
  readonly timeZone: () => string;
  readonly knownSince: () => EpochSeconds | undefined;
  /** Of all SLOs that are kept now. */
  readonly owners: () => readonly string[];
  readonly clock: Pick<Clock, 'now'>;
}

/** A week that is read once serves everybody who asks within a minute. */
const keptSeconds = 60;

/** Weeks and renderings that are kept at a time: somebody leafs through them. */
const mostKept = 4;

/** Reports to look at: archived ones as they were given, and any other week that the ledger knows, made on demand. */
export class ReportShelf {
  readonly #parts: ShelfParts;
  readonly #weeks = new Recent<Promise<Pick<WeekBook, 'owners' | 'report'>>>();
  readonly #rendered = new Recent<Promise<RenderedReport>>();

  constructor(parts: ShelfParts) {
    this.#parts = parts;
  }

  get timeZone(): string {
    return this.#parts.timeZone();
  }

  /** Since when anything is known; undefined while nothing is. */
  get knownSince(): EpochSeconds | undefined {
    return this.#parts.knownSince();
  }

  /** @throws Failure `bad-arguments` for a cursor that no page has given */
  find(query: ReportQuery): ReportPage {
    return this.#parts.store.find(query);
  }

  letters(id: string): readonly Letter[] {
    return this.#parts.store.letters.of(id);
  }

  /** Owners that have an SLO now, or have a report of their own, sorted. */
  get teams(): readonly string[] {
    const scopes = this.#parts.store.scopes().map(scopeOfKey);
    const archived = scopes.flatMap((scope) => (scope.kind === 'team' ? [scope.owner] : []));
    return [...new Set([...archived, ...this.#parts.owners()])].sort();
  }

  /** Whether anything is known of a week; of the one that goes on, too. */
  isKnown(week: ReportName['week']): boolean {
    const { from, to } = isoWeekRange(week, this.timeZone);
    const since = this.knownSince;
    return since !== undefined && since < to && from <= this.#parts.clock.now();
  }

  /** @throws Failure `not-found` for what is no report's id, a week of which nothing is known, and a team without SLOs */
  async get(id: string): Promise<ShelvedReport> {
    const { store } = this.#parts;
    const archived = store.get(id);
    const name = parseReportId(id);
    if (!name) throw notFound(id, 'a report is named like 2026-W47 or 2026-W47.team-shop');
    const latest = store.latest(isoWeekName(name.week), scopeKey(name.scope));
    const newer = latest && latest.id !== id && archived ? latest.id : undefined;
    if (archived) return { id, name, report: JSON.parse(store.model(id)) as WeekReport, archived, newer };
    if (name.revision > 1) throw notFound(id, 'there is no such revision');
    if (!this.isKnown(name.week)) throw notFound(id, 'nothing is known of that week');
    const book = await this.#week(name.week);
    if (name.scope.kind === 'team' && !book.owners.includes(name.scope.owner)) {
      throw notFound(id, 'that team has no SLO in that week');
    }
    return { id, name, report: await book.report(name.scope), archived: undefined, newer: undefined };
  }

  /** One format of it. @throws Failure as {@link get} does */
  async render(id: string, format: ReportFormat): Promise<RenderedReport> {
    const { report, archived } = await this.get(id);
    const key = `${id} ${format} ${archived ? '' : report.period.knownUntil}`;
    return this.#rendered.get(key, this.#parts.clock.now(), () => renderReport(report, format));
  }

  #week(week: ReportName['week']): Promise<Pick<WeekBook, 'owners' | 'report'>> {
    const { readWeek, clock } = this.#parts;
    const key = `${isoWeekName(week)} ${this.timeZone}`;
    return this.#weeks.get(key, clock.now(), () => readWeek(week, this.timeZone));
  }
}

function notFound(id: string, hint: string): Failure {
  return new Failure('not-found', `there is no report ${JSON.stringify(id.slice(0, 80))}`, { hint });
}

/** A few values that were made lately. What failed is made again. */
class Recent<T extends Promise<unknown>> {
  readonly #values = new Map<string, { readonly at: EpochSeconds; readonly value: T }>();

  get(key: string, now: EpochSeconds, make: () => T): T {
    for (const [old, { at }] of this.#values) if (Math.abs(now - at) > keptSeconds) this.#values.delete(old);
    const known = this.#values.get(key);
    if (known) return known.value;
    const value = make();
    this.#values.set(key, { at: now, value });
    const drop = (): void => {
      if (this.#values.get(key)?.value === value) this.#values.delete(key);
    };
    value.catch(drop);
    // A week of thousands of SLOs is not kept for nobody: where nobody asks any more, nothing else would drop it.
    setTimeout(drop, keptSeconds * 1000).unref();
    const [oldest] = this.#values.keys();
    if (this.#values.size > mostKept) this.#values.delete(oldest!);
    return value;
  }
}
