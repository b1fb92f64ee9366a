import type { ErrorView } from './problem.js';

/** `GET /api/v1/targets` */
export interface TargetList {
  readonly targets: readonly TargetView[];
}

export interface TargetView {
  readonly job: string;
  readonly mesh: string;
  readonly url: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Null before the first scrape. */
  readonly up: boolean | null;
  readonly lastScrapeSeconds: number | null;
  readonly lastSuccessSeconds: number | null;
  readonly durationSeconds: number | null;
  readonly bodyBytes: number | null;
  readonly series: number | null;
  /** Of the last good scrape: lines that are no samples, series that are there twice, samples that mean nothing known. */
  readonly badLines: number | null;
  readonly duplicates: number | null;
  readonly unreadable: number | null;
  /** Latency SLOs (`cluster/namespace/service/slo`) whose threshold is no bucket of its histograms: it tells nothing of them. */
  readonly unmeasured: readonly string[];
  /** Services without SLOs, because it shows more that nobody else knows than one target may bring in. */
  readonly refusedServices: number | null;
  readonly error: ErrorView | null;
}

/** Targets by what their last scrape was; unknown before the first. */
export interface TargetCounts {
  readonly up: number;
  readonly down: number;
  readonly unknown: number;
}
