import { binary, call, maxBy, number, sumBy } from '../../promql/expression.js';
import type { Expression, Matcher, Selector } from '../../promql/expression.js';
import { unitsPerSecond } from '../../packs/signal-pack.js';
import type { SignalPack } from '../../packs/signal-pack.js';
import { sideBySide } from './added.js';
import type { Term } from './added.js';
import type { RuleSettings } from './rule-settings.js';
import type { HeldMoment } from './series-names.js';
import { firstSight, gapEnd, heldAt, heldMoment, minuteAt, portionLabel, serviceLabels } from './series-names.js';
import { minuteSettlesSeconds } from './settling.js';

const minuteSeconds = 60;

/** A target, or a counter, that was not seen for longer comes back from a gap. Prometheus' own memory of a series is as long. */
const gapSeconds = 300;

/** What a counter held before a gap is remembered for so long. */
const longestGapSeconds = 3600;

/** A gap that ends in these six minutes began before them: the minute of its end has missed the five before it. */
const sinceSeconds = gapSeconds + minuteSeconds;

/**
 * What counters hold by now, summed by target and by labels, and what those of them held a minute before that have not begun
 * again since; the label `moment` tells them apart. What one has grown by in the minute is their difference, to the event.
 *
 * What a counter held is asked of its samples, not of Prometheus' view of the moment, which forgets a series at the first
 * failed scrape and at the end of a pod. Without a `before` is one that fell: it began again at zero, as one does that is new.
 *
 * Every sample belongs to one minute: the last one of this minute is the `before` of the next, also where both bounds of a
 * range count (before Prometheus 3).
 *
 * No two of the selectors pass the same series.
 */
export function heldOfMinute(
  selectors: readonly Selector[],
  by: readonly string[],
  { delaySeconds, targetLabels }: RuleSettings,
): Expression {
  const labels = [...new Set([...targetLabels, ...by])];
  const now = (selector: Selector): Expression => over('last_over_time', selector, minuteSeconds, delaySeconds);
  const before = (selector: Selector): Expression =>
    over('last_over_time', selector, gapSeconds, delaySeconds + minuteSeconds);
  const at = (moment: HeldMoment, of: Expression): Term => ({
    sign: 1,
    of: call('label_replace', sumBy(labels, of), heldMoment, moment, '', ''),
  });
  // Raw series have some thirty labels, and every operator between two sets of them reads all: so there is one, and the
  // rest is done with the few sums of targets.
  const terms = selectors.flatMap((selector) => [
    at('now', now(selector)),
    at('before', binary(before(selector), '<=', now(selector))),
  ]);
  return sumBy([...labels, heldMoment], sideBySide(terms));
}

/**
 * The growth of what targets hold in the minute before, summed by service. Not of targets whose process is older than we have
 * known them: nobody knows when they grew. Nothing where this minute could not be read: a series is seen for five minutes, and
 * what an older one says is that minute's.
 *
 * Where rules see what was recorded an evaluation late (vmalert), all of it is late alike, and so is the minute.
 */
export function minuteGrowth(
  held: (moment: HeldMoment | typeof heldAt) => Selector,
  pack: SignalPack,
  settings: RuleSettings,
): Expression {
  const { targetLabels } = settings;
  const both = binary(held('now'), 'or', binary(held('before'), '*', number(-1)));
  const known = tellsAge(pack)
    ? binary(both, 'unless', ofMesh(firstSight, pack, settings), { mode: 'on', labels: targetLabels })
    : both;
  const minute: Selector = { kind: 'selector', metric: minuteAt, matchers: ofPortion(settings) };
  const age = binary(maxBy([], minute), '-', maxBy([], held(heldAt)));
  const isRead = binary(age, '<', number(minuteSeconds / 2));
  return binary(sumBy(serviceLabels, known), 'and', isRead, { mode: 'on', labels: [] });
}

/**
 * What targets held at the end of the minute of their return from a gap that ended in the five minutes before: the least of
 * those minutes, as it only grows since. Nothing without a gap.
 */
export function heldAtReturn(held: Selector, pack: SignalPack, settings: RuleSettings): Expression {
  const first = over('min_over_time', held, gapSeconds - 0.001, minuteSettlesSeconds);
  return binary(first, 'and', ofMesh(gapEnd, pack, settings), { mode: 'on', labels: settings.targetLabels });
}

/** Targets of a mesh that came back, and still are the process that they were before their gap. */
export function returnedAlive(pack: SignalPack, settings: RuleSettings): Expression {
  return binary(ofMesh(gapEnd, pack, settings), '>', number(0));
}

/** What was held of targets before a gap that ended in the five minutes before. */
export function heldBeforeGap(held: Selector): Expression {
  return over('last_over_time', held, longestGapSeconds, gapSeconds + minuteSettlesSeconds);
}

/**
 * Targets of a mesh that came back in the five minutes before, after a gap of an hour at most: by how much their process is
 * older than it was; below zero where it is another one.
 */
export function gapEndExpression(pack: SignalPack, settings: RuleSettings): Expression | undefined {
  const { delaySeconds, targetLabels } = settings;
  const before = uptime(pack, longestGapSeconds, delaySeconds + sinceSeconds + minuteSettlesSeconds);
  if (before === undefined) return undefined;
  const back = over('last_over_time', ofMesh(firstSight, pack, settings), gapSeconds - 0.001, minuteSettlesSeconds);
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

function ofMesh(metric: string, { name }: SignalPack, settings: RuleSettings): Selector {
  return {
    kind: 'selector',
    metric,
    matchers: [{ label: 'mesh', operator: '=', value: name }, ...ofPortion(settings)],
  };
}

/** What the group at hand recorded for itself: another one did so at seconds of its own. */
function ofPortion({ portion }: RuleSettings): readonly Matcher[] {
  return portion === undefined ? [] : [{ label: portionLabel, operator: '=', value: portion }];
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
