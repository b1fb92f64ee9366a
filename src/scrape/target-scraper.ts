import type { Clock } from '../domain/clock.js';
import { failureOf } from '../domain/failure.js';
import type { TimeRange } from '../domain/window.js';
import type { Target } from './discovery/target.js';
import { acceptedFormats } from './http/accepted-formats.js';
import type { AccessFiles } from './http/access.js';
import type { BodyBuffers } from './http/body-buffer.js';
import { getRequest } from './http/get-request.js';
import { metricsBody } from './http/metrics-body.js';
import { TargetConnection } from './http/target-connection.js';
import type { ScrapeJob } from './scrape-job.js';
import { nothingUnusable, type ScrapeResult, type TargetHealth, type UnusableSamples } from './target-health.js';
import type { ScrapeContent, TargetState } from './target-state.js';

/** What a scraper needs. */
export interface TargetScraperParts {
  readonly target: Target;
  readonly job: ScrapeJob;
  readonly access: AccessFiles;
  readonly buffers: BodyBuffers;
  readonly clock: Clock;
  readonly state: TargetState;
  /** The end of the target's former process has passed unseen. */
  readonly onUnseen: (unseen: TimeRange) => void;
}

interface Reading {
  readonly wireBytes: number;
  readonly bodyBytes: number;
  readonly content: ScrapeContent;
}

/** Scrapes one target over its kept-alive connection, one scrape at a time, and knows how the target is doing. */
export class TargetScraper {
  readonly state: TargetState;
  readonly #parts: TargetScraperParts;
  #connection: TargetConnection | undefined;
  #request = '';
  #accessVersion = 0;
  #retired = false;
  #health: TargetHealth;

  constructor(parts: TargetScraperParts) {
    const { id, job, url, labels } = parts.target;
    this.#parts = parts;
    this.state = parts.state;
    const { services } = parts.state;
    this.#health = { id, job, url, labels: Object.fromEntries(labels), services, ...nothingKnown };
  }

  get health(): TargetHealth {
    return this.#health;
  }

  /** Scrapes once; undefined when the target was given up meanwhile. Never fails: how it went is in the result. */
  async scrape(): Promise<ScrapeResult | undefined> {
    if (this.#isRetired()) return undefined;
    const { clock, target } = this.#parts;
    const startedAt = clock.now();
    const startedMonotonic = clock.monotonic();
    let outcome: ScrapeResult['outcome'] = 'success';
    let wireBytes = 0;
    let unusable: UnusableSamples = nothingUnusable;
    try {
      const reading = await this.#read(startedAt, startedMonotonic);
      if (!reading) return undefined;
      ({ wireBytes, content: unusable } = reading);
      this.#succeeded(reading);
    } catch (error) {
      const { code, message, hint } = failureOf(error);
      if (this.#isRetired()) return undefined;
      outcome = code;
      this.#health = { ...this.#health, up: false, failure: { code, message, hint } };
    }
    const durationSeconds = Math.max(0, clock.monotonic() - startedMonotonic);
    this.#health = { ...this.#health, lastScrapeAt: startedAt, durationSeconds };
    this.state.attempted(outcome === 'success');
    return { job: target.job, outcome, durationSeconds, wireBytes, unusable };
  }

  /** Ends all work on this target; a scrape on its way counts for nothing. */
  retire(): void {
    this.#retired = true;
    this.#connection?.close();
  }

  /** Asked again after every wait. */
  #isRetired(): boolean {
    return this.#retired;
  }

  async #read(startedAt: number, startedMonotonic: number): Promise<Reading | undefined> {
    const { job, buffers, clock, state } = this.#parts;
    const connection = this.#connect();
    const { timeoutSeconds, limits } = job;
    const body = buffers.lend();
    try {
      const answer = await connection.get(this.#request, { timeoutSeconds, bodyBytes: limits.bodyBytes }, body);
      if (this.#isRetired()) return undefined;
      const bytes = metricsBody(answer, body.bytes, limits);
      const times = { startedAt, startedMonotonic, endedAt: clock.now(), endedMonotonic: clock.monotonic() };
      return { wireBytes: body.length, bodyBytes: bytes.length, content: state.observe(bytes, times) };
    } finally {
      buffers.release(body);
    }
  }

  #succeeded({ wireBytes, bodyBytes, content }: Reading): void {
    const { unseen, ...numbers } = content;
    const lastSuccessAt = this.#parts.clock.now();
    const { services } = this.state;
    const sizes = { services, wireBytes, bodyBytes };
    this.#health = { ...this.#health, ...numbers, ...sizes, up: true, lastSuccessAt, failure: undefined };
    if (unseen) this.#parts.onUnseen(unseen);
  }

  /** The connection and the request; new ones when certificates or secrets have changed. */
  #connect(): TargetConnection {
    const { target, job, access: files } = this.#parts;
    const access = files.access;
    if (this.#connection && access.version === this.#accessVersion) return this.#connection;
    this.#connection?.close();
    this.#accessVersion = access.version;
    const { host, port, scheme, requestPath } = target;
    const bracketed = host.includes(':') ? `[${host}]` : host;
    this.#request = getRequest(requestPath, `${bracketed}:${port}`, {
      Accept: acceptedFormats,
      'Accept-Encoding': job.gzip ? 'gzip' : 'identity',
      'X-Prometheus-Scrape-Timeout-Seconds': String(job.timeoutSeconds),
      Authorization: access.authorization,
    });
    this.#connection = new TargetConnection({ host, port, tls: scheme === 'https' ? access.tls : undefined });
    return this.#connection;
  }
}

const nothingKnown = {
  up: undefined,
  lastScrapeAt: undefined,
  lastSuccessAt: undefined,
  durationSeconds: undefined,
  wireBytes: 0,
  bodyBytes: 0,
  samples: 0,
  ...nothingUnusable,
  unmeasured: [],
  refusedServices: 0,
  series: 0,
  failure: undefined,
};
