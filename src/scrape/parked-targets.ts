import type { EpochSeconds } from '../domain/clock.js';
import type { Checkpoint, UnseenTail } from '../domain/slot-batch.js';
import { unseenEnd } from './growth-judgement.js';
import type { SavedTarget } from './saved-target.js';
import { forgetTarget, saveTarget } from './scrape-checkpoints.js';

/** How long a target that is not listed may come back without losing or repeating a request. */
const keptSeconds = 24 * 3600;
const mostParked = 20_000;

interface Parked {
  saved: SavedTarget;
  /** When it was found to be no longer listed; undefined while nobody has looked. */
  goneAt: EpochSeconds | undefined;
  /** Whether its unseen tail is in a batch already. */
  told: boolean;
  /** Whether a checkpoint holds what is parked. */
  kept: boolean;
}

/**
 * Targets that are not scraped now: not listed any more, or not listed yet after a restart of meshslo.
 *
 * Their last values are kept for a day, so that a list that flickers neither loses nor repeats anything.
 */
export class ParkedTargets {
  readonly #parked = new Map<string, Parked>();
  #forgotten: string[] = [];

  /** Parks a target that a checkpoint holds. */
  restore(id: string, saved: SavedTarget): void {
    this.#parked.set(id, { saved, goneAt: saved.goneAt, told: saved.goneAt !== undefined, kept: true });
  }

  /** Parks a target that was scraped until now; one that is parked again comes last in the order of forgetting. */
  park(id: string, saved: SavedTarget, goneAt: EpochSeconds | undefined): void {
    this.#parked.delete(id);
    this.#parked.set(id, { saved, goneAt, told: false, kept: false });
    if (this.#parked.size > mostParked) this.#forget(this.#parked.keys().next().value!);
  }

  /** Takes back a target that is listed again. */
  take(id: string): SavedTarget | undefined {
    const parked = this.#parked.get(id);
    this.#parked.delete(id);
    return parked?.saved;
  }

  /** There are only these jobs: nobody will look for the targets of any other. */
  onlyJobs(jobs: readonly string[], now: EpochSeconds): void {
    const known = new Set(jobs.map((job) => encodeURIComponent(job)));
    for (const [id, parked] of this.#parked) if (!known.has(id.slice(0, id.indexOf(' ')))) parked.goneAt ??= now;
  }

  /** All others of this job are not listed. */
  notListed(job: string, now: EpochSeconds): void {
    const prefix = `${encodeURIComponent(job)} `;
    for (const [id, parked] of this.#parked) if (id.startsWith(prefix)) parked.goneAt ??= now;
  }

  /** Tells, once each, of the unseen tails of targets that have been gone for longer than a flicker. */
  takeTails(now: EpochSeconds, flickerSeconds: number): readonly UnseenTail[] {
    const tails: UnseenTail[] = [];
    for (const [target, parked] of this.#parked) {
      const { saved, goneAt } = parked;
      if (parked.told || goneAt === undefined || now - goneAt < flickerSeconds) continue;
      parked.told = true;
      parked.saved = { ...saved, goneAt };
      parked.kept = false;
      tails.push({ target, services: saved.services, ...unseenEnd(saved.lastScrapeAt, goneAt) });
    }
    return tails;
  }

  /** What has changed since the last call, to be found again after a restart. */
  takeCheckpoints(now: EpochSeconds): readonly Checkpoint[] {
    const forgotten = this.#takeForgotten(now).flatMap(forgetTarget);
    const changed = [...this.#parked].filter(([, parked]) => !parked.kept);
    for (const [, parked] of changed) parked.kept = true;
    return [...forgotten, ...changed.flatMap(([id, { saved }]) => saveTarget(id, saved, true))];
  }

  /** Forgets the targets whose day is over, and names all that have been forgotten since the last call. */
  #takeForgotten(now: EpochSeconds): readonly string[] {
    for (const [id, { saved }] of this.#parked) if (now - saved.lastScrapeAt > keptSeconds) this.#forget(id);
    const forgotten = this.#forgotten;
    this.#forgotten = [];
    return forgotten;
  }

  #forget(id: string): void {
    this.#parked.delete(id);
    this.#forgotten.push(id);
  }
}
