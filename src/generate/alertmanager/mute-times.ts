import { fitsPattern, hasWildcard } from '../../config/file-patterns.js';
import type { HourRange, MuteTime } from '../../config/notifications.js';
import { clockTime, weekdayNames } from '../../domain/weekday.js';
import type { Section } from './receivers.js';
import { ownPrefix } from './receivers.js';

const minutesOfDay = 24 * 60;

/** What Alertmanager calls a mute time. */
export function muteTimeName({ name }: MuteTime): string {
  return `${ownPrefix}${name}`;
}

/** A mute time as Alertmanager knows it: hours over midnight become two stretches, the second of them a day later. */
export function timeInterval(mute: MuteTime): Section {
  const stretches = mute.hours.length === 0 ? [{ days: mute.weekdays }] : mute.hours.flatMap((one) => split(one, mute));
  return {
    name: muteTimeName(mute),
    time_intervals: stretches.map(({ days, times }: Stretch) => ({
      ...(times && { times: [{ start_time: clockTime(times.fromMinute), end_time: clockTime(times.toMinute) }] }),
      ...(days.length > 0 && { weekdays: days.map((day) => weekdayNames[day]) }),
      location: mute.timeZone,
    })),
  };
}

interface Stretch {
  readonly days: readonly number[];
  readonly times?: HourRange;
}

function split(hours: HourRange, { weekdays }: MuteTime): readonly Stretch[] {
  const { fromMinute, toMinute } = hours;
  if (toMinute > fromMinute) return [{ days: weekdays, times: hours }];
  const evening = { days: weekdays, times: { fromMinute, toMinute: minutesOfDay } };
  if (toMinute === 0) return [evening];
  const nextDays = weekdays.map((day) => (day + 1) % 7).sort();
  return [evening, { days: nextDays, times: { fromMinute: 0, toMinute } }];
}

/** Whether a mute time is that of all, some, or none of the owners that a pattern stands for. */
export function reach(mute: MuteTime, owner: string | undefined): 'all' | 'some' | 'none' {
  if (mute.owner === undefined || mute.owner === owner) return 'all';
  if (owner !== undefined && !hasWildcard(owner)) return fitsPattern(mute.owner, owner) ? 'all' : 'none';
  if (owner !== undefined && !hasWildcard(mute.owner)) return fitsPattern(owner, mute.owner) ? 'some' : 'none';
  return 'some';
}
