import { mkdtempSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Authentication } from '../../src/server/authentication.js';
import { createOwnMetrics } from '../../src/server/own-metrics.js';
import type { RateLimits } from '../../src/server/rate-limits.js';
import type { RunningServer, ServerParts } from '../../src/server/start-server.js';
import { startServer } from '../../src/server/start-server.js';
import type { AlertBook } from '../../src/server/alert-book.js';
import type { ControlPlaneReader, RegistryReader } from '../../src/server/control-plane-routes.js';
import type { MigrationReader } from '../../src/server/migration-routes.js';
import type { FindingReader } from '../../src/server/finding-reader.js';
import type { ReportOffice } from '../../src/server/report-routes.js';
import { noReports } from './made-up-reports.js';
import { MadeUpFindings } from './made-up-findings.js';
import { MadeUpAlerts } from './made-up-alerts.js';
import type { MadeUpReader } from './made-up-reader.js';
import { noon } from './made-up-reader.js';

/** A clock that stands until it is moved. */
export class StandingClock {
  time = noon + 5;

  now(): number {
    return this.time;
  }
}

interface Given {
  readonly alerts?: AlertBook;
  readonly findings?: FindingReader;
  readonly migration?: MigrationReader;
  readonly controlPlanes?: ControlPlaneReader;
  readonly registries?: RegistryReader;
  readonly reports?: ReportOffice;
  readonly rateLimits?: RateLimits;
  readonly authentication?: Authentication;
  readonly uiFolder?: string;
  readonly address?: string;
  readonly clock?: { now(): number };
  readonly onBug?: (error: unknown) => void;
}

/** A real server on a free port. */
export function startMadeUp(reader: MadeUpReader, given: Given = {}): Promise<RunningServer> {
  return startServer(madeUpParts(reader, given));
}

/** What such a server is made of. */
export function madeUpParts(reader: MadeUpReader, given: Given = {}): ServerParts {
  const clock = given.clock ?? new StandingClock();
  return {
    reader,
    alerts: given.alerts ?? new MadeUpAlerts(),
    findings: given.findings ?? new MadeUpFindings(),
    migration: given.migration ?? { migration: () => [], places: [] },
    controlPlanes: given.controlPlanes ?? { count: 0, states: () => [] },
    registries: given.registries ?? { registrySync: () => [] },
    reports: given.reports ?? noReports,
    clock,
    metrics: createOwnMetrics(reader, clock, '1.2.3'),
    address: given.address ?? '127.0.0.1',
    port: 0,
    authentication: given.authentication ?? { kind: 'none', explicit: false },
    uiFolder: given.uiFolder ?? emptyPage(),
    version: '1.2.3',
    ...(given.rateLimits ? { rateLimits: given.rateLimits } : {}),
    onBug: given.onBug ?? ((error) => console.error(error)),
  };
}

/** A page without anything, for tests that are about the server. */
function emptyPage(): string {
  const folder = mkdtempSync(join(tmpdir(), 'meshslo-page-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>page</title>');
  writeFileSync(join(folder, 'login.html'), '<!doctype html><title>login</title>');
  return folder;
}
