import { matcherOf } from '../../packs/condition.js';
import { valuesWithPart } from '../../packs/extraction-pattern.js';
import type { Constant, LabelChoice, LabelSource, ServiceLabels } from '../../packs/signal-pack.js';
import { quoteRegex } from '../../promql/escaping.js';
import { binary, chain } from '../../promql/expression.js';
import type { Expression, Matcher, Selector } from '../../promql/expression.js';
import { objective, serviceLabels } from '../rules/series-names.js';
import type { BoardScope } from './board-scope.js';
import { scopeOf } from './board-scope.js';
import { isChosen } from './grafana-text.js';

/** A selector of the series of one service: what says of a label that it names any service need not be said beside its name. */
export function withMatchers(selector: Selector, service: readonly Matcher[]): Selector {
  const decided = new Set(service.filter(({ operator }) => operator === '=').map(({ label }) => label));
  return { ...selector, matchers: [...selector.matchers.filter(({ label }) => !decided.has(label)), ...service] };
}

type Wanted = Pick<Matcher, 'operator' | 'value'>;

/** One way in which series are those of a service. */
export interface ServiceWay {
  readonly matchers: readonly Matcher[];
  /** By label of services, what has to be chosen on the board for it; a board of one service has none. */
  readonly whileChosen: readonly Matcher[];
}

/**
 * The service of a board in the labels of a mesh, of which no two ways pass the same series. The inverse of
 * {@link namedServices}.
 *
 * A chosen cluster is not asked for in labels that have ids instead of names; namespace and service narrow it down.
 */
export function rawServiceWays(service: ServiceLabels, scope: BoardScope): readonly ServiceWay[] {
  const parts = [
    valueWays('namespace', service.namespace, scope),
    valueWays('service', service.name, scope),
    clusterMatchers(service, scope).map((matchers) => ({ matchers, whileChosen: [] })),
  ];
  const none: ServiceWay = { matchers: [], whileChosen: [] };
  return parts.reduce((sofar, ways) => sofar.flatMap((one) => ways.map((other) => both(one, other))), [none]);
}

function both(one: ServiceWay, other: ServiceWay): ServiceWay {
  return {
    matchers: [...one.matchers, ...other.matchers],
    whileChosen: [...one.whileChosen, ...other.whileChosen],
  };
}

/** What is read in each of some ways, at least one, in one. */
export function eitherWay<Way extends ServiceWay>(
  ways: readonly Way[],
  read: (way: Way) => Expression,
  scope: BoardScope,
): Expression {
  const byNeed = new Map<string, Way[]>();
  for (const way of ways) {
    const need = JSON.stringify(way.whileChosen);
    byNeed.set(need, [...(byNeed.get(need) ?? []), way]);
  }
  const [first, ...others] = [...byNeed.values()].map((alike) => {
    const [one, ...more] = alike.map(read);
    return whileChosen(chain('or', [one!, ...more]), alike[0]!.whileChosen, scope);
  });
  return chain('or', [first!, ...others]);
}

/**
 * Series as long as something is chosen on the board: no matcher compares what is chosen with a text, but those of an objective,
 * which every service that can be chosen has.
 */
function whileChosen(series: Expression, chosen: ServiceWay['whileChosen'], scope: BoardScope): Expression {
  if (chosen.length === 0) return series;
  const ofService = serviceLabels.flatMap((label): readonly Matcher[] => {
    const said = scopeOf(label, scope);
    return said === undefined ? [] : [{ label, ...said }];
  });
  const isChosen: Selector = { kind: 'selector', metric: objective, matchers: [...ofService, ...chosen] };
  return binary(series, 'and', isChosen, { mode: 'on', labels: [] });
}

/** The first usable label has the value, or the part of its value that counts; or none is usable, and the value stands for that. */
function valueWays(name: string, choice: LabelChoice | Constant, scope: BoardScope): readonly ServiceWay[] {
  const wanted = scopeOf(name, scope);
  if (wanted === undefined || 'constant' in choice) return [{ matchers: [], whileChosen: [] }];
  const { labels, unusable, otherwise } = choice;
  const isUnusable = ({ label, pattern }: LabelSource): Matcher =>
    pattern === undefined ? anyOf(label, ['', ...unusable]) : { label, operator: '!~', value: pattern.text };
  const named = labels.flatMap((source, index) => {
    const value = valueMatcher(source, wanted);
    if (value === undefined) return [];
    const matchers = [...labels.slice(0, index).map(isUnusable), ...source.where.map(matcherOf), value];
    return [{ matchers, whileChosen: [] }];
  });
  if (otherwise === undefined) return named;
  const nameless = labels.map(isUnusable);
  if (otherwise === wanted.value) return [...named, { matchers: nameless, whileChosen: [] }];
  const isIt: Matcher = { label: name, operator: '=', value: otherwise };
  return isChosen(wanted.value) ? [...named, { matchers: nameless, whileChosen: [isIt] }] : named;
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
