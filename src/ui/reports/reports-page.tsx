import './reports.css';
import { useState } from 'preact/hooks';
import { reportId } from '../../domain/report-id.js';
import { parseIsoWeek } from '../../domain/iso-week.js';
import type { ReportEntryView, ReportList, ReportWeekView } from '../../server/api-types/report.js';
import { reportAddress, reportsAddress } from '../address/address.js';
import { navigate } from '../address/navigation.js';
import { useReading } from '../live/reading.js';
import { snapshot } from '../live/snapshot.js';
import { PageHeading } from '../words/page-heading.js';
import { ReadingNote } from '../words/reading-note.js';
import { lettersText, verdictOf, weekDays, weekTitle } from '../words/report-words.js';
import { TeamChoice } from './team-choice.js';

/** Weeks that are listed at first: a quarter of a year. */
const fewWeeks = 13;

/** Every week that is known, newest first, with its report: of the organisation, or of one team. */
export function ReportsPage({ team }: { readonly team: string | undefined }) {
  const path = `reports?limit=500&team=${encodeURIComponent(team ?? '')}`;
  const { value, trouble } = useReading<ReportList>({ path, subject: path, version: snapshot.value });
  return (
    <>
      <PageHeading>Weekly reports</PageHeading>
      <ReadingNote reading={{ value, trouble }} what="Reports" />
      {value && (
        <>
          <p class="quiet">
            Weeks of {value.timeZone}. Every week that is in the ledger can be read; one that was sent is kept as it
            was.
          </p>
          <TeamChoice
            teams={value.teams}
            team={team}
            onChoose={(chosen) => navigate(reportsAddress(chosen), 'replace')}
          />
          {value.weeks.length === 0 && <p class="note">Nothing is in the ledger yet.</p>}
          {value.weeks.length > 0 && <WeekTable list={value} team={team} />}
        </>
      )}
    </>
  );
}

function WeekTable({ list, team }: { readonly list: ReportList; readonly team: string | undefined }) {
  const [isAll, setAll] = useState(false);
  const weeks = isAll ? list.weeks : list.weeks.slice(0, fewWeeks);
  return (
    <>
      <table class="cards report-table" data-rows>
        <caption class="unseen-text">Weeks of {team ?? 'the organisation'}, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Week</th>
            <th scope="col">Verdict</th>
            <th scope="col">Sent</th>
          </tr>
        </thead>
        <tbody>
          {weeks.map((week, index) => (
            <WeekRow key={week.week} {...{ list, team, week }} isPresent={index === 0} />
          ))}
        </tbody>
      </table>
      {!isAll && list.weeks.length > fewWeeks && (
        <button class="more" onClick={() => setAll(true)}>
          Older
        </button>
      )}
    </>
  );
}

interface WeekRowProps {
  readonly list: ReportList;
  readonly week: ReportWeekView;
  readonly team: string | undefined;
  readonly isPresent: boolean;
}

function WeekRow({ list, week, team, isPresent }: WeekRowProps) {
  const revisions = list.reports.filter((report) => report.week === week.week);
  const [latest, ...older] = revisions;
  const scope = team === undefined ? ({ kind: 'organisation' } as const) : ({ kind: 'team', owner: team } as const);
  const id = latest?.id ?? reportId({ week: parseIsoWeek(week.week)!, scope, revision: 1 });
  const sent = latest && lettersText(latest.letters);
  return (
    <tr>
      <th scope="row">
        <a href={reportAddress(id)}>{weekTitle(week.week)}</a>{' '}
        <span class="aside">{weekDays(week, list.timeZone)}</span>
      </th>
      <td>
        {latest ? verdictOf(latest) : <span class="aside">{isPresent ? 'goes on' : 'not archived'}</span>}
        {older.length > 0 && <Revisions older={older} />}
      </td>
      <td class={latest && latest.letters.refused > 0 ? 'not-reached' : ''}>{sent}</td>
    </tr>
  );
}

function Revisions({ older }: { readonly older: readonly ReportEntryView[] }) {
  return (
    <span class="aside revisions">
      {' '}
      revised; before:{' '}
      {older.map(({ id, revision }) => (
        <a key={id} href={reportAddress(id)}>
          revision {revision}
        </a>
      ))}
    </span>
  );
}
