import './reports.css';
import { parseIsoWeek } from '../../domain/iso-week.js';
import { reportId } from '../../domain/report-id.js';
import type { LetterView, ReportView } from '../../server/api-types/report.js';
import { reportAddress, reportsAddress } from '../address/address.js';
import { navigate } from '../address/navigation.js';
import { useReading } from '../live/reading.js';
import { snapshot } from '../live/snapshot.js';
import { momentText } from '../words/numbers.js';
import { PageHeading } from '../words/page-heading.js';
import { lettersText, weekTitle } from '../words/report-words.js';
import { UnreadPage } from '../words/unread-page.js';
import { ReportDocument } from './report-document.js';
import { TeamChoice } from './team-choice.js';

/** One report: as it was given where it is archived, else as of now. */
export function ReportPage({ id }: { readonly id: string }) {
  const path = `reports/${encodeURIComponent(id)}`;
  const { value, isOld, trouble } = useReading<ReportView>({
    path,
    subject: id,
    version: snapshot.value?.watcher.version,
  });
  if (!value || isOld) {
    return (
      <UnreadPage
        heading="Weekly report"
        trouble={trouble}
        what="This report"
        notFound="There is no such report: nothing is known of that week, or of that team in it."
        elsewhere={<a href="/reports">All reports</a>}
      />
    );
  }
  const { document } = value;
  return (
    <article class="report">
      <p class="crumbs">
        <a href={reportsAddress(value.team ?? undefined)}>Reports</a> <span aria-hidden="true">/</span>{' '}
        {weekTitle(value.week)}
      </p>
      <Leafing report={value} />
      <Standing report={value} />
      <p class="aside">{document.overline}</p>
      <PageHeading>{document.title}</PageHeading>
      <ReportDocument document={document} />
      <Letters letters={value.letters} />
      <Formats id={value.id} />
    </article>
  );
}

/** To the weeks beside it, and to whose it is. */
function Leafing({ report }: { readonly report: ReportView }) {
  const { before, after, teams, team, week } = report;
  const choose = (owner: string | undefined): void => {
    const scope = owner === undefined ? ({ kind: 'organisation' } as const) : ({ kind: 'team', owner } as const);
    navigate(reportAddress(reportId({ week: parseIsoWeek(week)!, scope, revision: 1 })));
  };
  return (
    <nav class="leafing" aria-label="Other reports">
      <span>
        {before !== null && <a href={reportAddress(before)}>← The week before</a>}{' '}
        {after !== null && <a href={reportAddress(after)}>The week after →</a>}
      </span>
      <TeamChoice teams={teams} team={team ?? undefined} onChoose={choose} />
    </nav>
  );
}

/** Where the figures come from, and whether they are the last word. */
function Standing({ report }: { readonly report: ReportView }) {
  const { archived, newerId, isFinished } = report;
  if (!archived) {
    return (
      <p class="quiet">
        {isFinished
          ? 'Read from the ledger just now; nobody was sent it.'
          : 'This week so far, read from the ledger just now.'}
      </p>
    );
  }
  const sent = lettersText(archived.letters);
  return (
    <>
      <p class="quiet">
        Archived as it was given, {momentText(archived.madeSeconds)}
        {sent === undefined ? '; nobody was sent it.' : `: ${sent}.`}
      </p>
      {newerId !== null && (
        <p class="banner doubtful">
          Its figures have changed since. <a href={reportAddress(newerId)}>The last revision</a>
        </p>
      )}
    </>
  );
}

const wayWords = { mail: 'mail', slack: 'Slack', webhook: 'webhook' } as const;
const stateWords = { queued: 'waits', sent: 'sent', refused: 'not reached' } as const;

function Letters({ letters }: { readonly letters: readonly LetterView[] }) {
  if (letters.length === 0) return null;
  const isTroubled = letters.some(({ state }) => state !== 'sent');
  return (
    <details class="letters" open={isTroubled}>
      <summary>Who was sent it</summary>
      <table class="cards">
        <caption class="unseen-text">Recipients of this report</caption>
        <thead>
          <tr>
            <th scope="col">Recipient</th>
            <th scope="col">Way</th>
            <th scope="col">State</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          {letters.map(({ way, recipient, state, settledSeconds, reason }) => (
            <tr key={`${way} ${recipient}`}>
              <th scope="row">{recipient}</th>
              <td>{wayWords[way]}</td>
              <td class={state === 'refused' ? 'not-reached' : ''}>
                {stateWords[state]}
                {settledSeconds !== null && `, ${momentText(settledSeconds)}`}
              </td>
              <td>{state !== 'sent' && reason}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

const formats = [
  ['html', 'as it is mailed'],
  ['text', 'plain text'],
  ['md', 'Markdown'],
  ['json', 'all figures (JSON)'],
  ['csv', 'all SLOs (CSV)'],
] as const;

function Formats({ id }: { readonly id: string }) {
  return (
    <p class="links">
      {formats.map(([format, title]) => (
        <a key={format} href={`/api/v1/reports/${encodeURIComponent(id)}/${format}`}>
          {title}
        </a>
      ))}
    </p>
  );
}
