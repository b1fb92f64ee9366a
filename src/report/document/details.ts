import { countInWords, roundPercentInWords } from '../../domain/in-words.js';
import type { BurnEvent } from '../burn-event.js';
import type { ReportAlert } from '../week-surroundings.js';
import type { SloWeek, WorstHour } from '../slo-week.js';
import type { WeekReport } from '../week-report.js';
import { causeInWords } from '../words/causes.js';
import { durationInWords } from '../words/moments.js';
import { counted, listed } from '../words/names.js';
import { goodInWords } from '../words/promises.js';
import type { Block, Cell, Entry, Section } from './report-document.js';
import type { Words } from './words.js';

/** What happened at the time of one stretch, told one by one. */
const mostEvents = 6;

/** Where budget went: stretches that cost most, with what is known of their cause. */
export function burnSection(report: WeekReport, words: Words): Section {
  const { told, smaller } = report.burnEvents;
  const rest = `${counted(smaller, 'smaller stretch', 'smaller stretches')} of fast spending ${smaller === 1 ? 'is' : 'are'} not listed.`;
  return {
    title: 'When budget went fast',
    blocks: [
      ...(told.length > 0
        ? [{ kind: 'entries' as const, entries: told.map((event) => burnEntry(event, report, words)) }]
        : [note('No budget was spent faster than it may be for long enough to matter.')]),
      ...(smaller > 0 ? [note(rest)] : []),
    ],
  };
}

function burnEntry(event: BurnEvent, { slos, coverage }: WeekReport, words: Words): Entry {
  const { service, costs, cause, alerts, findings, events, owner } = event;
  const href = words.serviceHref(service, { from: event.from - 3600, to: event.to + 3600 });
  const [worst, ...others] = costs;
  const { slo: burnt, week } = slos.find(({ id }) => id === worst!.id)!;
  const also = others.map(({ slo, costRatio }) => `${costWords(costRatio)} of the ${slo} budget`);
  const isImported = week.imported !== 0 && event.to <= (coverage.importedUntil ?? -Infinity);
  const facts = [
    `${countInWords(worst!.bad)} of ${countInWords(worst!.total)} were bad (${roundPercentInWords(worst!.bad / Math.max(1, worst!.total))}); ` +
      `it took ${listed([`${costWords(worst!.costRatio)} of the ${worst!.slo} budget`, ...also])}.`,
    cause
      ? `The bad ones: ${lowered(causeInWords(cause, burnt))}`
      : 'Nothing is known of what the bad ones have in common.',
    ...(alerts.length === 0 && isImported ? ['Imported history: no alert was on watch.'] : alertsWords(alerts, words)),
    ...events.slice(0, mostEvents).map(({ at, summary }) => `${words.moments.weekTime(at)}: ${summary}.`),
    ...findings.map(({ summary, kind }) => `At the time: ${summary} (${kind}).`),
    `Whose: ${owner ?? 'nobody is named'}.`,
  ];
  return {
    title: words.service(service),
    when: `${words.moments.span(event)}${event.goesOn ? ', and goes on' : ''} (${durationInWords(event.to - event.from)})`,
    ...((worst!.costRatio ?? 0) >= 0.5 && { tone: 'bad' as const }),
    ...(href !== undefined && { href }),
    facts,
  };
}

function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function costWords(ratio: number | undefined): string {
  return ratio === undefined ? 'an unknown share' : roundPercentInWords(ratio);
}

function alertsWords(alerts: readonly ReportAlert[], { moments }: Words): readonly string[] {
  if (alerts.length === 0) return ['No alert fired.'];
  const told = alerts.map(
    ({ name, startedAt, endedAt, noise }) =>
      `${name} ${moments.weekTime(startedAt)}${endedAt === undefined ? ', goes on' : ''}${noise ? ' (marked as noise)' : ''}`,
  );
  return [`Fired: ${listed(told, 4)}.`];
}

/** Hours in which most went, as a table; nothing where no hour stands out. */
export function worstHoursSection({ worstHours }: WeekReport, words: Words): readonly Section[] {
  if (worstHours.length === 0) return [];
  const row = ({ from, to, service, slo, bad, total, costRatio }: WorstHour): readonly Cell[] => {
    const href = words.sloHref({ service, name: slo }, { from, to });
    return [
      {
        text: words.moments.span({ from, to }),
        note: `${words.service(service)} ${slo}`,
        ...(href !== undefined && { href }),
      },
      { text: countInWords(bad), note: `of ${countInWords(total)}` },
      { text: costWords(costRatio) },
    ];
  };
  return [
    {
      title: 'Worst hours',
      blocks: [
        {
          kind: 'table',
          table: {
            caption: 'The hours that cost most of a budget',
            columns: [
              { title: 'Hour', align: 'left' },
              { title: 'Bad', align: 'right' },
              { title: 'Of budget', align: 'right' },
            ],
            rows: worstHours.map(row),
          },
        },
      ],
    },
  ];
}

/** The week beside the one before it and the four before. */
export function comparisonSection(
  slos: readonly SloWeek[],
  { requests }: WeekReport,
  words: Words,
): readonly Section[] {
  const ratio = ({ total, bad }: { readonly total: number; readonly bad: number }): Cell =>
    total === 0 ? { text: '–', tone: 'faint' } : { text: goodInWords((total - bad) / total) };
  const rows = slos
    .filter(({ week, fourWeeks }) => week.total > 0 || fourWeeks.total > 0)
    .map(({ slo, week, lastWeek, fourWeeks }) => [
      { text: `${words.service(slo.service)} ${slo.name}` },
      ratio(week),
      ratio(lastWeek),
      ratio(fourWeeks),
    ]);
  const all = requests
    ? [[{ text: 'All requests' }, ratio(requests.week), ratio(requests.lastWeek), ratio(requests.fourWeeks)]]
    : [];
  if (rows.length === 0) return [];
  return [
    {
      title: 'Against the weeks before',
      blocks: [
        {
          kind: 'table',
          table: {
            caption: 'Share of good events in this week, in the week before and in the four weeks before',
            columns: [
              { title: 'Good', align: 'left' },
              { title: 'This week', align: 'right' },
              { title: 'Last week', align: 'right' },
              { title: '4 before', align: 'right' },
            ],
            rows: [...all, ...rows],
          },
        },
      ],
    },
  ];
}

/** A paragraph to read last. */
export function note(text: string): Block {
  return { kind: 'paragraph', text, tone: 'faint' };
}
