import type { AlertEpisode } from '../domain/alert.js';
import { type Failure, failureOf } from '../domain/failure.js';
import type { AlertStore } from '../ledger/alert-store.js';

/** Ends that wait for a full disk in memory; beyond, the oldest are forgotten, and end when the next of the same alert begins. */
const mostWaiting = 20_000;

/** Writes episodes into the ledger, and keeps those that could not be written until they can: a full disk silences no alert. */
export class History {
  readonly #store: Pick<AlertStore, 'save'>;
  readonly #waiting = new Map<string, AlertEpisode>();

  constructor(store: Pick<AlertStore, 'save'>) {
    this.#store = store;
  }

  /** Episodes that are not written yet, by their ids. */
  get waiting(): ReadonlyMap<string, AlertEpisode> {
    return this.#waiting;
  }

  /** Takes episodes that have changed and writes all that waits; returns why it could not. */
  save(changed: readonly AlertEpisode[]): Failure | undefined {
    for (const episode of changed) {
      this.#waiting.delete(episode.id);
      this.#waiting.set(episode.id, episode);
    }
    try {
      this.#store.save([...this.#waiting.values()]);
      this.#waiting.clear();
      return undefined;
    } catch (error) {
      const failure = failureOf(error);
      for (const id of this.#waiting.keys()) {
        if (this.#waiting.size <= mostWaiting) break;
        this.#waiting.delete(id);
      }
      return failure;
    }
  }
}
