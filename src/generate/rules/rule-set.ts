import type { LinkSettings } from '../../config/config.js';
import type { AlertPolicy } from '../../domain/alert-policy.js';
import type { Slo } from '../../domain/slo.js';
import type { AlertPolicies } from '../../packs/load-alert-policies.js';
import type { SignalPacks } from '../../packs/load-packs.js';
import { budgetRule, burnStepRules } from './burn-step-rules.js';
import type { JudgedAlike } from './burn-step-rules.js';
import type { ControlPlaneSettings } from '../../config/control-planes.js';
import { loadControlPlaneAlerts } from '../../packs/load-control-plane-alerts.js';
import { controlPlaneFile } from './control-plane-file.js';
import { dependencyFile } from './dependency-file.js';
import { isForRules, objectivesFile } from './objectives-file.js';
import { recordingFile } from './recording-file.js';
import type { RuleFile } from './rule-file.js';
import type { RuleSettings } from './rule-settings.js';
import { distinctSlis } from './sli.js';
import { sloAlertRules } from './slo-alert-rules.js';
import { watchFile } from './watch-file.js';

/** What rules are made from. */
export interface RuleSetParts {
  /** Of all services that are known; those that only the ledger can keep are passed over. */
  readonly slos: readonly Slo[];
  readonly packs: SignalPacks;
  readonly policies: AlertPolicies;
  readonly links: LinkSettings;
  readonly settings: RuleSettings;
  /** Those that alerts are wanted about; none when left out. */
  readonly controlPlanes?: readonly ControlPlaneSettings[];
}

/**
 * Every rule file, what others read first: objectives and recordings for all, alerts by tier, and what watches over them.
 *
 * By tier, so that a mistake in one leaves the others alone; by team, all windows would be read again for every team.
 */
export function ruleSet({
  slos,
  packs,
  policies,
  links,
  settings,
  controlPlanes = [],
}: RuleSetParts): readonly RuleFile[] {
  const kept = slos.filter(isForRules);
  const judged = judgedAlike(kept, policies);
  const tiers = tiersOf(kept);
  return [
    objectivesFile(kept),
    recordingFile({ slis: distinctSlis(kept), windowsSeconds: judged.flatMap(windowsOf), packs, settings }),
    ...tiers.map((tier) =>
      alertsFile(
        tier,
        judged.filter((one) => one.tier === tier),
        links,
      ),
    ),
    ...dependencyFile(kept, packs, settings, links),
    ...controlPlaneFile({ controlPlanes, alerts: loadControlPlaneAlerts(), settings, links }),
    watchFile(settings, links),
  ];
}

/** The tiers of SLOs, in order. */
export function tiersOf(slos: readonly Slo[]): readonly string[] {
  return [...new Set(slos.map(({ tier }) => tier))].sort();
}

/** The name of the file with the alerts of a tier. */
export function alertsFileName(tier: string): string {
  return `meshslo-alerts-${fileWord(tier)}`;
}

/** The combinations of tier, policy and window that SLOs have; one step is one rule for each. */
export function judgedAlike(slos: readonly Slo[], policies: AlertPolicies): readonly JudgedAlike[] {
  const found = new Map<string, JudgedAlike>();
  for (const { tier, alerts, window } of slos) {
    const policy = policies.get(alerts.policy);
    if (window.kind !== 'rolling' || policy === undefined) continue;
    found.set(JSON.stringify([tier, policy.name, window.seconds]), { tier, policy, windowSeconds: window.seconds });
  }
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, alike]) => alike);
}

/** Windows that a policy looks at, and the budget's own. */
export function windowsOf({ policy, windowSeconds }: JudgedAlike): readonly number[] {
  return [windowSeconds, ...policyWindows(policy)];
}

function policyWindows({ steps, hold }: AlertPolicy): readonly number[] {
  const ofSteps = steps.flatMap(({ longSeconds, shortSeconds }) => [longSeconds, shortSeconds]);
  return hold === undefined ? ofSteps : [...ofSteps, hold.withinSeconds, hold.badWithinSeconds];
}

function alertsFile(tier: string, judged: readonly JudgedAlike[], links: LinkSettings): RuleFile {
  return {
    name: alertsFileName(tier),
    about: [
      `Alerts of the SLOs of tier ${JSON.stringify(tier)}. docs/alerting.md says when a step is active.`,
      'Budgets of calendar windows and of time slices have no alerts here: the ledger alone keeps them.',
    ],
    groups: [
      {
        name: `meshslo:alerts:${tier}`,
        intervalSeconds: 60,
        rules: [budgetRule(tier), ...judged.flatMap(burnStepRules), ...sloAlertRules(tier, judged, links)],
      },
    ],
  };
}

/** A name as part of a file's: no two become one, on file systems that know no capitals neither. */
export function fileWord(name: string): string {
  return name.replace(/[^a-z0-9-]/gu, (character) => `_${character.codePointAt(0)!.toString(16)}_`);
}
