import type { Indicator, Perspective, RequestFilter } from '../../domain/slo.js';
import type { PackView, SignalPack } from '../../packs/signal-pack.js';
import type { Obstacle, Reading } from '../obstacle.js';
import { isObstacle } from '../obstacle.js';
import type { EventTerm } from '../query/counted-events.js';
import type { PeerEvents } from '../query/read-ratio.js';
import { compare, sharedLabels } from './compare.js';
import type { Comparison } from './compare.js';
import { differenceInWords } from './differences.js';
import type { Difference } from './differences.js';
import { boundOf, familyPlace } from './family.js';
import { fittingPacks, unknownMetric } from './fitting-packs.js';
import { fittingViews } from './fitting-views.js';
import { keptApart } from './kept-apart.js';
import { longestValue, readableExpression } from './label-values.js';
import type { Meshes } from './meshes.js';
import { namedService } from './named-service.js';
import type { ClusterWords, NamedService } from './named-service.js';
import { rowsBeside } from './rows-beside.js';
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

/**
 * The promise behind bad and all events, or why meshslo cannot make it.
 *
 * @param mustSum whether its tool leaves sums to its queries
 */
export function readPromise(events: PeerEvents, meshes: Meshes, mustSum: boolean): Reading<ReadPromise> {
  const terms = [...events.total.terms, ...events.bad.terms];
  const matchers = terms.flatMap((term) => term.matchers);
  const endless = matchers.find(({ value }) => value.length > longestValue);
  if (endless) {
    const message = `what ${endless.label} is to be is longer than ${longestValue} characters: too long to be read`;
    return { code: 'value-too-long', message, near: endless.label };
  }
  const unreadable = matchers.find(
    ({ operator, value }) => operator.includes('~') && readableExpression(value) === undefined,
  );
  if (unreadable) {
    const said = `${unreadable.label}${unreadable.operator}${JSON.stringify(unreadable.value)}`;
    return {
      code: 'unreadable-expression',
      message: `this regular expression cannot be read here: ${said}`,
      hint: 'a list of values can (a|b|c), and so can a pattern without groups that repeat',
      near: said,
    };
  }
  if (events.total.terms.length === 0) {
    return { code: 'nothing-counted', message: 'its total counts nothing' };
  }
  if (terms.every(({ metric }) => metric === terms[0]!.metric) && events.bad.terms.length === 0) {
    return { code: 'nothing-bad', message: 'no request would ever be bad' };
  }
  const packs = fittingPacks(terms, meshes);
  if (packs.length === 0) return unknownMetric(terms, meshes.packs);
  const apart = keptApart(events, mustSum);
  if (apart) return apart;
  const readings = packs.map((pack) => readThrough(pack, events, meshes.clusters));
  return readings.find((one) => !isObstacle(one)) ?? readings[0]!;
}

function readThrough(pack: SignalPack, events: PeerEvents, clusters: ClusterWords): Reading<ReadPromise> {
  const terms = [...events.total.terms, ...events.bad.terms];
  const threshold = thresholdOf(pack, terms);
  if (isObstacle(threshold)) return threshold;
  const isLatency = threshold.seconds !== undefined;
  const readings = fittingViews(pack, terms, isLatency).map((view): Reading<Candidate> => {
    const service = namedService(view.service, terms, clusters);
    if (isObstacle(service)) return service;
    const rest = whatNarrows(pack, view, terms, service);
    if (isObstacle(rest)) return rest;
    const fixed = sharedLabels(terms);
    const compared = compare({ pack, view, events, isLatency, fixed });
    if (isObstacle(compared)) return compared;
    const promise: ReadPromise = {
      mesh: pack.name,
      service,
      indicator: isLatency ? { kind: 'latency', thresholdSeconds: threshold.seconds } : { kind: 'availability' },
      perspective: view.perspective === 'server' ? undefined : view.perspective,
      filter: rest.filter,
      differences: differencesOf(pack, view, events, compared, [...rest.differences]),
    };
    return { promise, distance: compared.disagreements.length };
  });
  if (readings.length === 0) {
    const said = terms[0]!.matchers.map(({ label, operator, value }) => `${label}${operator}${JSON.stringify(value)}`);
    return { code: 'no-view', message: `${pack.title}: nothing that meshslo counts fits ${said.join(', ')}` };
  }
  const taken = readings.flatMap((one) => (isObstacle(one) ? [] : [one]));
  // Of two that it could mean, the one that differs less; of the same, the likelier one.
  const [nearest] = taken.toSorted((a, b) => a.distance - b.distance);
  const [first] = readings as [Obstacle];
  return nearest?.promise ?? first;
}

/** What a query means through one view, and in how much it differs. */
interface Candidate {
  readonly promise: ReadPromise;
  readonly distance: number;
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

function hiddenLoss({ total, bad }: PeerEvents): readonly Difference[] {
  if (!total.hidesLoss && !bad.hidesLoss) return [];
  const message =
    '"or vector(0)" makes lost telemetry look like no errors; here no traffic, no data and no errors are three states';
  return [{ code: 'no-data-is-told', message }];
}
