import type { Perspective } from '../../domain/slo.js';
import type { WrittenVariable } from '../../packs/board-pack.js';
import type { Condition } from '../../packs/condition.js';
import { matcherOf } from '../../packs/condition.js';
import type { MetricVocabulary, MetricWord } from '../../packs/metric-vocabulary.js';
import type { SignalPack } from '../../packs/signal-pack.js';
import { binary } from '../../promql/expression.js';
import type { Expression, Matcher, Selector } from '../../promql/expression.js';
import type { RuleSettings } from '../rules/rule-settings.js';
import { objective, serviceLabels } from '../rules/series-names.js';
import { chosen } from './grafana-text.js';

/** What a board is about, and what its queries can be made from. */
export interface BoardScope {
  /** Values that hold on the whole board, by label: `cluster`, `namespace`, `service`, `owner`. */
  readonly fixed: Readonly<Record<string, string>>;
  readonly variables: readonly WrittenVariable[];
  /** Meshes whose proxies count what the board is about. */
  readonly meshes: readonly SignalPack[];
  readonly vocabulary: MetricVocabulary;
  readonly settings: RuleSettings;
  /** Names of the SLIs whose events are recorded. */
  readonly slis: ReadonlySet<string>;
  /** Whose eyes see requests to the board's services: those of clients where a service has no proxy. */
  readonly seenAs: Perspective;
  /** Windows of which events are recorded, ascending. */
  readonly windowsSeconds: readonly number[];
  /** Windows that budgets have. */
  readonly budgetWindowsSeconds: readonly number[];
}

/** Whose eyes requests are asked of where a board asks for what the service's own proxies saw: it may have none. */
export function seenFrom(asked: Perspective, { seenAs }: BoardScope): Perspective {
  return asked === 'server' && seenAs === 'client' ? seenAs : asked;
}

/** What the board says of a label; undefined where it leaves it open. */
export function scopeOf(
  label: string,
  { fixed, variables }: BoardScope,
): Pick<Matcher, 'operator' | 'value'> | undefined {
  const value = fixed[label];
  if (value !== undefined) return { operator: '=', value };
  const variable = variables.find((one) => one.label === label);
  return variable && { operator: variable.single ? '=' : '=~', value: chosen(variable.name) };
}

/** The series of a metric that the board is about and that pass conditions. */
export function scopedSelector(
  { name, labels }: MetricWord,
  where: readonly Condition[],
  scope: BoardScope,
  range: Pick<Selector, 'rangeSeconds' | 'rangeVariable'> = {},
): Selector {
  const matchers = labels.flatMap((label): readonly Matcher[] => {
    const said = scopeOf(label, scope);
    return said === undefined ? [] : [{ label, ...said }];
  });
  return { kind: 'selector', metric: name, matchers: [...matchers, ...where.map(matcherOf)], ...range };
}

/** Of series of services, those of the board's team: recorded events do not say whose they are, objectives do. */
export function ofTeam(series: Expression, scope: BoardScope): Expression {
  const team = scopeOf('owner', scope);
  if (team === undefined) return series;
  const theirs: Selector = { kind: 'selector', metric: objective, matchers: [{ label: 'owner', ...team }] };
  return binary(series, 'and', theirs, { mode: 'on', labels: serviceLabels });
}
