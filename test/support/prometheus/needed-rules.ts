import { readNames } from './record-rules.js';
import type { Rule, RuleGroup } from './rule-file.js';

/** The rules of these alerts, and those that record what they or these queries read, in their groups and order. */
export function neededRules(
  groups: readonly RuleGroup[],
  { alerts, queries }: { readonly alerts: readonly string[]; readonly queries: readonly string[] },
): readonly RuleGroup[] {
  const all = groups.flatMap(({ rules }) => rules);
  const needed = new Set(all.filter(({ alert }) => alert !== undefined && alerts.includes(alert)));
  const recording = (texts: readonly string[]): readonly Rule[] => {
    const read = new Set(texts.flatMap(readNames));
    return all.filter((rule) => !needed.has(rule) && rule.record !== undefined && read.has(rule.record));
  };
  let texts = [...queries, ...[...needed].map(({ expr }) => expr)];
  while (texts.length > 0) {
    const reached = recording(texts);
    for (const rule of reached) needed.add(rule);
    texts = reached.map(({ expr }) => expr);
  }
  return groups.flatMap((group) => {
    const rules = group.rules.filter((rule) => needed.has(rule));
    return rules.length === 0 ? [] : [{ ...group, rules }];
  });
}
