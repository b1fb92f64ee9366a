import type { EpochSeconds } from '../domain/clock.js';
import type { ServiceId } from '../domain/service-id.js';
import type { Checkpoint, SlotBatch, UnplacedEvents, UnseenTail } from '../domain/slot-batch.js';
import type { Slo, SloId } from '../domain/slo.js';
import type { TimeRange } from '../domain/window.js';
import { AlertStore } from './alert-store.js';
import { BatchWriter, type CommitResult } from './batch-writer.js';
import { type Breakdown, BreakdownStore, wholeSlots } from './breakdown-store.js';
import { BatchReader } from './checked-batch.js';
import { compactOnce } from './compaction.js';
import type { Database } from './database.js';
import { EventStore } from './event-store.js';
import { FindingStore } from './finding-store.js';
import { hourOfMoment } from './hour.js';
import { HourStore } from './hour-store.js';
import { ImportRun, type ImportResult } from './import-run.js';
import {
  abandonLedgerFile,
  closeLedgerFile,
  copyLedgerFile,
  type LedgerFile,
  type LedgerOptions,
  openLedgerFile,
} from './ledger-file.js';
import { unplacedOf, unseenTails } from './losses.js';
import { importedOrigins, originNumber } from './origins.js';
import { ReportStore } from './report-store.js';
import { readSeries, type SeriesPoint } from './series.js';
import type { Sighting } from './sight.js';
import { type SignalPoint, SignalStore, type SlotTraffic } from './signal-store.js';
import { type DeclaredSlo, SloRegistry } from './slo-registry.js';
import { leaveOutOldGaps, sumRange, Sums, type UnplacedReading } from './sums.js';
import {
  extent,
  gaps,
  hasObservedSlot,
  importedUntil,
  lastObservedSlot,
  newestEnd,
  newestInCompany,
} from './timeline.js';
import { type LedgerFault, verifyLedger } from './verification.js';
import { worstMinutes } from './worst-minutes.js';

/** Hours that one commit closes or merges at most, so that none takes long. */
const hoursPerCommit = 2;

/** Services whose golden signals one commit gives their last form. */
const servicesPerCommit = 400;

/**
 * The ledger: how many events every SLO had in every slot of time, how many were bad, and how much was observed.
 *
 * One process writes, any number read meanwhile. Times are seconds since the epoch; a slot belongs to the range that holds
 * its start, so sums of ranges that meet add up exactly.
 *
 * Methods throw {@link Failure} `ledger-damaged` when what they read is not what was written, and `disk-full` (nothing was
 * written; try again later).
 *
 * @see docs/ledger.md
 */
export class Ledger {
  readonly path: string;
  /** What fired, and what people said of it. */
  readonly alerts: AlertStore;
  /** What was found wrong with meshes, registries and catalogues. */
  readonly findings: FindingStore;
  /** Reports as they were given, and who was sent them. */
  readonly reports: ReportStore;
  /** What has happened to services and meshes. */
  readonly events: EventStore;
  readonly #file: LedgerFile;
  readonly #database: Database;
  readonly #registry: SloRegistry;
  readonly #batches: BatchReader;
  readonly #hours: HourStore;
  readonly #breakdown: BreakdownStore;
  readonly #signals: SignalStore;
  readonly #writer: BatchWriter;

  private constructor(path: string, file: LedgerFile) {
    const { database } = file;
    this.path = path;
    this.#file = file;
    this.#database = database;
    this.alerts = new AlertStore(database);
    this.findings = new FindingStore(database);
    this.reports = new ReportStore(database);
    this.events = new EventStore(database);
    this.#registry = new SloRegistry(database);
    this.#batches = new BatchReader(this.#registry);
    this.#hours = new HourStore(database, () => this.#registry.timeSlices());
    this.#breakdown = new BreakdownStore(database);
    this.#signals = new SignalStore(database);
    this.#writer = new BatchWriter({
      database,
      batches: this.#batches,
      hours: this.#hours,
      breakdown: this.#breakdown,
      signals: this.#signals,
    });
  }

  /**
   * Opens a ledger; the writer makes file and folder where there are none.
   *
   * @throws Failure `ledger-damaged`, `ledger-newer` (both leave the file as it is), `ledger-locked`, `file-unreadable`;
   * `not-found` for a reader
   */
  static open(path: string, options: LedgerOptions = {}): Ledger {
    const file = openLedgerFile(path, options);
    try {
      return new Ledger(path, file);
    } catch (error) {
      abandonLedgerFile(file);
      throw error;
    }
  }

  close(): void {
    closeLedgerFile(this.#file);
  }

  /**
   * Makes SLOs known, and begins a new epoch for those whose meaning has changed. Cheap when nothing has; slices that are
   * judged differently from now on are counted anew as far back as the ledger goes, which takes a second a month.
   */
  declare(slos: readonly Slo[], at: EpochSeconds): void {
    try {
      this.#registry.declare(slos, at, (rejudged) => {
        this.#hours.recountSlices(rejudged);
        this.#hours.flush();
      });
    } catch (error) {
      this.#hours.reset();
      throw error;
    }
  }

  /**
   * Writes one observed slot and all that became known in it: everything or nothing.
   *
   * It may be older than others, as after a clock that was ahead. An imported slot that stands in its way gives way to it,
   * whole; the result says what was lost by that.
   *
   * @throws RangeError for a slot that was observed before, for SLOs never declared and for impossible counts: a bug
   */
  commit(batch: SlotBatch): CommitResult {
    const columns = this.#batches.columns(batch);
    return this.#write(() => {
      const result = this.#writer.writeObserved(batch, columns);
      const hour = hourOfMoment(batch.slotStart);
      const closed = this.#hours.closeBefore(hour, hoursPerCommit);
      this.#signals.closeBefore(hour, servicesPerCommit);
      if (closed > 0) this.#compactOnce();
      return result;
    });
  }

  /**
   * Writes history that somebody else observed, labelled with where it came from; in transactions of a day's slots.
   *
   * A slot whose minutes are already taken is left out: by the same origin it was imported before, otherwise something
   * better is known. Batches come in order of time; checkpoints do not belong in them.
   *
   * @throws RangeError as {@link commit} does
   */
  import(batches: Iterable<SlotBatch>, { origin }: { readonly origin: string }): ImportResult {
    const run = new ImportRun({
      database: this.#database,
      hours: this.#hours,
      origin: originNumber(this.#database, origin),
    });
    for (const batch of batches) {
      const full = run.take(batch, this.#batches.columns(batch));
      if (full) this.#write(() => this.#flushImport(run, false));
    }
    this.#write(() => this.#flushImport(run, true));
    return run.result;
  }

  /** What every SLO has in a range. */
  sums(range: TimeRange, { unplaced }: { readonly unplaced: UnplacedReading }): Sums {
    return this.#read(() => {
      const columns = sumRange(this.#database, this.#hours, range);
      if (unplaced === 'wholly-inside') leaveOutOldGaps(this.#database, columns, range);
      return new Sums(range, columns, this.#registry);
    });
  }

  /** Bad events of each SLO's worst slot in a range; reads every slot of it. */
  worstMinutes(range: TimeRange): (id: SloId) => number {
    return this.#read(() => {
      const worst = worstMinutes(this.#hours, range);
      return (id) => worst[this.#registry.ordinal(id) ?? -1] ?? 0;
    });
  }

  /** One SLO over time; nothing for an SLO that was never declared. */
  series(id: SloId, range: TimeRange, stepSeconds: number): readonly SeriesPoint[] {
    return this.seriesOf([id], range, stepSeconds).get(id) ?? [];
  }

  /** Several SLOs over time, for hardly more than one of them costs; those never declared are left out. */
  seriesOf(ids: readonly SloId[], range: TimeRange, step: number): ReadonlyMap<SloId, readonly SeriesPoint[]> {
    return this.#read(() => {
      const known = ids.filter((id) => this.#registry.ordinal(id) !== undefined);
      const ordinals = known.map((id) => this.#registry.ordinal(id)!);
      const series = readSeries(this.#database, this.#hours, ordinals, range, step);
      return new Map(known.map((id, index) => [id, series[index]!]));
    });
  }

  /** Events of one SLO that are known to lie in a gap, and not where; of gaps with `from < end <= to`, by their end. */
  unplaced(id: SloId, range: TimeRange): readonly Omit<UnplacedEvents, 'slo'>[] {
    return this.#read(() => unplacedOf(this.#database, this.#registry.ordinal(id) ?? -1, range));
  }

  /**
   * Bad events of one SLO by caller, flags, code and so on.
   *
   * @param bad its bad events in the range widened to whole slots of 5 minutes, where the caller knows them: to add them up
   * reads everybody's
   */
  breakdown(id: SloId, range: TimeRange, bad?: number): Breakdown {
    return this.#read(() => {
      const slo = this.#registry.ordinal(id);
      const whole = wholeSlots(range);
      if (slo === undefined) return { range: whole, bad: 0, rows: [], other: 0 };
      return this.#breakdown.read(slo, whole, bad ?? this.sums(whole, { unplaced: 'ending-inside' }).of(id).bad);
    });
  }

  /** Golden signals of one service over time. */
  signals(service: ServiceId, range: TimeRange, stepSeconds: number): readonly SignalPoint[] {
    return this.#read(() => this.#signals.read(service, range, stepSeconds));
  }

  /** Requests of all services, slot by slot. */
  traffic(range: TimeRange): readonly SlotTraffic[] {
    return this.#read(() => this.#signals.traffic(range));
  }

  /** Where imported slots came from; empty when everything was observed. */
  origins(): readonly string[] {
    return importedOrigins(this.#database);
  }

  /** End of the newest imported minute: what is later was observed. Undefined where nothing is imported. */
  importedUntil(): EpochSeconds | undefined {
    return this.#read(() => importedUntil(this.#database));
  }

  /** Ends of processes that nobody could count, by when they ended; those with `from < end <= to`. */
  unseen(range: TimeRange): readonly UnseenTail[] {
    return unseenTails(this.#database, range);
  }

  /** What a source has left behind for its next start. */
  checkpoints(): readonly Checkpoint[] {
    return this.#database
      .rows('SELECT key, state FROM checkpoint ORDER BY key')
      .map(([key, state]) => ({ key: key as string, state: state as Buffer }));
  }

  /** All SLOs that were ever declared, with what they meant when. */
  slos(): readonly DeclaredSlo[] {
    return this.#read(() => this.#registry.all());
  }

  /**
   * Since when each SLO is measured as now (indicator, filter, perspective, mesh); undefined for one that always was.
   * Slots before that tell of something else. Another objective, window or budgeting changes no measurement.
   *
   * @param asOf what was declared from this moment on is not looked at
   */
  definedSince(asOf?: EpochSeconds): (id: SloId) => EpochSeconds | undefined {
    return this.#read(() => {
      const since = asOf === undefined ? this.#registry.definedSince() : this.#registry.definedSinceAsOf(asOf);
      return (id) => since.get(id);
    });
  }

  /** First and last slot in which each SLO has data, imported ones included. */
  sightings(): (id: SloId) => Sighting | undefined {
    return this.#read(() => {
      const sight = this.#hours.sight();
      return (id) => {
        const slo = this.#registry.ordinal(id);
        return slo === undefined ? undefined : sight.of(slo);
      };
    });
  }

  /** From the start of the oldest slot to the end of the newest; undefined for an empty ledger. */
  extent(): TimeRange | undefined {
    return this.#read(() => extent(this.#database));
  }

  /** End of the newest known minute that has ended by a moment; what is later comes from a clock that was ahead. */
  newestEnd(by: EpochSeconds): EpochSeconds | undefined {
    return this.#read(() => newestEnd(this.#database, by));
  }

  /** Whether an observed slot holds the minute that begins at this moment. */
  hasObservedSlot(slotStart: EpochSeconds): boolean {
    return this.#read(() => hasObservedSlot(this.#database, slotStart));
  }

  /** Start of the newest observed slot; undefined where nothing was observed yet. */
  lastObservedSlot(): EpochSeconds | undefined {
    return this.#read(() => lastObservedSlot(this.#database));
  }

  /** Stretches of the range, in whole minutes, of which no slot is known. */
  gaps(range: TimeRange): readonly TimeRange[] {
    return this.#read(() => gaps(this.#database, range));
  }

  /** Closes, merges and drops all that is due and gives the space back. Commits do the same little by little. */
  compact(): void {
    const known = this.extent();
    if (!known) return;
    this.#write(() => this.#hours.closeBefore(hourOfMoment(known.to - 60), Infinity));
    while (this.#write(() => this.#compactOnce()));
    this.#database.execute('PRAGMA incremental_vacuum');
    this.#database.execute('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  /** Holds everything against everything else; an empty list for a sound ledger. Reads the whole file. */
  verify(): readonly LedgerFault[] {
    return this.#read(() => verifyLedger(this.#database, this.#hours, this.#breakdown, this.alerts));
  }

  /**
   * Writes a compact copy as of now, while others go on writing.
   *
   * @throws Failure `bad-arguments` when there is something at the path already, or no folder to hold it
   */
  backup(path: string): void {
    copyLedgerFile(this.#database, path);
  }

  #read<T>(work: () => T): T {
    return this.#database.read(() => {
      this.#registry.refresh();
      return work();
    });
  }

  #write<T>(work: () => T): T {
    try {
      return this.#database.write(() => {
        const result = work();
        this.#hours.flush();
        return result;
      });
    } catch (error) {
      this.#hours.reset();
      this.#breakdown.reset();
      this.#signals.reset();
      throw error;
    }
  }

  #compactOnce(): boolean {
    const newest = newestInCompany(this.#database);
    if (newest === undefined) return false;
    return compactOnce({
      database: this.#database,
      hours: this.#hours,
      breakdown: this.#breakdown,
      signals: this.#signals,
      alerts: this.alerts,
      findings: this.findings,
      events: this.events,
      slos: this.#registry.size,
      newest,
    });
  }

  #flushImport(run: ImportRun, last: boolean): void {
    run.flush((added) => this.#writer.writeRest(added), last);
    while (this.#signals.closeBefore(Infinity, Infinity));
  }
}
