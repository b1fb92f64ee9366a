import type { Clock, EpochSeconds } from '../../domain/clock.js';
import { type Failure, failureOf } from '../../domain/failure.js';
import type { TargetGroup } from '../../config/target-settings.js';
import type { ScrapeJob } from '../scrape-job.js';
import { DnsTargetList } from './dns-target-list.js';
import { FileTargetList } from './file-target-list.js';
import { HttpTargetList } from './http-target-list.js';
import { type Target, targetsOf } from './target.js';
import { staticTargetList, type TargetList } from './target-list.js';

/** What a job says of where its targets are, and how they are asked. */
export type DiscoveredJob = Pick<
  ScrapeJob,
  'name' | 'scheme' | 'path' | 'params' | 'filterParams' | 'defaultPort' | 'targets'
>;

/** One place of a job's targets, and how it is doing. */
interface ListState {
  readonly list: TargetList;
  groups: readonly TargetGroup[] | undefined;
  trouble: Failure | undefined;
  /** When it was last asked and answered well. */
  goodAt: EpochSeconds | undefined;
  /** On the clock that does not jump. */
  dueAt: number;
}

/** What a look at all places of a job has brought. */
export interface Discovery {
  /** All known targets: of places that are broken the last good ones. Undefined before the first good answer of any place. */
  readonly targets: readonly Target[] | undefined;
  /** When every place had answered well: what is not listed was not there then. Undefined while any place is broken. */
  readonly confirmedAt: EpochSeconds | undefined;
}

/** How one place is doing that a job depends on, for people: a list of targets, or the files of what lets it in. */
export interface DiscoveryHealth {
  readonly job: string;
  readonly kind: TargetList['kind'] | 'secrets';
  readonly name: string;
  /** As of its last good answer. */
  readonly targets: number;
  /** When it was last read and made sense; undefined where it never was since the start or the last change of the job. */
  readonly lastSuccessAt: EpochSeconds | undefined;
  readonly trouble: Failure | undefined;
}

/** Keeps the list of a job's targets up to date; a place that breaks keeps its last good targets and says so. */
export class JobDiscovery {
  readonly #job: DiscoveredJob;
  readonly #clock: Clock;
  readonly #lists: readonly ListState[];
  #targets: readonly Target[] | undefined;

  /** @param former the same job's discovery before its settings changed; places that are still named keep their last good targets */
  constructor(job: DiscoveredJob, clock: Clock, former?: JobDiscovery) {
    this.#job = job;
    this.#clock = clock;
    const known = former ? former.#lists : [];
    this.#lists = targetLists(job).map((list) => ({
      list,
      groups: known.find((state) => state.list.name === list.name)?.groups,
      trouble: undefined,
      goodAt: undefined,
      dueAt: -Infinity,
    }));
  }

  get health(): readonly DiscoveryHealth[] {
    return this.#lists.map(({ list, groups, goodAt, trouble }) => ({
      job: this.#job.name,
      kind: list.kind,
      name: list.name,
      targets: groups?.reduce((sum, group) => sum + group.targets.length, 0) ?? 0,
      lastSuccessAt: goodAt,
      trouble,
    }));
  }

  /** Reads the places that are due; undefined when none is. Never throws: what is wrong is in {@link health}. */
  async refresh(): Promise<Discovery | undefined> {
    const now = this.#clock.monotonic();
    const due = this.#lists.filter((state) => state.dueAt <= now);
    if (due.length === 0) return undefined;
    // Before the answers: a target that appears meanwhile must not count as confirmed absent.
    const askedAt = this.#clock.now();
    const changed = await Promise.all(due.map((state) => this.#read(state, now, askedAt)));
    if (changed.includes(true) || !this.#targets) {
      const answered = this.#lists.filter((state) => state.groups);
      const groups = answered.flatMap((state) => state.groups!);
      if (answered.length > 0) this.#targets = targetsOf(this.#job, groups);
    }
    const allGood = this.#lists.every((state) => state.trouble === undefined && state.goodAt !== undefined);
    const confirmedAt = allGood ? Math.min(...this.#lists.map((state) => state.goodAt!)) : undefined;
    return { targets: this.#targets, confirmedAt };
  }

  close(): void {
    for (const { list } of this.#lists) list.close();
  }

  /** Whether the place's targets are other ones now. */
  async #read(state: ListState, now: number, askedAt: EpochSeconds): Promise<boolean> {
    state.dueAt = now + state.list.refreshSeconds;
    try {
      const groups = await state.list.read();
      const changed = groups !== state.groups;
      // A list with one impossible address is broken as a whole, or that target would look gone.
      if (changed) targetsOf(this.#job, groups);
      state.groups = groups;
      state.trouble = undefined;
      state.goodAt = askedAt;
      return changed;
    } catch (error) {
      state.trouble = failureOf(error);
      return false;
    }
  }
}

function targetLists(job: DiscoveredJob): readonly TargetList[] {
  return job.targets.flatMap((settings): readonly TargetList[] => {
    switch (settings.kind) {
      case 'static':
        return [staticTargetList(settings.groups)];
      case 'files':
        return settings.paths.map((path) => new FileTargetList(path, settings.refreshSeconds));
      case 'dns':
        return [new DnsTargetList(settings.names, settings.port, settings.refreshSeconds)];
      case 'http':
        return [new HttpTargetList(settings.url, settings.refreshSeconds, settings.access)];
    }
  });
}
