import type { Config } from '../config/config.js';
import type { EpochSeconds } from '../domain/clock.js';
import { Failure } from '../domain/failure.js';
import { type IsoWeek, isoWeekAfter, isoWeekName, isoWeekOf, isoWeekRange, parseIsoWeek } from '../domain/iso-week.js';
import { isTimeZone } from '../domain/window.js';

/** What somebody wants of `meshslo report`, as it is typed. */
export interface AskedReport {
  readonly week?: string;
  readonly timeZone?: string;
  readonly team?: string;
  readonly service?: string;
  readonly open?: boolean;
  readonly preview?: boolean;
  readonly out?: string;
  readonly send?: boolean;
  readonly tokenFile?: string;
}

/** Which week, by whose clocks. */
export interface AskedWeek {
  readonly week: IsoWeek;
  readonly timeZone: string;
}

/** Something that cannot be, and what to do instead. */
type Wrong = readonly [message: string, hint: string];

/** @throws Failure `bad-arguments` that tells everything that is wrong with what is asked, at once */
export function askedWeek(asked: AskedReport, { reports }: Pick<Config, 'reports'>, now: EpochSeconds): AskedWeek {
  const configured = reports?.timeZone ?? 'UTC';
  const { timeZone = configured } = asked;
  const isZone = isTimeZone(timeZone);
  const read = readWeek(asked.week, isZone ? timeZone : configured, now);
  const wrong: readonly Wrong[] = [
    ...('wrong' in read ? [read.wrong] : []),
    ...(isZone ? [] : [[`there is no time zone ${shown(timeZone)}`, 'take a name such as Europe/Berlin'] as const]),
    ...together(asked),
  ];
  if (wrong.length > 0 || 'wrong' in read) throw refusal(wrong);
  return { week: read.week, timeZone };
}

function readWeek(
  week: string | undefined,
  timeZone: string,
  now: EpochSeconds,
): { readonly week: IsoWeek } | { readonly wrong: Wrong } {
  const current = isoWeekOf(now, timeZone);
  if (week === undefined) return { week: isoWeekAfter(current, -1) };
  if (week === 'this') return { week: current };
  const asked = parseIsoWeek(week);
  if (!asked) return { wrong: [`${shown(week)} is no week`, `write it as ${isoWeekName(current)}, or as this`] };
  if (isoWeekRange(asked, timeZone).from > now) {
    return { wrong: [`week ${week} has not begun`, `the present one is ${isoWeekName(current)}`] };
  }
  return { week: asked };
}

/** Options that say different things. */
function together({ team, service, send, timeZone, open, preview, out, tokenFile }: AskedReport): readonly Wrong[] {
  const files = [open && '--open', preview && '--preview', out !== undefined && '--out'].filter(Boolean).join(', ');
  const all: readonly (readonly [isSo: boolean | undefined, ...Wrong])[] = [
    [
      team !== undefined && service !== undefined,
      '--team and --service cannot be given together',
      'leave one of them out',
    ],
    [
      send && service !== undefined,
      'reports of the organisation and of teams are sent, none of a service',
      'leave --service out, or print it without --send',
    ],
    [
      send && timeZone !== undefined,
      'the weeks that are sent are those of reports.time_zone: --time-zone cannot be given with --send',
      'leave it out',
    ],
    [
      send && files !== '',
      `--send writes no files: ${files} cannot be given with it`,
      'write them with a command of their own',
    ],
    [!send && tokenFile !== undefined, '--token-file is for --send: without, no service is asked', 'leave it out'],
  ];
  return all.flatMap(([isSo, message, hint]) => (isSo ? [[message, hint] as const] : []));
}

function refusal(wrong: readonly Wrong[]): Failure {
  const [first] = wrong;
  if (first && wrong.length === 1) return new Failure('bad-arguments', first[0], { hint: first[1] });
  const hint = wrong.map(([message, what]) => `\n    ${message}: ${what}`).join('');
  return new Failure('bad-arguments', `${wrong.length} things that are asked for cannot be`, { hint });
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 60));
}
