import type { ReportSettings } from '../../config/reports.js';
import type { Clock } from '../../domain/clock.js';
import type { Finding } from '../../domain/finding.js';
import type { FindingSource, Look } from '../../domain/finding-source.js';
import type { Letter } from '../../ledger/letter-store.js';
import type { ReportStore } from '../../ledger/report-store.js';
import { isStillFor, unreachedOwners } from './destinations.js';

interface FindingParts {
  readonly store: ReportStore;
  readonly settings: () => ReportSettings | undefined;
  /** Of all SLOs that are kept now. */
  readonly owners: () => readonly string[];
  readonly clock: Pick<Clock, 'now'>;
}

/** A recipient who was refused longer ago has been sent another report since. */
const lookedBackSeconds = 15 * 86_400;

/** Recipients that reports do not reach, and owners whose reports have no recipient. */
export function reportFindings(parts: FindingParts): FindingSource {
  return { name: 'reports', everySeconds: 60, look: () => Promise.resolve(lookAt(parts)) };
}

function lookAt({ store, settings, owners, clock }: FindingParts): Look {
  const reports = settings();
  const unreached = reports ? unreachedOwners(reports, owners()) : [];
  const refused = reports
    ? store.letters.refusedSince(clock.now() - lookedBackSeconds).filter((letter) => isStillFor(reports, letter))
    : [];
  return {
    findings: [...refused.map(refusedFinding), ...unreached.map(unreachedFinding)],
    judged: ['ReportRefused'],
    events: [],
  };
}

const wayWords = { mail: 'the mail', slack: 'the Slack message', webhook: 'the webhook' } as const;

function refusedFinding(letter: Letter): Finding {
  const { way, recipient, report, reason = 'without a word', messageId, settledAt } = letter;
  return {
    kind: 'ReportRefused',
    subject: { way, recipient },
    owner: undefined,
    summary: `${wayWords[way]} with report ${report} did not reach ${recipient}: ${reason}`,
    evidence: { report, reason, 'message id': messageId },
    action: `Mend the recipient under reports in the configuration, then: meshslo report --send --week ${report.slice(0, 8)}`,
    since: settledAt,
  };
}

function unreachedFinding(owner: string): Finding {
  return {
    kind: 'ReportRefused',
    subject: { owner },
    owner,
    summary: `the weekly report of ${owner} is sent to nobody: no team of the configuration fits, and there is no default`,
    evidence: { owner },
    action: 'Write a team for this owner under reports.teams, or a default.',
    since: undefined,
  };
}
