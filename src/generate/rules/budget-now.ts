import { binary, call, chain, number } from '../../promql/expression.js';
import type { Expression, Selector } from '../../promql/expression.js';
import { sumOfAny } from './added.js';
import { longestMinuteWindowSeconds } from './window-rules.js';
import { type EventKind, fiveMinutesAt, minuteEvents, sliLabels, windowEvents } from './series-names.js';
import { fiveMinutesSettleSeconds } from './settling.js';
import { recorded, settled } from './sli-rules.js';

const onSli = { mode: 'on', labels: sliLabels } as const;
const onAll = { mode: 'on', labels: [] } as const;

/**
 * How many times over the budget of a window is spent by now, for each SLO that has spent it and may have one bad event at least.
 *
 * @param budgets the share of events that each SLO allows
 */
export function overspent(windowSeconds: number, budgets: Selector): Expression {
  const allowed = binary(eventsByNow('events', windowSeconds), '*', budgets, { ...onSli, many: 'right' });
  // A full budget to the last event is not overspent, whatever the last digit of a division says.
  const one = binary(allowed, '>=', number(1 - 1e-9));
  const spent = binary(eventsByNow('bad_events', windowSeconds), '/', one, { ...onSli, many: 'right' });
  return binary(spent, '>', number(1 + 1e-9));
}

/** Events of a window, with the minutes that are not among its five minutes yet: what is spent now is known now. */
function eventsByNow(kind: EventKind, windowSeconds: number): Expression {
  const sum: Selector = { kind: 'selector', metric: windowEvents(kind, windowSeconds), matchers: [] };
  if (windowSeconds <= longestMinuteWindowSeconds) return sum;
  // The sum and its time are of one evaluation: while the next one writes the one or the other, neither is read.
  return sumOfAny(sliLabels, [settled(sum, fiveMinutesSettleSeconds), eventsSince(kind)]);
}

/** The newest minute of five is up to a minute and a half older than these, which are read a minute later, and for five minutes. */
const mostMinutesSince = 7;

/** The events of the minutes since those that are summed up: one of the sums over one to seven minutes, by how long ago that was. */
function eventsSince(kind: EventKind): Expression {
  const until = settled(recorded(fiveMinutesAt, 600), fiveMinutesSettleSeconds);
  const age = binary(call('time'), '-', call('last_over_time', until));
  const minutes = (count: number): Expression => call('sum_over_time', recorded(minuteEvents(kind), count * 60));
  const [first, ...others] = Array.from({ length: mostMinutesSince - 1 }, (_, index) => {
    const count = index + 1;
    const isSo = binary(binary(age, '>=', number(count * 60)), '<', number((count + 1) * 60));
    return binary(minutes(count), 'and', isSo, onAll);
  });
  // Also where five were never summed up yet.
  const isLess = binary(age, '<', number(mostMinutesSince * 60));
  return chain('or', [first!, ...others, binary(minutes(mostMinutesSince), 'unless', isLess, onAll)]);
}
