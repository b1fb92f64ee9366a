import { binary, call, maxBy, number, sumBy } from '../../promql/expression.js';
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
  const labels = [...new Set([...targetLabels, ...by])];
  const now = (selector: Selector): Expression => over('last_over_time', selector, minuteSeconds, delaySeconds);
  const before = (selector: Selector): Expression =>
    over('last_over_time', selector, gapSeconds, delaySeconds + minuteSeconds);
  // Raw series have some thirty labels, and every operator between two sets of them reads all: so there is one, and the
  // rest is done with the few sums of targets.
  const terms = selectors.flatMap((selector) => [
    { sign: 1 as const, of: sumBy(labels, now(selector)) },
    { sign: -1 as const, of: sumBy(labels, binary(before(selector), '<=', now(selector))) },
  ]);
  const ofTargets = sideBySide(terms);
  const known = tellsAge(pack)
    ? binary(ofTargets, 'unless', ofMesh(firstSight, pack), { mode: 'on', labels: targetLabels })
    : ofTargets;
  return sumBy(by, known);
}

/**
 * What counters hold by now, summed by target and by labels. Not those of targets that are just seen again: what they held
 * before their gap is what counts.
 */
export function heldNow(
  selectors: readonly Selector[],
  by: readonly string[],
  pack: SignalPack,
  settings: RuleSettings,
): Expression {
  const { delaySeconds, targetLabels } = settings;
  const last = (selector: Selector): Expression => over('last_over_time', selector, gapSeconds, delaySeconds);
  const held = byTarget(selectors, by, settings, last);
  const returned = firstSightExpression(pack, settings);
  return returned === undefined ? held : binary(held, 'unless', returned, { mode: 'on', labels: targetLabels });
}

/** What counters of targets held at their return from a gap that ended in the five minutes before; nothing without one. */
export function heldAtReturn(
  selectors: readonly Selector[],
  by: readonly string[],
  pack: SignalPack,
  settings: RuleSettings,
): Expression {
  const { delaySeconds, targetLabels } = settings;
  const first = (selector: Selector): Expression => over('min_over_time', selector, sinceSeconds, delaySeconds);
  return binary(byTarget(selectors, by, settings, first), 'and', ofMesh(gapEnd, pack), {
    mode: 'on',
    labels: targetLabels,
  });
}

/** Targets of a mesh that came back, and still are the process that they were before their gap. */
export function returnedAlive(pack: SignalPack): Expression {
  return binary(ofMesh(gapEnd, pack), '>', number(0));
}

/** What was held of targets before a gap that ended in the five minutes before; it is recorded every five minutes. */
export function heldBeforeGap(held: Selector): Expression {
  return over('last_over_time', held, longestGapSeconds, gapSeconds);
}

function byTarget(
  selectors: readonly Selector[],
  by: readonly string[],
  { targetLabels }: RuleSettings,
  valueOf: (selector: Selector) => Expression,
): Expression {
  const labels = [...new Set([...targetLabels, ...by])];
  const sums = sideBySide(selectors.map((selector) => ({ sign: 1, of: sumBy(labels, valueOf(selector)) })));
  return selectors.length === 1 ? sums : sumBy(labels, sums);
}

/**
 * Targets of a mesh that came back in the five minutes before, after a gap of an hour at most: by how much their process is
 * older than it was; below zero where it is another one.
 */
export function gapEndExpression(pack: SignalPack, settings: RuleSettings): Expression | undefined {
  const { delaySeconds, targetLabels } = settings;
  const before = uptime(pack, longestGapSeconds, delaySeconds + sinceSeconds);
  if (before === undefined) return undefined;
  const back = call('last_over_time', { ...ofMesh(firstSight, pack), rangeSeconds: gapSeconds - 0.001 });
  return binary(maxBy(targetLabels, back), '-', maxBy(targetLabels, before));
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

/** Whether a mesh tells how old its processes are. */
export function tellsAge({ process }: SignalPack): boolean {
  return process.uptime !== undefined || process.startTimeSeconds !== undefined;
}

/**
 * Age of the processes at the last sample in a range; where a mesh tells when they started, at the end of the range, as old as
 * they can have been. Undefined where the mesh does not tell.
 */
function uptime({ process }: SignalPack, rangeSeconds: number, offsetSeconds: number): Expression | undefined {
  const metric = process.uptime?.family ?? process.startTimeSeconds;
  if (metric === undefined) return undefined;
  const last = over('last_over_time', { kind: 'selector', metric, matchers: [] }, rangeSeconds, offsetSeconds);
  if (process.uptime === undefined) {
    const age = binary(call('time'), '-', last);
    return offsetSeconds === 0 ? age : binary(age, '-', number(offsetSeconds));
  }
  const perSecond = unitsPerSecond[process.uptime.unit];
  return perSecond === 1 ? last : binary(last, '/', number(perSecond));
}

function over(name: string, selector: Selector, rangeSeconds: number, offsetSeconds: number): Expression {
  return call(name, { ...selector, rangeSeconds, offsetSeconds });
}
