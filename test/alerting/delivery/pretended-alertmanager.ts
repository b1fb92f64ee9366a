import type { PostAnswer } from '../../../src/scrape/http/json-poster.js';
import { Failure } from '../../../src/domain/failure.js';

/** What is posted of one alert. */
export interface PostedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL?: string;
}

/** What it does with a post: a status, or a failure of the way to it. */
export type Mood = (alerts: readonly PostedAlert[]) => number | Failure;

/** An Alertmanager in memory, with a clock and a mood of its own; knows alerts as the real one does, by their labels. */
export class PretendedAlertmanager {
  mood: Mood = () => 200;
  retryAfterSeconds: number | undefined;
  /** Every request: how many alerts it held, and its size. */
  readonly posts: { readonly alerts: number; readonly bytes: number }[] = [];
  /** Every request's alerts by name of their service, in order. */
  readonly told: string[] = [];
  readonly #now: () => number;
  readonly #known = new Map<string, PostedAlert>();

  constructor(now: () => number) {
    this.#now = now;
  }

  post(body: string): Promise<PostAnswer> {
    const alerts = JSON.parse(body) as readonly PostedAlert[];
    this.posts.push({ alerts: alerts.length, bytes: Buffer.byteLength(body) });
    const outcome = this.mood(alerts);
    if (outcome instanceof Failure) return Promise.reject(outcome);
    if (outcome === 200) {
      for (const alert of alerts) {
        this.told.push(alert.labels['service'] ?? alert.labels['alertname']!);
        this.#known.set(JSON.stringify(Object.entries(alert.labels).sort()), alert);
      }
    }
    const message = outcome === 200 ? '' : 'it says why';
    // Its clock goes in whole seconds, as the header does.
    const theirNow = Math.floor(this.#now());
    return Promise.resolve({ status: outcome, message, theirNow, retryAfterSeconds: this.retryAfterSeconds });
  }

  /** A restart with empty storage. */
  forget(): void {
    this.#known.clear();
  }

  /** Services whose alerts fire by its own clock. */
  get firing(): readonly string[] {
    return [...this.#known.values()]
      .filter(({ endsAt }) => Date.parse(endsAt) / 1000 > this.#now())
      .map(({ labels }) => labels['service'] ?? labels['alertname']!);
  }

  known(service: string): PostedAlert | undefined {
    return [...this.#known.values()].find(({ labels }) => labels['service'] === service);
  }

  get knows(): number {
    return this.#known.size;
  }
}
