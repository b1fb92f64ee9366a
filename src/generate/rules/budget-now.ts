import { binary, call, number } from '../../promql/expression.js';
import type { Expression, Selector } from '../../promql/expression.js';
import { added } from './added.js';
import { longestMinuteWindowSeconds } from './window-rules.js';
import { type EventKind, fiveMinuteEvents, minuteEvents, sliLabels, windowEvents } from './series-names.js';
import { recorded } from './sli-rules.js';

const onSli = { mode: 'on', labels: sliLabels } as const;

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
  const since = [0, 1, 2, 3, 4].map((minutesAgo) => minuteSince(kind, minutesAgo));
  return added(
    sliLabels,
    [sum, ...since].map((of) => ({ sign: 1, of }) as const),
  );
}

/**
 * The events of one minute, unless five minutes were summed up in it or later: they may hold it. So none counts twice, and one at
 * most comes late.
 */
function minuteSince(kind: EventKind, minutesAgo: number): Expression {
  const events: Selector = { ...recorded(minuteEvents(kind), 60), offsetSeconds: minutesAgo * 60 };
  const summed = recorded(fiveMinuteEvents(kind), (minutesAgo + 1) * 60);
  return binary(call('last_over_time', events), 'unless', call('last_over_time', summed), onSli);
}
