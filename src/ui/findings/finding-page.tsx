import './findings.css';
import { Fragment } from 'preact';
import { spanInWords } from '../../domain/in-words.js';
import type { FindingView } from '../../server/api-types/finding.js';
import { findingsAddress, serviceAddress } from '../address/address.js';
import { useReading } from '../live/reading.js';
import { snapshot } from '../live/snapshot.js';
import { alertTitle } from '../words/alert-words.js';
import { beginning, findingSubject, serviceOfFinding } from '../words/finding-words.js';
import { momentText } from '../words/numbers.js';
import { PageHeading } from '../words/page-heading.js';
import { UnreadPage } from '../words/unread-page.js';

/** One finding: what was seen where, since when, and what to do. */
export function FindingPage({ id }: { readonly id: string }) {
  const { value, isOld, trouble } = useReading<FindingView>({
    path: `findings/${encodeURIComponent(id)}`,
    subject: id,
    version: snapshot.value,
  });
  if (!value || isOld) {
    return (
      <UnreadPage
        heading="Finding"
        trouble={trouble}
        what="This finding"
        notFound="There is no such finding; old ones are forgotten some day."
        elsewhere={<a href="/findings">All findings</a>}
      />
    );
  }
  const service = serviceOfFinding(value);
  return (
    <article class="finding">
      <p class="crumbs">
        <a href="/findings">Findings</a> <span aria-hidden="true">/</span>{' '}
        <a href={findingsAddress({ kind: value.kind })}>{value.kind}</a>
      </p>
      <PageHeading>
        {alertTitle(value.kind)}: {findingSubject(value)}
      </PageHeading>
      <p class="state-sentence">
        <span class={`severity-word severity ${value.severity}`}>{value.severity}</span>, {timeText(value)}. Owner:{' '}
        <b>{value.owner ?? 'nobody'}</b>.
      </p>
      <p class="summary">{value.summary}</p>
      <section>
        <h2>What to do</h2>
        <p>{value.action}</p>
      </section>
      {service && (
        <p class="links">
          <a href={serviceAddress(service)}>The service</a>
        </p>
      )}
      <Facts title="What was seen" facts={value.evidence} />
      <Facts title="What it is about" facts={value.subject} />
    </article>
  );
}

function timeText(finding: FindingView): string {
  const begin = beginning(finding);
  const { resolvedSeconds, lastSeenSeconds } = finding;
  if (resolvedSeconds !== null) {
    return `from ${momentText(begin)} to ${momentText(resolvedSeconds)} (${spanInWords(resolvedSeconds - begin)})`;
  }
  return `since ${momentText(begin)}, seen last ${momentText(lastSeenSeconds)}`;
}

function Facts({ title, facts }: { readonly title: string; readonly facts: FindingView['evidence'] }) {
  const entries = Object.entries(facts);
  if (entries.length === 0) return null;
  return (
    <section>
      <h2>{title}</h2>
      <dl class="facts">
        {entries.map(([name, value]) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </Fragment>
        ))}
      </dl>
    </section>
  );
}
