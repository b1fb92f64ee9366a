import type { PublishSettings } from '../config/publishing.js';
import { visible } from '../documents/visible.js';
import type { Failure } from '../domain/failure.js';
import { countInWords } from '../domain/in-words.js';
import { objectName } from '../publish/desired-object.js';
import { type Change, changedObject, type Ending } from '../publish/destination.js';
import type { Published } from '../publish/publish.js';
import type { Applied } from '../publish/run.js';

const done: Readonly<Record<Change['act'], string>> = {
  create: 'made',
  replace: 'changed',
  mark: 'retired',
  remove: 'removed',
};

/** So many are told one by one. */
const mostShown = 20;

/** So many that failed alike are named. */
const mostNames = 3;

type Paint = (code: string, text: string) => string;

/** What became of one destination, for people. */
export function appliedText(
  { destination, published, failure }: Applied,
  settings: PublishSettings,
  color: boolean,
): string {
  const paint: Paint = (code, text) => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
  const title = paint('1', visible(destination));
  if (!published) return `${[title, ...failureLines('', failure!, paint)].join('\n')}\n`;
  return `${[title, ...publishedLines(published, settings, paint)].join('\n')}\n`;
}

function publishedLines(published: Published, { graceSeconds }: PublishSettings, paint: Paint): readonly string[] {
  const { endings, kept, waiting, same, remarks, settled, unsettled } = published;
  const good = endings.filter(({ failure }) => failure === undefined);
  const skipped = endings.filter(({ isSkipped }) => isSkipped);
  const bad = endings.filter(({ failure, isSkipped }) => failure !== undefined && !isSkipped);
  const went = waiting.map((object) => {
    const day = new Date((object.live!.mark!.retiredSince! + graceSeconds) * 1000)
      .toISOString()
      .slice(0, 16)
      .replace('T', ' ');
    return `  ${paint('2', '·')} ${visible(objectName(object))}  ${paint('2', `nobody wants it; goes after ${day} UTC`)}`;
  });
  return [
    ...few(good, (one) => [`  ${paint('32', '✓')} ${done[one.change.act]} ${nameOf(one)}`]),
    ...few(alike(bad), (group) => failureLines(`${namesOf(group)}: `, group[0]!.failure!, paint)),
    ...few(kept, (object) => [
      `  ${paint('35', '!')} ${visible(objectName(object))} ${object.standing === 'taken' ? 'is somebody else’s' : 'was edited by somebody'}: it stays as it is`,
    ]),
    ...few(went, (line) => [line]),
    ...remarkLines(remarks, paint),
    ...(settled === undefined ? [] : [`  ${paint('32', '✓')} ${visible(settled)}`]),
    ...(unsettled ? failureLines('', unsettled, paint) : []),
    `  ${summary({ good: good.length, bad: bad.length, skipped: skipped.length, kept: kept.length, same })}`,
    ...(kept.some(({ standing }) => standing === 'taken')
      ? [paint('36', '  to have meshslo’s beside them: rename or remove theirs there, then run it again')]
      : []),
    ...(kept.some(({ standing }) => standing === 'edited')
      ? [
          paint(
            '36',
            '  to have meshslo’s own again: meshslo diff shows what was edited, meshslo apply --overwrite-edits replaces it',
          ),
        ]
      : []),
  ];
}

/** What a look went on without. */
export function remarkLines(remarks: readonly string[], paint: Paint): readonly string[] {
  return remarks.map((remark) => `  ${paint('33', '?')} ${visible(remark)}`);
}

function few<T>(all: readonly T[], linesOf: (one: T) => readonly string[]): readonly string[] {
  const more = all.length - mostShown;
  return [
    ...all.slice(0, mostShown).flatMap(linesOf),
    ...(more > 0 ? [`    and ${countInWords(more)} more of these`] : []),
  ];
}

/** Endings by what is said of them: one sentence for many. */
function alike(endings: readonly Ending[]): readonly (readonly Ending[])[] {
  const groups = new Map<string, Ending[]>();
  for (const ending of endings) {
    const { message, hint = '' } = ending.failure!;
    const key = `${message}\n${hint}`;
    const group = groups.get(key) ?? [];
    group.push(ending);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** `dashboard a, dashboard b, dashboard c and 9 more`. */
function namesOf(endings: readonly Ending[]): string {
  const names = endings.slice(0, mostNames).map(nameOf).join(', ');
  const more = endings.length - mostNames;
  return more > 0 ? `${names} and ${countInWords(more)} more` : names;
}

function nameOf({ change }: Ending): string {
  return visible(objectName(changedObject(change)));
}

function failureLines(what: string, { message, hint }: Failure, paint: Paint): readonly string[] {
  const lines = [`  ${paint('31', '✗')} ${what}${visible(message)}`];
  return hint === undefined ? lines : [...lines, `    ${paint('36', visible(hint))}`];
}

interface Counts {
  readonly good: number;
  readonly bad: number;
  readonly skipped: number;
  readonly kept: number;
  readonly same: number;
}

function summary({ good, bad, skipped, kept, same }: Counts): string {
  const parts = [
    [good, 'done'],
    [bad, 'failed'],
    [skipped, 'not tried, for it would fail, too'],
    [kept, 'left alone'],
  ] as const;
  const words = parts.flatMap(([count, word]) => (count > 0 ? [`${countInWords(count)} ${word}`] : []));
  const rest = `${countInWords(same)} as wanted before`;
  return words.length === 0 ? `nothing to do: ${rest}` : `${words.join(', ')}; ${rest}`;
}
