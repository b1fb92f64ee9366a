import type { ExpositionFormat } from './format.js';
import type { ExpositionProblem } from './problem.js';

/** What a family holds. `unknown` is OpenMetrics' word for Prometheus' `untyped` and for a family that tells no type. */
export type MetricType =
  'counter' | 'gauge' | 'histogram' | 'summary' | 'unknown' | 'gaugehistogram' | 'info' | 'stateset';

/** Labels in the order of the body, values without escapes. */
export type Labels = ReadonlyMap<string, string>;

/** A single event that an OpenMetrics counter or bucket points at, e.g. by its trace. */
export interface Exemplar {
  readonly labels: Labels;
  readonly value: number;
  readonly timestampSeconds?: number;
}

/** One line of a body: a series and its value. */
export interface Sample {
  /** With its suffix, as written: `http_requests_total`, `http_duration_bucket`. */
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
  /** Set by the target; undefined in most expositions. */
  readonly timestampSeconds: number | undefined;
  readonly exemplar: Exemplar | undefined;
}

/**
 * Samples that belong together, with what the body says about them.
 *
 * Named as its metadata names it: in OpenMetrics a counter `requests` has samples `requests_total`, in Prometheus text the
 * family itself is called `requests_total`.
 */
export interface MetricFamily {
  readonly name: string;
  readonly type: MetricType;
  readonly help: string | undefined;
  readonly unit: string | undefined;
  readonly samples: readonly Sample[];
}

/** A whole body, read. */
export interface Exposition {
  readonly format: ExpositionFormat;
  /** In the order of their first line. */
  readonly families: readonly MetricFamily[];
  readonly sampleCount: number;
  /** Lines that were left out because they break a rule. */
  readonly badLines: number;
  /** The first broken rules, in reading order. Strict reading also reports rules that leave every line readable. */
  readonly problems: readonly ExpositionProblem[];
  /** Whether there are more problems than were kept. */
  readonly moreProblems: boolean;
  /** Whether the last line has no newline, so that the body may have been cut off. */
  readonly truncated: boolean;
}
