import { visible } from '../documents/visible.js';
import type { FindingSeverity } from '../domain/finding-kinds.js';
import type { FindingList, FindingView, LookView } from '../server/api-types/finding.js';

/** Sign and colour (ANSI, SGR) of each severity; the sign stands where there is no colour. */
const marks: Readonly<Record<FindingSeverity, readonly [sign: string, sgr: string]>> = {
  critical: ['▲', '1;31'],
  warning: ['△', '33'],
  info: ['○', '2'],
};

/**
 * Findings as text: what matters most first, by owner; each advice once where it is the same.
 *
 * @param asked which findings were asked for, in words; empty where it was all
 */
export function findingText({ findings, looks, total }: FindingList, color: boolean, asked = ''): string {
  const blocks = owners(findings).map(([owner, own]) => ownerBlock(owner, own, color));
  const more = total > findings.length ? [`${total - findings.length} more are not shown`] : [];
  return [summary(looks, total, asked), ...troubles(looks), ...blocks, ...more].join('\n') + '\n';
}

/** Whether anybody looks: nothing found by nobody is no good news. */
function summary(looks: readonly LookView[], total: number, asked: string): string {
  const able = looks.filter(({ lookedSeconds, error }) => lookedSeconds !== null && !error);
  if (looks.length === 0)
    return 'Nothing looks for trouble: the configuration names no control plane, registry or catalogue.';
  const found = `${total === 0 ? 'Nothing' : total}${asked === '' ? '' : ` ${visible(asked)}`} found`;
  if (able.length === 0) return `${found}; nobody has looked yet.`;
  const last = Math.max(...able.map(({ lookedSeconds }) => lookedSeconds!));
  const who = able.length === looks.length ? `${able.length}` : `${able.length} of ${looks.length}`;
  return `${found}; looked at ${moment(last)} by ${who} ${looks.length === 1 ? 'source' : 'sources'}.`;
}

function troubles(looks: readonly LookView[]): readonly string[] {
  return looks.flatMap(({ source, error }) => {
    if (!error) return [];
    const hint = error.hint === null ? '' : ` (${error.hint})`;
    return [`${visible(source)} cannot be looked at: ${visible(error.message)}${visible(hint)}`];
  });
}

function owners(findings: readonly FindingView[]): readonly (readonly [string | null, readonly FindingView[]])[] {
  const byOwner = new Map<string | null, FindingView[]>();
  for (const finding of findings) byOwner.set(finding.owner, [...(byOwner.get(finding.owner) ?? []), finding]);
  return [...byOwner];
}

function ownerBlock(owner: string | null, findings: readonly FindingView[], color: boolean): string {
  const lines = findings.flatMap((finding, index) => {
    const { kind, severity, summary: text, action, sinceSeconds, firstSeenSeconds } = finding;
    const [sign, sgr] = marks[severity];
    const name = color ? `\u001b[${sgr}m${sign} ${kind}\u001b[0m` : `${sign} ${kind}`;
    const since = moment(Math.min(sinceSeconds ?? firstSeenSeconds, firstSeenSeconds));
    const isToldNext = findings[index + 1]?.kind === kind && findings[index + 1]?.action === action;
    return [
      `  ${name}  ${visible(subjectText(finding))}  since ${since}`,
      `    ${visible(text)}`,
      ...(isToldNext ? [] : [`    → ${visible(action)}`]),
    ];
  });
  return ['', visible(owner ?? 'nobody'), ...lines].join('\n');
}

function subjectText({ subject }: FindingView): string {
  return Object.values(subject).join('/');
}

function moment(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/:\d\d\.\d{3}Z$/, 'Z');
}
