import { createHash } from 'node:crypto';
import type { LinkSettings } from '../../config/config.js';
import type { AlertPolicy } from '../../domain/alert-policy.js';
import { formatDuration } from '../../domain/duration.js';
import type { Slo } from '../../domain/slo.js';
import type { AlertPolicies } from '../../packs/load-alert-policies.js';
import type { SignalPacks } from '../../packs/load-packs.js';
import { type AlertShare, ofShare, sharesOf, shareValue } from './alert-share.js';
import { budgetRule, burnStepRules, ofAlike } from './burn-step-rules.js';
import type { JudgedAlike } from './burn-step-rules.js';
import type { ControlPlaneSettings } from '../../config/control-planes.js';
import { loadControlPlaneAlerts } from '../../packs/load-control-plane-alerts.js';
import { controlPlaneFile, type RegistrySettings } from './control-plane-file.js';
import { dependencyFile } from './dependency-file.js';
import { isForRules, objectivesFile } from './objectives-file.js';
import { inSmallGroups } from './portioned-groups.js';
import { recordingFile } from './recording-file.js';
import type { RuleFile, RuleGroup } from './rule-file.js';
import type { RuleSettings } from './rule-settings.js';
import { distinctSlis } from './sli.js';
import { budgetAlertRules, sightAlertRules, sloAlertRules } from './slo-alert-rules.js';
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
  /** Likewise. */
  readonly registries?: readonly RegistrySettings[];
}

/**
 * Every rule file, what others read first: objectives and recordings for all, alerts by tier or by owner, and what watches over them.
 *
 * By tier unless asked otherwise: a mistake in one file leaves the others alone, and every file reads all windows again.
 */
export function ruleSet({
  slos,
  packs,
  policies,
  links,
  settings,
  controlPlanes = [],
  registries = [],
}: RuleSetParts): readonly RuleFile[] {
  const kept = slos.filter(isForRules);
  const judged = judgedAlike(kept, policies, settings.alertFiles);
  return [
    objectivesFile(kept),
    recordingFile({
      slis: distinctSlis(kept),
      windowsSeconds: judged.flatMap(windowsOf),
      worstMinutesOfSeconds: judged.flatMap(worstMinutesOf),
      packs,
      settings,
    }),
    ...sharesOf(kept, settings.alertFiles).map((share) =>
      alertsFile(
        share,
        judged.filter((one) => one.share.value === share.value),
        { links, isPortioned: settings.rulesPerGroup !== undefined },
      ),
    ),
    ...dependencyFile(kept, packs, settings, links),
    inSmallGroups(
      controlPlaneFile({ controlPlanes, registries, alerts: loadControlPlaneAlerts(), settings, links }),
      settings,
    ),
    watchFile(settings, links),
  ];
}

/** The name of the file with the alerts of a share. */
export function alertsFileName({ value }: AlertShare): string {
  return `${alertsFilePrefix}${fileWord(value)}`;
}

/** What the names of all files with alerts of SLOs begin with. */
export const alertsFilePrefix = 'meshslo-alerts-';

/** The combinations of share, policy and window that SLOs have; one step is one rule for each. */
export function judgedAlike(
  slos: readonly Slo[],
  policies: AlertPolicies,
  by: AlertShare['by'],
): readonly JudgedAlike[] {
  const found = new Map<string, JudgedAlike>();
  for (const slo of slos) {
    const { alerts, window } = slo;
    const policy = policies.get(alerts.policy);
    if (window.kind !== 'rolling' || policy === undefined) continue;
    const share = { by, value: shareValue(slo, by) };
    const key = JSON.stringify([share.value, policy.name, window.seconds]);
    found.set(key, { share, policy, windowSeconds: window.seconds });
  }
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, alike]) => alike);
}

/** Windows that a policy looks at, and the budget's own. */
export function windowsOf({ policy, windowSeconds }: JudgedAlike): readonly number[] {
  return [windowSeconds, ...policyWindows(policy)];
}

/** Windows of which steps of a policy leave the worst minutes out. */
export function worstMinutesOf({ policy }: JudgedAlike): readonly number[] {
  return policy.steps.flatMap(({ worstMinutesLeftOut, longSeconds }) => (worstMinutesLeftOut > 0 ? [longSeconds] : []));
}

function policyWindows({ steps, hold }: AlertPolicy): readonly number[] {
  const ofSteps = steps.flatMap(({ longSeconds, shortSeconds }) => [longSeconds, shortSeconds]);
  return hold === undefined ? ofSteps : [...ofSteps, hold.withinSeconds, hold.badWithinSeconds];
}

function alertsFile(
  share: AlertShare,
  judged: readonly JudgedAlike[],
  { links, isPortioned }: { readonly links: LinkSettings; readonly isPortioned: boolean },
): RuleFile {
  const name = `meshslo:alerts:${share.value}`;
  const of = [ofShare(share)];
  return {
    name: alertsFileName(share),
    about: [
      `Alerts of the SLOs of ${shareInWords(share)}. docs/alerting.md says when a step is active.`,
      'Budgets of calendar windows and of time slices have no alerts here: the ledger alone keeps them.',
    ],
    groups: isPortioned
      ? [
          ...judged.map((alike) => burnGroup(alike, name, links)),
          { name, intervalSeconds: 60, rules: sightAlertRules(share, links) },
        ]
      : [
          {
            name,
            intervalSeconds: 60,
            rules: [budgetRule(of), ...judged.flatMap(burnStepRules), ...sloAlertRules(share, judged, links)],
          },
        ],
  };
}

/** Steps and the alerts that read them, of SLOs that are judged alike: in one group, as both are of one moment. */
function burnGroup(alike: JudgedAlike, share: string, links: LinkSettings): RuleGroup {
  const { policy, windowSeconds } = alike;
  const of = ofAlike(alike);
  return {
    name: `${share}:${policy.name}:${formatDuration(windowSeconds)}`,
    intervalSeconds: 60,
    rules: [budgetRule(of), ...burnStepRules(alike), ...budgetAlertRules(of, [alike], links)],
  };
}

function shareInWords({ by, value }: AlertShare): string {
  return value === '' ? 'nobody' : `${by} ${JSON.stringify(value)}`;
}

/** File systems take 255 bytes; there are words before and behind this one. */
const mostWordCharacters = 160;

/** A name as part of a file's: no two become one, on file systems that know no capitals neither. */
export function fileWord(name: string): string {
  if (name === '') return '_';
  const word = name.replace(/[^a-z0-9-]/gu, (character) => `_${character.codePointAt(0)!.toString(16)}_`);
  if (word.length <= mostWordCharacters) return word;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 24);
  return `${word.slice(0, mostWordCharacters - digest.length - 1)}_${digest}`;
}
