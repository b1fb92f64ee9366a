import { quoteRegex } from '../../promql/escaping.js';

/** A condition on a label as Alertmanager 0.22 and everything younger reads it: `owner="team-shop"`. */
export type LabelMatcher = string;

/** The label has exactly this value, whatever characters that has. */
export function labelIs(label: string, value: string): LabelMatcher {
  return `${label}=${quoted(value)}`;
}

/** The label has one of these values. */
export function labelIsOneOf(label: string, values: readonly string[]): LabelMatcher {
  return `${label}=~${quoted(values.map(quoteRegex).join('|'))}`;
}

/** The label has a value. */
export function labelIsThere(label: string): LabelMatcher {
  return `${label}!=""`;
}

/** The label is as a pattern with `*` and `?` says; one that anything fits asks for a value all the same. */
export function labelFits(label: string, pattern: string): LabelMatcher {
  if (!/[*?]/.test(pattern)) return labelIs(label, pattern);
  if (/^\*+$/.test(pattern)) return `${label}=~".+"`;
  const parts = pattern.split(/([*?])/).map((part) => (part === '*' ? '.*' : part === '?' ? '.' : quoteRegex(part)));
  return `${label}=~${quoted(parts.join(''))}`;
}

/**
 * Backslash, quote and line feed are the only escapes; other characters stand for themselves.
 *
 * @see https://prometheus.io/docs/alerting/latest/configuration/#matcher
 */
function quoted(value: string): string {
  // Half a surrogate pair is no character, and no label has it.
  const text = value.replace(/\p{Cs}/gu, '\ufffd');
  return `"${text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}
