import type { MetricType } from './exposition.js';
import { openMetricsSuffixes } from './family-shape.js';
import { histogramFaults } from './histogram-rules.js';
import { type Metadata, openMetricsType } from './metadata.js';
import { numberOfText } from './number-text.js';
import type { RuledSample } from './ruled-sample.js';
import { seriesKey } from './series-key.js';
import type { FormatRules, Report } from './format-rules.js';

/** The family whose lines are coming in. */
interface CurrentFamily {
  readonly name: string;
  readonly line: number;
  type: MetricType | undefined;
  help: string | undefined;
  unit: string | undefined;
  readonly samples: RuledSample[];
  readonly groups: Set<string>;
  group: string | undefined;
  /** The series of the current group. */
  readonly series: Set<string>;
  groupTimestamp: number | undefined;
}

const growing: ReadonlySet<string> = new Set(['_total', '_sum', '_count', '_bucket', '_gcount']);

/**
 * What OpenMetrics asks of a body beyond single lines: one family after the other, each sample in its place.
 *
 * @see https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md
 */
export class OpenMetricsRules implements FormatRules {
  private readonly report: Report;
  private readonly claimedNames = new Set<string>();
  private family: CurrentFamily | undefined;

  constructor(report: Report) {
    this.report = report;
  }

  metadata({ keyword, name, text }: Metadata, line: number): void {
    const family = this.family?.name === name ? this.family : this.open(name, line);
    if (family.samples.length > 0)
      this.report('metadata-after-samples', line, 1, `${keyword} after samples of ${name}`);
    const slot = keyword === 'HELP' ? 'help' : keyword === 'UNIT' ? 'unit' : 'type';
    if (family[slot] !== undefined) this.report('metadata-repeated', line, 1, `a second ${keyword} of ${name}`);
    if (slot === 'type') {
      const type = openMetricsType(text);
      if (type === undefined) this.report('unknown-type', line, 1, `${name} has no type ${JSON.stringify(text)}`);
      family.type = type ?? 'unknown';
    } else family[slot] = text;
  }

  sample(sample: RuledSample): void {
    let { family } = this;
    if (family === undefined || !belongs(sample.name, family)) {
      family = this.open(sample.name, sample.line);
      family.type = 'unknown';
    }
    this.checkLabels(sample, family);
    this.checkGroup(sample, family);
    this.checkValue(sample, family);
    this.checkExemplar(sample, family);
    family.samples.push(sample);
  }

  end(): void {
    const { family } = this;
    if (family === undefined) return;
    const { name, line, unit } = family;
    const type = family.type ?? 'unknown';
    for (const suffix of new Set([...openMetricsSuffixes[type], ''])) {
      const claimed = name + suffix;
      if (this.claimedNames.has(claimed)) this.report('family-clash', line, 1, `${claimed} belongs to another family`);
      this.claimedNames.add(claimed);
    }
    if (unit !== undefined && unit !== '') {
      if (!name.endsWith(`_${unit}`)) this.report('unit-suffix', line, 1, `${name} does not end in _${unit}`);
      if (type === 'info' || type === 'stateset') {
        this.report('unit-not-allowed', line, 1, `${name} of type ${type} has unit ${unit}`);
      }
    }
    if (type === 'histogram' || type === 'gaugehistogram') {
      for (const { rule, sample, message } of histogramFaults(family.samples, name)) {
        this.report(rule, sample.line, 1, message);
      }
    }
    this.family = undefined;
  }

  private open(name: string, line: number): CurrentFamily {
    this.end();
    return (this.family = {
      name,
      line,
      type: undefined,
      help: undefined,
      unit: undefined,
      samples: [],
      groups: new Set(),
      group: undefined,
      series: new Set(),
      groupTimestamp: undefined,
    });
  }

  private checkLabels({ name, labels, line }: RuledSample, family: CurrentFamily): void {
    if (family.type === 'stateset' && !labels.has(family.name)) {
      this.report('stateset-label', line, 1, `${name} does not name its state in a label ${family.name}`);
    }
    if (isBucket(name, family) && !isBucketBound(labels.get('le'))) {
      this.report('le-label', line, 1, `${name} has le ${JSON.stringify(labels.get('le') ?? null)}`);
    }
    if (isQuantile(name, family) && !isQuantileBound(labels.get('quantile'))) {
      this.report('quantile-label', line, 1, `${name} has quantile ${JSON.stringify(labels.get('quantile') ?? null)}`);
    }
  }

  /** A group is a label set within the family: all its samples stand together and in the order of time. */
  private checkGroup(sample: RuledSample, family: CurrentFamily): void {
    const { name, labels, timestamp, line } = sample;
    const group = family.type === 'info' ? '' : seriesKey('', labels, labelWithinGroup(name, family));
    const key = seriesKey(name, labels);
    if (group !== family.group) {
      family.series.clear();
      if (family.groups.has(group))
        this.report('sample-grouping', line, 1, `other labels stand between these of ${name}`);
      family.groups.add(group);
    } else if ((timestamp === undefined) !== (family.groupTimestamp === undefined)) {
      this.report('timestamp-mixed', line, 1, `${name} has samples with and without a timestamp`);
    } else if (timestamp === undefined) {
      if (family.series.has(key)) {
        this.report('duplicate-sample', line, 1, `${name} with these labels is there already`);
      }
    } else if (timestamp < family.groupTimestamp! && family.type !== 'info') {
      this.report('timestamp-backwards', line, 1, `${name} goes back in time`);
    }
    family.series.add(key);
    family.group = group;
    family.groupTimestamp = timestamp;
  }

  private checkValue({ name, value, line }: RuledSample, family: CurrentFamily): void {
    const { type } = family;
    const suffix = name.slice(family.name.length);
    if (type === 'stateset' && value !== 0 && value !== 1) {
      this.report('stateset-value', line, 1, `${name} is ${value}`);
    } else if (type === 'info' && value !== 1) this.report('info-value', line, 1, `${name} is ${value}`);
    else if (isQuantile(name, family) && value < 0) this.report('quantile-value', line, 1, `${name} is ${value}`);
    else if (Number.isNaN(value) ? growing.has(suffix) || suffix === '_gsum' : value < 0 && growing.has(suffix)) {
      this.report('counter-value', line, 1, `${name} is ${value}`);
    }
  }

  private checkExemplar({ name, exemplarCharacters, line }: RuledSample, family: CurrentFamily): void {
    if (exemplarCharacters === undefined) return;
    if (!isBucket(name, family) && !(family.type === 'counter' && name === `${family.name}_total`)) {
      this.report('exemplar-not-allowed', line, 1, `${name} carries an exemplar`);
    }
    if (exemplarCharacters > 128) {
      this.report('exemplar-size', line, 1, `the exemplar of ${name} has ${exemplarCharacters} characters`);
    }
  }
}

function belongs(sampleName: string, { name, type }: CurrentFamily): boolean {
  return sampleName.startsWith(name) && openMetricsSuffixes[type ?? 'unknown'].includes(sampleName.slice(name.length));
}

function isBucket(sampleName: string, { name, type }: CurrentFamily): boolean {
  return (type === 'histogram' || type === 'gaugehistogram') && sampleName === `${name}_bucket`;
}

function isQuantile(sampleName: string, { name, type }: CurrentFamily): boolean {
  return type === 'summary' && sampleName === name;
}

function labelWithinGroup(sampleName: string, family: CurrentFamily): string | undefined {
  if (isBucket(sampleName, family)) return 'le';
  if (isQuantile(sampleName, family)) return 'quantile';
  return family.type === 'stateset' ? family.name : undefined;
}

function isBucketBound(le: string | undefined): boolean {
  const bound = le === undefined ? undefined : numberOfText(le);
  if (bound === undefined || Number.isNaN(bound)) return false;
  return bound !== Infinity || le === '+Inf';
}

function isQuantileBound(quantile: string | undefined): boolean {
  const bound = quantile === undefined ? undefined : numberOfText(quantile);
  return bound !== undefined && bound >= 0 && bound <= 1;
}
