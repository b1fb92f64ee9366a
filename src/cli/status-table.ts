import { visible } from '../documents/visible.js';
import {
  coverageInWords,
  paceInWords,
  percentInWords,
  roundPercentInWords,
  latencyInWords,
} from '../domain/in-words.js';
import { describeWindow } from '../domain/window.js';
import { type Urgency, urgencies } from '../domain/urgency.js';
import type { SloView } from '../server/api-types/slo.js';

/** Word, sign and colour (ANSI, SGR) of each urgency; the sign stands where there is no colour. */
const marks: Readonly<Record<Urgency, readonly [sign: string, word: string, sgr: string]>> = {
  burning: ['▲', 'burning', '1;31'],
  missed: ['✗', 'missed', '31'],
  'at-risk': ['△', 'at risk', '33'],
  insufficient: ['◻', 'little data', '2'],
  'no-data': ['–', 'no data', '2'],
  'no-traffic': ['○', 'no traffic', '2'],
  healthy: ['●', 'healthy', '32'],
};

const titles = ['STATE', 'SERVICE, SLO, NAMESPACE', 'OWNER', 'OBJECTIVE', 'BUDGET LEFT', 'BURN RATE, 1H'] as const;

/** The columns are as wide as what they hold, up to this; together at most 120, with two between each. */
const mostWide = [13, 46, 16, 16, 15, 26] as const;
const nameColumn = 1;
const mostTogether = 120;
const gap = '  ';
const figureWidth = 8;

const barCells = 6;

/**
 * The SLOs as a table of at most 120 columns, with a summary above and footnotes below.
 *
 * @param color whether to paint the states for a terminal
 */
export function statusTable(slos: readonly SloView[], color: boolean): string {
  if (slos.length === 0) return 'No SLO to show.\n';
  const oneCluster = new Set(slos.map(({ cluster }) => cluster)).size === 1;
  const cells = slos.map((slo) => row(slo, oneCluster).map(visible));
  const widths = columnWidths([titles, ...cells]);
  const rows = cells.map((each, index) => {
    const text = line(each, widths);
    return color ? paintState(text, slos[index]!.urgency, widths[0]!) : text;
  });
  return [summary(slos), '', line(titles, widths), ...rows, ...footnotes(slos)].join('\n') + '\n';
}

function summary(slos: readonly SloView[]): string {
  const counts = urgencies.map((urgency) => {
    const count = slos.filter((slo) => slo.urgency === urgency).length;
    return count === 0 ? '' : `${count} ${marks[urgency][1]}`;
  });
  return `${slos.length} SLO${slos.length === 1 ? '' : 's'}: ${counts.filter(Boolean).join(', ')}`;
}

function row(slo: SloView, oneCluster: boolean): readonly string[] {
  const [sign, word] = marks[slo.urgency];
  const place = oneCluster ? slo.namespace : `${slo.cluster}/${slo.namespace}`;
  return [
    `${sign} ${word}`,
    [slo.service, slo.slo, noteSigns(slo), place].filter(Boolean).join(' '),
    slo.owner ?? 'nobody',
    objectiveText(slo),
    budgetText(slo),
    paceText(slo),
  ];
}

/** What does not fit goes from the names. */
function columnWidths(lines: readonly (readonly string[])[]): readonly number[] {
  const widths = mostWide.map((most, column) =>
    lines.reduce((width, cells) => Math.min(most, Math.max(width, Array.from(cells[column]!).length)), 0),
  );
  const together = widths.reduce((sum, width) => sum + width, gap.length * (widths.length - 1));
  return widths.map((width, column) => (column === nameColumn ? width - Math.max(0, together - mostTogether) : width));
}

function paintState(text: string, urgency: Urgency, width: number): string {
  const sgr = marks[urgency][2];
  return `\u001b[${sgr}m${text.slice(0, width)}\u001b[0m${text.slice(width)}`;
}

function objectiveText({ objective, indicator, window }: SloView): string {
  const within =
    indicator.kind === 'availability' ? '' : ` ${latencyInWords(indicator.thresholdSeconds).replace(' ', '')}`;
  const over = window.kind === 'rolling' ? describeWindow(window) : window.period;
  return `${percentInWords(objective).replace(' ', '')}${within} ${over}`;
}

function paceText({ pace }: SloView): string {
  if (!pace) return 'unknown';
  const words = paceInWords({ ...pace, exhaustedInSeconds: pace.exhaustedInSeconds ?? undefined });
  return words.replace(/ (h|d|w)(our|ay|eek)s?\b/g, '$1').replace(/ minutes?\b/g, 'min');
}

function budgetText({ budget }: SloView): string {
  if (!budget) return `${'·'.repeat(barCells)}  unknown`;
  const figure = roundPercentInWords(budget.remainingRatio)
    .replace(' %', '%')
    .replace('over ', '>')
    .replace('under ', '<');
  return `${bar(budget.remainingRatio)} ${figure.padStart(figureWidth)}`;
}

/** Eighths of a cell; anything that is left shows, and nothing shows full that is not. */
function bar(ratio: number): string {
  const all = barCells * 8;
  const eighths = ratio <= 0 ? 0 : ratio >= 1 ? all : Math.min(all - 1, Math.max(1, Math.round(ratio * all)));
  const partial = eighths % 8 === 0 ? '' : ' ▏▎▍▌▋▊▉'.charAt(eighths % 8);
  return ('█'.repeat(Math.floor(eighths / 8)) + partial).padEnd(barCells, '░');
}

function line(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((cell, column) => fit(cell, widths[column]!))
    .join(gap)
    .trimEnd();
}

/** Exactly so wide. Of a long name the place goes first, which stands at its end. */
function fit(text: string, width: number): string {
  const characters = Array.from(text);
  if (characters.length <= width) return text + ' '.repeat(width - characters.length);
  return `${characters.slice(0, width - 1).join('')}…`;
}

const isPartlyObserved = ({ events }: SloView) => events.total > 0 && coverageInWords(events.coverage) !== undefined;
const isImported = ({ events }: SloView) => (events.imported ?? 0) > 0;
const isElsewhere = ({ perspective }: SloView) => perspective !== 'server';

function noteSigns(slo: SloView): string {
  return `${isPartlyObserved(slo) ? '*' : ''}${isImported(slo) ? '†' : ''}${isElsewhere(slo) ? '‡' : ''}`;
}

function footnotes(slos: readonly SloView[]): readonly string[] {
  const least = Math.min(...slos.filter(isPartlyObserved).map(({ events }) => events.coverage));
  const others = new Set(slos.filter(isElsewhere).map(({ perspective }) => perspective));
  const notes = [
    ...(least < 1 ? [`* not all of the time was observed; the least is ${roundPercentInWords(least)}`] : []),
    ...(slos.some(isImported) ? ['† holds imported history'] : []),
    ...(others.size > 0 ? [`‡ not as the service's own proxy saw it: ${[...others].sort().join(', ')}`] : []),
  ];
  return notes.length > 0 ? ['', ...notes] : [];
}
