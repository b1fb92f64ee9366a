import type { Exposition, Labels, MetricType } from './exposition.js';
import type { ExpositionFormat } from './format.js';
import type { ExpositionProblem } from './problem.js';
import { type ReadOptions, readExposition } from './read-exposition.js';
import { seriesKey } from './series-key.js';

/** A family in short. */
export interface FamilySummary {
  readonly name: string;
  readonly type: MetricType;
  readonly unit: string | undefined;
  readonly help: string | undefined;
  readonly sampleCount: number;
  /** Distinct series; less than the samples where some are written twice. */
  readonly seriesCount: number;
  /** Names of the labels on its samples, sorted. */
  readonly labelNames: readonly string[];
  /** The labels of its first sample: enough to tell a version from an info family. */
  readonly firstLabels: Labels | undefined;
}

/** What a target exposes, in short. Says nothing about meshes: that is read out of names and labels by whoever knows them. */
export interface ExpositionSummary {
  readonly format: ExpositionFormat;
  readonly bytes: number;
  /** Largest families first, then by name. */
  readonly families: readonly FamilySummary[];
  readonly sampleCount: number;
  readonly seriesCount: number;
  readonly badLines: number;
  readonly truncated: boolean;
  readonly problems: readonly ExpositionProblem[];
  readonly moreProblems: boolean;
  /** Whether the body is what it should be: tolerantly, all its lines can be read; strictly, no rule is broken. */
  readonly sound: boolean;
}

/** Reads a body and sums it up. An empty body is sound tolerantly: it exposes nothing. */
export function summarizeExposition(body: Uint8Array, options: ReadOptions = {}): ExpositionSummary {
  return summaryOf(readExposition(body, options), body.length);
}

/** Sums up a body that has been read. */
export function summaryOf(exposition: Exposition, bytes: number): ExpositionSummary {
  const families = exposition.families.map(familySummary);
  const { format, sampleCount, badLines, truncated, problems, moreProblems } = exposition;
  return {
    format,
    bytes,
    families: families.sort((a, b) => b.sampleCount - a.sampleCount || (a.name < b.name ? -1 : 1)),
    sampleCount,
    seriesCount: families.reduce((sum, family) => sum + family.seriesCount, 0),
    badLines,
    truncated,
    problems,
    moreProblems,
    sound: badLines === 0 && problems.length === 0,
  };
}

function familySummary({ name, type, unit, help, samples }: Exposition['families'][number]): FamilySummary {
  const series = new Set<string>();
  const labelNames = new Set<string>();
  for (const sample of samples) {
    const { labels } = sample;
    series.add(seriesKey(sample.name, labels));
    for (const label of labels.keys()) labelNames.add(label);
  }
  return {
    name,
    type,
    unit,
    help,
    sampleCount: samples.length,
    seriesCount: series.size,
    labelNames: [...labelNames].sort(),
    firstLabels: samples[0]?.labels,
  };
}
