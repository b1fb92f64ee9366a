import { checkValue } from '../documents/checked-value.js';
import type { CheckedValue } from '../documents/checked-value.js';
import type { YamlDocument } from '../documents/yaml-document.js';
import type { AlertPolicy } from '../domain/alert-policy.js';
import type { Diagnostic } from '../domain/diagnostic.js';
import { alertPolicySchema } from './alert-policy-schema.js';
import type { WrittenAlertPolicy } from './alert-policy-schema.js';
import { loadDefinitions } from './definition-files.js';

/** Policies by the name that tiers and SLO files choose them by. */
export type AlertPolicies = ReadonlyMap<string, AlertPolicy>;

/** The shipped policies and those of further files; a further one takes the place of a shipped one of its name. */
export function loadAlertPolicies(furtherFiles: readonly string[] = []): {
  readonly policies: AlertPolicies;
  readonly diagnostics: readonly Diagnostic[];
} {
  const { known, diagnostics } = loadDefinitions('alerts/policies', furtherFiles, 'policy', checkAlertPolicy);
  return { policies: known, diagnostics };
}

/** One document as a policy, or every mistake of it. */
export function checkAlertPolicy(document: YamlDocument): CheckedValue<AlertPolicy> {
  const { value, diagnostics } = checkValue(document, alertPolicySchema);
  return value === undefined ? { diagnostics } : { value: policyOf(value), diagnostics };
}

function policyOf({ policy, title, least_factor, evidence, hold, steps }: WrittenAlertPolicy): AlertPolicy {
  return {
    name: policy,
    title,
    evidence: evidence && {
      leastBad: evidence.least_bad,
      leastBadLately: evidence.least_bad_lately,
      chance: evidence.chance,
    },
    hold: hold && { fewerEvents: hold.fewer_events, withinSeconds: hold.within, badWithinSeconds: hold.bad_within },
    steps: steps.map((step) => ({
      name: step.name,
      severity: step.severity,
      budgetShare: step.budget_share,
      leastFactor: least_factor,
      longSeconds: step.long,
      shortSeconds: step.short,
      shortPace: step.short_pace,
      leastBad: step.least_bad,
      worstMinutesLeftOut: step.worst_minutes_left_out,
      action: step.action,
    })),
  };
}
