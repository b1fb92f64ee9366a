import { Gauge, Histogram, type Registry } from 'prom-client';
import type { SyncDelay } from '../catalog/registry/envoy-sync.js';
import { migrationPhases } from '../domain/catalog-service.js';
import type { MigrationReader } from './migration-routes.js';

/** What meshslo tells of the catalogue and of registries. */
export interface CatalogMetrics {
  synced(delay: SyncDelay): void;
  /** Lets go of a registry that nobody follows any more. */
  left(registry: string): void;
  /** Sets those of the moment. */
  read(): void;
}

export function catalogMetrics(registers: Registry[], reader: MigrationReader): CatalogMetrics {
  const delays = new Histogram({
    name: 'meshslo_registry_sync_delay_seconds',
    help: 'Time from a change in a registry until an Envoy knew it; off by at most meshslo_registry_sync_error_seconds.',
    labelNames: ['registry'],
    buckets: [1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600],
    registers,
  });
  const errors = new Gauge({
    name: 'meshslo_registry_sync_error_seconds',
    help: 'How far the last delay may be off: changes are seen when somebody looks.',
    labelNames: ['registry'],
    registers,
  });
  const up = new Gauge({
    name: 'meshslo_catalog_place_up',
    help: '0 while a place that services are known from cannot be read.',
    labelNames: ['place'],
    registers,
  });
  const phases = new Gauge({
    name: 'meshslo_migration_services',
    help: 'Services by how far their instances are on the way into the mesh.',
    labelNames: ['cluster', 'phase'],
    registers,
  });
  const seenPhases = new Gauge({
    name: 'meshslo_migration_seen_services',
    help: 'Services by how far their requests of the last hours are on the way into the mesh.',
    labelNames: ['cluster', 'phase'],
    registers,
  });
  const behind = new Gauge({
    name: 'meshslo_migration_behind_services',
    help: 'Services that are not yet where they are wanted.',
    labelNames: ['cluster', 'owner'],
    registers,
  });
  return {
    synced: ({ registry, seconds, errorSeconds }) => {
      delays.observe({ registry }, seconds);
      errors.set({ registry }, errorSeconds);
    },
    left: (registry) => {
      delays.remove({ registry });
      errors.remove({ registry });
    },
    read: () => {
      for (const gauge of [up, phases, seenPhases, behind]) gauge.reset();
      for (const { name, trouble } of reader.places) up.set({ place: name }, trouble ? 0 : 1);
      const rows = reader.migration();
      for (const cluster of new Set(rows.map(({ id }) => id.cluster))) {
        for (const phase of migrationPhases) phases.set({ cluster, phase }, 0);
        for (const phase of migrationPhases) seenPhases.set({ cluster, phase }, 0);
      }
      for (const { id, actual, seen, owner = '', isThere } of rows) {
        if (actual !== undefined) phases.inc({ cluster: id.cluster, phase: actual });
        if (seen !== undefined) seenPhases.inc({ cluster: id.cluster, phase: seen });
        if (isThere === false) behind.inc({ cluster: id.cluster, owner });
      }
    },
  };
}
