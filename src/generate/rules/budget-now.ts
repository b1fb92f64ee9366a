import { binary, call, chain, number } from '../../promql/expression.js';
import type { Expression, Selector } from '../../promql/expression.js';
import { sumOfAny } from './added.js';
import { longestMinuteWindowSeconds } from './window-rules.js';
import { type EventKind, fiveMinutesAt, minuteEvents, sliLabels, windowEvents } from './series-names.js';
import { recorded } from './sli-rules.js';

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
  return sumOfAny(sliLabels, [sum, eventsSince(kind)]);
}

/**
 * The events of the whole minutes since five were summed up: one of the sums over one to five minutes, by how long ago that was.
 * A minute in which it happened may be summed up already. So none counts twice, and one at most comes late.
 */
function eventsSince(kind: EventKind): Expression {
  const age = binary(call('time'), '-', call('last_over_time', recorded(fiveMinutesAt, 600)));
  const minutes = (count: number): Expression => call('sum_over_time', recorded(minuteEvents(kind), count * 60));
  const [first, ...others] = [1, 2, 3, 4].map((count) => {
    const isSo = binary(binary(age, '>=', number(count * 60)), '<', number((count + 1) * 60));
    return binary(minutes(count), 'and', isSo, onAll);
  });
  // Also where five were never summed up yet.
  return chain('or', [first!, ...others, binary(minutes(5), 'unless', binary(age, '<', number(300)), onAll)]);
}
