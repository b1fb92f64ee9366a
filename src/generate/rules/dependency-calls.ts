import { selectorsOf } from '../../packs/selectors.js';
import type { SignedSelector } from '../../packs/selectors.js';
import type { Constant, LabelChoice, ServiceLabels, SignalPack } from '../../packs/signal-pack.js';
import { binary, call, number, sumBy } from '../../promql/expression.js';
import type { Expression, Selector } from '../../promql/expression.js';
import { added } from './added.js';
import { namedServices, rawServiceLabels } from './named-services.js';
import type { RecordingRule } from './rule-file.js';
import type { RuleSettings } from './rule-settings.js';
import { type CallKind, dependencyCalls, dependencyLabels, serviceLabels } from './series-names.js';

/** Calls are counted every quarter of an hour: three days of them weigh dependencies, and reading them costs. */
export const callSeconds = 900;

const everyLabel = [...serviceLabels, ...dependencyLabels];

/**
 * Calls from service to service, counted by the proxies of those who call: a request that was tried again is one call. None
 * for a mesh whose series do not tell who calls.
 *
 * Prometheus' own estimate of growth is enough: calls weigh dependencies, and no budget is made of them.
 */
export function dependencyCallRules(pack: SignalPack, settings: RuleSettings): readonly RecordingRule[] {
  const caller = callerLabels(pack);
  if (caller === undefined) return [];
  const { good, bad } = selectorsOf(pack, 'client', { kind: 'availability' });
  if (good.length + bad.length === 0) return [];
  const labels = { mesh: pack.name };
  const rule = (kind: CallKind, expression: Expression): RecordingRule => ({
    record: dependencyCalls(kind),
    labels,
    expression,
  });
  const goodCalls = sumBy(everyLabel, ofMesh('good_calls', pack));
  const none = binary(goodCalls, '*', number(0));
  return [
    ...(good.length === 0 ? [] : [rule('good_calls', calls(good, caller, settings))]),
    rule('bad_calls', bad.length === 0 ? none : binary(calls(bad, caller, settings), 'or', none)),
    rule(
      'calls',
      added(everyLabel, [
        { sign: 1, of: ofMesh('good_calls', pack) },
        { sign: 1, of: ofMesh('bad_calls', pack) },
      ]),
    ),
  ];
}

function ofMesh(kind: CallKind, { name }: SignalPack): Selector {
  return { kind: 'selector', metric: dependencyCalls(kind), matchers: [{ label: 'mesh', operator: '=', value: name }] };
}

/** Whether there are such rules for a mesh. */
export function tellsCalls(pack: SignalPack): boolean {
  return callerLabels(pack) !== undefined && pack.views.some(({ perspective }) => perspective === 'client');
}

/** The labels that name the service that calls; undefined where the mesh has none. */
export function callerLabels({ facts }: SignalPack): ServiceLabels | undefined {
  const { caller, callerNamespace, callerCluster } = facts;
  return caller && callerNamespace && { name: caller, namespace: callerNamespace, cluster: callerCluster };
}

/** One naming of both ends for all selectors whose series name the service that is called in the same way. */
function calls(selectors: readonly SignedSelector[], caller: ServiceLabels, settings: RuleSettings): Expression {
  const alike = new Map<string, SignedSelector[]>();
  for (const one of selectors) {
    const key = JSON.stringify(one.view.service);
    alike.set(key, [...(alike.get(key) ?? []), one]);
  }
  const terms = [...alike.values()].map((group) => {
    const called = group[0]!.view.service;
    const raw = [...new Set([...rawServiceLabels(called, settings), ...rawServiceLabels(caller, settings)])];
    const grown = group.map(({ sign, selector }) => {
      const counted = { ...selector, rangeSeconds: callSeconds, offsetSeconds: settings.delaySeconds };
      return { sign, of: sumBy(raw, call('increase', counted)) };
    });
    const sums = grown.length === 1 ? grown[0]!.of : added(raw, grown);
    return { sign: 1 as const, of: namedCalls(sums, called, caller, settings) };
  });
  return terms.length === 1 ? terms[0]!.of : added(everyLabel, terms);
}

/** Both ends by name. What names the caller is set aside first: the other's names may stand in labels of the same name. */
function namedCalls(
  sums: Expression,
  called: ServiceLabels,
  caller: ServiceLabels,
  settings: RuleSettings,
): Expression {
  const ofCaller = rawServiceLabels(caller, settings);
  const kept = ofCaller.reduce((so, label) => moved(so, aside(label), label), sums);
  const dependency = namedServices(kept, called, settings, ofCaller.map(aside));
  const both = serviceLabels.reduce((so, label) => moved(so, `dependency_${label}`, label), dependency);
  const { clusterLabel } = settings;
  const ownSettings = { ...settings, clusterLabel: clusterLabel === undefined ? undefined : aside(clusterLabel) };
  return namedServices(both, setAside(caller), ownSettings, dependencyLabels);
}

function setAside({ name, namespace, cluster }: ServiceLabels): ServiceLabels {
  const choice = <T extends LabelChoice | Constant>(one: T): T =>
    'constant' in one
      ? one
      : { ...one, labels: one.labels.map((source) => ({ ...source, label: aside(source.label) })) };
  return { name: choice(name), namespace: choice(namespace), cluster: cluster && choice(cluster) };
}

function aside(label: string): string {
  return `caller_${label}`;
}

function moved(sums: Expression, to: string, from: string): Expression {
  return call('label_replace', sums, to, '$1', from, '(?s)(.*)');
}
