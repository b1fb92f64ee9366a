import { roundPercentInWords } from '../../domain/in-words.js';
import type { Perspective } from '../../domain/slo.js';
import type { SloWeek } from '../slo-week.js';
import { goodInWords, promiseInWords, stateWords } from '../words/promises.js';
import type { Cell, Table, Tone } from './report-document.js';
import type { Words } from './words.js';

/** SLOs with what was promised, kept and spent. */
export function sloTable(slos: readonly SloWeek[], words: Words): Table {
  return {
    caption: 'SLOs with what they kept this week, what of their budget went this week, and what is left of it',
    columns: [
      { title: 'Promise', align: 'left' },
      { title: 'Kept', align: 'right' },
      { title: 'Spent', align: 'right' },
      { title: 'Left', align: 'right' },
    ],
    rows: slos.map((slo) => [promiseCell(slo, words), keptCell(slo), spentCell(slo), leftCell(slo)]),
  };
}

function promiseCell({ slo }: SloWeek, words: Words): Cell {
  const href = words.sloHref(slo);
  return {
    text: `${words.service(slo.service)} ${slo.name}`,
    note: `${promiseInWords(slo)}${viewWords[slo.perspective]}`,
    ...(href !== undefined && { href }),
  };
}

/** Whose eyes it was seen with, where that is not the service's own proxy. */
const viewWords: Readonly<Record<Perspective, string>> = {
  server: '',
  'mesh-failures': ', as the mesh fails it',
  client: ', as its callers see it',
  union: ', as it and its callers see it',
};

/** The week's own ratio; what could not be seen is said instead of a figure. */
function keptCell({ week, state }: SloWeek): Cell {
  const partly = week.coverage < 0.999 && week.coverage > 0 ? `${roundPercentInWords(week.coverage)} seen` : undefined;
  if (week.goodRatio === undefined) return { text: stateWords[week.state], tone: 'faint' };
  const tone: Tone | undefined = week.state === 'missed' ? 'bad' : undefined;
  const note = [partly, state === 'insufficient' ? 'few events' : undefined].filter(Boolean).join(', ');
  return {
    text: goodInWords(week.goodRatio),
    ...(note !== '' && { note }),
    ...(tone && { tone }),
  };
}

function spentCell({ budget }: SloWeek): Cell {
  return budget ? { text: roundPercentInWords(budget.spentThisWeekRatio) } : { text: '–', tone: 'faint' };
}

function leftCell({ budget, state }: SloWeek): Cell {
  if (!budget) return { text: '–', tone: 'faint' };
  const { remainingRatio } = budget;
  const text = roundPercentInWords(remainingRatio);
  if (state === 'missed') return { text, tone: 'bad', note: 'broken' };
  if (state !== 'met') return { text, tone: 'faint', note: stateWords[state] };
  return remainingRatio < 0.25 ? { text, tone: 'warn' } : { text, tone: 'good' };
}
