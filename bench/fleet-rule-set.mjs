/** Our rules for services with one availability SLO each, from the build. */
import { usualAlerts } from '../dist/domain/slo.js';
import { ruleSet } from '../dist/generate/rules/rule-set.js';
import { ruleYaml } from '../dist/generate/rules/rule-yaml.js';
import { loadAlertPolicies } from '../dist/packs/load-alert-policies.js';
import { loadPacks } from '../dist/packs/load-packs.js';

const settings = {
  cluster: 'bench',
  clusterAliases: new Map(),
  clusterLabel: undefined,
  targetLabels: ['job', 'instance'],
  alertFiles: 'tier',
  delaySeconds: 15,
};

/** The texts of all rule files. */
export function fleetRuleFiles(services, { windowDays, objective }) {
  const slos = services.map(({ name, namespace }) => ({
    service: { cluster: settings.cluster, namespace, name },
    mesh: 'istio',
    name: 'availability',
    indicator: { kind: 'availability' },
    perspective: 'server',
    filter: {},
    objective,
    window: { kind: 'rolling', seconds: windowDays * 86_400 },
    budgeting: { method: 'occurrences' },
    alerts: usualAlerts,
    owner: 'team-bench',
    tier: 'standard',
    origin: 'default',
  }));
  const { packs } = loadPacks();
  const { policies } = loadAlertPolicies();
  return ruleSet({ slos, packs, policies, links: {}, settings }).map(ruleYaml);
}

/** A rule that says the same whatever happens. */
export function isConstant({ expr }) {
  return /^vector\([^()]*\)$/.test(expr.trim());
}
