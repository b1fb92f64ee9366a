import { Document } from 'yaml';
import { formatDuration } from '../../domain/duration.js';
import { layOut } from '../../promql/layout.js';
import type { Rule, RuleFile, RuleGroup } from './rule-file.js';

/** What YAML and JSON hold of a group. */
export interface GroupFields {
  readonly name: string;
  readonly interval: string;
  readonly rules: readonly Readonly<Record<string, unknown>>[];
}

/** The file as Prometheus, Mimir, Thanos and vmalert read it: the same rules give the same bytes. */
export function ruleYaml({ about, groups }: RuleFile): string {
  const document = new Document({ groups: filledGroups(groups).map(groupFields) });
  document.commentBefore = ['Made by meshslo generate: changes get lost with the next run.', ...about]
    .map((line) => ` ${line}`)
    .join('\n');
  return document.toString({ lineWidth: 0, blockQuote: 'literal' });
}

/** What the file is called in its folder. */
export function ruleFileName({ name }: RuleFile): string {
  return `${name}.yaml`;
}

/** Groups with something in them: Prometheus takes others, its kin not always. */
export function filledGroups(groups: readonly RuleGroup[]): readonly RuleGroup[] {
  return groups.filter(({ rules }) => rules.length > 0);
}

/** A group as it stands in a file. */
export function groupFields({ name, intervalSeconds, rules }: RuleGroup): GroupFields {
  return { name, interval: formatDuration(intervalSeconds), rules: rules.map(ruleFields) };
}

function ruleFields(rule: Rule): Readonly<Record<string, unknown>> {
  const labels = isEmpty(rule.labels) ? {} : { labels: sorted(rule.labels) };
  const expr = layOut(rule.expression);
  if ('record' in rule) return { record: rule.record, expr, ...labels };
  const { alert, annotations, forSeconds } = rule;
  return { alert, expr, ...(forSeconds > 0 && { for: formatDuration(forSeconds) }), ...labels, annotations };
}

function isEmpty(labels: Readonly<Record<string, string>>): boolean {
  return Object.keys(labels).length === 0;
}

function sorted(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}
