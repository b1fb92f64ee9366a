import type { Finding } from '../domain/finding.js';

const longestText = 600;
const mostFacts = 40;

/** The finding with texts that fit on a page and in a row: they may hold what the network says. The subject stays as it is. */
export function clippedFinding(finding: Finding): Finding {
  const { summary, action, evidence } = finding;
  const facts = Object.entries(evidence);
  const fits =
    facts.length <= mostFacts &&
    [summary, action, ...Object.values(evidence)].every((text) => text.length <= longestText);
  if (fits) return finding;
  return {
    ...finding,
    summary: clipped(summary),
    action: clipped(action),
    evidence: Object.fromEntries(facts.slice(0, mostFacts).map(([name, text]) => [name, clipped(text)])),
  };
}

function clipped(text: string): string {
  return text.length <= longestText ? text : `${text.slice(0, longestText - 1)}…`;
}
