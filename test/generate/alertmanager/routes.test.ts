import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fitsPattern } from '../../../src/config/file-patterns.js';
import type { HourRange, MuteTime, OwnerRoute, RoutedSeverity } from '../../../src/config/notifications.js';
import { weekdayNames } from '../../../src/domain/weekday.js';
import { timeInterval } from '../../../src/generate/alertmanager/mute-times.js';
import { ownRoute } from '../../../src/generate/alertmanager/routes.js';
import { hook, notifications } from './settings.js';

interface Route {
  readonly receiver?: string;
  readonly matchers: readonly string[];
  readonly mute_time_intervals?: readonly string[];
  readonly routes?: readonly Route[];
}

/** Where Alertmanager would send an alert, and what would mute it: the first child that fits, and so on down. */
function walked(
  route: Route,
  labels: Readonly<Record<string, string>>,
  above?: string,
): { receiver: string; muted: readonly string[] } {
  const receiver = (route.receiver ?? above)!;
  const child = route.routes?.find(({ matchers }) => matchers.every((matcher) => holds(matcher, labels)));
  return child ? walked(child, labels, receiver) : { receiver, muted: route.mute_time_intervals ?? [] };
}

function holds(matcher: string, labels: Readonly<Record<string, string>>): boolean {
  const [, label, operator, quoted] = /^(\w+)(=~|=)"(.*)"$/.exec(matcher)!;
  const value = labels[label!] ?? '';
  return operator === '=' ? value === quoted : new RegExp(`^(?:${quoted!.replaceAll('\\\\', '\\')})$`).test(value);
}

const pattern = fc.constantFrom('a', 'b', 'ab', 'a*', '*b', '*', 'a?', 'a*b', '.*');
const severity = fc.constantFrom<RoutedSeverity>('page', 'ticket');
const muteTime = fc.record({ severity, owner: fc.option(pattern, { nil: undefined }) });
const ownerRoute: fc.Arbitrary<OwnerRoute> = fc.record({
  owner: pattern,
  receivers: fc.record(
    { page: fc.constantFrom('one', 'two'), ticket: fc.constantFrom('one', 'two') },
    { requiredKeys: [] },
  ),
});

test('every owner gets the receiver of the first rule that fits, and all the mute times that are his', () => {
  fc.assert(
    fc.property(
      fc.array(ownerRoute, { maxLength: 4 }),
      fc.array(muteTime, { maxLength: 4 }),
      fc.constantFrom('a', 'b', 'ab', 'aab', 'cb', '.x', 'other', ''),
      severity,
      (owners, mutes, owner, of) => {
        const muteTimes: MuteTime[] = mutes.map((one, index) => ({
          ...one,
          name: `m${index}`,
          weekdays: [0],
          hours: [],
          timeZone: 'UTC',
        }));
        const settings = notifications({ receivers: [hook('one'), hook('two')], owners, muteTimes });
        const fits = (pattern: string | undefined): boolean =>
          pattern === undefined || (owner !== '' && fitsPattern(pattern, owner));

        const alert = { alertname: 'ErrorBudgetBurnSlow', severity: of, ...(owner !== '' && { owner }) };
        const { receiver, muted } = walked(ownRoute(settings) as unknown as Route, alert);
        const rule = owners.find((one) => fits(one.owner) && one.receivers[of] !== undefined);
        expect(receiver).toBe(`meshslo/${rule?.receivers[of] ?? settings.fallback[of]}`);
        const his = muteTimes.filter((one) => one.severity === of && fits(one.owner));
        expect(muted).toEqual(his.map(({ name }) => `meshslo/${name}`));
      },
    ),
    { numRuns: 500 },
  );
});

interface Interval {
  readonly time_intervals: readonly {
    readonly times?: readonly { readonly start_time: string; readonly end_time: string }[];
    readonly weekdays?: readonly string[];
  }[];
}

/** Whether Alertmanager takes a minute of the week (0 is Sunday's first) to be in an interval; an end is not in it. */
function contains({ time_intervals }: Interval, minuteOfWeek: number): boolean {
  const [day, minute] = [Math.floor(minuteOfWeek / 1440), minuteOfWeek % 1440];
  const minutes = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
  return time_intervals.some(
    ({ times, weekdays }) =>
      (weekdays === undefined || weekdays.includes(weekdayNames[day]!)) &&
      (times === undefined || times.some((one) => minutes(one.start_time) <= minute && minute < minutes(one.end_time))),
  );
}

test('every minute of the week is muted exactly where somebody said so', () => {
  const minute = fc.integer({ min: 0, max: 1439 });
  const hours: fc.Arbitrary<HourRange> = fc
    .record({ fromMinute: minute, toMinute: fc.integer({ min: 0, max: 1440 }) })
    .filter(({ fromMinute, toMinute }) => fromMinute !== toMinute);
  const weekdays = fc.subarray([0, 1, 2, 3, 4, 5, 6]);
  fc.assert(
    fc.property(
      weekdays,
      fc.array(hours, { maxLength: 3 }),
      fc.integer({ min: 0, max: 7 * 1440 - 1 }),
      (days, ranges, at) => {
        const mute = {
          name: 'm',
          severity: 'ticket' as const,
          owner: undefined,
          weekdays: days,
          hours: ranges,
          timeZone: 'UTC',
        };
        const all = days.length === 0 ? [0, 1, 2, 3, 4, 5, 6] : days;
        const whole = ranges.length === 0 ? [{ fromMinute: 0, toMinute: 1440 }] : ranges;
        const isMuted = all.some((day) =>
          whole.some(({ fromMinute, toMinute }) => {
            const length = toMinute - fromMinute + (toMinute < fromMinute ? 1440 : 0);
            const since = (at - (day * 1440 + fromMinute) + 7 * 1440) % (7 * 1440);
            return since < length;
          }),
        );
        expect(contains(timeInterval(mute) as unknown as Interval, at)).toBe(isMuted);
      },
    ),
    { numRuns: 1000 },
  );
});
