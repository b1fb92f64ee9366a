import type { Expression } from '../../promql/expression.js';

/** A file of rules as Prometheus and its kin load it. */
export interface RuleFile {
  /** Kebab-case, without its ending. */
  readonly name: string;
  /** Lines for whoever opens it: what it is, and what is not in it. */
  readonly about: readonly string[];
  readonly groups: readonly RuleGroup[];
}

/** Rules that are evaluated one after the other, at one moment. */
export interface RuleGroup {
  /** Unique over all files. */
  readonly name: string;
  readonly intervalSeconds: number;
  readonly rules: readonly Rule[];
}

export type Rule = RecordingRule | AlertingRule;

/** Writes the value of an expression as a series of its own. */
export interface RecordingRule {
  readonly record: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly expression: Expression;
}

/** Fires for every series that an expression has. */
export interface AlertingRule {
  readonly alert: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly expression: Expression;
  /** How long it must hold without a break; 0 fires at once. */
  readonly forSeconds: number;
}
