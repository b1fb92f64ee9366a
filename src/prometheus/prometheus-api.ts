import type { EpochSeconds } from '../domain/clock.js';

/** One series of an answer at one moment. */
export interface InstantSample {
  readonly labels: Readonly<Record<string, string>>;
  /** NaN where it is infinite too. */
  readonly value: number;
}

/**
 * What we ask a Prometheus, or something that talks like one: Thanos, Cortex, Mimir, VictoriaMetrics.
 *
 * Every question is bounded in time and in the size of its answer, and fails with a Failure that holds no secret:
 * `target-unreachable`, `target-timeout`, `target-untrusted`, `unauthenticated`, `forbidden`, `target-status`, `body-too-large`,
 * `body-malformed`. Questions that not every such server knows give undefined there.
 *
 * @see https://prometheus.io/docs/prometheus/latest/querying/api/
 */
export interface PrometheusApi {
  /** Where it is, without a user in it. */
  readonly address: string;
  /** The server's clock minus ours in seconds, to a second or so; undefined before the first answer and where it tells no date. */
  readonly clockAheadSeconds: number | undefined;
  /** The values of an expression that gives a vector; now, by the server's clock, unless a moment is named. */
  instant(query: string, at?: EpochSeconds): Promise<readonly InstantSample[]>;
  /** Names of metrics that begin with a text. */
  metricNames(prefix: string): Promise<readonly string[]>;
  /** Such as `2.42.0`. */
  version(): Promise<string | undefined>;
  /** By name, without dashes. */
  flags(): Promise<Readonly<Record<string, string>> | undefined>;
  /** Series in memory. */
  seriesCount(): Promise<number | undefined>;
}
