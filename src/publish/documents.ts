import type { Config } from '../config/config.js';
import type { NotificationSettings } from '../config/notifications.js';
import type { Slo } from '../domain/slo.js';
import type { BoardDocument, BoardSchema } from '../generate/dashboards/board-document.js';
import { boardDocuments } from '../generate/dashboards/board-documents.js';
import type { RuleFile } from '../generate/rules/rule-file.js';
import { ruleSet, type RuleSetParts } from '../generate/rules/rule-set.js';
import { ruleTests, type TestFiles } from '../generate/rules/tests/rule-tests.js';

/** All that is made for a fleet, in no place's form yet. */
export interface Documents {
  readonly rules: readonly RuleFile[];
  /** The same rules in groups of so many at most; made when they are asked for. */
  readonly rulesInGroupsOf: (rulesPerGroup: number) => readonly RuleFile[];
  /** In promtool's own format, by file; made when they are asked for, for these cost more than the rest. */
  readonly tests: () => TestFiles;
  /** Undefined where nobody is told by a configuration of ours. */
  readonly alertmanager: string | undefined;
  /** What that is made of. */
  readonly notifications: NotificationSettings | undefined;
  /** For Grafana, without `id` and `version`; uids are the same for the same board. */
  readonly dashboards: readonly BoardDocument[];
}

/** Where nothing but the past is published. */
export const noDocuments: Documents = {
  rules: [],
  rulesInGroupsOf: () => [],
  tests: () => new Map(),
  alertmanager: undefined,
  notifications: undefined,
  dashboards: [],
};

/** What a fleet's documents are made from. */
export interface DocumentParts {
  readonly config: Config;
  readonly slos: readonly Slo[];
  readonly alertmanager: string | undefined;
  /** Of dashboards; the classic one when left out. */
  readonly schema?: BoardSchema | undefined;
}

/** The documents of these SLOs; the same input gives the same. */
export function documentsOf({ config, slos, alertmanager, schema }: DocumentParts): Documents {
  const parts = ruleParts(config, slos);
  const rules = ruleSet(parts);
  const dashboards = [...boardDocuments({ ...parts, boards: config.boards }, schema)];
  const inGroups = (rulesPerGroup: number): readonly RuleFile[] =>
    ruleSet({ ...parts, settings: { ...parts.settings, rulesPerGroup } });
  return {
    rules,
    rulesInGroupsOf: inGroups,
    tests: () => ruleTests(parts, rules),
    alertmanager,
    notifications: config.notifications,
    dashboards,
  };
}

/** What rules are made from, of a configuration. */
export function ruleParts(config: Config, slos: readonly Slo[]): RuleSetParts {
  return {
    slos,
    packs: config.packs,
    policies: config.policies,
    links: config.links,
    settings: {
      ...config.rules,
      cluster: config.cluster,
      clusterAliases: config.clusterAliases,
      owner: config.alerting.owner,
    },
    controlPlanes: config.controlPlanes,
    registries: config.catalog.consul,
  };
}
