import type { ReportSettings } from '../../config/reports.js';
import type { Clock, EpochSeconds } from '../../domain/clock.js';
import { Failure } from '../../domain/failure.js';
import { type IsoWeek, isoWeekAfter, isoWeekName, isoWeekRange } from '../../domain/iso-week.js';
import type { ReportStore } from '../../ledger/report-store.js';
import { type ArchivedScope, reportId, scopeKey } from '../../domain/report-id.js';
import { breathe } from '../breathe.js';
import type { WeekReport } from '../week-report.js';
import type { Courier } from './courier.js';
import { destinationOf } from './destinations.js';
import { lettersOf } from './letters.js';
import type { ReportMail } from './report-mail.js';
import { revisionChanges } from './revision-changes.js';
import { reportDueAt, weeksDue } from './schedule.js';

/** A week, read once: reports of all scopes are cut from it. */
export interface ReadableWeek {
  readonly owners: readonly string[];
  report(scope: ArchivedScope): Promise<WeekReport>;
}

export interface ReportDeskParts {
  readonly store: ReportStore;
  readonly courier: Pick<Courier, 'wake'>;
  /** Undefined where nobody is sent reports. */
  readonly settings: () => ReportSettings | undefined;
  /** Reads a week by the clocks of a zone; gives way to other work. */
  readonly readWeek: (week: IsoWeek, timeZone: string) => Promise<ReadableWeek>;
  readonly mailOf: (report: WeekReport) => Promise<ReportMail>;
  /** Since when anything is known; undefined while nothing is. */
  readonly knownSince: () => EpochSeconds | undefined;
  readonly clock: Pick<Clock, 'now'>;
  /** Why reports that are due could not be made; undefined once they could. */
  readonly onFailure: (failure: Failure | undefined) => void;
  /** Told of every report that is archived. */
  readonly onArchived: (id: string) => void;
  readonly onBug: (error: unknown) => void;
}

/** What became of a report that somebody wanted sent. */
export interface SentReport {
  readonly id: string;
  /** `new`: archived just now. `revised`: it was given before, and its figures have changed. `known`: it was, and they have not. */
  readonly is: 'new' | 'revised' | 'known';
  /** Letters that wait because of it. */
  readonly queued: number;
}

const lookEverySeconds = 30;

/** After a mistake of the program the same would happen again at once. */
const afterBugSeconds = 3600;

/** Weeks that are caught up after a long time without meshslo; older ones are made when somebody asks for them. */
const mostWeeksCaughtUp = 8;

/**
 * Makes the reports that are due: each is rendered, then archived and its letters queued in one transaction.
 *
 * A week is done once its organisation's report is archived; those of the teams come before it. What was missed while
 * nothing ran is caught up: the newest week is sent, older ones are archived only.
 */
export class ReportDesk {
  readonly #parts: ReportDeskParts;
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<unknown> = Promise.resolve();
  #isStopped = false;

  constructor(parts: ReportDeskParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#schedule(0);
  }

  /** Ends after the report that is being made. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#working.catch(() => undefined);
  }

  /** Makes what is due now. */
  async look(): Promise<void> {
    const settings = this.#parts.settings();
    if (!settings) return;
    const { store, clock } = this.#parts;
    const now = clock.now();
    store.scheduleFrom(now);
    const after = store.scheduledSince()!;
    for (const week of weeksDue(settings, { after, upTo: now, most: mostWeeksCaughtUp })) {
      if (this.#isStopped) return;
      if (this.#isKnown(week, settings) && !store.latest(isoWeekName(week), '')) await this.#make(week, settings);
    }
  }

  /**
   * Sends a week's reports now: those that are not archived yet, those whose figures have changed as a revision, and those
   * that some recipient has refused or not been sent. Nobody is sent the same twice.
   *
   * @param scope one report; all of the week when left out
   * @throws Failure `bad-arguments` for a week that is not over or of which nothing is known, and without recipients;
   * `not-found` for a team that has no SLO in it; `service-unreachable` once it is being stopped
   */
  async send(week: IsoWeek, scope?: ArchivedScope): Promise<readonly SentReport[]> {
    const work = this.#working.catch(() => undefined).then(() => this.#send(week, scope));
    this.#working = work;
    return work;
  }

  #schedule(seconds: number): void {
    this.#timer = setTimeout(() => {
      this.#working = this.#working.catch(() => undefined).then(() => this.#lookSafely());
    }, seconds * 1000);
  }

  async #lookSafely(): Promise<void> {
    let next = lookEverySeconds;
    try {
      await this.look();
      this.#parts.onFailure(undefined);
    } catch (error) {
      if (error instanceof Failure) this.#parts.onFailure(error);
      else {
        this.#parts.onBug(error);
        next = afterBugSeconds;
      }
    }
    if (!this.#isStopped) this.#schedule(next);
  }

  /** Whether anything of the week is in the ledger. */
  #isKnown(week: IsoWeek, { timeZone }: ReportSettings): boolean {
    const since = this.#parts.knownSince();
    return since !== undefined && since < isoWeekRange(week, timeZone).to;
  }

  async #make(week: IsoWeek, settings: ReportSettings): Promise<void> {
    const { readWeek, store, clock } = this.#parts;
    const book = await readWeek(week, settings.timeZone);
    const isSent = clock.now() < reportDueAt(isoWeekAfter(week), settings);
    for (const scope of scopesOf(book)) {
      if (this.#isStopped) return;
      if (store.latest(isoWeekName(week), scopeKey(scope))) continue;
      await this.#archive({ week, scope, revision: 1 }, await book.report(scope), isSent ? settings : undefined);
    }
  }

  async #send(week: IsoWeek, scope: ArchivedScope | undefined): Promise<readonly SentReport[]> {
    this.#refuseWhenStopped();
    const { settings: current, clock, readWeek } = this.#parts;
    const settings = current();
    if (!settings) {
      const hint = 'write the section reports: docs/report-delivery.md says how';
      throw new Failure('bad-arguments', 'the configuration names nobody who is sent reports', { hint });
    }
    const name = isoWeekName(week);
    if (isoWeekRange(week, settings.timeZone).to > clock.now()) {
      throw new Failure('bad-arguments', `week ${name} is not over; only whole weeks are sent`);
    }
    if (!this.#isKnown(week, settings)) throw new Failure('not-found', `nothing is known of week ${name}`);
    const book = await readWeek(week, settings.timeZone);
    if (scope?.kind === 'team' && !book.owners.includes(scope.owner)) {
      throw new Failure('not-found', `team ${JSON.stringify(scope.owner.slice(0, 60))} has no SLO in week ${name}`);
    }
    const sent: SentReport[] = [];
    for (const one of scope ? [scope] : scopesOf(book)) {
      this.#refuseWhenStopped();
      sent.push(await this.#sendOne(week, one, book, settings));
    }
    this.#parts.courier.wake();
    return sent;
  }

  async #sendOne(
    week: IsoWeek,
    scope: ArchivedScope,
    book: ReadableWeek,
    settings: ReportSettings,
  ): Promise<SentReport> {
    const { store, clock, mailOf } = this.#parts;
    const report = await book.report(scope);
    const before = store.latest(isoWeekName(week), scopeKey(scope));
    if (!before) return this.#archive({ week, scope, revision: 1 }, report, settings);
    const given = JSON.parse(store.model(before.id)) as WeekReport;
    const changes = revisionChanges(given, report);
    if (changes.length > 0) {
      const revision = before.revision + 1;
      return this.#archive({ week, scope, revision }, { ...report, revision: { number: revision, changes } }, settings);
    }
    const { destination } = destinationOf(settings, scope);
    const letters = lettersOf(before.id, destination, settings.mail);
    const queued = store.queue(before.id, JSON.stringify(await mailOf(given)), letters, clock.now());
    return { id: before.id, is: 'known', queued };
  }

  #refuseWhenStopped(): void {
    if (!this.#isStopped) return;
    const hint = 'what is archived so far is handed over by the next start; ask again then for the rest';
    throw new Failure('service-unreachable', 'meshslo is being stopped', { hint });
  }

  /** @param settings undefined where it is kept and not sent */
  async #archive(
    name: { readonly week: IsoWeek; readonly scope: ArchivedScope; readonly revision: number },
    report: WeekReport,
    settings: ReportSettings | undefined,
  ): Promise<SentReport> {
    const { store, clock, mailOf, courier, onArchived } = this.#parts;
    const id = reportId(name);
    const letters = settings ? lettersOf(id, destinationOf(settings, name.scope).destination, settings.mail) : [];
    const mail = await mailOf(report);
    const model = JSON.stringify(report);
    await breathe();
    store.archive(
      {
        id,
        week: isoWeekName(name.week),
        scope: scopeKey(name.scope),
        revision: name.revision,
        subject: mail.subject,
        madeAt: clock.now(),
        model,
        mail: JSON.stringify(mail),
      },
      letters,
    );
    onArchived(id);
    if (letters.length > 0) courier.wake();
    return { id, is: name.revision > 1 ? 'revised' : 'new', queued: letters.length };
  }
}

/** Teams first: a week is done once the organisation's report is there. */
function scopesOf({ owners }: ReadableWeek): readonly ArchivedScope[] {
  return [...owners.map((owner) => ({ kind: 'team', owner }) as const), { kind: 'organisation' }];
}
