import { stringify } from 'yaml';
import type { RulerSettings } from '../../config/publishing.js';
import { formatDuration, parseDuration } from '../../domain/duration.js';
import { filledGroups, groupFields } from '../../generate/rules/rule-yaml.js';
import { desiredObject, type DesiredObject } from '../desired-object.js';
import type { Documents } from '../documents.js';

/** A group of rules, or a rule, as an API gives it. */
export type Fields = Readonly<Record<string, unknown>>;

/** A group as it is sent: its rules, and its mark. */
export interface DesiredGroup extends DesiredObject {
  readonly ruleCount: number;
}

/** Groups of rules as objects of a ruler, as large as it takes them. */
export function groupObjects(
  { rules, rulesInGroupsOf }: Documents,
  { rulesPerGroup }: Pick<RulerSettings, 'rulesPerGroup'>,
): readonly DesiredGroup[] {
  const files = rulesPerGroup === undefined ? rules : rulesInGroupsOf(rulesPerGroup);
  return files
    .flatMap(({ groups }) => filledGroups(groups))
    .map((group) => ({
      ...desiredObject('rule-group', group.name, () => groupText({ ...groupFields(group) })),
      ruleCount: group.rules.length + 1,
    }));
}

/** The group as text to compare: durations in one notation, nothing that is empty, labels in order. */
export function groupText(group: Fields): string {
  const { name, interval, rules, ...rest } = group;
  const list = Array.isArray(rules) ? (rules as readonly Fields[]) : [];
  return stringify(
    { name, ...filled({ interval: duration(interval), ...rest }), rules: list.map(ruleOf) },
    { lineWidth: 0, blockQuote: 'literal', aliasDuplicateObjects: false },
  );
}

function ruleOf(rule: Fields): Fields {
  const { record, alert, expr, for: hold, keep_firing_for: keep, labels, annotations, ...rest } = rule;
  return filled({
    record,
    alert,
    expr: typeof expr === 'string' ? expr.trimEnd() : expr,
    for: duration(hold),
    keep_firing_for: duration(keep),
    labels: inOrder(labels),
    annotations: inOrder(annotations),
    ...rest,
  });
}

/** Undefined for none, and for one of nothing. */
function duration(written: unknown): unknown {
  const seconds = typeof written === 'string' ? parseDuration(written) : undefined;
  if (seconds === 0) return undefined;
  return seconds === undefined ? written : formatDuration(seconds);
}

function inOrder(labels: unknown): unknown {
  if (typeof labels !== 'object' || labels === null) return labels;
  return Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Without what is not there, is 0 or holds nothing. */
function filled(fields: Fields): Fields {
  const isEmpty = (value: unknown): boolean =>
    value === undefined ||
    value === null ||
    value === '' ||
    value === 0 ||
    (typeof value === 'object' && Object.keys(value).length === 0);
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value)));
}
