import { type CatalogService, type MigrationPhase, migrationPhases } from '../domain/catalog-service.js';
import type { EpochSeconds } from '../domain/clock.js';
import type { MeshEvent } from '../domain/mesh-event.js';
import { serviceKey } from '../domain/service-id.js';
import type { MigrationProgress } from './week-surroundings.js';

/** So many services are named. */
const mostBehind = 10;

/** How far the services of a scope are, and what happened on their way in the week. */
export function migrationOfWeek(
  services: readonly CatalogService[],
  events: readonly MeshEvent[],
  at: EpochSeconds,
): MigrationProgress {
  const reached: Record<MigrationPhase | 'unknown', number> = {
    'not-migrated': 0,
    injected: 0,
    ingress: 0,
    egress: 0,
    mtls: 0,
    unknown: 0,
  };
  for (const { actual } of services) reached[actual ?? 'unknown'] += 1;
  const behind = services.flatMap(({ id, owner, wanted, actual }) =>
    wanted !== undefined && actual !== undefined && position(actual) < position(wanted)
      ? [{ service: id, owner, wanted, actual }]
      : [],
  );
  const sorted = behind.sort(
    (a, b) =>
      position(b.wanted) - position(b.actual) - (position(a.wanted) - position(a.actual)) ||
      (serviceKey(a.service) < serviceKey(b.service) ? -1 : 1),
  );
  return {
    at,
    services: services.length,
    reached,
    behind: sorted.slice(0, mostBehind),
    behindCount: behind.length,
    events: events.filter(({ kind }) => kind === 'migration'),
  };
}

function position(phase: MigrationPhase | undefined): number {
  return phase === undefined ? -1 : migrationPhases.indexOf(phase);
}
