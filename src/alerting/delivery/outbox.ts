import { endRetoldSeconds, type Announcement, type Announcements } from './announcements.js';

/** What goes on is told so often, whether or not anything has changed. */
export const retoldSeconds = 60;

/** What an Alertmanager does not take is offered again so late. */
const offeredAgainSeconds = 600;

/** What became of an announcement when it was last posted. */
interface Word {
  readonly episodeId: string;
  readonly isEnd: boolean;
  /** By the clock that never jumps. */
  readonly at: number;
  /** Why it was not taken; undefined where it was. */
  readonly refusal: string | undefined;
}

const urgency = { page: 0, heartbeat: 1, ticket: 2 } as const;

/** What one Alertmanager has heard of, and so what it must be told next. */
export class Outbox {
  readonly #announcements: Announcements;
  readonly #words = new Map<string, Word>();

  constructor(announcements: Announcements) {
    this.#announcements = announcements;
  }

  /** All that is to be told now: news first, among them pages, then by age. Empty while everything was told lately. */
  due(now: number): readonly Announcement[] {
    this.#forget();
    const due = [...this.#announcements.all()].flatMap((announcement) => {
      const { severity, startedAt } = announcement.episode;
      const dueAt = this.#dueAt(announcement);
      const isNews = !this.#wordOf(announcement);
      return dueAt <= now ? [{ announcement, order: [isNews ? 0 : 1, urgency[severity], startedAt] }] : [];
    });
    return due.sort((a, b) => compare(a.order, b.order)).map(({ announcement }) => announcement);
  }

  /** When something is to be told next; Infinity where there is nothing. */
  nextDue(): number {
    let next = Infinity;
    for (const announcement of this.#announcements.all()) next = Math.min(next, this.#dueAt(announcement));
    return next;
  }

  /** How many it has not heard of. */
  get news(): number {
    let news = 0;
    for (const announcement of this.#announcements.all()) if (!this.#wordOf(announcement)) news += 1;
    return news;
  }

  /** How many it does not take, and why it does not take one of them. */
  get refused(): { readonly alerts: number; readonly reason: string } | undefined {
    let alerts = 0;
    let reason: string | undefined;
    for (const announcement of this.#announcements.all()) {
      const refusal = this.#wordOf(announcement)?.refusal;
      if (refusal === undefined) continue;
      alerts += 1;
      reason ??= refusal;
    }
    return reason === undefined ? undefined : { alerts, reason };
  }

  isHeard(announcement: Announcement): boolean {
    return this.#wordOf(announcement) !== undefined;
  }

  /** @param refusal why they were not taken; undefined where they were */
  told(announcements: readonly Announcement[], now: number, refusal?: string): void {
    for (const { key, episode, endedAtMonotonic } of announcements) {
      const isEnd = endedAtMonotonic !== undefined;
      this.#words.set(key, { episodeId: episode.id, isEnd, at: now, refusal });
    }
  }

  /** It may have misunderstood everything: all is news again. */
  reset(): void {
    this.#words.clear();
  }

  #dueAt(announcement: Announcement): number {
    const word = this.#wordOf(announcement);
    if (!word) return -Infinity;
    if (word.refusal !== undefined) return word.at + offeredAgainSeconds;
    const { endedAtMonotonic = Infinity } = announcement;
    const next = word.at + retoldSeconds;
    return next - endedAtMonotonic < endRetoldSeconds ? next : Infinity;
  }

  /** What it knows of this very state of the alert. */
  #wordOf({ key, episode, endedAtMonotonic }: Announcement): Word | undefined {
    const word = this.#words.get(key);
    const isSame = word?.episodeId === episode.id && word.isEnd === (endedAtMonotonic !== undefined);
    return isSame ? word : undefined;
  }

  #forget(): void {
    for (const key of this.#words.keys()) if (!this.#announcements.get(key)) this.#words.delete(key);
  }
}

function compare(a: readonly number[], b: readonly number[]): number {
  const place = a.findIndex((value, index) => value !== b[index]);
  return place < 0 ? 0 : a[place]! - b[place]!;
}
