/** Something that is due, and how many earlier times of it went by unused. */
export interface Due<T> {
  readonly entry: T;
  readonly missed: number;
}

interface Entry<T> {
  readonly entry: T;
  readonly intervalSeconds: number;
  dueAt: number;
}

/**
 * When which target is due: once per interval, at a phase that follows from its identity.
 *
 * Phases spread the targets evenly over the interval and stay the same whoever else comes and goes. Times are those of a
 * clock that does not jump.
 */
export class Schedule<T> {
  readonly #entries = new Map<string, Entry<T>>();

  /** Adds an entry; it is first due within one interval from now. */
  add(id: string, entry: T, intervalSeconds: number, now: number): void {
    const phase = hashRatio(id) * intervalSeconds;
    const dueAt = phase + Math.ceil((now - phase) / intervalSeconds) * intervalSeconds;
    this.#entries.set(id, { entry, intervalSeconds, dueAt });
  }

  remove(id: string): void {
    this.#entries.delete(id);
  }

  /** Takes what is due by now, longest waiting first. */
  take(now: number): readonly Due<T>[] {
    const due = [...this.#entries.values()].filter((entry) => entry.dueAt <= now).sort((a, b) => a.dueAt - b.dueAt);
    return due.map((waiting) => {
      const missed = Math.floor((now - waiting.dueAt) / waiting.intervalSeconds);
      waiting.dueAt += (missed + 1) * waiting.intervalSeconds;
      return { entry: waiting.entry, missed };
    });
  }

  /** When something is due next; Infinity when nothing ever is. */
  get nextAt(): number {
    let next = Infinity;
    for (const { dueAt } of this.#entries.values()) next = Math.min(next, dueAt);
    return next;
  }
}

/** FNV-1a and a last mixing, as a number in [0, 1): neighbouring addresses end far apart. */
function hashRatio(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
