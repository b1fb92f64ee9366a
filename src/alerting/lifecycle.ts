import { type ActiveAlert, type AlertEpisode, alertKey } from '../domain/alert.js';
import type { EpochSeconds } from '../domain/clock.js';
import { inhibitedTickets } from './inhibition.js';

/**
 * From look to look: which episodes begin, go on and end.
 *
 * An alert that is inhibited from its first look on is announced to nobody until no page covers it any more; one that was
 * announced stays so, for a silence would tell Alertmanager that it is over. Heartbeats have no episodes.
 */
export class Lifecycle {
  readonly #newId: () => string;
  readonly #ongoing = new Map<string, AlertEpisode>();

  /** @param ongoing what had not ended when somebody last looked: the same episodes go on */
  constructor(ongoing: readonly AlertEpisode[], newId: () => string) {
    this.#newId = newId;
    for (const episode of ongoing) this.#ongoing.set(alertKey(episode), episode);
  }

  /** What goes on by its key, with the texts of the last look, in the order in which it began. */
  get ongoing(): ReadonlyMap<string, AlertEpisode> {
    return this.#ongoing;
  }

  /**
   * Takes what is firing now.
   *
   * @param at the wall clock; where it was set back, nothing ends before it began
   * @returns the episodes that the history must know of: begun, ended, or announced only now
   */
  look(active: readonly ActiveAlert[], at: EpochSeconds): readonly AlertEpisode[] {
    const firing = new Map<string, ActiveAlert>();
    for (const alert of active) if (alert.severity !== 'heartbeat') firing.set(alertKey(alert), alert);
    const inhibited = inhibitedTickets(firing);
    const ended = [...this.#ongoing].flatMap(([key, episode]) =>
      firing.has(key) ? [] : [this.#end(key, episode, at)],
    );
    const changed = [...firing].flatMap(([key, alert]) => this.#go(key, alert, { at, inhibited: inhibited.has(key) }));
    return [...ended, ...changed];
  }

  /** Takes what people have said of an episode; does nothing when it does not go on. */
  marked({ id, acknowledged, noise }: AlertEpisode): void {
    for (const [key, episode] of this.#ongoing) {
      if (episode.id === id) this.#ongoing.set(key, { ...episode, acknowledged, noise });
    }
  }

  #end(key: string, episode: AlertEpisode, at: EpochSeconds): AlertEpisode {
    this.#ongoing.delete(key);
    return { ...episode, endedAt: Math.max(at, episode.startedAt) };
  }

  #go(
    key: string,
    alert: ActiveAlert,
    { at, inhibited }: { readonly at: EpochSeconds; readonly inhibited: boolean },
  ): readonly AlertEpisode[] {
    const before = this.#ongoing.get(key);
    const episode: AlertEpisode = before
      ? { ...before, annotations: alert.annotations, inhibited: before.inhibited && inhibited }
      : {
          ...alert,
          id: this.#newId(),
          startedAt: at,
          endedAt: undefined,
          inhibited,
          acknowledged: undefined,
          noise: undefined,
        };
    this.#ongoing.set(key, episode);
    return before?.inhibited === episode.inhibited ? [] : [episode];
  }
}
