import type { EpochSeconds } from '../domain/clock.js';
import { Failure } from '../domain/failure.js';
import { type ServiceId, serviceKey } from '../domain/service-id.js';
import type { TimeRange } from '../domain/window.js';
import { SelectiveReader, type SelectiveScrape } from '../exposition/selective-reader.js';
import type { SeriesMeaning } from '../domain/series-meaning.js';
import type { SloId } from '../domain/slo.js';
import type { Introducer, Introductions } from '../sli/introductions.js';
import { SeriesRouter } from '../sli/series-router.js';
import type { ProxyLoad, Tally } from '../sli/tally.js';
import type { Target } from './discovery/target.js';
import { GaugeValues } from './gauge-values.js';
import { judgeFirst, judgeNext, type LastScrape } from './growth-judgement.js';
import { ProcessSeries } from './process-series.js';
import type { SavedTarget } from './saved-target.js';
import type { ScrapeJob } from './scrape-job.js';
import { SeriesBaseline } from './series-baseline.js';
import { seriesFingerprint } from './series-fingerprint.js';
import { seriesLabels } from './series-labels.js';
import { WindowSeries } from './window-series.js';

/** The moments of one scrape, on the wall clock and on the one that does not jump. */
export interface ScrapeTimes {
  readonly startedAt: EpochSeconds;
  readonly startedMonotonic: number;
  readonly endedAt: EpochSeconds;
  readonly endedMonotonic: number;
}

/** What one good scrape held. */
export interface ScrapeContent {
  /** Lines that have a meaning for meshslo. */
  readonly samples: number;
  /** All series that the target has been seen with. */
  readonly series: number;
  readonly badLines: number;
  readonly duplicates: number;
  /** Counters whose value was no whole number of requests. */
  readonly unreadable: number;
  /** Latency SLOs that the target's buckets cannot tell of; its requests count for none of them. */
  readonly unmeasured: readonly SloId[];
  /** Services that nobody else knows, beyond what one target may bring in; its requests to and for them count for nothing. */
  readonly refusedServices: number;
  /** The end of the target's former process, when it has restarted. */
  readonly unseen: TimeRange | undefined;
}

/** What a state needs. */
export interface TargetStateParts {
  readonly target: Target;
  readonly job: ScrapeJob;
  readonly tally: Tally;
  readonly introductions: Introductions;
  /** The service whose proxy the target is; undefined while nobody but its own series could tell. */
  readonly ownService: () => ServiceId | undefined;
  /** When the job's list was last known to be complete without this target. */
  readonly absentAt: EpochSeconds | undefined;
  readonly saved: SavedTarget | undefined;
}

const longestLineBytes = 64 * 1024;

/**
 * All that is remembered of one target between two scrapes.
 *
 * A body goes in and is counted once, as a whole or not at all: what is refused moves nothing, and its growth is found
 * again by the next good scrape.
 */
export class TargetState {
  readonly #parts: TargetStateParts;
  readonly #introducer: Introducer;
  #reader: SelectiveReader;
  /** Whose the target was said to be when its router was made. */
  #own: ServiceId | undefined;
  #router: SeriesRouter;
  #baseline: SeriesBaseline;
  /** Series of the reader that have been given their meaning. */
  #learned = 0;
  #process = new ProcessSeries();
  #windows = new WindowSeries();
  #last: LastScrape | undefined;
  /** What the baseline was restored from, until a scrape is counted: it alone knows the series that have not come by yet. */
  #restored: SavedTarget | undefined;
  #load: ProxyLoad | undefined;

  constructor(parts: TargetStateParts) {
    const { saved } = parts;
    this.#parts = parts;
    this.#introducer = parts.introductions.introducer(parts.target.id, parts.job.limits.services);
    this.#restored = saved && { ...saved, goneAt: undefined };
    this.#reader = this.#newReader();
    this.#router = this.#newRouter();
    this.#baseline = new SeriesBaseline(saved);
    this.#last = saved && {
      endedAt: saved.lastScrapeAt,
      endedMonotonic: saved.lastScrapeMonotonic,
      uptimeSeconds: saved.uptimeSeconds,
    };
  }

  /** Services whose requests this target serves. */
  get services(): readonly ServiceId[] {
    const known = this.#router.services;
    return known.length > 0 ? known : this.#servedBefore;
  }

  /** The state as it stands after the last good scrape; undefined before the first. */
  get saved(): SavedTarget | undefined {
    if (!this.#last) return undefined;
    return (
      this.#restored ?? {
        lastScrapeAt: this.#last.endedAt,
        lastScrapeMonotonic: this.#last.endedMonotonic,
        uptimeSeconds: this.#last.uptimeSeconds,
        goneAt: undefined,
        services: this.services,
        carried: this.#router.carried,
        fingerprints: this.#baseline.fingerprints,
        values: this.#baseline.values,
        generation: this.#baseline.generation,
      }
    );
  }

  /** Notes that a scrape was due, and whether it succeeded. */
  attempted(succeeded: boolean): void {
    this.#teachNewRouterWhereOutdated();
    this.#router.attempted(succeeded);
  }

  /** Ends the work on the target; what is {@link saved} goes on elsewhere. */
  leave(): void {
    this.#parts.introductions.forgetRefused(this.#introducer);
  }

  /** Hands over the load that the proxy had at the end of the slot, and the minute that it told of last. */
  closeSlot(): void {
    for (const { series, seconds } of this.#windows.take()) this.#router.countWindow(series, seconds);
    if (this.#load) this.#router.saturated(this.#load);
    this.#load = undefined;
  }

  /**
   * Counts one body.
   *
   * @throws Failure `body-malformed`, `bad-exposition`, `too-many-series`; nothing has been counted then
   */
  observe(body: Uint8Array, times: ScrapeTimes): ScrapeContent {
    const scrape = this.#read(body);
    if (scrape.truncated) throw new Failure('body-malformed', 'the last line is cut off');
    this.#teachNewRouterWhereOutdated();
    this.#learn();

    const values = new GaugeValues(scrape);
    const uptimeSeconds = this.#process.uptimeSeconds(values, times);
    this.#refuseForeign(scrape, uptimeSeconds);
    const { startedAt, startedMonotonic, endedAt, endedMonotonic } = times;
    const now = { startedAt, startedMonotonic, uptimeSeconds };
    const { intervalSeconds } = this.#parts.job;
    const { counts, gap, unseen } = this.#last
      ? judgeNext(this.#last, now, intervalSeconds)
      : judgeFirst(now, this.#parts.absentAt, intervalSeconds);

    const { count, badLines, duplicates } = scrape;
    const counters = { count, series: scrape.series, values: scrape.values, incomplete: badLines > 0 };
    const unreadable = this.#baseline.count(counters, counts, (series, growth) =>
      this.#router.count(series, growth, gap),
    );
    this.#router.settle((series) => this.#baseline.has(series), counters.incomplete);
    this.#restored = undefined;
    this.#last = { endedAt, endedMonotonic, uptimeSeconds };
    this.#load = this.#process.load(values);
    this.#windows.observe(scrape);
    const { unmeasured } = this.#router;
    const refusedServices = this.#introducer.refused.size;
    return {
      samples: count,
      series: this.#learned,
      badLines,
      duplicates,
      unreadable,
      unmeasured,
      refusedServices,
      unseen,
    };
  }

  /** Series that have come and gone fill a reader in time; then a new one begins with those that are there now. */
  #read(body: Uint8Array): SelectiveScrape {
    try {
      return this.#reader.read(body);
    } catch (error) {
      const isFull = error instanceof Failure && error.code === 'too-many-series';
      if (!isFull || this.#baseline.live === this.#learned || this.#learned === 0) throw error;
    }
    const saved = this.saved;
    this.#reader = this.#newReader();
    const scrape = this.#reader.read(body);
    this.#restored = saved;
    this.#router = this.#newRouter();
    this.#baseline = new SeriesBaseline(saved);
    this.#learned = 0;
    this.#process = new ProcessSeries();
    this.#windows = new WindowSeries();
    return scrape;
  }

  #learn(): void {
    for (; this.#learned < this.#reader.seriesKnown; this.#learned++) {
      const meaning = this.#meaning(this.#learned);
      if (!meaning || this.#process.learn(this.#learned, meaning)) continue;
      this.#router.learn(this.#learned, meaning);
      if (this.#windows.learn(this.#learned, meaning)) continue;
      const { name, labels } = this.#reader.series(this.#learned);
      this.#baseline.learn(this.#learned, seriesFingerprint(name, labels));
    }
  }

  /** SLOs have changed, services that the target was refused are known now, or it is another's. */
  #teachNewRouterWhereOutdated(): void {
    const isOutdated = this.#router.outdated || this.#introducer.hasNews;
    if (!isOutdated && isSame(this.#own, this.#parts.ownService())) return;
    this.#router = this.#newRouter();
    for (let series = 0; series < this.#learned; series++) {
      const meaning = this.#meaning(series);
      if (meaning) this.#router.learn(series, meaning);
    }
  }

  #meaning(series: number): SeriesMeaning | undefined {
    const { job, target } = this.#parts;
    const { name, labels } = this.#reader.series(series);
    return job.interpreter.meaning(name, seriesLabels(labels, target.labels));
  }

  /**
   * An answer that lacks what this target always has is no answer of its proxy, although it came with status 200: Istio's
   * merged metrics simply leave out the part that failed, and every counter would seem to have vanished.
   */
  #refuseForeign(scrape: SelectiveScrape, uptimeSeconds: number | undefined): void {
    if (scrape.count === 0) {
      throw new Failure('bad-exposition', 'it answered, but with no metrics of this mesh', {
        hint: 'Check the path and the mesh of this job; `meshslo inspect` shows what a target is.',
      });
    }
    if (uptimeSeconds === undefined && this.#last?.uptimeSeconds !== undefined) {
      throw new Failure('bad-exposition', 'its answer no longer holds the metrics of the proxy itself');
    }
  }

  #newReader(): SelectiveReader {
    const { interpreter, limits } = this.#parts.job;
    return new SelectiveReader(interpreter.sampleNames, { maxSeries: limits.series, maxLineBytes: longestLineBytes });
  }

  #newRouter(): SeriesRouter {
    const { tally, introductions, job, ownService } = this.#parts;
    introductions.forgetRefused(this.#introducer);
    const router = new SeriesRouter(tally, job.interpreter.mesh, ({ service, perspective }) =>
      introductions.admits(this.#introducer, service, perspective),
    );
    this.#own = ownService();
    if (this.#own) router.belongsTo(this.#own);
    router.servedBefore(this.#servedBefore);
    if (this.#restored && !this.#isAnothers) router.remember(this.#restored.carried);
    return router;
  }

  /** Services that it was restored with. What was off the list meanwhile may be another's: pods get addresses of those that have ended. */
  get #servedBefore(): readonly ServiceId[] {
    const { saved } = this.#parts;
    return saved === undefined || saved.goneAt !== undefined || this.#isAnothers ? [] : saved.services;
  }

  /** Whether its address has come to belong to another that is known: what was read there before says nothing of it. */
  get #isAnothers(): boolean {
    const { saved, tally, job } = this.#parts;
    const [own, before] = [this.#own, saved?.services ?? []];
    if (own === undefined || before.length === 0 || before.some((one) => isSame(one, own))) return false;
    return tally.directory.isServed(own, job.interpreter.mesh);
  }
}

function isSame(one: ServiceId | undefined, other: ServiceId | undefined): boolean {
  return one === other || (one !== undefined && other !== undefined && serviceKey(one) === serviceKey(other));
}
