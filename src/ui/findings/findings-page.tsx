import './findings.css';
import type { FindingSeverity } from '../../domain/finding-kinds.js';
import type { FindingList, FindingView } from '../../server/api-types/finding.js';
import { findingsAddress } from '../address/address.js';
import { useReading } from '../live/reading.js';
import { snapshot } from '../live/snapshot.js';
import { alertTitle } from '../words/alert-words.js';
import { countText } from '../words/numbers.js';
import { PageHeading } from '../words/page-heading.js';
import { ReadingNote } from '../words/reading-note.js';
import { shortName } from '../words/short-name.js';
import { FindingTable } from './finding-table.js';
import { LookLine, LookTroubles } from './look-line.js';

interface FindingsPageProps {
  readonly kind: string | undefined;
  readonly owner: string | undefined;
}

const sections: readonly { readonly severity: FindingSeverity; readonly title: string; readonly meaning: string }[] = [
  { severity: 'critical', title: 'Critical', meaning: 'somebody is hurt now, or will be by the next change' },
  { severity: 'warning', title: 'Warning', meaning: 'will hurt if nobody looks' },
  { severity: 'info', title: 'Good to know', meaning: 'nobody is hurt' },
];

/** What is wrong with meshes, registries and the catalogue: what matters most first, by who has to act. */
export function FindingsPage({ kind, owner }: FindingsPageProps) {
  const asked = new URLSearchParams({ ...(kind !== undefined && { kind }), ...(owner !== undefined && { owner }) });
  const path = asked.size === 0 ? 'findings' : `findings?${asked.toString()}`;
  const { value, trouble } = useReading<FindingList>({ path, subject: path, version: snapshot.value });
  return (
    <>
      <PageHeading>Findings</PageHeading>
      <ReadingNote reading={{ value, trouble }} what="Findings" />
      {value && (
        <div class="findings">
          <LookLine looks={value.looks} total={value.total} />
          <LookTroubles looks={value.looks} />
          <Filter kind={kind} owner={owner} />
          {sections.map((section) => (
            <Section key={section.severity} {...section} findings={value.findings} />
          ))}
          {value.total > value.findings.length && (
            <p class="note">{countText(value.total - value.findings.length)} more are not shown.</p>
          )}
        </div>
      )}
    </>
  );
}

function Filter({ kind, owner }: FindingsPageProps) {
  if (kind === undefined && owner === undefined) return null;
  const what = [kind && alertTitle(kind), owner !== undefined && `of ${owner === '' ? 'nobody' : shortName(owner)}`];
  return (
    <p class="quiet">
      Only {what.filter(Boolean).join(' ')}. <a href="/findings">All findings</a>
    </p>
  );
}

function Section(props: (typeof sections)[number] & { readonly findings: readonly FindingView[] }) {
  const { severity, title, meaning, findings } = props;
  const own = findings.filter((finding) => finding.severity === severity);
  if (own.length === 0) return null;
  return (
    <section class={`severity-group severity ${severity}`}>
      <h2>
        {title}{' '}
        <span class="aside">
          {countText(own.length)}, {meaning}
        </span>
      </h2>
      {ownersOf(own).map((owner) => (
        <div key={owner ?? ''} class="owner-group">
          <h3>
            <a href={findingsAddress({ owner: owner ?? '' })}>{owner === null ? 'Nobody’s' : shortName(owner)}</a>
          </h3>
          <FindingTable
            findings={own.filter((finding) => finding.owner === owner)}
            title={`${title} findings of ${owner ?? 'nobody'}`}
          />
        </div>
      ))}
    </section>
  );
}

/** Whoever has most to do first; nobody last. */
function ownersOf(findings: readonly FindingView[]): readonly (string | null)[] {
  const counts = new Map<string | null, number>();
  for (const { owner } of findings) counts.set(owner, (counts.get(owner) ?? 0) + 1);
  return [...counts]
    .sort(([a, x], [b, y]) => Number(a === null) - Number(b === null) || y - x || (a! < b! ? -1 : 1))
    .map(([owner]) => owner);
}
