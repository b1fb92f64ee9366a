import { visible } from '../documents/visible.js';
import { countInWords } from '../domain/in-words.js';
import { shownText } from '../publish/alertmanager/configuration-text.js';
import { objectName } from '../publish/desired-object.js';
import { alertmanagerName } from '../publish/files/file-objects.js';
import type { PlannedObject, Standing } from '../publish/plan.js';
import type { Looked } from '../publish/run.js';
import { type Hunk, unifiedDifference } from '../publish/unified-difference.js';
import { remarkLines } from './applied-text.js';

interface Look {
  readonly sign: string;
  readonly color: string;
  readonly words: string;
}

/** How an object of each standing is shown; `same` never is. */
const looks: Readonly<Record<Standing, Look>> = {
  same: { sign: ' ', color: '2', words: 'as it is wanted' },
  new: { sign: '+', color: '32', words: 'new' },
  changed: { sign: '~', color: '33', words: 'changed' },
  returned: { sign: '+', color: '32', words: 'wanted again' },
  retiring: { sign: '-', color: '31', words: 'nobody wants it any more' },
  retired: { sign: '·', color: '2', words: 'retired, waits for its time' },
  gone: { sign: '-', color: '31', words: 'to be removed' },
  edited: { sign: '!', color: '35', words: 'edited by somebody: stays as it is' },
  taken: { sign: '!', color: '35', words: 'somebody else’s: stays as it is' },
};

/** So many of one standing are shown one by one. */
const mostShown = 20;

/** So many lines of one difference are shown. */
const mostLines = 120;

/** What differs in one destination, for people. */
export function differenceText({ destination, plan, failure }: Looked, color: boolean): string {
  const paint = (code: string, text: string): string => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
  const title = paint('1', visible(destination));
  if (failure || !plan) {
    const hint = failure?.hint === undefined ? '' : `\n    ${visible(failure.hint)}`;
    return `${title}\n  ${paint('31', '✗')} ${visible(failure?.message ?? '')}${hint}\n`;
  }
  const counts = countsOf(plan.objects);
  const places = new Map<Standing, number>();
  const shown = plan.objects.flatMap((object) => {
    const { standing } = object;
    const place = places.get(standing) ?? 0;
    places.set(standing, place + 1);
    if (place > mostShown) return [];
    if (place === mostShown)
      return [`    and ${countInWords(counts.get(standing)! - mostShown)} more: ${looks[standing].words}`];
    return objectLines(object, paint);
  });
  return `${[title, ...shown, ...remarkLines(plan.remarks, paint), `  ${summary(counts, plan.same)}`].join('\n')}\n`;
}

function objectLines(object: PlannedObject, paint: (code: string, text: string) => string): readonly string[] {
  const { standing, change } = object;
  const { sign, color, words } = looks[standing];
  const said = standing === 'edited' && change ? 'edited by somebody: will be written over' : words;
  const head = `  ${paint(color, sign)} ${visible(objectName(object))}  ${paint('2', said)}`;
  const lines = hunksOf(object).flatMap((hunk) => hunkLines(hunk, paint));
  const more = lines.length - mostLines;
  return [head, ...lines.slice(0, mostLines), ...(more > 0 ? [`      ... ${countInWords(more)} more lines`] : [])];
}

/** What would become of its text; none for what appears or goes as a whole. */
export function hunksOf({ standing, kind, identity, desired, live }: PlannedObject): readonly Hunk[] {
  if (!desired || !live || standing === 'taken') return [];
  // Somebody's own configuration that ours is merged into may hold its secrets itself.
  const isSecret = kind === 'file' && identity === alertmanagerName;
  const shown = (content: string): string => (isSecret ? shownText(content) : content);
  return unifiedDifference(shown(live.content), shown(desired.content()));
}

function hunkLines(
  { oldStart, newStart, lines }: Hunk,
  paint: (code: string, text: string) => string,
): readonly string[] {
  const length = (sign: '-' | '+'): number => lines.filter((line) => line.sign === ' ' || line.sign === sign).length;
  const tones = { ' ': '2', '-': '31', '+': '32' };
  return [
    `      ${paint('36', `@@ -${oldStart},${length('-')} +${newStart},${length('+')} @@`)}`,
    ...lines.map(({ sign, text }) => `      ${paint(tones[sign], `${sign} ${visible(text)}`.trimEnd())}`),
  ];
}

/** `2 new, 1 changed; 40 as they are wanted`. */
function summary(counts: ReadonlyMap<Standing, number>, same: number): string {
  const words = (Object.keys(looks) as Standing[]).flatMap((standing) => {
    const count = counts.get(standing);
    return count === undefined ? [] : [`${countInWords(count)} ${shortWords[standing]}`];
  });
  const kept = `${countInWords(same)} as wanted`;
  return words.length === 0 ? `nothing differs: ${kept}` : `${words.join(', ')}; ${kept}`;
}

function countsOf(objects: readonly PlannedObject[]): ReadonlyMap<Standing, number> {
  const counts = new Map<Standing, number>();
  for (const { standing } of objects) counts.set(standing, (counts.get(standing) ?? 0) + 1);
  return counts;
}

const shortWords: Readonly<Record<Standing, string>> = {
  same: 'as wanted',
  new: 'new',
  changed: 'changed',
  returned: 'wanted again',
  retiring: 'to be retired',
  retired: 'waiting to go',
  gone: 'to be removed',
  edited: 'edited by somebody',
  taken: 'somebody else’s',
};
