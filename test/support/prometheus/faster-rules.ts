import { formatDuration, parseDuration } from '../../../src/domain/duration.js';
import type { RuleGroup } from './rule-file.js';

/** The same rules for a world in which time runs faster: every range, offset and interval is so many times shorter. */
export function fasterRules(groups: readonly RuleGroup[], speed: number): readonly RuleGroup[] {
  return groups.map(({ name, intervalSeconds, rules }) => ({
    name,
    intervalSeconds: intervalSeconds / speed,
    rules: rules.map((rule) => ({ ...rule, expr: fasterExpression(rule.expr, speed) })),
  }));
}

/** A rule file, in the part of YAML that is JSON. */
export function ruleFileText(groups: readonly RuleGroup[]): string {
  return JSON.stringify({
    groups: groups.map(({ intervalSeconds, ...group }) => ({ ...group, interval: formatDuration(intervalSeconds) })),
  });
}

/** Texts in quotes may hold brackets, too, and stay as they are. */
function fasterExpression(expression: string, speed: number): string {
  const shorter = (duration: string): string => {
    // Rounded down: a range that ends a millisecond early must not reach its next sample.
    const milliseconds = Math.floor((parseDuration(duration)! * 1000) / speed);
    return formatDuration(milliseconds / 1000);
  };
  return expression.replaceAll(
    /("(?:[^"\\]|\\.)*")|\[(\w+)\]|offset (\w+)/g,
    (whole, text?: string, range?: string, offset?: string) => {
      if (text !== undefined) return whole;
      return range === undefined ? `offset ${shorter(offset!)}` : `[${shorter(range)}]`;
    },
  );
}
