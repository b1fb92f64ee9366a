import { randomUUID } from 'node:crypto';
import type { AlertmanagerSettings, LinkSettings } from '../config/config.js';
import { type ActiveAlert, type AlertEpisode, alertKey, type AlertMark } from '../domain/alert.js';
import type { AlertName } from '../domain/alert-names.js';
import type { Clock, EpochSeconds } from '../domain/clock.js';
import { type Failure, failureOf } from '../domain/failure.js';
import { type AlertQuery, fitsQuery } from '../ledger/alert-query.js';
import type { AlertPage, AlertStore, MarkKind } from '../ledger/alert-store.js';
import type { AlertmanagerHealth } from './delivery/alertmanager-health.js';
import type { Posted } from './delivery/alertmanager-sender.js';
import { endRetoldSeconds } from './delivery/announcements.js';
import { Notifier } from './delivery/notifier.js';
import { isOwnAlert, ownAlerts } from './delivery/own-alerts.js';
import { History } from './history.js';
import { Lifecycle } from './lifecycle.js';
import { lostAfterSeconds } from './scrape-alerts.js';

/** Alerting looks at itself so often; not when slots are written, for that is what may be stuck. */
const lookAtSelfEverySeconds = 15;

/** What of the configuration is used here. */
export interface AlertDeskSettings {
  readonly cluster: string;
  /** Who acts for meshslo itself. */
  readonly owner?: string | undefined;
  readonly alertmanagers: readonly AlertmanagerSettings[];
  readonly links: LinkSettings;
}

export interface AlertDeskParts {
  readonly store: AlertStore;
  readonly clock: Clock;
  readonly settings: AlertDeskSettings;
  /** What is firing now by the ledger; may throw a {@link Failure}, and then what fired before goes on. */
  readonly evaluate: () => readonly ActiveAlert[];
  /** What is firing now of meshslo's own scraping; asked when slots stop, too, and never throws. */
  readonly watch: () => readonly ActiveAlert[];
  /** Told how long every evaluation took. */
  readonly onEvaluated: (durationSeconds: number) => void;
  readonly onPosted: (posted: Posted) => void;
  /** Called after every look, with what begins and ends. */
  readonly onLook: (changed: readonly AlertEpisode[]) => void;
}

/** How alerting is. */
export interface AlertingState {
  /** Alerts that call somebody. */
  readonly firing: { readonly pages: number; readonly tickets: number };
  /** Tickets that call nobody, because a page of their SLO fires. */
  readonly inhibited: number;
  readonly lastLookAt: EpochSeconds;
  readonly alertmanagers: readonly AlertmanagerHealth[];
  /** Why the last look failed; undefined while they go well. */
  readonly failure: Failure | undefined;
  /** Episodes that could not be written into the history yet, and why. */
  readonly unsaved: { readonly episodes: number; readonly failure: Failure } | undefined;
}

/**
 * What becomes of alerts: every look tells the lifecycle, the history and every Alertmanager.
 *
 * Alerting looks at itself by a timer of its own, so that an evaluator that no longer looks is told, too.
 */
export class AlertDesk {
  readonly #parts: AlertDeskParts;
  readonly #lifecycle: Lifecycle;
  readonly #history: History;
  readonly #notifier: Notifier;
  readonly #startedAt: EpochSeconds;
  /** Lost targets of before this start: whether they are back shows only after a while. */
  readonly #carried: readonly ActiveAlert[];
  readonly #carriedUntil: number;
  #settings: AlertDeskSettings;
  /** What the evaluator said last; until it has looked, what fired before this start. */
  #evaluated: readonly ActiveAlert[];
  #own: readonly ActiveAlert[];
  #look: { readonly at: EpochSeconds; readonly monotonic: number };
  #failure: Failure | undefined;
  #unsaved: Failure | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** When the timer was last heard, by the monotonic clock. */
  #ticked: number;

  /** @throws Failure `ledger-damaged` */
  constructor(parts: AlertDeskParts) {
    const { store, clock, settings, onPosted } = parts;
    this.#parts = parts;
    this.#settings = settings;
    const ongoing = store.ongoing();
    this.#evaluated = ongoing.filter(({ name }) => !isOwnAlert(name));
    this.#own = ongoing.filter(({ name }) => isOwnAlert(name));
    this.#carried = ongoing.filter(({ name }) => name === ('ScrapeTargetLost' satisfies AlertName));
    this.#carriedUntil = clock.monotonic() + lostAfterSeconds;
    this.#lifecycle = new Lifecycle(ongoing, newEpisodeId);
    this.#history = new History(store);
    this.#startedAt = clock.now();
    this.#ticked = clock.monotonic();
    this.#look = { at: this.#startedAt, monotonic: this.#ticked };
    this.#notifier = new Notifier({ clock, page: () => this.#settings.links.page, chance: Math.random, onPosted });
  }

  /** Begins to tell: first what went on when somebody last looked, and what had just ended. */
  start(): void {
    const { store, clock } = this.#parts;
    this.#notifier.reconfigure(this.#settings.alertmanagers);
    const ended = store.endedSince(clock.now() - endRetoldSeconds).filter(({ inhibited }) => !inhibited);
    this.#notifier.announce(new Map(), ended);
    this.lookAtSelf();
    this.#timer = setInterval(() => this.tick(), lookAtSelfEverySeconds * 1000);
  }

  /** Ends without a word: whoever starts next goes on. */
  stop(): void {
    clearInterval(this.#timer);
    this.#notifier.stop();
  }

  reconfigure(settings: AlertDeskSettings): void {
    this.#settings = settings;
    this.#notifier.reconfigure(settings.alertmanagers);
    this.lookAtSelf();
  }

  /** Asks the evaluator; for after every minute's slot. */
  look(): void {
    const { clock, evaluate, onEvaluated } = this.#parts;
    const began = clock.monotonic();
    try {
      this.#evaluated = evaluate();
      this.#failure = undefined;
      this.#look = { at: clock.now(), monotonic: clock.monotonic() };
      onEvaluated(clock.monotonic() - began);
    } catch (error) {
      this.#failure = failureOf(error);
    }
    this.lookAtSelf();
  }

  /**
   * What the timer does: looks at itself, unless the whole process stood still (a machine that was paused). Then everything
   * is late, and is given one tick to catch up before it is called stuck.
   */
  tick(): void {
    const now = this.#parts.clock.monotonic();
    const stoodStill = now - this.#ticked > 4 * lookAtSelfEverySeconds;
    this.#ticked = now;
    if (!stoodStill) this.lookAtSelf();
  }

  /** Looks how alerting itself is, and tells all that fires. */
  lookAtSelf(): void {
    const { clock, onLook } = this.#parts;
    const { cluster, owner, links } = this.#settings;
    const firing = new Set(this.#own.map(alertKey));
    const health = {
      lastLookAt: this.#look.at,
      sinceLookSeconds: clock.monotonic() - this.#look.monotonic,
      alertmanagers: this.#notifier.health,
    };
    const ofAlerting = ownAlerts(health, {
      cluster,
      owner,
      links,
      now: clock.now(),
      isFiring: (key) => firing.has(key),
    });
    this.#own = [...ofAlerting, ...this.#parts.watch()];
    const carried = clock.monotonic() < this.#carriedUntil ? this.#carried : [];
    const changed = this.#lifecycle.look([...carried, ...this.#evaluated, ...this.#own], clock.now());
    this.#unsaved = this.#history.save(changed);
    const firingNow = new Map(this.#heartbeats());
    for (const [key, episode] of this.#lifecycle.ongoing) if (!episode.inhibited) firingNow.set(key, episode);
    const ended = changed.filter(({ endedAt, inhibited }) => endedAt !== undefined && !inhibited);
    this.#notifier.announce(firingNow, ended);
    onLook(changed);
  }

  /** Everything that fires now, inhibited tickets too, with the texts of now. */
  ongoing(): readonly AlertEpisode[] {
    return [...this.#lifecycle.ongoing.values()];
  }

  /**
   * What is looked for, newest first; the first page begins with what could not be written yet.
   *
   * @throws Failure `bad-arguments` for a cursor that no page has given
   */
  find(query: AlertQuery): AlertPage {
    const { episodes, next } = this.#parts.store.find(query);
    const { waiting } = this.#history;
    const unwritten = [...waiting.values()].filter((one) => query.cursor === undefined && fitsQuery(one, query));
    const written = episodes.filter(({ id }) => !waiting.has(id));
    const current = new Map(this.ongoing().map((episode) => [episode.id, episode]));
    return { episodes: [...unwritten.reverse(), ...written].map((one) => current.get(one.id) ?? one), next };
  }

  /** One episode, of now or of the past; undefined where there is none of this id. */
  get(id: string): AlertEpisode | undefined {
    const ongoing = this.ongoing().find((episode) => episode.id === id);
    return ongoing ?? this.#history.waiting.get(id) ?? this.#parts.store.get(id);
  }

  /**
   * Notes what a person says of an episode; undefined takes it back.
   *
   * @throws Failure `not-found`, `disk-full`
   */
  mark(id: string, kind: MarkKind, mark: AlertMark | undefined): AlertEpisode {
    this.#unsaved = this.#history.save([]);
    if (this.#unsaved) throw this.#unsaved;
    const marked = this.#parts.store.mark(id, kind, mark);
    this.#lifecycle.marked(marked);
    return this.get(id) ?? marked;
  }

  get state(): AlertingState {
    const calling = this.ongoing().filter(({ inhibited }) => !inhibited);
    const pages = calling.filter(({ severity }) => severity === 'page').length;
    return {
      firing: { pages, tickets: calling.length - pages },
      inhibited: this.ongoing().length - calling.length,
      lastLookAt: this.#look.at,
      alertmanagers: this.#notifier.health,
      failure: this.#failure,
      unsaved: this.#unsaved && { episodes: this.#history.waiting.size, failure: this.#unsaved },
    };
  }

  #heartbeats(): readonly (readonly [string, AlertEpisode])[] {
    const rest = { endedAt: undefined, inhibited: false, acknowledged: undefined, noise: undefined };
    return this.#own
      .filter(({ severity }) => severity === 'heartbeat')
      .map((alert) => [alertKey(alert), { ...alert, id: alert.name, startedAt: this.#startedAt, ...rest }]);
  }
}

/** Short enough for an address that people hand on. */
function newEpisodeId(): string {
  return randomUUID().replaceAll('-', '').slice(0, 16);
}
