import type { Clock, EpochSeconds } from '../domain/clock.js';
import type { Checkpoint, UnseenTail } from '../domain/slot-batch.js';
import type { ServiceId } from '../domain/service-id.js';
import type { SloId } from '../domain/slo.js';
import type { Introductions } from '../sli/introductions.js';
import type { Tally } from '../sli/tally.js';
import { type DiscoveryHealth, JobDiscovery } from './discovery/job-discovery.js';
import type { Target } from './discovery/target.js';
import { AccessFiles } from './http/access.js';
import type { BodyBuffers } from './http/body-buffer.js';
import type { ParkedTargets } from './parked-targets.js';
import { saveConfirmation, saveTarget } from './scrape-checkpoints.js';
import type { ScrapeJob } from './scrape-job.js';
import type { Schedule } from './schedule.js';
import type { TargetOwner } from './target-owner.js';
import { TargetScraper } from './target-scraper.js';
import { TargetState } from './target-state.js';

/** What the scrapers of all jobs share, and their own job. */
export interface JobScrapersParts {
  readonly job: ScrapeJob;
  readonly clock: Clock;
  readonly ownerOf: TargetOwner;
  readonly tally: Tally;
  readonly introductions: Introductions;
  readonly buffers: BodyBuffers;
  readonly parked: ParkedTargets;
  readonly schedule: Schedule<TargetScraper>;
  readonly onUnseen: (tail: UnseenTail) => void;
}

interface Listed {
  readonly target: Target;
  readonly scraper: TargetScraper;
  /** What of it is in the checkpoints already. */
  savedScrapeAt: EpochSeconds | undefined;
  savedGeneration: number | undefined;
  savedCarried: readonly SloId[] | undefined;
}

const accessRefreshSeconds = 5;

/** The scrapers of one job: one for every target that is listed now. */
export class JobScrapers {
  readonly #parts: JobScrapersParts;
  readonly #discovery: JobDiscovery;
  readonly #access: AccessFiles;
  readonly #listed = new Map<string, Listed>();
  #accessDueAt = -Infinity;
  #accessGoodAt: EpochSeconds | undefined;
  #discovering: Promise<void> | undefined;
  #retired = false;
  #confirmedAt: EpochSeconds | undefined;
  #savedConfirmedAt: EpochSeconds | undefined;

  /** @param confirmedAt when an earlier run last knew the job's list to be complete */
  constructor(parts: JobScrapersParts, confirmedAt: EpochSeconds | undefined, former?: JobScrapers) {
    this.#parts = parts;
    this.#confirmedAt = confirmedAt;
    this.#discovery = new JobDiscovery(parts.job, parts.clock, former?.discovery);
    this.#access = new AccessFiles(parts.job.access);
  }

  get name(): string {
    return this.#parts.job.name;
  }

  get intervalSeconds(): number {
    return this.#parts.job.intervalSeconds;
  }

  /** When the job's list was last known to be complete. */
  get confirmedAt(): EpochSeconds | undefined {
    return this.#confirmedAt;
  }

  get discovery(): JobDiscovery {
    return this.#discovery;
  }

  /** How the places of its targets are doing, and the files of its certificates and secrets where these are in trouble. */
  get discoveries(): readonly DiscoveryHealth[] {
    const { trouble } = this.#access;
    if (!trouble) return this.#discovery.health;
    const files = { job: this.name, kind: 'secrets', name: 'certificates and secrets', targets: 0 } as const;
    return [...this.#discovery.health, { ...files, lastSuccessAt: this.#accessGoodAt, trouble }];
  }

  get scrapers(): readonly TargetScraper[] {
    return [...this.#listed.values()].map(({ scraper }) => scraper);
  }

  /** Brings the scrapers in line with the lists that are due to be read; joins a look that is still on its way. */
  discover(): Promise<void> {
    this.#discovering ??= this.#look().finally(() => (this.#discovering = undefined));
    return this.#discovering;
  }

  async #look(): Promise<void> {
    await this.#refreshAccess();
    const discovery = await this.#discovery.refresh();
    if (!discovery?.targets || this.#retired) return;
    const listed = new Set(discovery.targets.map(({ id }) => id));
    for (const target of discovery.targets) {
      const before = this.#listed.get(target.id);
      // Another pod may have taken over the address: what its series mean depends on its labels.
      if (before && !sameLabels(before.target.labels, target.labels)) this.#retire(target.id, undefined);
      if (!this.#listed.has(target.id)) this.#add(target);
    }
    for (const id of this.#listed.keys()) if (!listed.has(id)) this.#retire(id, this.#parts.clock.now());
    if (discovery.confirmedAt === undefined) return;
    this.#parts.parked.notListed(this.name, this.#parts.clock.now());
    this.#confirmedAt = discovery.confirmedAt;
  }

  /** What has changed since the last call, to be found again after a restart. */
  takeCheckpoints(): readonly Checkpoint[] {
    const checkpoints: Checkpoint[] = [];
    for (const [id, listed] of this.#listed) {
      const { saved } = listed.scraper.state;
      if (!saved || saved.lastScrapeAt === listed.savedScrapeAt) continue;
      const isSetKept = saved.generation === listed.savedGeneration && saved.carried === listed.savedCarried;
      checkpoints.push(...saveTarget(id, saved, !isSetKept));
      listed.savedScrapeAt = saved.lastScrapeAt;
      listed.savedGeneration = saved.generation;
      listed.savedCarried = saved.carried;
    }
    if (this.#confirmedAt !== undefined && this.#confirmedAt !== this.#savedConfirmedAt) {
      checkpoints.push(saveConfirmation(this.name, this.#confirmedAt));
      this.#savedConfirmedAt = this.#confirmedAt;
    }
    return checkpoints;
  }

  /** Ends all work; the targets are parked, for whoever goes on with them. */
  async retire(): Promise<void> {
    this.#retired = true;
    for (const id of this.#listed.keys()) this.#retire(id, undefined);
    this.#discovery.close();
    await this.#discovering;
  }

  #add(target: Target): void {
    const { job, clock, ownerOf, tally, introductions, buffers, parked, schedule, onUnseen } = this.#parts;
    const saved = parked.take(target.id);
    const named = job.ownService(target.labels);
    const { host, labels } = target;
    const ownService = (): ServiceId | undefined => named ?? ownerOf({ cluster: job.cluster, host, labels });
    const state = new TargetState({
      target,
      job,
      tally,
      introductions,
      ownService,
      absentAt: this.#confirmedAt,
      saved,
    });
    const scraper = new TargetScraper({
      target,
      job,
      access: this.#access,
      buffers,
      clock,
      state,
      onUnseen: (range) => onUnseen({ target: target.id, services: state.services, ...range }),
    });
    this.#listed.set(target.id, {
      target,
      scraper,
      savedScrapeAt: undefined,
      savedGeneration: undefined,
      savedCarried: undefined,
    });
    schedule.add(target.id, scraper, job.intervalSeconds, clock.monotonic());
  }

  #retire(id: string, goneAt: EpochSeconds | undefined): void {
    const { scraper } = this.#listed.get(id)!;
    this.#listed.delete(id);
    this.#parts.schedule.remove(id);
    // Its load is told by whoever scrapes it at the end of the slot: a successor, or nobody.
    scraper.retire();
    scraper.state.leave();
    const { saved } = scraper.state;
    if (saved) this.#parts.parked.park(id, saved, goneAt);
  }

  async #refreshAccess(): Promise<void> {
    const now = this.#parts.clock.monotonic();
    if (now < this.#accessDueAt) return;
    this.#accessDueAt = now + accessRefreshSeconds;
    await this.#access.refresh();
    if (!this.#access.trouble) this.#accessGoodAt = this.#parts.clock.now();
  }
}

function sameLabels(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([name, value]) => b.get(name) === value);
}
