import type { EpochSeconds } from '../domain/clock.js';
import { serviceKey } from '../domain/service-id.js';
import type { SlotBatch } from '../domain/slot-batch.js';
import { noPaths, type SeenPaths } from '../migration/service-traffic.js';

const stepSeconds = 3600;
const steps = 6;

/** The ways that requests of every service took in the last six hours, by hours, kept in memory. */
export class PathBoard {
  readonly #services = new Map<string, (SeenPaths | undefined)[]>();
  /** End of the newest slot in which a service took in requests. */
  readonly #receivedAt = new Map<string, EpochSeconds>();
  /** Number of the newest hour since 1970. */
  #newest: number | undefined;
  #since: EpochSeconds | undefined;

  /** Adds one slot; slots come in the order of time. */
  add({ slotStart, slotSeconds, paths = [] }: Pick<SlotBatch, 'slotStart' | 'slotSeconds' | 'paths'>): void {
    this.#since ??= slotStart;
    const step = Math.floor(slotStart / stepSeconds);
    this.#moveTo(step);
    const index = steps - 1 - (this.#newest! - step);
    if (index < 0) return;
    for (const one of paths) {
      const key = serviceKey(one.service);
      let known = this.#services.get(key);
      if (!known) this.#services.set(key, (known = new Array<undefined>(steps).fill(undefined)));
      if (one.received > 0) this.#receivedAt.set(key, slotStart + slotSeconds);
      known[index] = together(known[index] ?? noPaths, one);
    }
  }

  /** When it began to watch; undefined before the first slot. */
  get since(): EpochSeconds | undefined {
    return this.#since;
  }

  /** When a service took in a request last, to the end of its slot; undefined where that is longer ago. */
  receivedAt(key: string): EpochSeconds | undefined {
    return this.#receivedAt.get(key);
  }

  /** All of a service, by its key. */
  of(key: string): SeenPaths {
    const sum = (this.#services.get(key) ?? []).reduce<SeenPaths>(
      (all, one) => (one ? together(all, one) : all),
      noPaths,
    );
    // Of connections some are counted by one counter and taken away by another, which a scrape may have seen a moment apart.
    return { ...sum, authenticated: Math.max(0, sum.authenticated), plain: Math.max(0, sum.plain) };
  }

  #moveTo(step: number): void {
    const moved = Math.min(steps, Math.max(0, step - (this.#newest ?? step)));
    this.#newest = Math.max(step, this.#newest ?? step);
    if (moved === 0) return;
    for (const [key, known] of this.#services) {
      const next = [...known.slice(moved), ...new Array<undefined>(moved).fill(undefined)];
      if (next.some((one) => one !== undefined)) {
        this.#services.set(key, next);
        continue;
      }
      this.#services.delete(key);
      this.#receivedAt.delete(key);
    }
  }
}

function together(a: SeenPaths, b: SeenPaths): SeenPaths {
  return {
    received: a.received + b.received,
    authenticated: a.authenticated + b.authenticated,
    plain: a.plain + b.plain,
    sent: a.sent + b.sent,
  };
}
