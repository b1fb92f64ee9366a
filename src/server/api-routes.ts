import type { Clock } from '../domain/clock.js';
import type { AlertBook } from './alert-book.js';
import { alertRoutes } from './alert-routes.js';
import type { TargetList } from './api-types/target.js';
import { type ControlPlaneReader, controlPlaneRoutes, type RegistryReader } from './control-plane-routes.js';
import type { FindingReader } from './finding-reader.js';
import { findingRoutes } from './finding-routes.js';
import { findingCounts } from './finding-view.js';
import { identityOf } from './guard.js';
import { sendJson } from './json-reply.js';
import type { LiveEvents } from './live-events.js';
import { type MigrationReader, migrationRoutes } from './migration-routes.js';
import type { Route } from './route.js';
import { type ReportOffice, reportRoutes } from './report-routes.js';
import { serviceRoutes } from './service-routes.js';
import { sloRoutes } from './slo-routes.js';
import type { StatusReader } from './status-reader.js';
import { targetView, watcherView } from './watcher-view.js';

export interface ApiParts {
  readonly reader: StatusReader;
  readonly alerts: AlertBook;
  readonly findings: FindingReader;
  readonly migration: MigrationReader;
  readonly controlPlanes: ControlPlaneReader;
  readonly registries: RegistryReader;
  readonly reports: ReportOffice;
  readonly events: LiveEvents;
  readonly clock: Pick<Clock, 'now'>;
  readonly version: string;
  /** Name or address that is listened on. */
  readonly address: string;
}

/** Everything below `/api/v1`; the files of `api-types/` say what each answers. */
export function apiRoutes(parts: ApiParts): readonly Route[] {
  const { reader } = parts;
  return [
    ...serviceRoutes(parts),
    ...sloRoutes(reader),
    ...alertRoutes({ ...parts, onMarked: () => parts.events.alertsChanged() }),
    ...findingRoutes(parts),
    ...migrationRoutes(parts.migration),
    ...controlPlaneRoutes(parts.controlPlanes, parts.registries),
    ...reportRoutes(parts),
    ...watcherRoutes(parts),
  ];
}

/** meshslo itself, and what it reads. */
function watcherRoutes({ reader, findings, events, clock, version }: ApiParts): readonly Route[] {
  return [
    {
      method: 'get',
      path: '/targets',
      summary: 'Every scrape target.',
      answer: 'TargetList',
      handle: async (request, response) => {
        await sendJson(request, response, { targets: reader.targets().map(targetView) } satisfies TargetList);
      },
    },
    {
      method: 'get',
      path: '/status',
      summary: 'How meshslo itself is.',
      answer: 'WatcherView',
      handle: async (request, response) => {
        const about = {
          version,
          now: clock.now(),
          identity: identityOf(response),
          findings: findingCounts(findings.ongoing()),
        };
        await sendJson(request, response, watcherView(reader.health(), reader.targets(), about));
      },
    },
    {
      method: 'get',
      path: '/events',
      summary:
        'Server-sent events: `slot` with a SlotEvent, `alerts` with an AlertsEvent, `findings` with a FindingsEvent.',
      answer: { mediaType: 'text/event-stream' },
      problems: [503],
      handle: (request, response) => events.open(request, response),
    },
  ];
}
