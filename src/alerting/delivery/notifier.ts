import { isDeepStrictEqual } from 'node:util';
import type { AlertmanagerSettings } from '../../config/config.js';
import type { AlertEpisode } from '../../domain/alert.js';
import type { Clock } from '../../domain/clock.js';
import { AlertmanagerClient } from './alertmanager-client.js';
import type { AlertmanagerHealth } from './alertmanager-health.js';
import { AlertmanagerSender, type Posted } from './alertmanager-sender.js';
import { Announcements } from './announcements.js';

/** A sender looks again after so long even where nothing is due. */
const longestRestSeconds = 60;

interface NotifierParts {
  readonly clock: Clock;
  readonly page: () => string | undefined;
  readonly chance: () => number;
  readonly onPosted: (posted: Posted) => void;
}

/** One Alertmanager that is being kept informed. */
interface Line {
  readonly settings: AlertmanagerSettings;
  readonly client: AlertmanagerClient;
  readonly sender: AlertmanagerSender;
  timer: NodeJS.Timeout | undefined;
  isWorking: boolean;
  isClosed: boolean;
}

/** Keeps every Alertmanager informed of what fires and of what has ended; each by itself. */
export class Notifier {
  readonly #parts: NotifierParts;
  readonly #announcements: Announcements;
  #lines: readonly Line[] = [];

  constructor(parts: NotifierParts) {
    this.#parts = parts;
    this.#announcements = new Announcements(parts.clock);
  }

  /** Goes on with these Alertmanagers; those that are the same as before notice nothing. */
  reconfigure(alertmanagers: readonly AlertmanagerSettings[]): void {
    const before = this.#lines;
    this.#lines = alertmanagers.map(
      (settings) => before.find((line) => isDeepStrictEqual(line.settings, settings)) ?? this.#open(settings),
    );
    for (const line of before) if (!this.#lines.includes(line)) this.#close(line);
    for (const line of this.#lines) this.#wake(line);
  }

  /** Takes what fires now, by its keys, and what has just ended; returns at once. */
  announce(firing: ReadonlyMap<string, AlertEpisode>, ended: readonly AlertEpisode[]): void {
    this.#announcements.update(firing, ended, (announcement) =>
      this.#lines.every(({ sender }) => sender.isHeard(announcement)),
    );
    for (const line of this.#lines) this.#wake(line);
  }

  /** How every Alertmanager is, in the order of the configuration. */
  get health(): readonly AlertmanagerHealth[] {
    return this.#lines.map(({ sender }) => sender.health);
  }

  /** Ends without a word: what goes on goes on, and is over by itself if nobody begins again. */
  stop(): void {
    for (const line of this.#lines) this.#close(line);
    this.#lines = [];
  }

  #open(settings: AlertmanagerSettings): Line {
    const { clock, page, chance, onPosted } = this.#parts;
    const client = new AlertmanagerClient(settings);
    const { url } = settings;
    const sender = new AlertmanagerSender({
      url,
      client,
      announcements: this.#announcements,
      page,
      clock,
      chance,
      onPosted,
    });
    return { settings, client, sender, timer: undefined, isWorking: false, isClosed: false };
  }

  #close(line: Line): void {
    line.isClosed = true;
    clearTimeout(line.timer);
    void line.client.close();
  }

  #wake(line: Line): void {
    if (!line.isWorking) this.#schedule(line);
  }

  #schedule(line: Line): void {
    clearTimeout(line.timer);
    if (line.isClosed) return;
    const restSeconds = Math.min(longestRestSeconds, line.sender.restSeconds);
    line.timer = setTimeout(() => void this.#work(line), restSeconds * 1000);
  }

  async #work(line: Line): Promise<void> {
    line.isWorking = true;
    await line.sender.work();
    line.isWorking = false;
    this.#schedule(line);
  }
}
