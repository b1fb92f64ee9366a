import type { Verdict } from '../domain/series-meaning.js';
import type { Indicator, Perspective, RequestFilter } from '../domain/slo.js';
import type { Selector } from '../promql/expression.js';
import { matcherOf, nameLabel, negate, simplify } from './condition.js';
import type { Condition } from './condition.js';
import { leMatcher } from './bucket-bound.js';
import { valuesWithPart } from './extraction-pattern.js';
import type {
  Constant,
  LabelChoice,
  LabelSource,
  PackView,
  RequestClass,
  ServiceLabels,
  SignalPack,
} from './signal-pack.js';

/** The requests of one class of one view: the sum over the selectors, of which no two pass the same series. */
export interface ClassSelectors {
  readonly view: PackView;
  readonly className: string;
  readonly verdict: Verdict;
  readonly selectors: readonly Selector[];
}

/** A selector whose events are added or taken off, and the view that says which of its labels name the service. */
export interface SignedSelector {
  readonly sign: 1 | -1;
  readonly selector: Selector;
  readonly view: PackView;
}

/** The events of an SLI: signed sums of counters. */
export interface EventSelectors {
  readonly total: readonly SignedSelector[];
  readonly bad: readonly SignedSelector[];
  /** What is in the total and not bad. */
  readonly good: readonly SignedSelector[];
}

type Conjunction = readonly Condition[];

/**
 * Selectors for the total and the bad events of an SLI, over all services of a mesh, or for those of a filter.
 *
 * They say of every series exactly what the pack's interpreter says. With latency, an aborted request is left out while it
 * was faster than the threshold and bad afterwards; a failed one is bad however fast.
 *
 * @throws RangeError where the pack has no latency, no such bound, or no label for the filter: `check` has refused that.
 */
export function selectorsOf(
  pack: SignalPack,
  perspective: Perspective,
  indicator: Indicator,
  filter: RequestFilter = {},
): EventSelectors {
  switch (indicator.kind) {
    case 'availability':
      return availabilityOf(pack, perspective, filter);
    case 'latency':
      return latencyOf(pack, perspective, indicator.thresholdSeconds, filter);
    case 'latency-windows':
      throw new RangeError('windows of single proxies are no sum of counters');
  }
}

function availabilityOf(pack: SignalPack, perspective: Perspective, filter: RequestFilter): EventSelectors {
  const of = (...verdicts: readonly Verdict[]) =>
    signed(1, verdictSelectors(pack, perspective, pack.requests.families, filter, verdicts));
  return { total: of('good', 'bad'), bad: of('bad'), good: of('good') };
}

function latencyOf(
  pack: SignalPack,
  perspective: Perspective,
  thresholdSeconds: number,
  filter: RequestFilter,
): EventSelectors {
  if (pack.latency === undefined) throw new RangeError(`${pack.name} has no latency`);
  const { families } = pack.latency;
  const ofEvery = (suffix: string): readonly string[] => families.map((family) => `${family}${suffix}`);
  const within = leMatcher(pack.latency, thresholdSeconds);
  const fast = (sign: 1 | -1, verdict: Verdict): readonly SignedSelector[] =>
    signed(sign, verdictSelectors(pack, perspective, ofEvery('_bucket'), filter, [verdict])).map((one) => ({
      ...one,
      selector: { ...one.selector, matchers: [...one.selector.matchers, within] },
    }));
  const everything = verdictSelectors(pack, perspective, ofEvery('_count'), filter, ['good', 'bad', 'left-out']);
  const total = [...signed(1, everything), ...fast(-1, 'left-out')];
  return { total, bad: [...total, ...fast(-1, 'good')], good: fast(1, 'good') };
}

/** The series of the given metrics by view and class of a perspective. */
export function classSelectors(
  pack: SignalPack,
  perspective: Perspective,
  metrics: readonly string[],
  filter: RequestFilter = {},
): readonly ClassSelectors[] {
  const ofLatency = metrics.some((metric) => !pack.requests.families.includes(metric));
  const filters = filterConjunctions(pack, filter);
  return pack.views
    .filter((view) => view.perspective === perspective)
    .flatMap((view) => {
      const base = product([view.where], usableService(view.service), filters);
      return splitByClass(base, ofLatency ? view.latencyClasses : view.classes).map(({ decided, conjunctions }) => ({
        view,
        className: decided.name,
        verdict: decided.verdict,
        selectors: metrics.flatMap((metric) => conjunctions.flatMap((one) => selectorOf(metric, one) ?? [])),
      }));
    });
}

/**
 * The series whose class has one of the verdicts, in as few selectors as there can be: classes at the end of which all are
 * wanted, or none, need not be told apart.
 */
export function verdictSelectors(
  pack: SignalPack,
  perspective: Perspective,
  metrics: readonly string[],
  filter: RequestFilter,
  verdicts: readonly Verdict[],
): readonly ClassSelectors[] {
  const fewer = (classes: readonly RequestClass[]): readonly RequestClass[] => {
    const isWanted = ({ verdict }: RequestClass): boolean => verdicts.includes(verdict);
    const last = classes.at(-1)!;
    const kept = classes.findLastIndex((one) => isWanted(one) !== isWanted(last)) + 1;
    return [...classes.slice(0, kept), { ...last, where: [] }];
  };
  const views = pack.views.map((view) => ({
    ...view,
    classes: fewer(view.classes),
    latencyClasses: fewer(view.latencyClasses),
  }));
  const all = classSelectors({ ...pack, views }, perspective, metrics, filter);
  return all.filter(({ verdict }) => verdicts.includes(verdict));
}

/** First match decides: every class gets what the classes before it left, so that no two can overlap. */
function splitByClass(
  base: readonly Conjunction[],
  classes: readonly RequestClass[],
): readonly { readonly decided: RequestClass; readonly conjunctions: readonly Conjunction[] }[] {
  let left = base;
  return classes.map((decided) => {
    const conjunctions = product(left, [decided.where]);
    left = product(left, complement(decided.where));
    return { decided, conjunctions };
  });
}

/** What a conjunction does not pass, as disjoint ones: not a; or a, but not b; or a and b, but not c. */
function complement(conditions: Conjunction): readonly Conjunction[] {
  return conditions.map((condition, index) => [...conditions.slice(0, index), negate(condition)]);
}

/** Every combination of one conjunction of each list, without the impossible ones. Disjoint lists stay disjoint. */
function product(...lists: readonly (readonly Conjunction[])[]): readonly Conjunction[] {
  return lists.reduce<readonly Conjunction[]>(
    (sofar, list) => sofar.flatMap((one) => list.flatMap((other) => simplified([...one, ...other]))),
    [[]],
  );
}

function simplified(conjunction: Conjunction): readonly Conjunction[] {
  const simple = simplify(conjunction);
  return simple === undefined ? [] : [simple];
}

function usableService({ name, namespace }: ServiceLabels): readonly Conjunction[] {
  return product(usable(name), usable(namespace));
}

/** The first label is usable; or it is not, but the second is; and so on. */
function usable(choice: LabelChoice | Constant): readonly Conjunction[] {
  if ('constant' in choice || choice.otherwise !== undefined) return [[]];
  return bySource(choice).flatMap(({ conjunctions }) => conjunctions);
}

/** The series for which each label of a choice is the one that counts. */
function bySource(
  choice: LabelChoice,
): readonly { readonly source: LabelSource; readonly conjunctions: readonly Conjunction[] }[] {
  let left: readonly Conjunction[] = [[]];
  return choice.labels.map((source) => {
    const isUsable: Conjunction = [
      ...source.where,
      negate(oneOf(source.label, ['', ...choice.unusable])),
      ...(source.pattern === undefined ? [] : [matching(source.label, source.pattern.text)]),
    ];
    const conjunctions = product(left, [isUsable]);
    left = product(left, complement(isUsable));
    return { source, conjunctions };
  });
}

function filterConjunctions(pack: SignalPack, filter: RequestFilter): readonly Conjunction[] {
  const lists = (['caller', 'version', 'method'] as const).flatMap((key) => {
    const wanted = filter[key];
    if (wanted === undefined) return [];
    const choice = pack.facts[key];
    if (choice === undefined) throw new RangeError(`${pack.name} has no label for the ${key}`);
    return [bySource(choice).flatMap(({ source, conjunctions }) => product(conjunctions, saying(source, wanted)))];
  });
  return product(...lists);
}

/** The label says so; no conjunction where it never can. */
function saying({ label, pattern }: LabelSource, wanted: string): readonly Conjunction[] {
  if (pattern === undefined) return [[oneOf(label, [wanted])]];
  const values = valuesWithPart(pattern, wanted);
  return values === undefined ? [] : [[matching(label, values)]];
}

function matching(label: string, text: string): Condition {
  const test = { kind: 'pattern', pattern: text, expression: new RegExp(`^(?:${text})$`, 'u') } as const;
  return { label, test, negated: false };
}

function oneOf(label: string, values: readonly string[]): Condition {
  return { label, test: { kind: 'any-of', values }, negated: false };
}

/** Undefined where conditions on the metric's name exclude this metric. */
function selectorOf(metric: string, conjunction: Conjunction): Selector | undefined {
  const named = simplify([oneOf(nameLabel, [metric]), ...conjunction]);
  if (named === undefined) return undefined;
  return { kind: 'selector', metric, matchers: named.filter(({ label }) => label !== nameLabel).map(matcherOf) };
}

function signed(sign: 1 | -1, classes: readonly ClassSelectors[]): readonly SignedSelector[] {
  return classes.flatMap(({ view, selectors }) => selectors.map((selector) => ({ sign, selector, view })));
}
