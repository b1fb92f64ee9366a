import type { BlockWriter } from '../tsdb/block-writer.js';
import type { Rule, RuleGroup } from './rule-file.js';
import { type AnsweredSeries, RunningPrometheus } from './running-prometheus.js';

const stale = Number.NaN;

/** When rules are evaluated. */
export interface EvaluationTimes {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  /**
   * Seconds between the whole multiple of a group's interval and its evaluations. Prometheus gives every group one of its
   * own, by a hash of its name; unless said otherwise it is 0.
   */
  readonly phaseOf?: (group: RuleGroup) => number;
  /** Times at which nobody evaluates, because Prometheus is away. */
  readonly isAway?: (atSeconds: number) => boolean;
}

/**
 * Evaluates recording rules in a real Prometheus over a stretch of the past, and adds what they record to its block as
 * Prometheus does: a sample for every evaluation, and a marker of staleness where a series is no longer in the answer.
 *
 * Rules that read the recordings of others come after them; a rule that reads its own is not for this (RangeError).
 *
 * @param storage the folder of the block
 * @returns the number of evaluations
 */
export async function recordRules(
  storage: string,
  block: BlockWriter,
  groups: readonly RuleGroup[],
  times: EvaluationTimes,
): Promise<number> {
  let evaluations = 0;
  for (const level of levelsOf(groups)) {
    block.publish();
    const prometheus = await RunningPrometheus.start(storage);
    try {
      for (const { group, rule } of level) {
        const recorded = await evaluated(prometheus, group, rule, times);
        evaluations += recorded.steps;
        for (const series of recorded.series) addRecorded(block, rule, series, recorded.at);
      }
    } finally {
      await prometheus.stop();
    }
  }
  block.publish();
  return evaluations;
}

interface GroupedRule {
  readonly group: RuleGroup;
  readonly rule: Rule;
}

/** Recording rules by how many recordings stand between them and scraped series. */
function levelsOf(groups: readonly RuleGroup[]): readonly (readonly GroupedRule[])[] {
  const rules = groups.flatMap((group) => group.rules.filter(isRecording).map((rule) => ({ group, rule })));
  const names = new Set(rules.map(({ rule }) => rule.record));
  const levels: GroupedRule[][] = [];
  const done = new Set<string>();
  let left = rules;
  while (left.length > 0) {
    const ready = left.filter(({ rule }) => readNames(rule.expr).every((name) => !names.has(name) || done.has(name)));
    if (ready.length === 0) throw new RangeError(`rules that read themselves: ${left[0]!.rule.record}`);
    levels.push(ready);
    left = left.filter((rule) => !ready.includes(rule));
    const open = new Set(left.map(({ rule }) => rule.record));
    for (const { rule } of ready) if (!open.has(rule.record)) done.add(rule.record);
  }
  return levels;
}

function isRecording(rule: Rule): rule is Rule & { readonly record: string } {
  return rule.record !== undefined;
}

/** Everything in an expression that could be the name of a metric. */
function readNames(expression: string): readonly string[] {
  return expression.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""').match(/[a-zA-Z_:][a-zA-Z0-9_:]*/g) ?? [];
}

async function evaluated(
  prometheus: RunningPrometheus,
  group: RuleGroup,
  rule: Rule,
  { fromSeconds, toSeconds, phaseOf, isAway }: EvaluationTimes,
): Promise<{ readonly series: readonly AnsweredSeries[]; readonly at: Float64Array; readonly steps: number }> {
  const { intervalSeconds } = group;
  const phase = phaseOf?.(group) ?? 0;
  const first = Math.ceil((fromSeconds - phase) / intervalSeconds) * intervalSeconds + phase;
  const steps = Math.floor((toSeconds - first) / intervalSeconds) + 1;
  const at = Float64Array.from({ length: steps }, (_, step) => first + step * intervalSeconds).filter(
    (seconds) => isAway?.(seconds) !== true,
  );
  const series = await prometheus.range(rule.expr, first, toSeconds, intervalSeconds);
  return { series, at, steps };
}

/** `at` are all moments of evaluation: a series that is missing in one of them has ended there. */
function addRecorded(block: BlockWriter, rule: Rule, series: AnsweredSeries, at: Float64Array): void {
  const times = new Float64Array(at.length);
  const values = new Float64Array(at.length);
  let length = 0;
  let next = 0;
  let isPresent = false;
  for (const seconds of at) {
    while (next < series.values.length && series.timesSeconds[next]! < seconds) next++;
    const isThere = series.timesSeconds[next] === seconds;
    if (isThere || isPresent) {
      times[length] = Math.round(seconds * 1000);
      values[length] = isThere ? series.values[next]! : stale;
      length++;
    }
    isPresent = isThere;
  }
  block.add({ ...series.labels, ...rule.labels, __name__: rule.record! }, times, values, length);
}
