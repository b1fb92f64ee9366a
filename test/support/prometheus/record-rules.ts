import type { MetricStore } from './metric-store.js';
import type { Rule, RuleGroup } from './rule-file.js';
import type { AnsweredSeries } from './query-api.js';

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
 * Evaluates recording rules over a stretch of the past, and adds what they record as Prometheus does: a sample for every
 * evaluation, and a marker of staleness where a series is no longer in the answer.
 *
 * Rules that read the recordings of others come after them; a rule that reads its own is not for this (RangeError).
 * Recordings that no other rule reads can be left out, and asked for at the moments that matter.
 */
export async function recordRules(
  store: MetricStore,
  groups: readonly RuleGroup[],
  times: EvaluationTimes,
  which: 'all' | 'those that others read' = 'all',
): Promise<void> {
  const read = new Set(groups.flatMap(({ rules }) => rules.filter(isRecording)).flatMap(({ expr }) => readNames(expr)));
  for (const level of levelsOf(groups)) {
    const wanted = level.filter(({ rule }) => which === 'all' || read.has(rule.record));
    for (const { group, rule } of wanted) {
      const at = momentsOf(group, times);
      if (at.length === 0) continue;
      const series = await store.range(rule.expr, at[0]!, at.at(-1)!, group.intervalSeconds);
      for (const one of series) addRecorded(store, rule, one, at, times);
    }
    await store.settle();
  }
}

/** A recording rule, and the group in which it stands. */
export interface GroupedRule {
  readonly group: RuleGroup;
  readonly rule: Rule & { readonly record: string };
}

/** Recording rules by how many recordings stand between them and scraped series. */
export function levelsOf(groups: readonly RuleGroup[]): readonly (readonly GroupedRule[])[] {
  const levels: GroupedRule[][] = [];
  let left = groups.flatMap((group) => group.rules.filter(isRecording).map((rule) => ({ group, rule })));
  while (left.length > 0) {
    const open = left;
    const ready = open.filter(({ rule }) => !open.some((other) => isRead(other.rule, rule.expr)));
    if (ready.length === 0) throw new RangeError(`rules that read themselves: ${left[0]!.rule.record}`);
    levels.push(ready);
    left = left.filter((rule) => !ready.includes(rule));
  }
  return levels;
}

/** Whether an expression has a selector that may pass what a rule records: its name, without another value of `sli`. */
function isRead({ record, labels }: GroupedRule['rule'], expression: string): boolean {
  if (!readNames(expression).includes(record)) return false;
  const sli = labels?.['sli'];
  const selectors = expression.split(record).slice(1);
  return selectors.some((rest) => {
    const [, wanted] = /^\{sli="((?:[^"\\]|\\.)*)"\}/.exec(rest) ?? [];
    return wanted === undefined || sli === undefined || wanted === sli;
  });
}

function isRecording(rule: Rule): rule is Rule & { readonly record: string } {
  return rule.record !== undefined;
}

/** Everything in an expression that could be the name of a metric. */
export function readNames(expression: string): readonly string[] {
  return expression.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""').match(/[a-zA-Z_:][a-zA-Z0-9_:]*/g) ?? [];
}

/** When a group is evaluated; in its absence, too. */
function momentsOf({ intervalSeconds, ...group }: RuleGroup, times: EvaluationTimes): Float64Array {
  const { fromSeconds, toSeconds, phaseOf } = times;
  const phase = phaseOf?.({ intervalSeconds, ...group }) ?? 0;
  const first = Math.ceil((fromSeconds - phase) / intervalSeconds) * intervalSeconds + phase;
  const steps = Math.max(0, Math.floor((toSeconds - first) / intervalSeconds) + 1);
  return Float64Array.from({ length: steps }, (_, step) => first + step * intervalSeconds);
}

/** `at` are all moments of evaluation: a series that is missing in one of them has ended there. */
function addRecorded(
  store: MetricStore,
  rule: GroupedRule['rule'],
  series: AnsweredSeries,
  at: Float64Array,
  { isAway }: EvaluationTimes,
): void {
  const times = new Float64Array(at.length);
  const values = new Float64Array(at.length);
  let length = 0;
  let next = 0;
  let isPresent = false;
  for (const seconds of at) {
    while (next < series.values.length && series.timesSeconds[next]! < seconds) next++;
    if (isAway?.(seconds) === true) continue;
    const isThere = series.timesSeconds[next] === seconds;
    if (isThere || isPresent) {
      times[length] = Math.round(seconds * 1000);
      values[length] = isThere ? series.values[next]! : stale;
      length++;
    }
    isPresent = isThere;
  }
  store.add({ ...series.labels, ...rule.labels, __name__: rule.record }, times, values, length);
}
