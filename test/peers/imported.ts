import { shippedRules } from '../../src/config/shipped-rules.js';
import { parseYaml } from '../../src/documents/yaml-document.js';
import { loadAlertPolicies } from '../../src/packs/load-alert-policies.js';
import { loadPacks } from '../../src/packs/load-packs.js';
import { importSlos } from '../../src/peers/import-slos.js';
import type { Destination, Import } from '../../src/peers/import-slos.js';

const { packs } = loadPacks();
const policies = [...loadAlertPolicies().policies.keys()];

/** A meshslo of which nothing is configured. */
export const newcomer: Destination = {
  packs,
  policies,
  rules: shippedRules(packs, policies),
  inUse: [],
  clusters: { label: 'cluster', aliases: new Map() },
  slothWindow: { kind: 'rolling', seconds: 30 * 86_400 },
  nameOf: (file) => file,
  isThere: () => false,
};

/** What an import makes of one file's text. */
export function imported(text: string, to: Partial<Destination> = {}): Import {
  const { documents, diagnostics } = parseYaml('file.yaml', new TextEncoder().encode(text));
  const made = importSlos(documents, { ...newcomer, ...to });
  return { ...made, diagnostics: [...diagnostics, ...made.diagnostics] };
}

/** The SLO lines of what was made: neither comments nor heads. */
export function sloLines({ files }: Import): readonly string[] {
  return files
    .flatMap(({ text }) => text.split('\n').filter((line) => /^ {2}[^#]/.test(line)))
    .map((line) => line.trim());
}

/** `code at line:column` of everything that was not taken. */
export function refusals({ diagnostics }: Import): readonly string[] {
  return diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ code, position }) => `${code} at ${position!.line}:${position!.column}`);
}

/** What is said of the promises that were taken. */
export function differences({ diagnostics }: Import): readonly string[] {
  return diagnostics.filter(({ severity }) => severity === 'warning').map(({ message }) => message);
}

/** A Sloth file of one SLO. */
export function sloth({ error, total, more = '' }: { error: string; total: string; more?: string }): string {
  return `version: prometheus/v1
service: cart
slos:
  - name: requests
    objective: 99.9
${more}    sli:
      events:
        error_query: ${JSON.stringify(error)}
        total_query: ${JSON.stringify(total)}
    alerting: { name: CartBurns }
`;
}

/** `sum(rate(metric{matchers}[{{.window}}]))`, as Sloth's files have it. */
export function rateOf(metric: string, matchers: string): string {
  return `sum(rate(${metric}{${matchers}}[{{.window}}]))`;
}
