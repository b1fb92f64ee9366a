import type { Clock, EpochSeconds } from '../domain/clock.js';
import type { Checkpoint, SlotBatch, UnseenTail } from '../domain/slot-batch.js';
import type { OpenEvents } from '../domain/open-minute.js';
import type { SloDirectory, Source } from '../domain/source.js';
import { Introductions } from '../sli/introductions.js';
import { Tally, type TallySlot } from '../sli/tally.js';
import type { DiscoveryHealth } from './discovery/job-discovery.js';
import { Gate } from './gate.js';
import { gapAfterSeconds } from './growth-judgement.js';
import { BodyBuffers } from './http/body-buffer.js';
import { ByteBudget } from './http/byte-budget.js';
import { JobScrapers } from './job-scrapers.js';
import { ParkedTargets } from './parked-targets.js';
import { CheckpointReader } from './scrape-checkpoints.js';
import type { ScrapeJob } from './scrape-job.js';
import { Schedule } from './schedule.js';
import { nothingUnusable, type ScrapeResult, type TargetHealth } from './target-health.js';
import type { TargetOwner } from './target-owner.js';
import type { TargetScraper } from './target-scraper.js';

/** What a scrape source needs. */
export interface ScrapeSourceParts {
  readonly jobs: readonly ScrapeJob[];
  readonly directory: SloDirectory;
  /** Knows whose proxies are that neither labels nor requests name. */
  readonly ownerOf?: TargetOwner;
  readonly clock: Clock;
  /** Scrapes at the same time. */
  readonly concurrency: number;
  /** Called after every scrape; for meshslo's own metrics. */
  readonly onScrape?: (result: ScrapeResult) => void;
  /** `manual` leaves it to the caller to call {@link ScrapeSource.tick}; for tests that move the clock themselves. */
  readonly pace?: 'automatic' | 'manual';
}

/** Bodies in flight: what each may hold, and what all large ones may hold together. */
const freeBodyBytes = 4 * 1024 * 1024;
const commonBodyBytes = 256 * 1024 * 1024;

/** What was counted over more than this is not what happened in one minute. */
const longestSlotSeconds = 150;

/** A slot is taken within seconds after its minute. */
const longestOpenSeconds = 75;

/** Waking up costs as much as scraping a small target: what is due within so much time goes together. */
const shortestPauseMilliseconds = 50;
const longestPauseMilliseconds = 1000;

/** Scrapes proxies and turns the growth of their counters into events: the embedded source. */
export class ScrapeSource implements Source {
  readonly #parts: ScrapeSourceParts;
  readonly #tally: Tally;
  readonly #introductions: Introductions;
  readonly #buffers = new BodyBuffers(new ByteBudget(freeBodyBytes, commonBodyBytes));
  readonly #parked = new ParkedTargets();
  readonly #schedule = new Schedule<TargetScraper>();
  readonly #gate: Gate;
  /** For targets that let the last scrape time out: however many they are, they do not keep the others waiting. */
  readonly #slowGate: Gate;
  /** Targets whose scrape waits or runs. */
  readonly #busy = new Set<TargetScraper>();
  #jobs: readonly JobScrapers[] = [];
  #unseen: UnseenTail[] = [];
  #startedAt: EpochSeconds = -Infinity;
  /** Stays so whatever the wall clock does. */
  #hasBegun = false;
  #collectedMonotonic = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(parts: ScrapeSourceParts) {
    this.#parts = parts;
    this.#tally = new Tally(parts.directory);
    this.#introductions = new Introductions(parts.directory);
    this.#gate = new Gate(parts.concurrency);
    this.#slowGate = new Gate(Math.ceil(parts.concurrency / 4));
  }

  /** How every target is doing. */
  get targets(): readonly TargetHealth[] {
    return this.#jobs.flatMap((job) => job.scrapers.map((scraper) => scraper.health));
  }

  /** How every place is doing that names targets. */
  get discoveries(): readonly DiscoveryHealth[] {
    return this.#jobs.flatMap((job) => job.discoveries);
  }

  async start(checkpoints: Iterable<Checkpoint>): Promise<void> {
    this.#startedAt = this.#parts.clock.now();
    this.#collectedMonotonic = this.#parts.clock.monotonic();
    const restored = new CheckpointReader(checkpoints);
    for (const [id, saved] of restored.targets) this.#parked.restore(id, saved);
    await this.#begin(this.#parts.jobs.map((job) => this.#newJob(job, restored.confirmedAt.get(job.name))));
    if (this.#parts.pace !== 'manual') this.#pace();
  }

  /** Goes on with other jobs; targets that stay the same lose nothing. */
  async reconfigure(jobs: readonly ScrapeJob[]): Promise<void> {
    const former = new Map(this.#jobs.map((job) => [job.name, job]));
    this.#jobs = [];
    await Promise.all([...former.values()].map((job) => job.retire()));
    await this.#begin(jobs.map((job) => this.#newJob(job, former.get(job.name)?.confirmedAt, former.get(job.name))));
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- the contract is asynchronous, this source needs no waiting
  async collect(until: EpochSeconds): Promise<readonly SlotBatch[]> {
    const slotStart = until - 60;
    const now = this.#parts.clock.now();
    for (const job of this.#jobs) for (const scraper of job.scrapers) scraper.state.closeSlot();
    const unseen = [...this.#unseen, ...this.#parked.takeTails(now, gapAfterSeconds(this.#longestIntervalSeconds))];
    this.#unseen = [];
    const checkpoints = [...this.#parked.takeCheckpoints(now), ...this.#jobs.flatMap((job) => job.takeCheckpoints())];
    const slot = this.#placed(this.#tally.take(), until);
    return [{ slotStart, slotSeconds: 60, ...slot, unseen, checkpoints }];
  }

  /** SLOs with failures in the open minute; none where slots are not taken, and what is counted is more than of a minute. */
  openMinute(): readonly OpenEvents[] {
    const sinceSeconds = this.#parts.clock.monotonic() - this.#collectedMonotonic;
    return sinceSeconds > longestOpenSeconds ? [] : this.#tally.failing();
  }

  /**
   * The slot as far as this minute is what it is about.
   *
   * Of the minute in which we began, only the rest was observed. And where slots could not be asked for (a clock that was set
   * back, a disk that was full for hours), the events of all that time are no events of this minute, but of a gap. Neither is
   * charted: the one would look like a fall, the other like a crowd.
   */
  #placed({ events, unplaced, signals, ...rest }: TallySlot, until: EpochSeconds): TallySlot {
    const monotonic = this.#parts.clock.monotonic();
    const sinceSeconds = monotonic - this.#collectedMonotonic;
    this.#collectedMonotonic = monotonic;
    const watched = Math.min(1, Math.max(0, (until - this.#startedAt) / 60));
    const covered = events.map((event) => ({ ...event, coverage: event.coverage * watched }));
    if (sinceSeconds < longestSlotSeconds) {
      return { events: covered, unplaced, signals: this.#isWhole(until) ? signals : [], ...rest };
    }
    const gap = { from: until - Math.ceil(sinceSeconds / 60) * 60, to: until };
    return {
      events: covered.map((event) => ({ ...event, total: 0, bad: 0 })),
      unplaced: [
        ...unplaced,
        ...covered.flatMap(({ slo, total, bad }) => (total > 0 ? [{ slo, ...gap, total, bad }] : [])),
      ],
      signals: [],
      ...rest,
    };
  }

  /** Whether every target had its turn before the slot began: what it held by then tells what came in this minute. */
  #isWhole(until: EpochSeconds): boolean {
    this.#hasBegun ||= until - 60 >= this.#startedAt + this.#longestIntervalSeconds;
    return this.#hasBegun;
  }

  get #longestIntervalSeconds(): number {
    return Math.max(0, ...this.#jobs.map((job) => job.intervalSeconds));
  }

  /**
   * Does everything that is due now.
   *
   * @returns when all of it is done; later ticks need not wait for that
   */
  async tick(): Promise<void> {
    const discovering = this.#discover();
    const due = this.#schedule.take(this.#parts.clock.monotonic());
    await Promise.all([discovering, ...due.map(({ entry, missed }) => this.#attempt(entry, missed))]);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    const jobs = this.#jobs;
    this.#jobs = [];
    await Promise.all(jobs.map((job) => job.retire()));
  }

  async #begin(jobs: readonly JobScrapers[]): Promise<void> {
    this.#jobs = jobs;
    const names = jobs.map(({ name }) => name);
    this.#parked.onlyJobs(names, this.#parts.clock.now());
    await this.#discover();
  }

  #newJob(job: ScrapeJob, confirmedAt: EpochSeconds | undefined, former?: JobScrapers): JobScrapers {
    const { clock, ownerOf = () => undefined } = this.#parts;
    return new JobScrapers(
      {
        job,
        clock,
        ownerOf,
        tally: this.#tally,
        introductions: this.#introductions,
        buffers: this.#buffers,
        parked: this.#parked,
        schedule: this.#schedule,
        onUnseen: (tail) => this.#unseen.push(tail),
      },
      confirmedAt,
      former,
    );
  }

  async #discover(): Promise<void> {
    await Promise.all(this.#jobs.map((job) => job.discover()));
  }

  async #attempt(scraper: TargetScraper, missed: number): Promise<void> {
    for (let turn = 0; turn < missed; turn++) this.#skip(scraper);
    if (this.#busy.has(scraper)) {
      this.#skip(scraper);
      return;
    }
    this.#busy.add(scraper);
    const isSlow = scraper.health.failure?.code === 'target-timeout';
    await (isSlow ? this.#slowGate : this.#gate).run(async () => {
      const result = await scraper.scrape();
      if (result) this.#parts.onScrape?.(result);
    });
    this.#busy.delete(scraper);
  }

  #skip(scraper: TargetScraper): void {
    scraper.state.attempted(false);
    const { job } = scraper.health;
    const nothing = { durationSeconds: 0, wireBytes: 0, unusable: nothingUnusable };
    this.#parts.onScrape?.({ job, outcome: 'skipped', ...nothing });
  }

  #pace(): void {
    if (this.#stopped) return;
    const untilNextMilliseconds = (this.#schedule.nextAt - this.#parts.clock.monotonic()) * 1000;
    const pause = Math.min(longestPauseMilliseconds, Math.max(shortestPauseMilliseconds, untilNextMilliseconds));
    this.#timer = setTimeout(() => {
      void this.tick();
      this.#pace();
    }, pause);
  }
}
