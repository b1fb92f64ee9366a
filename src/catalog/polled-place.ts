import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock, EpochSeconds } from '../domain/clock.js';
import { type Failure, failureOf } from '../domain/failure.js';
import type { CatalogPlace, PlaceState, ServiceFacts } from './service-facts.js';

interface PolledParts {
  readonly name: string;
  readonly everySeconds: number;
  readonly clock: Pick<Clock, 'now'>;
  /** Reads everything anew. Throws a Failure where it cannot. */
  readonly read: (signal: AbortSignal) => Promise<readonly ServiceFacts[]>;
  readonly close?: () => Promise<void>;
}

/** A place that is read again and again. What it told last stays while it cannot be read. */
export class PolledPlace implements CatalogPlace {
  readonly name: string;
  readonly #parts: PolledParts;
  readonly #closing = new AbortController();
  #facts: readonly ServiceFacts[] = [];
  #currentAt: EpochSeconds | undefined;
  #trouble: Failure | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(parts: PolledParts) {
    this.#parts = parts;
    this.name = parts.name;
  }

  start(onChange: () => void): void {
    this.#running = this.#run(onChange);
  }

  async stop(): Promise<void> {
    this.#closing.abort();
    await this.#running;
    await this.#parts.close?.();
  }

  get facts(): readonly ServiceFacts[] {
    return this.#facts;
  }

  get state(): PlaceState {
    return { currentAt: this.#currentAt, trouble: this.#trouble };
  }

  async #run(onChange: () => void): Promise<void> {
    const { signal } = this.#closing;
    const { everySeconds } = this.#parts;
    while (!signal.aborted) {
      await this.#look(signal, onChange);
      // Who cannot read asks again sooner: somebody is at work there.
      const seconds = this.#trouble ? Math.min(everySeconds, 15) : everySeconds;
      await sleep(seconds * 1000, undefined, { signal }).catch(() => undefined);
    }
  }

  async #look(signal: AbortSignal, onChange: () => void): Promise<void> {
    const before = JSON.stringify(this.#facts);
    const hadTrouble = this.#trouble !== undefined;
    try {
      this.#facts = await this.#parts.read(signal);
      this.#currentAt = this.#parts.clock.now();
      this.#trouble = undefined;
    } catch (error) {
      if (signal.aborted) return;
      this.#trouble = failureOf(error);
    }
    if (JSON.stringify(this.#facts) !== before || hadTrouble !== (this.#trouble !== undefined)) onChange();
  }
}
