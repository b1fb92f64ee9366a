import { isoWeekAfter, isoWeekName, isoWeekOf, isoWeekRange } from '../domain/iso-week.js';
import type { EpochSeconds } from '../domain/clock.js';
import type { Letter } from '../ledger/letter-store.js';
import type { ReportPage } from '../ledger/report-store.js';
import type { Block, Cell, Paragraph, ReportDocument } from '../report/document/report-document.js';
import { weekDocument } from '../report/document/week-document.js';
import { type ArchivedScope, reportId, scopeOfKey } from '../domain/report-id.js';
import type { ReportShelf, ShelvedReport } from '../report/report-shelf.js';
import type {
  LetterView,
  ReportBlockView,
  ReportDocumentView,
  ReportEntryView,
  ReportTextView,
  ReportView,
  ReportWeekView,
} from './api-types/report.js';

/** Two years: as long as the ledger's finest counts reach, a page can offer them. */
const mostWeeks = 106;

type ListedReport = ReportPage['reports'][number];

/** An archived report as the API lists it. */
export function reportEntryView({
  id,
  week,
  scope,
  revision,
  subject,
  madeAt,
  letters,
}: ListedReport): ReportEntryView {
  return { id, week, team: teamOf(scopeOfKey(scope)), revision, subject, madeSeconds: madeAt, letters };
}

/** Weeks of which something is known, the present one first. */
export function reportWeeks(
  knownSince: EpochSeconds | undefined,
  now: EpochSeconds,
  timeZone: string,
): readonly ReportWeekView[] {
  const weeks: ReportWeekView[] = [];
  let week = isoWeekOf(now, timeZone);
  while (knownSince !== undefined && weeks.length < mostWeeks) {
    const { from, to } = isoWeekRange(week, timeZone);
    if (to <= knownSince) break;
    weeks.push({ week: isoWeekName(week), fromSeconds: from, toSeconds: to });
    week = isoWeekAfter(week, -1);
  }
  return weeks;
}

/** What stands around a report. */
interface ReportSurroundings {
  readonly letters: readonly Letter[];
  /** Whether whoever asks may see addresses. */
  readonly withAddresses: boolean;
  readonly shelf: Pick<ReportShelf, 'teams' | 'isKnown'>;
}

/** A report to look at; its links lead to this page, wherever people have it open. */
export function reportView(
  { id, name, report, archived, newer }: ShelvedReport,
  { letters, withAddresses, shelf }: ReportSurroundings,
): ReportView {
  const neighbour = (weeks: 1 | -1): string | null => {
    const week = isoWeekAfter(name.week, weeks);
    return shelf.isKnown(week) ? reportId({ ...name, week, revision: 1 }) : null;
  };
  const { period } = report;
  const count = (state: Letter['state']): number => letters.filter((letter) => letter.state === state).length;
  const counts = { queued: count('queued'), sent: count('sent'), refused: count('refused') };
  return {
    id,
    week: period.week,
    team: teamOf(name.scope),
    fromSeconds: period.from,
    toSeconds: period.to,
    isFinished: period.isFinished,
    archived: archived ? reportEntryView({ ...archived, letters: counts }) : null,
    newerId: newer ?? null,
    letters: withAddresses ? letters.map(letterView) : [],
    teams: shelf.teams,
    before: neighbour(-1),
    after: neighbour(1),
    document: documentView(weekDocument({ ...report, page: '' }), id),
  };
}

function teamOf(scope: ArchivedScope): string | null {
  return scope.kind === 'team' ? scope.owner : null;
}

function letterView({ way, recipient, state, attempts, settledAt, reason }: Letter): LetterView {
  return { way, recipient, state, attempts, settledSeconds: settledAt ?? null, reason: reason ?? null };
}

function documentView(
  { subject, overline, title, lead, sections, footer }: ReportDocument,
  id: string,
): ReportDocumentView {
  return {
    subject,
    overline,
    title,
    lead: lead.map(textView),
    sections: sections.map((section) => ({
      title: section.title,
      blocks: section.blocks.map((block) => blockView(block, id)),
    })),
    footer,
  };
}

function blockView(block: Block, id: string): ReportBlockView {
  switch (block.kind) {
    case 'paragraph':
      return { kind: 'paragraph', paragraph: textView(block) };
    case 'actions':
      return { kind: 'actions', actions: block.actions.map(({ href, ...rest }) => ({ ...rest, href: href ?? null })) };
    case 'table': {
      const { caption, columns, rows } = block.table;
      return { kind: 'table', table: { caption, columns, rows: rows.map((row) => row.map(textView)) } };
    }
    case 'picture': {
      const { name, alt } = block.picture;
      const url = `/api/v1/reports/${encodeURIComponent(id)}/pictures/${encodeURIComponent(name)}`;
      return { kind: 'picture', picture: { alt, url } };
    }
    case 'entries':
      return {
        kind: 'entries',
        entries: block.entries.map(({ title, when, tone, href, facts }) => ({
          title,
          when,
          tone: tone ?? null,
          href: href ?? null,
          facts,
        })),
      };
  }
}

function textView({ text, tone, href, note }: Paragraph & Pick<Cell, 'note'>): ReportTextView {
  return { text, tone: tone ?? null, href: href ?? null, note: note ?? null };
}
