import type { Slo } from '../../domain/slo.js';
import { serviceKey } from '../../domain/service-id.js';
import type { Expression, Selector } from '../../promql/expression.js';
import type { Rule, RuleFile } from './rule-file.js';
import { carrier, objective, silent } from './series-names.js';
import { sliName, sliOf } from './sli.js';

/** What a rule set costs whoever evaluates it. */
export interface RuleCost {
  readonly recordingRules: number;
  readonly alertingRules: number;
  /** Of the recording rules, those that are an objective each: the only ones that grow with services. */
  readonly objectives: number;
  /** Series of services and SLOs that the rules write, at most. */
  readonly recordedSeries: number;
  /** Further ones for each proxy and each service that it counts, at most. */
  readonly recordedSeriesPerProxy: number;
  /** Samples of series of services and SLOs that are read in a minute. */
  readonly recordedSamplesPerMinute: number;
  /** And of those of each proxy and each service that it counts. */
  readonly recordedSamplesPerProxy: number;
  /** By raw metric, samples that are read in a minute of each of its series, if all SLIs count it: what grows with the mesh. */
  readonly rawSamplesPerMinute: Readonly<Record<string, number>>;
}

/** Of every target and counter. */
export interface RuleCostTerms {
  readonly slos: readonly Slo[];
  readonly scrapeSeconds: number;
}

/** What files cost, worked out from their expressions: ranges are read whole, everything else once. */
export function ruleCost(files: readonly RuleFile[], { slos, scrapeSeconds }: RuleCostTerms): RuleCost {
  const groups = files.flatMap((file) => file.groups);
  const rules = groups.flatMap((group) => group.rules);
  const recording = rules.filter((rule) => 'record' in rule);
  const intervals = new Map(
    groups.flatMap((group) => group.rules.flatMap((rule) => recorded(rule, group.intervalSeconds))),
  );
  const pairs = slos.flatMap((slo) => {
    const sli = sliOf(slo);
    return sli === undefined ? [] : [`${serviceKey(slo.service)} ${sliName(sli)}`];
  });
  const sliSeries = new Set(pairs).size;
  const perSli = new Set(
    recording.filter(({ record }) => record.startsWith('service_sli:')).map(({ record }) => record),
  );
  let recordedSamples = 0;
  let samplesPerProxy = 0;
  const raw = new Map<string, number>();
  for (const { rules: inGroup, intervalSeconds } of groups) {
    for (const rule of inGroup) {
      // A raw series passes one selector of a rule at most.
      const read = new Map<string, { metric: string; samples: number }>();
      for (const { metric, matchers, rangeSeconds } of selectorsIn(rule.expression)) {
        const interval = intervals.get(metric);
        const samples = rangeSeconds === undefined ? 1 : Math.ceil(rangeSeconds / (interval ?? scrapeSeconds));
        const perMinute = (samples * 60) / intervalSeconds;
        if (isOfProxies(metric)) {
          samplesPerProxy += perMinute;
          continue;
        }
        if (interval !== undefined) {
          recordedSamples +=
            perMinute * (metric.startsWith('slo:') ? slos.length : sliSeries) * shareOf(rule, recording);
          continue;
        }
        const key = JSON.stringify([metric, matchers]);
        read.set(key, { metric, samples: (read.get(key)?.samples ?? 0) + perMinute });
      }
      for (const metric of new Set([...read.values()].map((one) => one.metric))) {
        const most = Math.max(
          ...[...read.values()].filter((one) => one.metric === metric).map(({ samples }) => samples),
        );
        raw.set(metric, (raw.get(metric) ?? 0) + most);
      }
    }
  }
  const objectives = recording.filter(({ record }) => record === objective).length;
  return {
    recordingRules: recording.length,
    alertingRules: rules.length - recording.length,
    objectives,
    recordedSeries: perSli.size * sliSeries + 2 * objectives,
    recordedSeriesPerProxy: recording
      .filter(({ record }) => isOfProxies(record) && record !== silent)
      // What is held, is by either of two moments.
      .reduce((sum, { record }) => sum + (record === carrier ? 1 : 2), 0),
    recordedSamplesPerMinute: Math.round(recordedSamples),
    recordedSamplesPerProxy: Math.round(samplesPerProxy),
    rawSamplesPerMinute: Object.fromEntries([...raw].sort().map(([metric, samples]) => [metric, Math.round(samples)])),
  };
}

/** Whether a series is recorded for each proxy by itself. */
function isOfProxies(metric: string): boolean {
  return metric.startsWith('service_target:');
}

/** A rule of one SLI reads the series of that one. */
function shareOf(rule: Rule, recording: readonly Rule[]): number {
  const { sli } = rule.labels;
  if (sli === undefined) return 1;
  return 1 / new Set(recording.flatMap(({ labels }) => labels['sli'] ?? [])).size;
}

function recorded(rule: Rule, intervalSeconds: number): readonly (readonly [string, number])[] {
  return 'record' in rule ? [[rule.record, intervalSeconds]] : [];
}

function selectorsIn(expression: Expression): readonly Selector[] {
  switch (expression.kind) {
    case 'selector':
      return [expression];
    case 'number':
    case 'text':
      return [];
    case 'call':
      return expression.args.flatMap(selectorsIn);
    case 'aggregation':
      return selectorsIn(expression.of);
    case 'binary':
      return [...selectorsIn(expression.left), ...selectorsIn(expression.right)];
  }
}
