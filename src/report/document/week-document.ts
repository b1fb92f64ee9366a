import { countInWords, roundPercentInWords } from '../../domain/in-words.js';
import { parseIsoWeek } from '../../domain/iso-week.js';
import { reportId } from '../../domain/report-id.js';
import { serviceKey } from '../../domain/service-id.js';
import type { SloWeek } from '../slo-week.js';
import type { TeamWeek, WeekReport } from '../week-report.js';
import { counted, scopeName } from '../words/names.js';
import { goodInWords } from '../words/promises.js';
import { bounded } from './bounded.js';
import { budgetPictures } from './budget-pictures.js';
import { burnSection, comparisonSection, note, worstHoursSection } from './details.js';
import type { Block, Cell, Paragraph, ReportDocument, Section } from './report-document.js';
import { sloTable } from './slo-table.js';
import {
  alertsSection,
  correctionsSection,
  coverageSection,
  findingsSection,
  migrationSection,
  type Told,
} from './surroundings.js';
import { type Words, wordsOf } from './words.js';

/** SLOs that the table of a scope lists; what there is beyond them is told as sums, and attached. */
const mostRows = { organisation: 10, team: 16, service: 24 } as const;

/** SLOs that are held against the weeks before. */
const mostCompared = 8;

/** Teams that are listed. */
const mostTeams = 20;

/** SLOs of which not all stand in the tables. */
export function hasMoreThanShown({ scope, slos }: WeekReport): boolean {
  return slos.length > mostRows[scope.kind];
}

/** The week as people read it: the verdict, what to do, a small table, and then whatever they want to look up. */
export function weekDocument(report: WeekReport): ReportDocument {
  const words = wordsOf(report);
  const { scope, period, slos } = report;
  const shown = slos.slice(0, mostRows[scope.kind]);
  const days = words.moments.days(period);
  const isEmpty = slos.every(({ week }) => week.state === 'no-data');
  return bounded({
    subject: `${[weekName(report), ...whose(report), ...revisionName(report)].join(', ')}: ${report.headline}`,
    overline: [`${weekName(report)}, ${days}`, scopeName(scope), ...revisionName(report)].join(' · '),
    title: report.headline,
    lead: [...marks(report, words), ...lead(report), ...onThePage(report)],
    sections: [
      attentionSection(report, words),
      ...teamsSection(report, words),
      promisesSection(report, shown, words),
      ...(isEmpty
        ? []
        : [
            burnSection(report, words),
            ...worstHoursSection(report, words),
            ...comparisonSection(slos.slice(0, mostCompared), report, words),
          ]),
      ...aroundIt([
        alertsSection(report),
        findingsSection(report, words),
        coverageSection(report, words),
        migrationSection(report, words),
        correctionsSection(report, words),
      ]),
    ],
    footer: [
      `All times are those of ${period.timeZone}. Every figure is a sum of events, read from the ledger; nothing is an average.`,
    ],
  });
}

/** `Week 47 of 2026`. */
function weekName({ period: { week } }: WeekReport): string {
  return `Week ${Number(week.slice(6))} of ${week.slice(0, 4)}`;
}

/** Of a team or a service; the organisation's is the one without a name. */
function whose({ scope }: WeekReport): readonly string[] {
  return scope.kind === 'organisation' ? [] : [scopeName(scope)];
}

function revisionName({ revision }: WeekReport): readonly string[] {
  return revision ? [`revision ${revision.number}`] : [];
}

/** Where the report stays, for whoever is not there; none of a service has an address. */
function onThePage({ page, scope, period, revision }: WeekReport): readonly Paragraph[] {
  const week = parseIsoWeek(period.week);
  if (!page || scope.kind === 'service' || !week) return [];
  const id = reportId({ week, scope, revision: revision?.number ?? 1 });
  return [{ text: 'This report on the page', href: `${page}/reports/${encodeURIComponent(id)}`, tone: 'faint' }];
}

/** What surrounds the figures: parts that have something to tell, then a sentence of each that has not. */
function aroundIt(told: readonly (Told | undefined)[]): readonly Section[] {
  const parts = told.filter((one) => typeof one === 'object');
  const sentences = told.filter((one) => typeof one === 'string');
  return [...parts, ...(sentences.length > 0 ? [{ title: 'Also looked at', blocks: sentences.map(note) }] : [])];
}

/** What a reader must know of this report before its figures. */
function marks({ period, revision, coverage }: WeekReport, { moments }: Words): readonly Paragraph[] {
  const { importedCount } = coverage;
  return [
    ...(period.isFinished
      ? []
      : [
          { text: `The week is not over: figures until ${moments.dayTime(period.knownUntil)}.`, tone: 'warn' as const },
        ]),
    ...(revision
      ? [{ text: `Revision ${revision.number} of this report. ${revision.changes.join(' ')}`, tone: 'warn' as const }]
      : []),
    ...(importedCount > 0
      ? [
          {
            text: `${counted(importedCount, 'SLO holds', 'SLOs hold')} imported history in this week: it was read from elsewhere, not watched.`,
            tone: 'warn' as const,
          },
        ]
      : []),
  ];
}

function lead(report: WeekReport): readonly Paragraph[] {
  const { slos, requests, countsBefore, coverage } = report;
  if (slos.length === 0) return [];
  const services = new Set(slos.map(({ slo }) => serviceKey(slo.service))).size;
  const size = `${counted(services, 'service')} with ${counted(slos.length, 'SLO')}.`;
  const { week, lastWeek } = requests ?? {};
  const before =
    lastWeek && lastWeek.total > 0
      ? `, ${goodInWords((lastWeek.total - lastWeek.bad) / lastWeek.total)} in the week before`
      : '';
  const good =
    week && week.total > 0
      ? ` Of ${countInWords(week.total)} requests ${goodInWords((week.total - week.bad) / week.total)} succeeded${before}.`
      : '';
  const last = countsBefore.at(-1);
  const judged = last ? last.met + last.missed : 0;
  const kept = last && judged > 0 ? ` A week ago ${keptWords(last.met, judged)}.` : '';
  const seen =
    coverage.ratio !== undefined && coverage.ratio < 0.999
      ? ` Only ${roundPercentInWords(coverage.ratio)} of the time was observed.`
      : '';
  return [{ text: `${size}${good}${kept}${seen}` }];
}

function keptWords(met: number, judged: number): string {
  if (judged === 1) return met === 1 ? 'the promise was kept' : 'the promise was broken';
  return `${countInWords(met)} of ${counted(judged, 'promise')} were kept`;
}

/** Why nobody need do anything: only what was seen and kept is as it was promised. */
function calm({ slos, counts }: WeekReport): Paragraph {
  if (slos.length === 0) return { text: 'Nothing: there is nothing to look after.', tone: 'good' };
  if (counts.missed > 0) return { text: 'Nothing new: what is broken was broken before, and spends little now.' };
  if (counts.met === slos.length) return { text: 'Nothing. All is as it was promised.', tone: 'good' };
  return { text: `Nothing that is known: ${counts.met === 0 ? 'no' : 'not every'} promise can be judged.` };
}

function attentionSection(report: WeekReport, words: Words): Section {
  const { attention } = report;
  const title = 'What needs attention next week';
  if (attention.length === 0) return { title, blocks: [{ kind: 'paragraph', ...calm(report) }] };
  const actions = attention.map(({ title: what, why, action, owner, service }) => {
    const href = service && words.serviceHref(service);
    return { title: what, why, action, owner: owner ?? 'nobody is named', ...(href !== undefined && { href }) };
  });
  return { title, blocks: [{ kind: 'actions', actions }] };
}

function teamsSection({ teams }: WeekReport, words: Words): readonly Section[] {
  if (teams.length < 2) return [];
  const row = ({ owner, services, counts, worst }: TeamWeek): readonly Cell[] => {
    const unjudged = counts.insufficient + counts['no-data'] + counts['no-traffic'];
    const left = worst.budget?.remainingRatio;
    return [
      {
        text: owner ?? 'nobody',
        note: `${counted(services, 'service')}, least left: ${words.service(worst.slo.service)} ${worst.slo.name}`,
      },
      { text: String(counts.met), ...(unjudged > 0 && { note: `${unjudged} not judged` }) },
      { text: String(counts.missed), ...(counts.missed > 0 && { tone: 'bad' as const }) },
      left === undefined ? { text: '–', tone: 'faint' } : { text: roundPercentInWords(left) },
    ];
  };
  const rest = teams.length - mostTeams;
  return [
    {
      title: 'Teams',
      blocks: [
        {
          kind: 'table',
          table: {
            caption: 'Teams with promises kept and broken, and the budget of theirs that has least left',
            columns: [
              { title: 'Team', align: 'left' },
              { title: 'Kept', align: 'right' },
              { title: 'Broken', align: 'right' },
              { title: 'Least left', align: 'right' },
            ],
            rows: teams.slice(0, mostTeams).map(row),
          },
        },
        ...(rest > 0 ? [note(`And ${counted(rest, 'more team')}.`)] : []),
      ],
    },
  ];
}

function promisesSection(report: WeekReport, shown: readonly SloWeek[], words: Words): Section {
  const { slos, counts } = report;
  if (slos.length === 0) return { title: 'Promises', blocks: [note('No SLO is kept here: nothing was promised.')] };
  const rest = slos.length - shown.length;
  const left = { ...counts };
  for (const { state } of shown) left[state] -= 1;
  const unjudged = left.insufficient + left['no-data'] + left['no-traffic'];
  const sums: Block[] =
    rest > 0
      ? [
          note(
            `And ${counted(rest, 'more')}`.replace(/ mores?$/, ' more') +
              `: ${countInWords(left.met)} kept, ${countInWords(left.missed)} broken, ${countInWords(unjudged)} not judged. ` +
              'All of them are in the CSV that belongs to this report.',
          ),
        ]
      : [];
  return {
    title: rest > 0 ? 'Promises, the worst first' : 'Promises',
    blocks: [
      note(
        'Kept: the share that was good this week. Spent and left: of the budget, which is what a promise allows to fail over its whole time.',
      ),
      { kind: 'table', table: sloTable(shown, words) },
      ...sums,
      ...budgetPictures(report, words),
    ],
  };
}
