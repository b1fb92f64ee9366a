import type { Clock } from '../../domain/clock.js';
import { Failure, failureOf } from '../../domain/failure.js';
import type { PostAnswer } from '../../scrape/http/json-poster.js';
import type { AlertmanagerClient } from './alertmanager-client.js';
import type { AlertmanagerHealth } from './alertmanager-health.js';
import type { Announcement, Announcements } from './announcements.js';
import { backoffSeconds } from './backoff.js';
import { Outbox, retoldSeconds } from './outbox.js';
import { postedAlert } from './posted-alert.js';

/** Alertmanagers and what stands in front of them take larger bodies; one that fails costs less. */
const mostBatchBytes = 900_000;

/** Requests that one round may spend on looking for what of a refused batch is refused. */
const mostSplits = 64;

/** Clocks that differ by less are the same: the other one tells whole seconds, after a while on the wire. */
const sameClockSeconds = 5;

/** An Alertmanager that asks for more patience than this is asked all the same. */
const longestPatienceSeconds = 60;

/** An announcement as it is posted. */
interface Letter {
  readonly announcement: Announcement;
  readonly text: string;
}

/** What a sender works with. */
export interface SenderParts {
  readonly url: string;
  readonly client: Pick<AlertmanagerClient, 'post'>;
  readonly announcements: Announcements;
  /** Base address of the page, for links. */
  readonly page: () => string | undefined;
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly chance: () => number;
  /** Told of every request: how it ended, how many alerts it held, how long it took. */
  readonly onPosted: (posted: Posted) => void;
}

/** What became of one round. */
interface Round {
  isAnyTaken: boolean;
  /** Requests that it spent on looking for what of a refused batch is refused. */
  splits: number;
  /** Alerts that were refused alone, and the words for it. */
  readonly refused: { readonly announcement: Announcement; readonly answer: PostAnswer }[];
}

/** How one request ended. */
export interface Posted {
  readonly url: string;
  readonly outcome: 'ok' | 'refused' | Failure['code'];
  readonly alerts: number;
  readonly durationSeconds: number;
}

/**
 * Keeps one Alertmanager informed, at its own pace: whatever it does, nobody else waits.
 *
 * It is told what it has not heard, pages first, and what goes on once a minute, in requests of a bounded size. A batch that
 * it refuses is halved until what it does not like stands alone; after any other failure it is left in peace for a while. One
 * that takes nothing at all, not even the heartbeat, is such a failure: it cannot be the alerts.
 */
export class AlertmanagerSender {
  readonly #parts: SenderParts;
  readonly #outbox: Outbox;
  /** How far its wall clock is ahead of ours; negative where ours is ahead. */
  #theirLeadSeconds = 0;
  #comparedAt = -Infinity;
  #failures = 0;
  #failure: Failure | undefined;
  #retryAt = -Infinity;
  #lastSuccessAt: number | undefined;
  #trouble: { readonly since: number; readonly sinceMonotonic: number } | undefined;
  #round: Round = newRound();

  constructor(parts: SenderParts) {
    this.#parts = parts;
    this.#outbox = new Outbox(parts.announcements);
  }

  /** Whether it knows of this state of an alert. */
  isHeard(announcement: Announcement): boolean {
    return this.#outbox.isHeard(announcement);
  }

  get health(): AlertmanagerHealth {
    return {
      url: this.#parts.url,
      lastSuccessAt: this.#lastSuccessAt,
      failure: this.#failure,
      refused: this.#outbox.refused,
      troubleSince: this.#trouble?.since,
      troubleSeconds: this.#trouble ? this.#parts.clock.monotonic() - this.#trouble.sinceMonotonic : 0,
      waiting: this.#outbox.news,
    };
  }

  /** Seconds until there may be something to do; 0 when there is. */
  get restSeconds(): number {
    const next = Math.max(this.#outbox.nextDue(), this.#retryAt);
    return Math.max(0, next - this.#parts.clock.monotonic());
  }

  /** Tells all that is due, or as much as it takes; never fails. */
  async work(): Promise<void> {
    const { clock } = this.#parts;
    if (clock.monotonic() < this.#retryAt) return;
    this.#round = newRound();
    const due = this.#outbox.due(clock.monotonic());
    let told = 0;
    while (told < due.length) {
      const batch = this.#batch(due, told);
      if (!(await this.#tell(batch))) break;
      told += batch.length;
    }
    if (this.#round.isAnyTaken || told === due.length) this.#noteRefused();
    this.#noteTrouble();
  }

  /** As many as one request may hold; at least one. */
  #batch(due: readonly Announcement[], from: number): readonly Letter[] {
    const letters: Letter[] = [];
    for (let bytes = 0, next = from; next < due.length; next += 1) {
      const letter = this.#letter(due[next]!);
      bytes += Buffer.byteLength(letter.text) + 1;
      if (bytes > mostBatchBytes && letters.length > 0) break;
      letters.push(letter);
    }
    return letters;
  }

  #letter(announcement: Announcement): Letter {
    const now = this.#parts.clock.now();
    const time = { now, theirNow: now + this.#theirLeadSeconds };
    return { announcement, text: postedAlert(announcement.episode, time, this.#parts.page()) };
  }

  /** Posts a batch, in parts where it must be; returns whether to go on. */
  async #tell(batch: readonly Letter[]): Promise<boolean> {
    const answer = await this.#post(batch);
    if (answer instanceof Failure) return this.#failed(answer);
    if (this.#isMisunderstood(answer)) {
      this.#outbox.reset();
      return false;
    }
    if (isAccepted(answer)) {
      this.#succeeded(batch);
      return true;
    }
    if (batch.length > 1) return this.#tellHalves(batch, answer);
    this.#round.refused.push({ announcement: batch[0]!.announcement, answer });
    return true;
  }

  async #tellHalves(batch: readonly Letter[], answer: PostAnswer): Promise<boolean> {
    this.#round.splits += 1;
    if (this.#round.splits > mostSplits) return this.#failed(statusFailure(answer));
    const half = batch.length >> 1;
    return (await this.#tell(batch.slice(0, half))) && (await this.#tell(batch.slice(half)));
  }

  /** The answer where it is one about the alerts, else a failure. */
  async #post(batch: readonly Letter[]): Promise<PostAnswer | Failure> {
    const { clock, client, url, onPosted } = this.#parts;
    const began = clock.monotonic();
    const ended = (outcome: Posted['outcome']): void =>
      onPosted({ url, outcome, alerts: batch.length, durationSeconds: clock.monotonic() - began });
    try {
      const answer = await client.post(`[${batch.map(({ text }) => text).join(',')}]`);
      if (isAccepted(answer) || isContentRefused(answer)) {
        ended(isAccepted(answer) ? 'ok' : 'refused');
        return answer;
      }
      ended('target-status');
      this.#retryAt = began + Math.min(longestPatienceSeconds, answer.retryAfterSeconds ?? 0);
      return statusFailure(answer);
    } catch (error) {
      const failure = failureOf(error);
      ended(failure.code);
      return failure;
    }
  }

  /** Whether its clock is another than we thought: what was posted by the wrong one may be over for it already. */
  #isMisunderstood({ theirNow }: PostAnswer): boolean {
    const { clock } = this.#parts;
    // One that tells another time with every answer is asked no more often than it is told everything anyway.
    if (theirNow === undefined || clock.monotonic() - this.#comparedAt < retoldSeconds) return false;
    const lead = theirNow - clock.now();
    const known = Math.abs(lead) < sameClockSeconds ? 0 : lead;
    if (Math.abs(known - this.#theirLeadSeconds) < sameClockSeconds) return false;
    this.#theirLeadSeconds = known;
    this.#comparedAt = clock.monotonic();
    return true;
  }

  #succeeded(batch: readonly Letter[]): void {
    const { clock } = this.#parts;
    this.#outbox.told(announcementsOf(batch), clock.monotonic());
    this.#lastSuccessAt = clock.now();
    this.#round.isAnyTaken = true;
    this.#wentWell();
  }

  #wentWell(): void {
    this.#failure = undefined;
    this.#failures = 0;
  }

  /** Refused alerts are left alone for long; where nothing was taken, it is not they who are at fault. */
  #noteRefused(): void {
    const { isAnyTaken, refused } = this.#round;
    const [first] = refused;
    if (!first) return;
    const isFault = refused.length === 1 && first.announcement.episode.severity !== 'heartbeat';
    if (!isAnyTaken && !isFault) {
      this.#failed(statusFailure(first.answer));
      return;
    }
    if (!isAnyTaken) this.#wentWell();
    for (const { announcement, answer } of refused) {
      this.#outbox.told([announcement], this.#parts.clock.monotonic(), answer.message);
    }
  }

  #failed(failure: Failure): false {
    this.#failures += 1;
    this.#failure = failure;
    const patience = backoffSeconds(this.#failures, this.#parts.chance());
    this.#retryAt = Math.max(this.#retryAt, this.#parts.clock.monotonic() + patience);
    return false;
  }

  #noteTrouble(): void {
    const { clock } = this.#parts;
    const isTroubled = this.#failure !== undefined || this.#outbox.refused !== undefined;
    if (!isTroubled) this.#trouble = undefined;
    else this.#trouble ??= { since: clock.now(), sinceMonotonic: clock.monotonic() };
  }
}

function newRound(): Round {
  return { isAnyTaken: false, splits: 0, refused: [] };
}

function announcementsOf(batch: readonly Letter[]): readonly Announcement[] {
  return batch.map(({ announcement }) => announcement);
}

function isAccepted({ status }: PostAnswer): boolean {
  return status >= 200 && status < 300;
}

/** Something in the batch is not as it should be; the rest may be. */
function isContentRefused({ status }: PostAnswer): boolean {
  return status === 400 || status === 413 || status === 422;
}

function statusFailure({ status, message }: PostAnswer): Failure {
  const said = message === '' ? '' : `: ${message}`;
  return new Failure('target-status', `answered with status ${status}${said}`, hintOf(status));
}

function hintOf(status: number): { readonly hint?: string } {
  if (status === 401 || status === 403) return { hint: 'check its token or password' };
  if (status === 404 || status === 405) {
    return { hint: 'its url ends before /api/v2/alerts; behind a prefix it must have that prefix' };
  }
  if (status >= 300 && status < 400) return { hint: 'redirects are not followed; name the final address' };
  return {};
}
