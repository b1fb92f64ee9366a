import type { Clock, EpochSeconds } from '../domain/clock.js';
import type { SlotBatch } from '../domain/slot-batch.js';
import type { SloId } from '../domain/slo.js';
import type { SloStatus } from '../domain/slo-status.js';
import type { TimeRange } from '../domain/window.js';
import type { Ledger } from '../ledger/ledger.js';
import { sloStatuses } from '../ledger/slo-status.js';
import type { ScrapeSource } from '../scrape/scrape-source.js';
import type {
  BadEvents,
  SeriesPoint,
  ServiceTraffic,
  StatusReader,
  TargetHealth,
  WatcherHealth,
} from '../server/status-reader.js';
import type { CurrentSlos } from './current-slos.js';
import type { KeptSlot } from './slot-keeper.js';
import { TrafficBoard } from './traffic-board.js';

/** Gaps this long back are shown. */
const gapsShownSeconds = 3 * 86_400;

interface StatusBoardParts {
  readonly ledger: Ledger;
  readonly slos: CurrentSlos;
  readonly source: Pick<ScrapeSource, 'targets' | 'discoveries'>;
  /** From the name of a job to that of its mesh. */
  readonly meshOf: (job: string) => string;
  readonly clock: Clock;
}

/** What everybody sees, read from the ledger once per slot and kept until the next one. */
export class StatusBoard implements StatusReader {
  readonly #parts: StatusBoardParts;
  readonly #startedAt: EpochSeconds;
  readonly #traffic = new TrafficBoard();
  #statuses: readonly SloStatus[] = [];
  #kept: KeptSlot = { lastSlot: undefined, waiting: 0, failure: undefined };
  #gaps: readonly TimeRange[] = [];

  constructor(parts: StatusBoardParts) {
    this.#parts = parts;
    this.#startedAt = parts.clock.now();
    const now = this.#startedAt;
    for (const { at, traffic } of parts.ledger.traffic({ from: now - 6 * 3600, to: now }))
      this.#traffic.add(at, traffic);
  }

  /** Takes a slot that has just been committed. */
  committed(batch: SlotBatch): void {
    this.#traffic.add(batch.slotStart, batch.signals);
  }

  /** Takes how a minute's work ended, and reads everything anew. */
  kept(kept: KeptSlot): void {
    this.#kept = kept;
    this.refresh();
  }

  /** Reads all figures anew. */
  refresh(): void {
    const { ledger, slos, clock } = this.#parts;
    const now = clock.now();
    this.#statuses = sloStatuses(ledger, slos.all(), now);
    this.#gaps = this.#recentGaps(now);
  }

  statuses(): readonly SloStatus[] {
    return this.#statuses;
  }

  series(id: SloId, range: TimeRange, stepSeconds: number): readonly SeriesPoint[] {
    return this.#parts.ledger
      .series(id, range, stepSeconds)
      .map(({ at, total, bad, coverage }) =>
        coverage === undefined ? { at, total: undefined, bad: undefined } : { at, total, bad },
      );
  }

  breakdown(id: SloId, range: TimeRange): BadEvents {
    const { rows, other } = this.#parts.ledger.breakdown(id, range);
    return { rows, otherBad: other };
  }

  traffic(): readonly ServiceTraffic[] {
    return this.#traffic.all();
  }

  targets(): readonly TargetHealth[] {
    const { source, meshOf } = this.#parts;
    return source.targets.map(
      ({ job, url, labels, up, lastScrapeAt, durationSeconds, bodyBytes, series, failure }) => ({
        job,
        mesh: meshOf(job),
        url,
        labels: new Map(Object.entries(labels)),
        up,
        lastScrape: lastScrapeAt,
        durationSeconds,
        bodyBytes,
        series,
        failure,
      }),
    );
  }

  health(): WatcherHealth {
    const { ledger } = this.#parts;
    const extent = ledger.extent();
    const { failure, waiting } = this.#kept;
    return {
      startedAt: this.#startedAt,
      lastSlot: extent && { start: extent.to - 60, seconds: 60 },
      slotsWaiting: waiting,
      failure,
      gaps: this.#gaps,
      importedOrigins: ledger.origins(),
      notReady: extent ? [] : ['no slot has been counted yet; the first one ends with this minute'],
    };
  }

  /** The stretch before meshslo first ran is no gap. */
  #recentGaps(now: EpochSeconds): readonly TimeRange[] {
    const extent = this.#parts.ledger.extent();
    if (!extent) return [];
    const range = { from: Math.max(extent.from, now - gapsShownSeconds), to: extent.to };
    return [...this.#parts.ledger.gaps(range)].reverse();
  }
}
