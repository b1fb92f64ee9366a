import { parseDuration } from '../../domain/duration.js';
import { formatDuration } from '../../domain/duration.js';
import { nearestBounds } from '../../domain/histogram.js';
import { leMatcher } from '../../packs/bucket-bound.js';
import { unitsPerSecond } from '../../packs/signal-pack.js';
import type { LatencyFamily, SignalPack } from '../../packs/signal-pack.js';
import type { Obstacle, Reading } from '../obstacle.js';
import type { EventTerm } from '../query/counted-events.js';
import { passes } from './label-values.js';

/** Which of a pack's families a metric is of: several families of one kind are different requests. */
export interface FamilyPlace {
  readonly index: number;
  readonly kind: 'requests' | 'count' | 'bucket';
}

/** Where a pack has a metric; undefined where it does not count it. */
export function familyPlace({ requests, latency }: SignalPack, metric: string): FamilyPlace | undefined {
  const index = requests.families.indexOf(metric);
  if (index >= 0) return { index, kind: 'requests' };
  for (const [at, family] of (latency?.families ?? []).entries()) {
    if (metric === `${family}_count`) return { index: at, kind: 'count' };
    if (metric === `${family}_bucket`) return { index: at, kind: 'bucket' };
  }
  return undefined;
}

/** A bound of a bucket: `thresholdSeconds`, or undefined for the one that holds everything. */
export interface Bound {
  readonly thresholdSeconds: number | undefined;
}

/** Which bucket of the mesh a term counts, in whatever spelling. */
export function boundOf(latency: LatencyFamily, { metric, matchers }: EventTerm): Reading<Bound> {
  const les = matchers.filter(({ label }) => label === 'le');
  const [first] = les;
  if (first === undefined) {
    const message = `${metric} without le counts every request once in each of its buckets`;
    return { code: 'bucket-not-chosen', message, hint: 'write le="..." for the threshold' };
  }
  const fits = (le: string): boolean => les.every((matcher) => passes(matcher, le));
  const bounds = latency.boundsSeconds.filter((bound) => spellings(latency, bound).some(fits));
  const isAll = fits('+Inf');
  if (bounds.length === 0 && isAll) return { thresholdSeconds: undefined };
  if (bounds.length === 1 && !isAll) return { thresholdSeconds: bounds[0] };
  const said = les.map(({ operator, value }) => `le${operator}${JSON.stringify(value)}`).join(', ');
  if (bounds.length > 0) {
    return { code: 'bucket-not-chosen', message: `${said} chooses several buckets: they hold each other’s requests` };
  }
  return noBucket(latency, said, Number(first.value));
}

function noBucket({ boundsSeconds, unit }: LatencyFamily, said: string, value: number): Obstacle {
  const writable = boundsSeconds.filter((bound) => parseDuration(formatDuration(bound)) === bound);
  const near = nearestBounds(writable, value / unitsPerSecond[unit]).map((bound) => formatDuration(bound));
  const message = `${said} is no bucket of this mesh, which counts in ${unit}: nobody counted how many were faster`;
  const hint = near.length > 0 ? `its nearest buckets end at ${near.join(' and ')}` : undefined;
  return { code: 'threshold-is-no-bucket-bound', message, hint, near: said };
}

/** How proxies and Prometheus 2 and 3 write a bound. */
function spellings(latency: LatencyFamily, bound: number): readonly string[] {
  const value = Number((bound * unitsPerSecond[latency.unit]).toPrecision(12));
  const all = leMatcher(latency, bound);
  const texts = [String(value), Number.isInteger(value) ? `${value}.0` : String(value), value.toExponential()];
  const [digits, exponent] = value.toExponential().split('e') as [string, string];
  const power = Number(exponent);
  texts.push(`${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`);
  return texts.filter((text) => passes(all, text));
}
