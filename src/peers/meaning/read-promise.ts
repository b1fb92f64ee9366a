import type { Indicator, Perspective, RequestFilter } from '../../domain/slo.js';
import { negate, matcherOf, holds } from '../../packs/condition.js';
import type { SignalPacks } from '../../packs/load-packs.js';
import type { PackView, SignalPack } from '../../packs/signal-pack.js';
import { labelNames } from '../../packs/signal-pack.js';
import type { Obstacle, Reading } from '../obstacle.js';
import { isObstacle } from '../obstacle.js';
import type { EventTerm } from '../query/counted-events.js';
import type { PeerEvents } from '../query/read-ratio.js';
import { compare, isTaken, sharedLabels, viewLabels } from './compare.js';
import type { Comparison } from './compare.js';
import { differenceInWords } from './differences.js';
import type { Difference } from './differences.js';
import { boundOf, familyPlace } from './family.js';
import { fixedValue, passes, readableExpression } from './label-values.js';
import { namedService } from './named-service.js';
import type { ClusterWords, NamedService } from './named-service.js';
import { exampleValues } from './probes.js';
import { whatNarrows } from './what-narrows.js';

/** What queries of another tool promise, in the words of SLO files. */
export interface ReadPromise {
  /** Name of the pack that knows the metrics. */
  readonly mesh: string;
  readonly service: NamedService;
  readonly indicator: Indicator;
  /** Undefined: the default, the server's. */
  readonly perspective: Perspective | undefined;
  readonly filter: RequestFilter;
  readonly differences: readonly Difference[];
}

/** What is known of the meshes that somebody has. */
export interface Meshes {
  readonly packs: SignalPacks;
  /** Packs of the meshes that are scraped: these go first. */
  readonly inUse: readonly string[];
  readonly clusters: ClusterWords;
}

/** The promise behind bad and all events, or why meshslo cannot make it. */
export function readPromise(events: PeerEvents, meshes: Meshes): Reading<ReadPromise> {
  const terms = [...events.total.terms, ...events.bad.terms];
  const unreadable = terms
    .flatMap(({ matchers }) => matchers)
    .find(({ operator, value }) => operator.includes('~') && readableExpression(value) === undefined);
  if (unreadable) {
    const said = `${unreadable.label}${unreadable.operator}${JSON.stringify(unreadable.value)}`;
    return { code: 'unreadable-expression', message: `this regular expression cannot be read here: ${said}` };
  }
  if (events.total.terms.length === 0) {
    return { code: 'nothing-counted', message: 'its total counts nothing' };
  }
  if (terms.every(({ metric }) => metric === terms[0]!.metric) && events.bad.terms.length === 0) {
    return { code: 'nothing-bad', message: 'no request would ever be bad' };
  }
  const packs = fittingPacks(terms, meshes);
  if (packs.length === 0) return unknownMetric(terms, meshes.packs);
  const readings = packs.map((pack) => readThrough(pack, events, meshes.clusters));
  return readings.find((one) => !isObstacle(one)) ?? readings[0]!;
}

/** Packs that count all the metrics, the likeliest first. */
function fittingPacks(terms: readonly EventTerm[], { packs, inUse }: Meshes): readonly SignalPack[] {
  const shared = sharedLabels(terms);
  const fitting = [...packs.values()].filter((pack) =>
    terms.every(({ metric }) => familyPlace(pack, metric) !== undefined),
  );
  const isSure = (pack: SignalPack): boolean =>
    pack.detect.some(({ where }) => where.every((one) => shared.has(one.label) && holds(one, shared.get(one.label)!)));
  const rank = (pack: SignalPack): number => (inUse.includes(pack.name) ? 0 : 2) + (isSure(pack) ? 0 : 1);
  const beaten = (a: SignalPack, b: SignalPack): number =>
    Number(b.ratherThan.includes(a.name)) - Number(a.ratherThan.includes(b.name));
  return fitting.toSorted((a, b) => rank(a) - rank(b) || beaten(a, b));
}

function unknownMetric(terms: readonly EventTerm[], packs: SignalPacks): Obstacle {
  const isKnown = (metric: string): boolean => [...packs.values()].some((pack) => familyPlace(pack, metric));
  const strangers = [...new Set(terms.map(({ metric }) => metric))].filter((metric) => !isKnown(metric));
  const [metric] = strangers;
  if (metric === undefined) {
    return { code: 'several-meshes', message: 'its metrics are of different meshes: a promise is kept through one' };
  }
  const beginning = metric.split(/[_:]/)[0]!;
  const kin = [...packs.values()].find(({ requests }) => requests.families.some((one) => one.startsWith(beginning)));
  if (kin) {
    return {
      code: 'metric-not-counted',
      message: `${metric} is not what meshslo counts requests by`,
      hint: `of ${kin.title}, it counts ${[...kin.requests.families, ...(kin.latency?.families ?? [])].join(', ')}`,
    };
  }
  const isRecorded = metric.includes(':');
  return {
    code: isRecorded ? 'recorded-metric' : 'metric-of-no-mesh',
    message: isRecorded
      ? `${metric} is recorded by a rule that stands elsewhere: what it counts cannot be seen here`
      : `${metric} is no metric of a mesh: meshslo counts what proxies see`,
    hint: isRecorded
      ? 'write what the rule records in its place'
      : 'leave this one where it is; the service’s requests have promises by default once its proxy is scraped',
  };
}

function readThrough(pack: SignalPack, events: PeerEvents, clusters: ClusterWords): Reading<ReadPromise> {
  const terms = [...events.total.terms, ...events.bad.terms];
  const threshold = thresholdOf(pack, terms);
  if (isObstacle(threshold)) return threshold;
  const isLatency = threshold.seconds !== undefined;
  const readings = fittingViews(pack, terms).map((view): Reading<ReadPromise> & { distance?: number } => {
    const service = namedService(view.service, terms, clusters);
    if (isObstacle(service)) return service;
    const rest = whatNarrows(pack, view, terms, service);
    if (isObstacle(rest)) return rest;
    const fixed = sharedLabels(terms);
    const compared = compare({ pack, view, events, isLatency, fixed });
    if (isObstacle(compared)) return compared;
    return {
      mesh: pack.name,
      service,
      indicator: isLatency ? { kind: 'latency', thresholdSeconds: threshold.seconds } : { kind: 'availability' },
      perspective: view.perspective === 'server' ? undefined : view.perspective,
      filter: rest.filter,
      differences: differencesOf(pack, view, events, compared, [...rest.differences]),
      distance: compared.disagreements.length,
    };
  });
  if (readings.length === 0) {
    const said = terms[0]!.matchers.map(({ label, operator, value }) => `${label}${operator}${JSON.stringify(value)}`);
    return { code: 'no-view', message: `${pack.title}: nothing that meshslo counts fits ${said.join(', ')}` };
  }
  const taken = readings.filter((one) => !isObstacle(one)).toSorted((a, b) => a.distance! - b.distance!);
  return taken[0] ?? readings[0]!;
}

/** The one threshold of a query; none where it asks for no bucket. */
function thresholdOf(pack: SignalPack, terms: readonly EventTerm[]): Reading<{ readonly seconds: number | undefined }> {
  const thresholds = new Set<number>();
  for (const term of terms) {
    if (familyPlace(pack, term.metric)?.kind !== 'bucket') continue;
    const bound = boundOf(pack.latency!, term);
    if (isObstacle(bound)) return bound;
    if (bound.thresholdSeconds !== undefined) thresholds.add(bound.thresholdSeconds);
  }
  if (thresholds.size > 1) return { code: 'several-thresholds', message: 'a promise has one threshold; this has more' };
  return { seconds: [...thresholds][0] };
}

/**
 * Views whose series a query may count, those that it asks for first.
 *
 * The union is left out: no query of another tool says it in one selector.
 */
function fittingViews(pack: SignalPack, terms: readonly EventTerm[]): readonly PackView[] {
  const rated = pack.views
    .filter(({ perspective }) => perspective !== 'union')
    .flatMap((view) => {
      const isOpen = view.where.every((condition) => {
        const matchers = terms.flatMap((term) => term.matchers.filter(({ label }) => label === condition.label));
        if (matchers.length === 0) return true;
        const labels = viewLabels(view);
        const values = [
          labels.get(condition.label) ?? '',
          ...matchers.flatMap(({ value }) => value),
          ...exampleValues(condition),
        ];
        return terms.every((term) =>
          values.some(
            (value) =>
              holds(condition, value) &&
              term.matchers.every((matcher) => matcher.label !== condition.label || passes(matcher, value)),
          ),
        );
      });
      const asked = view.where.filter(({ label }) =>
        terms.every((term) => fixedValue(term, label) !== undefined),
      ).length;
      return isOpen ? [{ view, asked }] : [];
    });
  const most = Math.max(...rated.map(({ asked }) => asked));
  return rated.filter(({ asked }) => asked === most).map(({ view }) => view);
}

function differencesOf(
  pack: SignalPack,
  view: PackView,
  events: PeerEvents,
  { disagreements }: Comparison,
  others: readonly Difference[],
): readonly Difference[] {
  const outcomes = disagreements.map((one) => differenceInWords(one, pack.name, pack.requests.families));
  return [...outcomes, ...rowsBeside(pack, view, events), ...hiddenLoss(events), ...others];
}

/** Series that the query adds up, and the view leaves out. */
function rowsBeside(pack: SignalPack, view: PackView, { total }: PeerEvents): readonly Difference[] {
  const fixed = sharedLabels(total.terms);
  const outcomes = [pack.facts.flags, pack.facts.httpCode].flatMap((choice) => (choice ? labelNames(choice) : []));
  return view.where.flatMap((condition): Difference[] => {
    const { label } = condition;
    if (fixed.has(label) || label === '__name__' || outcomes.includes(label)) return [];
    const elsewhere = pack.views
      .filter((other) => other.perspective !== view.perspective && other.perspective !== 'union')
      .map((other) => viewLabels(other).get(label) ?? '')
      .concat(exampleValues(negate(condition)));
    const beside = [...new Set(elsewhere)].filter(
      (value) => !holds(condition, value) && value !== '' && isTaken(total.terms, new Map([...fixed, [label, value]])),
    );
    if (beside.length === 0) return [];
    const own = matcherOf(condition);
    const said = `${label}${own.operator}${JSON.stringify(own.value)}`;
    const message = `your query does not ask for ${said}: it adds up ${label} ${beside.join(', ')}, too; meshslo leaves that out`;
    return [{ code: 'more-series', message }];
  });
}

function hiddenLoss({ total, bad }: PeerEvents): readonly Difference[] {
  if (!total.hidesLoss && !bad.hidesLoss) return [];
  const message =
    '"or vector(0)" makes lost telemetry look like no errors; here no traffic, no data and no errors are three states';
  return [{ code: 'no-data-is-told', message }];
}
