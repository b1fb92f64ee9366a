import type { NamedState } from '../catalog/catalog.js';
import { serviceKey } from '../domain/service-id.js';
import type { MigrationRow } from '../migration/migration-board.js';
import type { CatalogPlaceView, MigrationList, MigrationView } from './api-types/migration.js';
import { sendJson } from './json-reply.js';
import type { Route } from './route.js';
import { errorView } from './watcher-view.js';

/** The way of all services into the mesh, as the server reads it. */
export interface MigrationReader {
  migration(): readonly MigrationRow[];
  readonly places: readonly NamedState[];
}

/** How far every service is. */
export function migrationRoutes(reader: MigrationReader): readonly Route[] {
  return [
    {
      method: 'get',
      path: '/migration',
      summary: 'How far every service of the catalogue is on its way into the mesh.',
      answer: 'MigrationList',
      handle: async (request, response) => {
        const rows = reader.migration().toSorted((a, b) => weight(a) - weight(b));
        const places = reader.places.map(placeView);
        await sendJson(request, response, { services: rows.map(rowView), places } satisfies MigrationList);
      },
    },
  ];
}

/** Whoever is behind comes first. */
function weight({ isThere }: MigrationRow): number {
  return isThere === false ? 0 : 1;
}

function placeView({ name, currentAt, trouble, lacks = [] }: NamedState): CatalogPlaceView {
  return {
    place: name,
    currentSeconds: currentAt ?? null,
    error: errorView(trouble),
    lacks: lacks.map(({ part, unknown, trouble: own }) => ({ part, unknown, error: errorView(own)! })),
  };
}

function rowView({
  id,
  owner,
  mesh,
  wanted,
  actual,
  seen,
  paths,
  instances,
  meshed,
  isThere,
}: MigrationRow): MigrationView {
  return {
    id: serviceKey(id),
    cluster: id.cluster,
    namespace: id.namespace,
    service: id.name,
    owner: owner ?? null,
    mesh: mesh ?? null,
    wanted: wanted ?? null,
    actual: actual ?? null,
    seen: seen ?? null,
    requests: paths ?? null,
    instances,
    meshed,
    isThere: isThere ?? null,
  };
}
