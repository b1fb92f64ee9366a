import { call, number } from '../../promql/expression.js';
import { type Slo, sloId, summedSeconds } from '../../domain/slo.js';
import { formatDuration } from '../../domain/duration.js';
import type { RecordingRule, RuleFile } from './rule-file.js';
import { objective } from './series-names.js';
import { sliName, sliOf } from './sli.js';
import { steadyPortions } from './steady-portions.js';

/** What the names of all groups of objectives begin with. */
export const objectivesGroup = 'meshslo:objectives';

/** A Mimir takes twenty rules in a group unless it is told otherwise; its groups hold one more, which says whose they are. */
const mostRulesOfGroup = 19;

/** Whether rules can keep the budget: calendar windows, slices of time and minutes of proxies live in the ledger only. */
export function isForRules(slo: Slo): boolean {
  return slo.mesh !== undefined && slo.indicator.kind !== 'latency-windows' && summedSeconds(slo) !== undefined;
}

/**
 * One constant for every SLO: what the events of its SLI are held against. The only rules whose number grows with services.
 *
 * None needs another, so they stand in many small groups. A rule stays in its group while others come and go: one that moves is
 * stale until its new group is evaluated, and an alert would end meanwhile.
 */
export function objectivesFile(slos: readonly Slo[]): RuleFile {
  const byId = new Map(slos.filter(isForRules).map((slo) => [sloId(slo), slo]));
  const sorted = [...byId.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
  const portions = steadyPortions(sorted, { keyOf: ([id]) => id, weightOf: () => 1, most: mostRulesOfGroup });
  return {
    name: 'meshslo-objectives',
    about: ['The objective of every SLO, as a constant: alerts need nothing of meshslo to be running.'],
    // An objective is seen for five minutes: one evaluation may fail.
    groups: portions.map(({ name, things }) => ({
      name: name === '' ? objectivesGroup : `${objectivesGroup}:${name}`,
      intervalSeconds: 120,
      rules: things.map(([, slo]) => objectiveRule(slo)),
    })),
  };
}

/** The labels of the series of an SLO's objective. */
export function objectiveSeries(slo: Slo): Readonly<Record<string, string>> {
  const { cluster, namespace, name } = slo.service;
  return {
    cluster,
    namespace,
    service: name,
    slo: slo.name,
    ...(slo.owner !== undefined && { owner: slo.owner }),
    sli: sliName(sliOf(slo)!),
    policy: slo.alerts.policy,
    ...(!slo.alerts.pages && { pages: 'off' }),
    tier: slo.tier,
    ...(slo.window.kind === 'rolling' && { window: formatDuration(slo.window.seconds) }),
  };
}

function objectiveRule(slo: Slo): RecordingRule {
  return { record: objective, labels: objectiveSeries(slo), expression: call('vector', number(slo.objective)) };
}
