import type { JudgedSlo } from '../domain/burn-verdict.js';
import { serviceKey } from '../domain/service-id.js';
import { noPaths, type SeenTraffic } from '../migration/service-traffic.js';
import type { ServiceTraffic } from '../server/status-reader.js';
import type { PathBoard } from './path-board.js';

const unseen: SeenTraffic = {
  lastRequestAt: undefined,
  hasSlos: false,
  hasData: false,
  owner: undefined,
  mesh: undefined,
  isServedInMesh: false,
  paths: noPaths,
};

/** What the ledger, the last hours' charts and the ways of requests tell of every service, by key. */
export function seenTraffic(
  statuses: readonly JudgedSlo[],
  traffic: readonly ServiceTraffic[],
  paths: Pick<PathBoard, 'of' | 'receivedAt' | 'since'>,
): ReadonlyMap<string, SeenTraffic> {
  const seen = new Map<string, SeenTraffic>();
  for (const { service, from, stepSeconds, requests } of traffic) {
    const last = requests.findLastIndex((count) => (count ?? 0) > 0);
    // Charts know a step of five minutes once it is over.
    const charted = last < 0 ? undefined : from + (last + 1) * stepSeconds;
    const key = serviceKey(service);
    seen.set(key, { ...unseen, lastRequestAt: newest(charted, paths.receivedAt(key)) });
  }
  for (const { slo, window } of statuses) {
    const key = serviceKey(slo.service);
    const before = seen.get(key) ?? unseen;
    seen.set(key, {
      ...before,
      hasSlos: true,
      hasData: before.hasData || window.total > 0,
      owner: before.owner ?? slo.owner,
      mesh: before.mesh ?? slo.mesh,
      isServedInMesh: before.isServedInMesh || (slo.perspective === 'server' && window.total > 0),
    });
  }
  return new Map([...seen].map(([key, one]) => [key, withPaths(one, paths.of(key), paths.since)]));
}

function newest(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.max(one, other);
}

/** Whoever had requests while their ways were watched is told by these; the ledger knows only that there once were some. */
function withPaths(seen: SeenTraffic, paths: SeenTraffic['paths'], since: number | undefined): SeenTraffic {
  const isWatched = since !== undefined && seen.lastRequestAt !== undefined && seen.lastRequestAt - 300 > since;
  return { ...seen, paths, isServedInMesh: paths.received > 0 || (seen.isServedInMesh && !isWatched) };
}
