import { binary, call, number, sumBy } from '../../promql/expression.js';
import type { Expression, Selector } from '../../promql/expression.js';
import { unitsPerSecond } from '../../packs/signal-pack.js';
import type { SignalPack } from '../../packs/signal-pack.js';
import { sideBySide } from './added.js';
import type { RuleSettings } from './rule-settings.js';
import { firstSight, gapEnd } from './series-names.js';

const minuteSeconds = 60;

/** A target, or a counter, that was not seen for longer comes back from a gap. Prometheus' own memory of a series is as long. */
const gapSeconds = 300;

/** What a counter held before a gap is remembered for so long. */
const longestGapSeconds = 3600;

/** A gap that ends in these six minutes began before them: the minute of its end has missed the five before it. */
const sinceSeconds = gapSeconds + minuteSeconds;

/**
 * The growth of counters in the minute before, to the event, summed by labels; never negative.
 *
 * What a counter held is asked of its samples, not of Prometheus' view of the moment, which forgets a series at the first
 * failed scrape and at the end of a pod. Taken off is what it held `before`, unless it fell: then it began again at zero, as
 * one does that is new, unless its process is older than we have known it.
 *
 * Every sample belongs to one minute: the last one of this minute is the `before` of the next, also where both bounds of a
 * range count (before Prometheus 3).
 *
 * No two of the selectors pass the same series.
 */
export function minuteGrowth(
  selectors: readonly Selector[],
  by: readonly string[],
  pack: SignalPack,
  settings: RuleSettings,
): Expression {
  const { delaySeconds, targetLabels } = settings;
  const ofTargets = growthByTarget(selectors, by, settings, {
    now: (selector) => over('last_over_time', selector, minuteSeconds, delaySeconds),
    before: (selector) => over('last_over_time', selector, gapSeconds, delaySeconds + minuteSeconds),
  });
  const known = tellsAge(pack)
    ? binary(ofTargets, 'unless', ofMesh(firstSight, pack), { mode: 'on', labels: targetLabels })
    : ofTargets;
  return sumBy(by, known);
}

/**
 * The growth of counters over a gap that ended in the five minutes before, summed by labels; nothing without such a gap.
 *
 * A counter of a target that came back, but was not there before the gap, grew from zero in it.
 */
export function gapGrowth(
  selectors: readonly Selector[],
  by: readonly string[],
  pack: SignalPack,
  settings: RuleSettings,
): Expression | undefined {
  if (!tellsAge(pack)) return undefined;
  const { delaySeconds, targetLabels } = settings;
  const ofTargets = growthByTarget(selectors, by, settings, {
    now: (selector) => over('min_over_time', selector, sinceSeconds, delaySeconds),
    before: (selector) => over('last_over_time', selector, longestGapSeconds, delaySeconds + sinceSeconds),
  });
  return sumBy(by, binary(ofTargets, 'and', ofMesh(gapEnd, pack), { mode: 'on', labels: targetLabels }));
}

/**
 * What counters hold now, less what those of them held that have not fallen since; by target, and by labels.
 *
 * Raw series have some thirty labels, and every operator between two sets of them reads all: so there is one, and the rest
 * is done with the few sums of targets.
 */
function growthByTarget(
  selectors: readonly Selector[],
  by: readonly string[],
  { targetLabels }: RuleSettings,
  { now, before }: Readonly<Record<'now' | 'before', (selector: Selector) => Expression>>,
): Expression {
  const labels = [...new Set([...targetLabels, ...by])];
  const terms = selectors.flatMap((selector) => [
    { sign: 1 as const, of: sumBy(labels, now(selector)) },
    { sign: -1 as const, of: sumBy(labels, binary(before(selector), '<=', now(selector))) },
  ]);
  return sideBySide(terms);
}

/** Targets of a mesh that came back in the five minutes before, after a gap of an hour at most. */
export function gapEndExpression(pack: SignalPack, settings: RuleSettings): Expression | undefined {
  const { delaySeconds, targetLabels } = settings;
  const before = uptime(pack, longestGapSeconds, delaySeconds + sinceSeconds);
  if (before === undefined) return undefined;
  const back = call('last_over_time', { ...ofMesh(firstSight, pack), rangeSeconds: gapSeconds - 0.001 });
  const known = binary(back, 'and', before, { mode: 'on', labels: targetLabels });
  return { kind: 'aggregation', operator: 'max', by: targetLabels, of: known };
}

/** Targets of a mesh that are seen now, were not in the five minutes before, and whose process was there all the while. */
export function firstSightExpression(
  pack: SignalPack,
  { delaySeconds, targetLabels }: RuleSettings,
): Expression | undefined {
  const now = uptime(pack, minuteSeconds, delaySeconds);
  const before = uptime(pack, gapSeconds, delaySeconds + minuteSeconds);
  if (now === undefined || before === undefined) return undefined;
  const old = binary(now, '>', number(gapSeconds));
  const unseen = binary(old, 'unless', before, { mode: 'on', labels: targetLabels });
  return { kind: 'aggregation', operator: 'max', by: targetLabels, of: unseen };
}

function ofMesh(metric: string, { name }: SignalPack): Selector {
  return { kind: 'selector', metric, matchers: [{ label: 'mesh', operator: '=', value: name }] };
}

function tellsAge({ process }: SignalPack): boolean {
  return process.uptime !== undefined || process.startTimeSeconds !== undefined;
}

/** Age of the processes at the last sample in a range; undefined where the mesh does not tell. */
function uptime({ process }: SignalPack, rangeSeconds: number, offsetSeconds: number): Expression | undefined {
  const metric = process.uptime?.family ?? process.startTimeSeconds;
  if (metric === undefined) return undefined;
  const last = over('last_over_time', { kind: 'selector', metric, matchers: [] }, rangeSeconds, offsetSeconds);
  if (process.uptime === undefined) return binary(call('time'), '-', last);
  const perSecond = unitsPerSecond[process.uptime.unit];
  return perSecond === 1 ? last : binary(last, '/', number(perSecond));
}

function over(name: string, selector: Selector, rangeSeconds: number, offsetSeconds: number): Expression {
  return call(name, { ...selector, rangeSeconds, offsetSeconds });
}
