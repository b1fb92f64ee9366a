import { matcherOf } from '../../packs/condition.js';
import { valuesWithPart } from '../../packs/extraction-pattern.js';
import type { Constant, LabelChoice, LabelSource, ServiceLabels } from '../../packs/signal-pack.js';
import { quoteRegex } from '../../promql/escaping.js';
import type { Matcher, Selector } from '../../promql/expression.js';
import type { BoardScope } from './board-scope.js';
import { scopeOf } from './board-scope.js';
import { isChosen } from './grafana-text.js';

/** A selector of the series of one service: what says of a label that it names any service need not be said beside its name. */
export function withMatchers(selector: Selector, service: readonly Matcher[]): Selector {
  const decided = new Set(service.filter(({ operator }) => operator === '=').map(({ label }) => label));
  return { ...selector, matchers: [...selector.matchers.filter(({ label }) => !decided.has(label)), ...service] };
}

type Wanted = Pick<Matcher, 'operator' | 'value'>;

/**
 * The service of a board in the labels of a mesh: lists of matchers, of which no two pass the same series. The inverse of
 * {@link namedServices}.
 *
 * A chosen cluster is not asked for in labels that have ids instead of names; namespace and service narrow it down.
 */
export function rawServiceMatchers(service: ServiceLabels, scope: BoardScope): readonly (readonly Matcher[])[] {
  const parts = [
    valueMatchers(service.namespace, scopeOf('namespace', scope)),
    valueMatchers(service.name, scopeOf('service', scope)),
    clusterMatchers(service, scope),
  ];
  return parts.reduce(
    (sofar, alternatives) => sofar.flatMap((one) => alternatives.map((other) => [...one, ...other])),
    [[] as readonly Matcher[]],
  );
}

/** The first usable label has the value, or the part of its value that counts; or none is usable, and the value stands for that. */
function valueMatchers(choice: LabelChoice | Constant, wanted: Wanted | undefined): readonly (readonly Matcher[])[] {
  if (wanted === undefined || 'constant' in choice) return [[]];
  const { labels, unusable, otherwise } = choice;
  const isUnusable = ({ label, pattern }: LabelSource): Matcher =>
    pattern === undefined ? anyOf(label, ['', ...unusable]) : { label, operator: '!~', value: pattern.text };
  const named = labels.flatMap((source, index) => {
    const value = valueMatcher(source, wanted);
    if (value === undefined) return [];
    return [[...labels.slice(0, index).map(isUnusable), ...source.where.map(matcherOf), value]];
  });
  return otherwise !== undefined && otherwise === wanted.value ? [...named, labels.map(isUnusable)] : named;
}

/** Undefined for a value that no series has in this label. */
function valueMatcher({ label, pattern }: LabelSource, { operator, value }: Wanted): Matcher | undefined {
  if (pattern === undefined) return { label, operator, value };
  const [before, , after] = pattern.parts;
  const whole = isChosen(value) ? `${before}${value}${after}` : valuesWithPart(pattern, value);
  return whole === undefined ? undefined : { label, operator: '=~', value: whole };
}

function clusterMatchers({ cluster: choice }: ServiceLabels, { fixed, variables, settings }: BoardScope) {
  const { cluster: usual, clusterLabel, clusterAliases } = settings;
  const wanted = fixed['cluster'];
  if (wanted === undefined) {
    const chosen = scopeOf('cluster', { fixed, variables } as BoardScope);
    return chosen === undefined || clusterLabel === undefined ? [[]] : [[{ label: clusterLabel, ...chosen }]];
  }
  const names = [wanted, ...[...clusterAliases].filter(([, name]) => name === wanted).map(([id]) => id)].sort();
  const ofTarget = clusterLabel === undefined ? [] : [anyOf(clusterLabel, names)];
  const isHere = clusterLabel !== undefined || wanted === usual;
  if (choice === undefined) return isHere ? [ofTarget] : [];
  const { label } = choice.labels[0]!;
  const nameless = ['', ...choice.unusable, ...choice.defaultIds.filter((id) => !clusterAliases.has(id))];
  if (ofTarget.length === 0) return [[anyOf(label, isHere ? [...names, ...nameless] : names)]];
  return [[anyOf(label, names)], [anyOf(label, nameless), ...ofTarget]];
}

function anyOf(label: string, values: readonly string[]): Matcher {
  const [only] = values;
  if (values.length === 1) return { label, operator: '=', value: only! };
  return { label, operator: '=~', value: [...new Set(values)].map(quoteRegex).join('|') };
}
