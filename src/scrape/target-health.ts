import type { EpochSeconds } from '../domain/clock.js';
import type { FailureCode } from '../domain/failure.js';
import type { ServiceId } from '../domain/service-id.js';
import type { SloId } from '../domain/slo.js';

/** How one target is doing, for people and for meshslo's own metrics. */
export interface TargetHealth extends UnusableSamples {
  readonly id: string;
  readonly job: string;
  readonly url: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Services whose own requests it serves, as of the last good scrape. */
  readonly services: readonly ServiceId[];
  /** Whether the last scrape succeeded; undefined before the first. */
  readonly up: boolean | undefined;
  readonly lastScrapeAt: EpochSeconds | undefined;
  readonly lastSuccessAt: EpochSeconds | undefined;
  readonly durationSeconds: number | undefined;
  /** Of the last good scrape: on the wire, and decompressed. */
  readonly wireBytes: number;
  readonly bodyBytes: number;
  /** Of the last good scrape: samples that meshslo reads; and, as inherited, what it could not use. */
  readonly samples: number;
  /** Latency SLOs that its buckets cannot tell of; its requests count for none of them. */
  readonly unmeasured: readonly SloId[];
  /** Services that nobody else knows, beyond what one target may bring in; its requests to and for them count for nothing. */
  readonly refusedServices: number;
  /** Series that the target has been seen with. */
  readonly series: number;
  readonly failure: ScrapeFailure | undefined;
}

export interface ScrapeFailure {
  readonly code: FailureCode;
  readonly message: string;
  readonly hint: string | undefined;
}

/** One scrape that is over. `skipped`: it was due, but its turn never came. */
export interface ScrapeResult {
  readonly job: string;
  readonly outcome: 'success' | 'skipped' | FailureCode;
  readonly durationSeconds: number;
  readonly wireBytes: number;
  /** What it could not use; zeros where it failed. */
  readonly unusable: UnusableSamples;
}

/** Lines that are no samples, series that a body holds twice, and samples whose meaning cannot be read. */
export interface UnusableSamples {
  readonly badLines: number;
  readonly duplicates: number;
  readonly unreadable: number;
}

export const nothingUnusable: UnusableSamples = { badLines: 0, duplicates: 0, unreadable: 0 };
