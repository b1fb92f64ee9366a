import type { KnownService } from '../catalog/service-facts.js';
import { type MigrationPhase, migrationPhases } from '../domain/catalog-service.js';
import { serviceKey, type ServiceId } from '../domain/service-id.js';
import { type SeenPaths, seenPhase, type SeenTraffic } from './service-traffic.js';

/** How far a service is on its way into the mesh: as it is wanted, as its instances say, and as its requests show. */
export interface MigrationRow {
  readonly id: ServiceId;
  readonly owner: string | undefined;
  readonly mesh: string | undefined;
  readonly wanted: MigrationPhase | undefined;
  readonly actual: MigrationPhase | undefined;
  /** By its requests of the last hours; undefined without any. */
  readonly seen: MigrationPhase | undefined;
  /** The ways that these took; undefined without any. */
  readonly paths: SeenPaths | undefined;
  /** Instances, and how many of them have a proxy. */
  readonly instances: number;
  readonly meshed: number;
  /** Whether it is where it is wanted to be; undefined where nobody said. */
  readonly isThere: boolean | undefined;
}

/** Catalogue and traffic as one list, sorted by service. */
export function migrationBoard(
  services: readonly KnownService[],
  traffic: ReadonlyMap<string, SeenTraffic>,
): readonly MigrationRow[] {
  return services
    .filter(({ isCallable }) => isCallable)
    .map((service) => rowOf(service, traffic.get(serviceKey(service.id))))
    .sort((a, b) => (serviceKey(a.id) < serviceKey(b.id) ? -1 : 1));
}

function rowOf(service: KnownService, traffic: SeenTraffic | undefined): MigrationRow {
  const { id, owner, mesh, wanted, actual, instances } = service;
  const seen = traffic && seenPhase(traffic);
  return {
    id,
    owner: traffic?.owner ?? owner,
    mesh,
    wanted,
    actual,
    seen,
    paths: seen && traffic.paths,
    instances: instances.length,
    meshed: instances.filter(({ hasProxy }) => hasProxy).length,
    isThere: wanted === undefined || actual === undefined ? undefined : reaches(actual, wanted),
  };
}

/** Whether one phase is as far as another, or further. */
export function reaches(phase: MigrationPhase, wanted: MigrationPhase): boolean {
  return migrationPhases.indexOf(phase) >= migrationPhases.indexOf(wanted);
}
