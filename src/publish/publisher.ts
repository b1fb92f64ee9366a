import type { PublishSettings } from '../config/publishing.js';
import type { Clock } from '../domain/clock.js';
import { Failure } from '../domain/failure.js';
import type { Documents } from './documents.js';
import { closeAll, type Publication } from './publication.js';
import { type Applied, applyToAll } from './run.js';

export interface PublisherParts {
  readonly clock: Clock;
  /** Undefined where nothing is published anywhere. */
  readonly settings: () => PublishSettings | undefined;
  /** Changes whenever {@link wanted} may be different. */
  readonly version: () => string;
  /** Opens what is published to; closed after every run. */
  readonly open: (settings: PublishSettings) => readonly Publication[];
  /** Costly; @throws Failure */
  readonly wanted: (settings: PublishSettings) => Documents;
  /** Told of every run of every destination. */
  readonly onApplied: (applied: Applied, durationSeconds: number) => void;
  /** Told why there was nothing to publish; undefined: there is again. */
  readonly onTrouble: (failure: Failure | undefined) => void;
  readonly onBug: (error: unknown) => void;
}

/** Services come one by one after a start: nothing that they have is taken for unwanted before they had the time. */
const firstAfterSeconds = 30;

/** Changes are waited for until there was none for a while, but not for ever. */
const quietSeconds = 5;
const longestWaitSeconds = 60;

const lookEverySeconds = 1;

/**
 * Keeps published what is wanted: soon after it changed, and again and again, for what people or a lost write may have changed.
 *
 * One run at a time; what a run could not do, the next one does.
 */
export class Publisher {
  readonly #parts: PublisherParts;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  /** Of what runs. */
  #publications: readonly Publication[] = [];
  #isStopped = false;
  #hasRun = false;
  #seen: string | undefined;
  #changed: { readonly first: number; readonly last: number } | undefined;
  #nextAt = Infinity;
  /** Of the last run: documents are made anew only when they may be others. */
  #made: { readonly version: string; readonly documents: Documents } | undefined;

  constructor(parts: PublisherParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#seen = this.#parts.version();
    this.#nextAt = this.#parts.clock.monotonic() + firstAfterSeconds;
    this.#timer = setInterval(() => this.look(), lookEverySeconds * 1000);
  }

  /** Ends it: what runs asks for nothing further, and the next start does what it has left. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#isStopped = true;
    await closeAll(this.#publications);
    await this.#running;
  }

  /** Begins a run where one is due. */
  look(): void {
    const settings = this.#parts.settings();
    if (!settings || settings.destinations.length === 0) return;
    const now = this.#parts.clock.monotonic();
    const version = this.#parts.version();
    if (version !== this.#seen) {
      this.#seen = version;
      this.#changed = { first: this.#changed?.first ?? now, last: now };
    }
    if (this.#running || !this.#isDue(now)) return;
    this.#running = this.#run(settings, version)
      .catch(this.#parts.onBug)
      .finally(() => {
        this.#running = undefined;
        this.#nextAt = this.#parts.clock.monotonic() + settings.everySeconds;
      });
  }

  /** The run that goes on, for whoever has to wait for it. */
  async idle(): Promise<void> {
    await this.#running;
  }

  #isDue(now: number): boolean {
    if (now >= this.#nextAt) return true;
    // Before the first run, changes are how services become known.
    if (!this.#changed || !this.#hasRun) return false;
    return now - this.#changed.last >= quietSeconds || now - this.#changed.first >= longestWaitSeconds;
  }

  async #run(settings: PublishSettings, version: string): Promise<void> {
    this.#changed = undefined;
    this.#hasRun = true;
    const documents = this.#documents(settings, version);
    if (!documents) return;
    const { clock, onApplied } = this.#parts;
    const began = clock.monotonic();
    const publications = this.#parts.open(settings);
    this.#publications = publications;
    try {
      const parts = { settings, documents, now: clock.now(), overwriteEdits: false };
      const all = await applyToAll(publications, parts);
      // What was broken off is no trouble of any place.
      if (this.#isStopped) return;
      for (const applied of all) onApplied(applied, clock.monotonic() - began);
    } finally {
      this.#publications = [];
      await closeAll(publications);
    }
  }

  #documents(settings: PublishSettings, version: string): Documents | undefined {
    try {
      if (this.#made?.version !== version) this.#made = { version, documents: this.#parts.wanted(settings) };
      this.#parts.onTrouble(undefined);
      return this.#made.documents;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.#parts.onTrouble(error);
      return undefined;
    }
  }
}
