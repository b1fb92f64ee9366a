import { parse } from 'yaml';
import { parseDuration } from '../../../src/domain/duration.js';

/** A group of a rule file: its rules are evaluated one after the other, all at the same moment. */
export interface RuleGroup {
  readonly name: string;
  readonly intervalSeconds: number;
  readonly rules: readonly Rule[];
}

/** A recording rule, or an alert. */
export interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** The groups of a rule file's text, as Prometheus reads it; without an interval a minute, Prometheus' own default. */
export function readRuleFile(text: string): readonly RuleGroup[] {
  const { groups } = parse(text) as {
    readonly groups: readonly { readonly name: string; readonly interval?: string; readonly rules: readonly Rule[] }[];
  };
  return groups.map(({ name, interval, rules }) => ({
    name,
    intervalSeconds: interval === undefined ? 60 : parseDuration(interval)!,
    rules,
  }));
}
