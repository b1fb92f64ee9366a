import { join, resolve } from 'node:path';
import { fitsPattern } from '../config/file-patterns.js';
import type { Diagnostic } from '../domain/diagnostic.js';
import { countInWords, objectiveInWords, windowInWords } from '../domain/in-words.js';
import { visible } from '../documents/visible.js';
import { furtherDefaults } from '../peers/import-slos.js';
import type { Import, ImportedSlo } from '../peers/import-slos.js';
import type { FileStatus, ImportView } from './import-view.js';
import { diagnosticsText, shortName } from './terminal.js';

/** What became of everything, for people: the verdict, what was taken, what means something else, and last what is left to do. */
export function importText(view: ImportView, color: boolean): string {
  const { imported } = view;
  const errors = imported.diagnostics.filter(({ severity }) => severity === 'error');
  const warnings = imported.diagnostics.filter(({ severity }) => severity === 'warning');
  const blocks = [
    verdict(view),
    takenText(view),
    countsText(warnings),
    leftText(warnings),
    passedOver(imported),
    ...notes(view),
    refusedText(errors, color),
    next(view),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function verdict({ imported: { found, taken, files, diagnostics }, statuses }: ImportView): string {
  const reasons = diagnostics.filter(({ severity }) => severity === 'error').length;
  const why = reasons === found - taken ? '' : `, for ${counted(reasons, 'reason')}`;
  const all = counted(found, 'promise');
  if (found === 0) return `No promise ${reasons === 0 ? 'was found' : 'could be read'}`;
  if (taken === 0) return `${all}: none could be taken`;
  const differing = [...statuses.values()].filter((status) => status === 'differs').length;
  const unwritten = differing === 0 ? '' : `; ${counted(differing, 'file')} NOT written, where another one is`;
  const where = `for ${counted(files.length, 'service')}`;
  // What cannot be read may hold any number of them.
  if (taken === found) return `${all}${reasons === 0 ? '' : ' could be read'}: all taken, ${where}${unwritten}`;
  return `${all}: ${countInWords(taken)} taken, ${where}; ${countInWords(found - taken)} not${why}${unwritten}`;
}

const statusWords: Readonly<Record<FileStatus, string>> = {
  written: '',
  unchanged: '  (is there already, the same)',
  differs: '  (is there already and says something else: NOT written)',
  shown: '',
};

function takenText({ imported: { files }, statuses, out }: ImportView): string {
  if (files.length === 0) return '';
  const rows = files.flatMap((file) => file.slos.map((slo) => [slo.sloName, promiseWords(slo), slo.from.title]));
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = files.flatMap((file) => [
    `  ${out === undefined ? file.name : shortName(resolve(join(out, file.name)))}${statusWords[statuses.get(file)!]}`,
    ...file.slos.map((slo) => {
      const [name, promise] = [slo.sloName.padEnd(widths[0]!), promiseWords(slo).padEnd(widths[1]!)];
      return `    ${name}  ${promise}  was ${visible(slo.from.title)}`;
    }),
  ]);
  return ['Taken:', ...lines].join('\n');
}

function promiseWords({ from, promise, window }: ImportedSlo): string {
  return `${objectiveInWords({ indicator: promise.indicator, objective: from.objective, budgeting: from.budgeting })} ${windowInWords(window)}`;
}

/** So many places of one difference are told. */
const mostPlaces = 3;

/** Differences that leave every number as it was. */
const notNumbers: readonly string[] = [
  ...['label-left', 'alert-text-left', 'alert-windows-left', 'alert-policies-left', 'plugins-left', 'setting-left'],
  ...['unknown-key', 'rules-left'],
];

function countsText(warnings: readonly Diagnostic[]): string {
  const lines = grouped(warnings.filter(({ code }) => !notNumbers.includes(code))).flatMap((group) => [
    `  - ${visible(group[0]!.message)}`,
    ...(group[0]!.hint === undefined ? [] : [`    ${visible(group[0]!.hint)}`]),
    `    ${placesText(group)}`,
  ]);
  return lines.length === 0 ? '' : ['Taken, and yet not quite the same:', ...lines].join('\n');
}

function leftText(warnings: readonly Diagnostic[]): string {
  const left = grouped(warnings.filter(({ code }) => notNumbers.includes(code)));
  const hints = [...new Set(left.flatMap(([first]) => first!.hint ?? []))];
  const lines = [
    ...left.map((group) => `  - ${visible(group[0]!.message)} (${placesText(group)})`),
    ...hints.map((hint) => `  ${visible(hint)}`),
  ];
  return left.length === 0 ? '' : ['Stays behind:', ...lines].join('\n');
}

/** What could not be taken: each reason once with its line, and every place of it. */
function refusedText(errors: readonly Diagnostic[], color: boolean): string {
  const texts = grouped(errors, 'as they come').map(([first, ...others]) => {
    const same = others.flatMap(({ position }) =>
      position ? [`${shortName(position.file)}:${position.line}:${position.column}`] : [],
    );
    const also = same.length === 0 ? '' : `  the same at ${same.map(visible).join(', ')}\n`;
    return `${diagnosticsText([first!], color)}${also}`;
  });
  return texts.length === 0 ? '' : `Not taken, each with what to do about it:\n\n${texts.join('\n').trimEnd()}`;
}

/** What is said in the same words, together; what is said most comes first, unless the order is that of reading. */
function grouped(diagnostics: readonly Diagnostic[], order?: 'as they come'): readonly (readonly Diagnostic[])[] {
  const groups = new Map<string, Diagnostic[]>();
  for (const one of diagnostics) groups.set(one.message, [...(groups.get(one.message) ?? []), one]);
  const all = [...groups.values()];
  return order === undefined ? all.toSorted((a, b) => b.length - a.length) : all;
}

function placesText(group: readonly Diagnostic[]): string {
  const places = group.flatMap(({ position }) => (position ? [`${shortName(position.file)}:${position.line}`] : []));
  const shown = places.length > mostPlaces + 1 ? places.slice(0, mostPlaces) : places;
  const more = places.length > shown.length ? `, and ${countInWords(places.length - shown.length)} more` : '';
  return `${shown.map(visible).join(', ')}${more}`;
}

function passedOver({ strangers }: Import): string {
  if (strangers.length === 0) return '';
  const files = [...new Set(strangers.map(({ file }) => shortName(file)))];
  const more = files.length > 5 ? `, and ${countInWords(files.length - 5)} more` : '';
  return `Passed over, for it promises nothing: ${files.slice(0, 5).map(visible).join(', ')}${more}`;
}

function notes({ imported: { files }, rules }: ImportView): readonly string[] {
  const found: string[] = [];
  const further = [...new Set(files.flatMap((file) => furtherDefaults(file, rules)))];
  if (further.length > 0) {
    found.push(
      `A service has the defaults of its tier, too, where it had no such promise: ${further.join(', ')}.\n` +
        `A line in its file, such as "${further[0]!}: off", takes one away.`,
    );
  }
  const sloths = files.flatMap(({ slos }) => slos).filter(({ from }) => from.window === undefined);
  if (sloths.length > 0) {
    found.push(
      `Sloth’s files do not say their window: it is taken as ${windowInWords(sloths[0]!.window).replace('over ', '')}. ` +
        'Where Sloth runs with --default-slo-period, say that as --window.',
    );
  }
  return found;
}

function next({ imported: { files }, out, patterns }: ImportView): string {
  if (files.length === 0) return '';
  if (out === undefined) return 'Nothing was written: --out <folder> does.';
  const inPatterns = patterns?.some((pattern) =>
    files.every(({ name }) => fitsPattern(pattern, resolve(join(out, name)))),
  );
  const check = 'meshslo check';
  return inPatterns === true
    ? `Next: ${check}`
    : `Next: slos: ['${shortName(resolve(out))}/*.yaml'] in meshslo.yaml, then ${check}`;
}

function counted(amount: number, noun: string): string {
  return `${countInWords(amount)} ${noun}${amount === 1 ? '' : 's'}`;
}
