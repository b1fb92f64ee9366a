import type { Diagnostic } from '../domain/diagnostic.js';
import { formatDuration, parseDuration } from '../domain/duration.js';
import { nearestBounds } from '../domain/histogram.js';
import { percentInWords } from '../domain/in-words.js';
import { mistake } from '../documents/checked-value.js';
import type { ValuePath, YamlDocument } from '../documents/yaml-document.js';
import type { SignalPack } from '../packs/signal-pack.js';
import { isMeasurable, obstacles } from './measurable.js';
import type { MeasuredTerms, Obstacle } from './measurable.js';
import type { WrittenSlo } from './slo-schema.js';

/** An SLO of a service as it is written, and what it comes to with the defaults behind it. */
export interface WrittenTerms {
  readonly path: ValuePath;
  readonly written: WrittenSlo;
  readonly terms: MeasuredTerms;
}

/**
 * What of a service's SLO its mesh cannot measure: a threshold between two buckets, a label that is not there.
 *
 * Where nobody said which mesh the service is in, and one of several could measure it, it is no mistake yet.
 */
export function checkMeasurable(
  document: YamlDocument,
  slo: WrittenTerms,
  packs: readonly SignalPack[],
): readonly Diagnostic[] {
  const able = packs.filter((pack) => isMeasurable(pack, slo.terms));
  const unable = packs.filter((pack) => !able.includes(pack));
  if (able.length > 0 && unable.length > 0) {
    const message = `${listed(unable)} cannot measure this; while it is seen through it, the service goes without`;
    const hint = `say which mesh counts: mesh: ${able[0]!.name}`;
    return [mistake(document, slo.path, 'unmeasured-by-some', message, { part: 'key', hint, severity: 'warning' })];
  }
  return [
    ...unable.flatMap((pack) => obstacles(pack, slo.terms).map((found) => fromObstacle(document, slo, pack, found))),
    ...able.flatMap((pack) => checkSetting(document, slo, pack)),
  ];
}

/** The one word on defaults that services of some mesh will not have, at the first job of such a mesh. */
export function checkOffers(
  document: YamlDocument,
  tiers: ReadonlyMap<string, ReadonlyMap<string, MeasuredTerms>>,
  jobs: readonly { readonly pack: SignalPack }[],
): readonly Diagnostic[] {
  const missing = [...new Set(jobs.map(({ pack }) => pack))].flatMap((pack) => {
    const names = new Set([...tiers.values()].flatMap((slos) => unmeasured(slos, pack)));
    return names.size === 0 ? [] : [{ pack, names: [...names] }];
  });
  if (missing.length === 0) return [];
  const job = jobs.findIndex(({ pack }) => pack === missing[0]!.pack);
  const message = missing.map(({ pack, names }) => `${pack.name} (${names.join(', ')})`).join(' and ');
  return [
    mistake(document, ['scrape', 'jobs', job, 'mesh'], 'defaults-not-offered', `not every default: ${message}`, {
      hint: 'its metrics cannot tell; services of this mesh go without these SLOs',
      severity: 'warning',
    }),
  ];
}

/** A threshold in defaults of one's own that lies between the buckets of every mesh that has some. */
export function checkDefaultThresholds(
  document: YamlDocument,
  tiers: ReadonlyMap<string, ReadonlyMap<string, MeasuredTerms>>,
  packs: readonly SignalPack[],
): readonly Diagnostic[] {
  const measuring = packs.filter(({ latency }) => latency !== undefined);
  return [...tiers].flatMap(([tier, slos]) =>
    [...slos].flatMap(([name, terms]) => {
      const path = ['tiers', tier, 'slos', name, 'threshold'];
      const found = measuring.map((pack) => ({
        pack,
        obstacle: obstacles(pack, terms).find(({ kind }) => kind === 'no-such-bound'),
      }));
      if (found.some(({ obstacle }) => obstacle === undefined)) return [];
      return found.map(({ pack, obstacle }) => fromThreshold(document, path, pack, obstacle as NoSuchBound));
    }),
  );
}

type NoSuchBound = Extract<Obstacle, { kind: 'no-such-bound' }>;

function unmeasured(slos: ReadonlyMap<string, MeasuredTerms>, pack: SignalPack): readonly string[] {
  return [...slos].filter(([, terms]) => !isMeasurable(pack, terms)).map(([name]) => name);
}

function fromObstacle(
  document: YamlDocument,
  { path, written }: WrittenTerms,
  pack: SignalPack,
  found: Obstacle,
): Diagnostic {
  const keyAt = (key: string, isWritten: boolean): ValuePath => (isWritten ? [...path, key] : path);
  const inherited = written.threshold === undefined;
  switch (found.kind) {
    case 'no-latency': {
      const message = `${pack.name} has no latency buckets`;
      return mistake(document, keyAt('threshold', !inherited), 'no-latency', message, inherited ? { part: 'key' } : {});
    }
    case 'no-windows': {
      const message = `${pack.name} counts requests by their latency, not minutes by a quantile`;
      const hint = 'leave the quantile away';
      return mistake(document, keyAt('quantile', written.quantile !== undefined), 'no-windows', message, { hint });
    }
    case 'no-such-quantile': {
      const message = `${pack.name} does not print this quantile`;
      const hint = found.quantiles.map((quantile) => percentInWords(quantile).replace(' ', '')).join(', ');
      const at = keyAt('quantile', written.quantile !== undefined);
      return mistake(document, at, 'unknown-quantile', message, { hint });
    }
    case 'no-such-bound':
      return fromThreshold(document, keyAt('threshold', !inherited), pack, found);
    case 'no-label': {
      const message = `${pack.name} does not tell the ${found.fact} of a request`;
      const isWritten = written.filter?.[found.fact] !== undefined;
      const at = isWritten ? [...path, 'filter', found.fact] : path;
      return mistake(document, at, 'filter-without-label', message, { part: 'key' });
    }
    case 'no-perspective': {
      const message = `${pack.name} has no view of this perspective`;
      const has = [...new Set(pack.views.map(({ perspective }) => perspective))];
      const isWritten = written.perspective !== undefined;
      const hint = `it has ${has.join(', ')}`;
      return mistake(document, keyAt('perspective', isWritten), 'no-perspective', message, { hint });
    }
  }
}

function fromThreshold(document: YamlDocument, path: ValuePath, pack: SignalPack, found: NoSuchBound): Diagnostic {
  const { thresholdSeconds, boundsSeconds } = found;
  const message = `${formatDuration(thresholdSeconds)} is no bucket bound of ${pack.name}: nobody counted how many were faster`;
  const writable = boundsSeconds.filter((bound) => parseDuration(formatDuration(bound)) === bound);
  const near = nearestBounds(writable, thresholdSeconds).map((bound) => formatDuration(bound));
  return mistake(document, path, 'threshold-is-no-bucket-bound', message, { hint: near.join(' or ') });
}

/** A label that exists only where somebody asked the mesh for it. */
function checkSetting(
  document: YamlDocument,
  { path, written }: WrittenTerms,
  { name, facts }: SignalPack,
): readonly Diagnostic[] {
  const condition = facts.method?.onlyWhen;
  if (written.filter?.method === undefined || condition === undefined) return [];
  const message = `${name} tells the method of a request only when ${condition}`;
  const hint = 'until then this SLO has no traffic';
  const at = [...path, 'filter', 'method'];
  return [mistake(document, at, 'filter-needs-setting', message, { part: 'key', hint, severity: 'warning' })];
}

function listed(packs: readonly SignalPack[]): string {
  return packs.map(({ name }) => name).join(', ');
}
