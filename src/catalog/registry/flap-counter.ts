import type { EpochSeconds } from '../../domain/clock.js';
import type { RegisteredInstance } from '../consul/consul-answers.js';

const windowSeconds = 600;

/** An instance that changes too often. */
export interface Flapping {
  readonly instance: RegisteredInstance;
  /** Within ten minutes. */
  readonly changes: number;
}

interface Watched {
  instance: RegisteredInstance;
  /** `absent`, `passing` or `failing`. */
  state: string;
  changes: EpochSeconds[];
}

/** How often every instance came, went or changed its health in the last ten minutes. An address may be taken over by the next one. */
export class FlapCounter {
  readonly #most: number;
  readonly #watched = new Map<string, Watched>();
  #isFirst = true;

  /** @param most changes that are too many */
  constructor(most: number) {
    this.#most = most;
  }

  take(instances: readonly RegisteredInstance[], at: EpochSeconds): readonly Flapping[] {
    const now = new Map(instances.map((one) => [one.key, one]));
    for (const [key, instance] of now) {
      const state = instance.isPassing ? 'passing' : 'failing';
      const known = this.#watched.get(key);
      if (!known) this.#watched.set(key, { instance, state, changes: this.#isFirst ? [] : [at] });
      else {
        known.instance = instance;
        note(known, state, at);
      }
    }
    this.#isFirst = false;
    const flapping: Flapping[] = [];
    for (const [key, watched] of this.#watched) {
      if (!now.has(key)) note(watched, 'absent', at);
      watched.changes = watched.changes.filter((moment) => moment > at - windowSeconds);
      if (watched.changes.length === 0 && watched.state === 'absent') this.#watched.delete(key);
      if (watched.changes.length >= this.#most) {
        flapping.push({ instance: watched.instance, changes: watched.changes.length });
      }
    }
    return flapping;
  }
}

function note(watched: Watched, state: string, at: EpochSeconds): void {
  if (watched.state === state) return;
  watched.state = state;
  watched.changes.push(at);
}
