import { type AlertEpisode, alertKey } from '../../domain/alert.js';
import type { Clock } from '../../domain/clock.js';

/** An end is told again for so long: an Alertmanager may have lost it in a restart. Prometheus does the same. */
export const endRetoldSeconds = 15 * 60;

/** An end that an Alertmanager has not heard is kept for so long; by then it has ended the alert by itself. */
const endKeptSeconds = 24 * 3600;

/** Characters that all kept ends hold at most; the oldest give way. Tens of thousands of usual ones. */
const mostEndedCharacters = 32e6;

/** Something that Alertmanagers should know. */
export interface Announcement {
  readonly key: string;
  readonly episode: AlertEpisode;
  /** When its end came up, by the clock that never jumps; undefined while it fires. */
  readonly endedAtMonotonic: number | undefined;
}

/**
 * What every Alertmanager should know: all that fires, and what has ended lately.
 *
 * It is a state and no queue: however long somebody was away, nothing piles up but ends, and these are bounded.
 */
export class Announcements {
  readonly #clock: Pick<Clock, 'monotonic'>;
  #firing = new Map<string, Announcement>();
  readonly #ended = new Map<string, Announcement>();

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  /** Those that fire, then those that have ended; each alert once. */
  *all(): Generator<Announcement> {
    yield* this.#firing.values();
    yield* this.#ended.values();
  }

  get(key: string): Announcement | undefined {
    return this.#firing.get(key) ?? this.#ended.get(key);
  }

  /**
   * Takes what fires now, and what has ended since the last time.
   *
   * @param firing by their keys
   * @param isHeard whether everybody knows of an end
   */
  update(
    firing: ReadonlyMap<string, AlertEpisode>,
    ended: readonly AlertEpisode[],
    isHeard: (announcement: Announcement) => boolean,
  ): void {
    const now = this.#clock.monotonic();
    for (const episode of ended) {
      const key = alertKey(episode);
      this.#ended.delete(key);
      this.#ended.set(key, { key, episode, endedAtMonotonic: now });
    }
    this.#firing = new Map();
    for (const [key, episode] of firing) this.#firing.set(key, { key, episode, endedAtMonotonic: undefined });
    // What fires again has not ended.
    for (const key of this.#firing.keys()) this.#ended.delete(key);
    this.#forget(now, isHeard);
  }

  #forget(now: number, isHeard: (announcement: Announcement) => boolean): void {
    let characters = 0;
    for (const announcement of [...this.#ended.values()].reverse()) {
      const age = now - announcement.endedAtMonotonic!;
      characters += lengthOf(announcement.episode);
      const isNews = age < endRetoldSeconds || (age < endKeptSeconds && !isHeard(announcement));
      if (!isNews || characters > mostEndedCharacters) this.#ended.delete(announcement.key);
    }
  }
}

function lengthOf({ labels, annotations }: AlertEpisode): number {
  const texts = [...Object.values(labels), ...Object.values(annotations)];
  return texts.reduce((sum, text) => sum + text.length, 200);
}
