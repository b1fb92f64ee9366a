import type { ServiceId } from '../../../domain/service-id.js';
import type { Verdict } from '../../../domain/series-meaning.js';
import { leMatcher } from '../../../packs/bucket-bound.js';
import { valuesWithPart } from '../../../packs/extraction-pattern.js';
import { classSelectors } from '../../../packs/selectors.js';
import type { Constant, LabelChoice, ServiceLabels, SignalPack } from '../../../packs/signal-pack.js';
import { isUsable } from '../../../packs/signal-pack.js';
import { isPlainMetricName, quoteString } from '../../../promql/escaping.js';
import type { Matcher, Selector } from '../../../promql/expression.js';
import type { RuleSettings } from '../rule-settings.js';
import type { Sli } from '../sli.js';

/** Series of a proxy, as text: one more request of their kind makes all of them grow by one. */
export type ExampleSeries = readonly string[];

/** What a proxy prints of good requests, and of bad ones. */
export interface Examples {
  readonly good: ExampleSeries;
  readonly bad: ExampleSeries;
}

/** Values that conditions of packs are likely to want: codes, flags, words. */
const guesses = ['', '-', 'x', ...Array.from({ length: 600 }, (_, code) => String(code)), '5xx', 'success', 'failure'];

/**
 * Series of one proxy that count for an SLI of a service; undefined where no labels can be thought of that its pack takes for
 * such requests.
 */
export function exampleSeries(
  sli: Sli,
  service: ServiceId,
  pack: SignalPack,
  target: Readonly<Record<string, string>>,
  settings: RuleSettings,
): Examples | undefined {
  const of = (verdict: Verdict): ExampleSeries | undefined => {
    const families =
      sli.indicator.kind === 'latency'
        ? pack.latency!.families.map((family) => `${family}_count`)
        : pack.requests.families;
    for (const { view, verdict: found, selectors } of classSelectors(pack, sli.perspective, families, sli.filter)) {
      if (found !== verdict) continue;
      for (const selector of selectors) {
        const labels = solve(
          [...selector.matchers, ...namingMatchers(view.service, service, settings)],
          namesOf(service),
        );
        if (labels !== undefined) return seriesOf(selector, { ...target, ...labels }, sli, pack, verdict);
      }
    }
    return undefined;
  };
  const [good, bad] = [of('good'), of('bad')];
  return good && bad && { good, bad };
}

/** A series of promtool's input. */
export function seriesText(metric: string, labels: Readonly<Record<string, string>>): string {
  const all: Readonly<Record<string, string>> = isPlainMetricName(metric) ? labels : { __name__: metric, ...labels };
  const pairs = Object.entries(all).map(([name, value]) => `${name}=${quoteString(value)}`);
  return `${isPlainMetricName(metric) ? metric : ''}{${pairs.join(',')}}`;
}

function seriesOf(
  { metric }: Selector,
  labels: Readonly<Record<string, string>>,
  { indicator }: Sli,
  pack: SignalPack,
  verdict: Verdict,
): ExampleSeries {
  const counter = seriesText(metric, labels);
  if (indicator.kind !== 'latency' || verdict === 'bad') return [counter];
  const within = leMatcher(pack.latency!, indicator.thresholdSeconds);
  const le = within.value.split('|')[0]!.replace('(\\.0)?', '').replaceAll('\\', '');
  return [counter, seriesText(metric.replace(/_count$/, '_bucket'), { ...labels, le })];
}

/** The labels by which series name a service; undefined where they cannot name it. */
export function namingLabels(
  service: ServiceLabels,
  id: ServiceId,
  settings: RuleSettings,
): Readonly<Record<string, string>> | undefined {
  return solve(namingMatchers(service, id, settings), namesOf(id));
}

function namingMatchers(service: ServiceLabels, id: ServiceId, settings: RuleSettings): readonly Matcher[] {
  return [
    ...equals(service.name, id.name),
    ...equals(service.namespace, id.namespace),
    ...clusterMatchers(service, id.cluster, settings),
  ];
}

function equals(choice: LabelChoice | Constant, value: string): readonly Matcher[] {
  if ('constant' in choice) return choice.constant === value ? [] : [impossible];
  const { label, pattern } = choice.labels[0]!;
  if (!isUsable(choice, value)) return [impossible];
  if (pattern === undefined) return [{ label, operator: '=', value }];
  const values = valuesWithPart(pattern, value);
  return values === undefined ? [impossible] : [{ label, operator: '=~', value: values }];
}

const impossible: Matcher = { label: 'job', operator: '=', value: '\0' };

function clusterMatchers({ cluster }: ServiceLabels, name: string, settings: RuleSettings): readonly Matcher[] {
  const { clusterAliases, clusterLabel } = settings;
  const isOwn = name === settings.cluster && ![...clusterAliases.keys()].includes(name);
  if (isOwn) return [];
  const id = [...clusterAliases].find(([, alias]) => alias === name)?.[0] ?? name;
  const label = cluster?.labels[0]?.label ?? clusterLabel;
  return label === undefined ? [impossible] : [{ label, operator: '=', value: id }];
}

/** Labels that pass all matchers; undefined where no guess does. */
function solve(matchers: readonly Matcher[], names: readonly string[]): Readonly<Record<string, string>> | undefined {
  const labels: Record<string, string> = {};
  for (const label of new Set(matchers.map((matcher) => matcher.label))) {
    const wanted = matchers.filter((matcher) => matcher.label === label);
    const candidates = [...wanted.flatMap((matcher) => candidatesOf(matcher, names)), ...guesses];
    const value = candidates.find((candidate) => wanted.every((matcher) => passes(matcher, candidate)));
    if (value === undefined) return undefined;
    if (value !== '') labels[label] = value;
  }
  return labels;
}

function candidatesOf({ operator, value }: Matcher, names: readonly string[]): readonly string[] {
  if (operator === '=') return [value];
  if (operator !== '=~') return [];
  // Words between the signs of a regular expression are what it was made from.
  const words = value.split(/[|()[\]*+?,^$]+/);
  return [...words, ...filledIn(value, names)].map((word) => word.replaceAll('\\', ''));
}

/** A pattern of parts with names in place of what may be anything: `svc/[^.]+\\.shop` is `svc/cart.shop`. */
function filledIn(pattern: string, names: readonly string[]): readonly string[] {
  const parts = pattern.replace(/\(\?:[^()]*\)\?/g, '').split(/\[\^[^\]]*\]\+/);
  return parts.length === 1 ? parts : names.map((name) => parts.join(name));
}

function namesOf({ name, namespace }: ServiceId): readonly string[] {
  return [name, namespace];
}

function passes({ operator, value }: Matcher, candidate: string): boolean {
  switch (operator) {
    case '=':
      return candidate === value;
    case '!=':
      return candidate !== value;
    case '=~':
      return matches(value, candidate);
    case '!~':
      return !matches(value, candidate);
  }
}

function matches(pattern: string, candidate: string): boolean {
  return new RegExp(`^(?:${pattern})$`, 'su').test(candidate);
}
