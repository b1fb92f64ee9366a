import { binary, call, chain, number } from '../../promql/expression.js';
import type { Expression, Selector } from '../../promql/expression.js';
import type { SignalPack } from '../../packs/signal-pack.js';
import type { RuleSettings } from './rule-settings.js';
import { firstSight } from './series-names.js';

const minuteSeconds = 60;

/** A target, or a counter, that was not seen for longer comes back from a gap. Prometheus' own memory of a series is as long. */
const gapSeconds = 300;

/** What a counter held before a gap is remembered for so long. */
const longestGapSeconds = 3600;

/**
 * The growth of every counter in the minute before, to the event; never negative.
 *
 * What a counter held is asked of its samples, not of Prometheus' view of the moment, which forgets a series at the first
 * failed scrape and at the end of a pod. One of three holds for a counter: it has grown; or it fell, and had reached its
 * `peak` before it began again at zero; or it is new and began at zero, unless its process is older than we have known it.
 *
 * Every sample belongs to one minute: the last one of this minute is the `before` of the next, also where both bounds of a
 * range count (before Prometheus 3).
 */
export function minuteGrowth(selector: Selector, pack: SignalPack, settings: RuleSettings): Expression {
  const { delaySeconds } = settings;
  const now = over('last_over_time', selector, minuteSeconds, delaySeconds);
  const before = over('last_over_time', selector, gapSeconds, delaySeconds + minuteSeconds);
  const peak = over('max_over_time', selector, minuteSeconds, delaySeconds);
  const grown = binary(binary(binary(peak, '==', now), '-', before), '>=', number(0));
  const fallen = binary(call('clamp_min', binary(peak, '-', before), number(0)), '+', now);
  const first = firstSights(pack);
  const born = first === undefined ? now : binary(now, 'unless', first, { mode: 'on', labels: settings.targetLabels });
  return chain('or', [grown, fallen, born]);
}

/**
 * The growth of every counter over a gap that ended in the five minutes before; nothing for all others.
 *
 * A counter of such a target that was not there before the gap grew from zero in it.
 */
export function gapGrowth(selector: Selector, pack: SignalPack, settings: RuleSettings): Expression | undefined {
  const first = firstSights(pack);
  if (first === undefined) return undefined;
  const { delaySeconds, targetLabels } = settings;
  // A gap that ends in these six minutes began before them: the last minute's counting has missed five.
  const sinceSeconds = gapSeconds + minuteSeconds;
  const after = over('min_over_time', selector, sinceSeconds, delaySeconds);
  const before = over('last_over_time', selector, longestGapSeconds, delaySeconds + sinceSeconds);
  const growth = binary(binary(binary(after, '-', before), '>=', number(0)), 'or', after);
  const onTarget = { mode: 'on', labels: targetLabels } as const;
  const back = call('last_over_time', { ...first, rangeSeconds: gapSeconds - 0.001 });
  const known = uptime(pack, longestGapSeconds, delaySeconds + sinceSeconds)!;
  return binary(binary(growth, 'and', back, onTarget), 'and', known, onTarget);
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

function firstSights({ name, process }: SignalPack): Selector | undefined {
  if (process.uptimeSeconds === undefined && process.startTimeSeconds === undefined) return undefined;
  return { kind: 'selector', metric: firstSight, matchers: [{ label: 'mesh', operator: '=', value: name }] };
}

/** Age of the processes at the last sample in a range; undefined where the mesh does not tell. */
function uptime({ process }: SignalPack, rangeSeconds: number, offsetSeconds: number): Expression | undefined {
  const { uptimeSeconds, startTimeSeconds } = process;
  const metric = uptimeSeconds ?? startTimeSeconds;
  if (metric === undefined) return undefined;
  const last = over('last_over_time', { kind: 'selector', metric, matchers: [] }, rangeSeconds, offsetSeconds);
  return uptimeSeconds === undefined ? binary(call('time'), '-', last) : last;
}

function over(name: string, selector: Selector, rangeSeconds: number, offsetSeconds: number): Expression {
  return call(name, { ...selector, rangeSeconds, offsetSeconds });
}
