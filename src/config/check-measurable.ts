import type { Diagnostic } from '../domain/diagnostic.js';
import { formatDuration, parseDuration } from '../domain/duration.js';
import { nearestBounds } from '../domain/histogram.js';
import { mistake } from '../documents/checked-value.js';
import type { ValuePath, YamlDocument } from '../documents/yaml-document.js';
import type { SignalPack } from '../packs/signal-pack.js';
import type { WrittenSlo } from './slo-schema.js';

/** What of an SLO its meshes cannot measure: a threshold between two buckets, a label that is not there. */
export function checkMeasurable(
  document: YamlDocument,
  path: ValuePath,
  { threshold, filter }: Pick<WrittenSlo, 'threshold' | 'filter'>,
  packs: readonly SignalPack[],
): readonly Diagnostic[] {
  return packs.flatMap((pack) => [
    ...(threshold === undefined ? [] : checkThreshold(document, [...path, 'threshold'], threshold, pack)),
    ...(filter === undefined ? [] : checkFilter(document, [...path, 'filter'], filter, pack)),
  ]);
}

function checkThreshold(
  document: YamlDocument,
  path: ValuePath,
  seconds: number,
  pack: SignalPack,
): readonly Diagnostic[] {
  if (pack.latency === undefined) {
    return [mistake(document, path, 'no-latency', `${pack.name} has no latency buckets`)];
  }
  const bounds = pack.latency.boundsSeconds;
  if (bounds.includes(seconds)) return [];
  const message = `${formatDuration(seconds)} is no bucket bound of ${pack.name}: nobody counted how many were faster`;
  const writable = bounds.filter((bound) => parseDuration(formatDuration(bound)) === bound);
  const near = nearestBounds(writable, seconds).map((bound) => formatDuration(bound));
  return [mistake(document, path, 'threshold-is-no-bucket-bound', message, { hint: near.join(' or ') })];
}

function checkFilter(
  document: YamlDocument,
  path: ValuePath,
  filter: NonNullable<WrittenSlo['filter']>,
  pack: SignalPack,
): readonly Diagnostic[] {
  return (['caller', 'version', 'method'] as const).flatMap((key) => {
    if (filter[key] === undefined) return [];
    if (pack.facts[key] === undefined) {
      const message = `${pack.name} does not tell the ${key} of a request`;
      return [mistake(document, [...path, key], 'filter-without-label', message, { part: 'key' })];
    }
    const condition = key === 'method' ? pack.facts.method?.onlyWhen : undefined;
    if (condition === undefined) return [];
    const message = `${pack.name} tells the ${key} of a request only when ${condition}`;
    const hint = 'until then this SLO has no traffic';
    return [
      mistake(document, [...path, key], 'filter-needs-setting', message, { part: 'key', hint, severity: 'warning' }),
    ];
  });
}
