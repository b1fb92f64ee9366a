import { holds } from '../../packs/condition.js';
import type { SignalPacks } from '../../packs/load-packs.js';
import type { SignalPack } from '../../packs/signal-pack.js';
import type { Obstacle } from '../obstacle.js';
import type { EventTerm } from '../query/counted-events.js';
import { sharedLabels } from './compare.js';
import { familyPlace } from './family.js';
import type { Meshes } from './meshes.js';

/** Packs that count all the metrics, the likeliest first. */
export function fittingPacks(terms: readonly EventTerm[], { packs, inUse }: Meshes): readonly SignalPack[] {
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

/** Why no pack counts all of these metrics. */
export function unknownMetric(terms: readonly EventTerm[], packs: SignalPacks): Obstacle {
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
      near: metric,
      message: `${metric} is not what meshslo counts requests by`,
      hint: `of ${kin.title}, it counts ${[...kin.requests.families, ...(kin.latency?.families ?? [])].join(', ')}`,
    };
  }
  const isRecorded = metric.includes(':');
  return {
    near: metric,
    code: isRecorded ? 'recorded-metric' : 'metric-of-no-mesh',
    message: isRecorded
      ? `${metric} is recorded by a rule that stands elsewhere: what it counts cannot be seen here`
      : `${metric} is no metric of a mesh: meshslo counts what proxies see`,
    hint: isRecorded
      ? 'write what the rule records in its place'
      : 'leave this one where it is; the service’s requests have promises by default once its proxy is scraped',
  };
}
