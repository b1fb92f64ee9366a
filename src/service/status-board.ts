import type { AlertingState } from '../alerting/alert-desk.js';
import type { SloJudge } from '../alerting/slo-judge.js';
import type { JudgedSlo } from '../domain/burn-verdict.js';
import type { Clock, EpochSeconds } from '../domain/clock.js';
import type { OpenEvents } from '../domain/open-minute.js';
import type { ServiceId } from '../domain/service-id.js';
import type { SlotBatch } from '../domain/slot-batch.js';
import type { SloId } from '../domain/slo.js';
import type { SloStatus } from '../domain/slo-status.js';
import type { TimeRange } from '../domain/window.js';
import type { Breakdown } from '../ledger/breakdown-store.js';
import { type BurnDown, burnDown } from '../ledger/burn-down.js';
import type { Ledger } from '../ledger/ledger.js';
import type { SeriesPoint } from '../ledger/series.js';
import type { SignalPoint } from '../ledger/signal-store.js';
import type { ScrapeSource } from '../scrape/scrape-source.js';
import type { ScrapedTarget, ServiceTraffic, StatusReader, WatcherHealth } from '../server/status-reader.js';
import type { CurrentSlos } from './current-slos.js';
import type { KeptSlot } from './slot-keeper.js';
import { TrafficBoard } from './traffic-board.js';

/** Gaps and unseen ends of processes this long back are shown. */
const lossesShownSeconds = 3 * 86_400;

interface StatusBoardParts {
  readonly ledger: Ledger;
  readonly slos: CurrentSlos;
  readonly source: Pick<ScrapeSource, 'targets' | 'discoveries'>;
  /** From the name of a job to that of its mesh. */
  readonly meshOf: (job: string) => string;
  readonly judge: SloJudge;
  readonly alerting: () => AlertingState;
  readonly clock: Clock;
}

/** What everybody sees, read from the ledger once per slot and kept until the next one. */
export class StatusBoard implements StatusReader {
  readonly #parts: StatusBoardParts;
  readonly #startedAt: EpochSeconds;
  readonly #traffic = new TrafficBoard();
  #version = 0;
  #statuses: readonly JudgedSlo[] = [];
  #knownUntil: EpochSeconds | undefined;
  #kept: KeptSlot = { lastSlot: undefined, waiting: 0, failure: undefined };
  #gaps: readonly TimeRange[] = [];
  #unseen: WatcherHealth['unseen'] = { processes: 0, seconds: 0 };
  #lossesSince: EpochSeconds;
  #refusedConfiguration: WatcherHealth['refusedConfiguration'];

  constructor(parts: StatusBoardParts) {
    this.#parts = parts;
    this.#startedAt = parts.clock.now();
    const now = this.#startedAt;
    this.#lossesSince = now - lossesShownSeconds;
    for (const { at, seconds, traffic } of parts.ledger.traffic({ from: now - 6 * 3600, to: now }))
      this.#traffic.add(at, seconds, traffic);
  }

  get version(): number {
    return this.#version;
  }

  /** Takes a slot that has just been committed. */
  committed(batch: SlotBatch): void {
    this.#version += 1;
    this.#traffic.add(batch.slotStart, batch.slotSeconds, batch.signals);
  }

  /** Takes how a minute's work ended, and reads everything anew. */
  kept(kept: KeptSlot): void {
    this.#kept = kept;
    this.refresh();
  }

  /** Reads all figures anew. */
  refresh(): void {
    this.#version += 1;
    const { ledger, slos, judge, clock } = this.#parts;
    const now = clock.now();
    this.#knownUntil = ledger.newestEnd(now);
    this.#statuses = judge.look(ledger, slos.all(), now);
    this.#lossesSince = now - lossesShownSeconds;
    this.#gaps = this.#recentGaps();
    const tails = ledger.unseen({ from: this.#lossesSince, to: now });
    this.#unseen = { processes: tails.length, seconds: tails.reduce((sum, { from, to }) => sum + to - from, 0) };
  }

  /** Takes what pages before the open minute is over; tells whether anything does. */
  lookEarly(open: readonly OpenEvents[]): boolean {
    const early = new Map(this.#parts.judge.lookEarly(this.#statuses, open).map((status) => [status.id, status]));
    if (early.size === 0) return false;
    this.#version += 1;
    this.#statuses = this.#statuses.map((status) => early.get(status.id) ?? status);
    return true;
  }

  /** End of the newest slot, as of the last refresh; undefined for an empty ledger. */
  get knownUntil(): EpochSeconds | undefined {
    return this.#knownUntil;
  }

  statuses(): readonly JudgedSlo[] {
    return this.#statuses;
  }

  series(ids: readonly SloId[], range: TimeRange, step: number): ReadonlyMap<SloId, readonly SeriesPoint[]> {
    return this.#parts.ledger.seriesOf(ids, range, step);
  }

  burnDown(status: SloStatus): BurnDown {
    return burnDown(this.#parts.ledger, status);
  }

  signals(service: ServiceId, range: TimeRange, stepSeconds: number): readonly SignalPoint[] {
    return this.#parts.ledger.signals(service, range, stepSeconds);
  }

  gaps({ from, to }: TimeRange): readonly TimeRange[] {
    const { ledger } = this.#parts;
    const extent = ledger.extent();
    return extent ? ledger.gaps({ from: Math.max(from, extent.from), to: Math.min(to, extent.to) }) : [];
  }

  importedUntil(): EpochSeconds | undefined {
    return this.#parts.ledger.importedUntil();
  }

  breakdown(id: SloId, range: TimeRange): Breakdown {
    return this.#parts.ledger.breakdown(id, range);
  }

  traffic(): readonly ServiceTraffic[] {
    return this.#traffic.all();
  }

  targets(): readonly ScrapedTarget[] {
    const { source, meshOf } = this.#parts;
    return source.targets.map((target) => ({ ...target, mesh: meshOf(target.job) }));
  }

  /** Notes that a change of the configuration was refused; undefined once one is accepted. */
  configurationRefused(refused: WatcherHealth['refusedConfiguration']): void {
    this.#refusedConfiguration = refused;
  }

  health(): WatcherHealth {
    const { ledger, slos, source } = this.#parts;
    const extent = ledger.extent();
    const { failure, waiting } = this.#kept;
    return {
      startedAt: this.#startedAt,
      lastSlot: extent && { start: extent.to - 60, seconds: 60 },
      slotsWaiting: waiting,
      failure,
      gaps: this.#gaps,
      unseen: this.#unseen,
      lossesSince: this.#lossesSince,
      places: source.discoveries.map(({ name, trouble, ...place }) => ({ ...place, place: name, failure: trouble })),
      refusedServices: slos.refusedServices,
      refusedConfiguration: this.#refusedConfiguration,
      alerting: this.#parts.alerting(),
      importedOrigins: ledger.origins(),
      notReady: extent ? [] : ['no slot has been counted yet; the first one ends with this minute'],
    };
  }

  /** The stretch before meshslo first ran is no gap. */
  #recentGaps(): readonly TimeRange[] {
    const extent = this.#parts.ledger.extent();
    if (!extent) return [];
    const range = { from: Math.max(extent.from, this.#lossesSince), to: extent.to };
    return [...this.#parts.ledger.gaps(range)].reverse();
  }
}
