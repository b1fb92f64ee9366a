import type { SyntaxNode } from '@lezer/common';
import type { MatchOperator, Matcher } from '../../promql/expression.js';

/** What a selector of PromQL asks for. */
export interface ReadSelector {
  /** Undefined where it names none, or asks for several by a regular expression. */
  readonly metric: string | undefined;
  /** Without those of the metric's own name. */
  readonly matchers: readonly Matcher[];
}

const nameLabel = '__name__';

/** The selector at a node of the grammar; its syntax is right. */
export function readSelector(node: SyntaxNode, text: string): ReadSelector {
  const said = (one: SyntaxNode): string => text.slice(one.from, one.to);
  const all = (node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? []).concat(
    node.getChild('LabelMatchers')?.getChildren('QuotedLabelMatcher') ?? [],
  );
  const matchers = all
    .sort((a, b) => a.from - b.from)
    .map((matcher): Matcher => {
      const label = matcher.getChild('LabelName') ?? matcher.getChild('QuotedLabelName')!;
      return {
        label: label.name === 'LabelName' ? said(label) : stringValue(said(label)),
        operator: said(matcher.getChild('MatchOp')!) as MatchOperator,
        value: stringValue(said(matcher.getChild('StringLiteral')!)),
      };
    });
  const identifier = node.getChild('Identifier');
  const quoted = node.getChild('LabelMatchers')?.getChild('QuotedLabelName');
  const byLabel = matchers.find(({ label, operator }) => label === nameLabel && operator === '=')?.value;
  return {
    metric: identifier ? said(identifier) : quoted ? stringValue(said(quoted)) : byLabel,
    matchers: matchers.filter(({ label }) => label !== nameLabel),
  };
}

const escapes: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/**
 * The text that a string literal of PromQL stands for.
 *
 * @see https://prometheus.io/docs/prometheus/latest/querying/basics/#string-literals (Go's escapes; none between backticks)
 */
export function stringValue(literal: string): string {
  const inside = literal.slice(1, -1);
  if (literal.startsWith('`')) return inside;
  return inside.replace(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3})|([^]))/g,
    (all, x?: string, u?: string, long?: string, octal?: string, plain?: string) => {
      const hex = x ?? u ?? long;
      const point = hex === undefined ? parseInt(octal ?? '', 8) : parseInt(hex, 16);
      if (plain !== undefined) return escapes[plain] ?? plain;
      return point <= 0x10_ff_ff ? String.fromCodePoint(point) : all;
    },
  );
}
