import type { Diagnostic } from '../domain/diagnostic.js';
import { formatDuration } from '../domain/duration.js';
import { checkPart, mistake } from '../documents/checked-value.js';
import type { CheckedValue } from '../documents/checked-value.js';
import type { ValuePath, YamlDocument } from '../documents/yaml-document.js';
import { accessOf, checkAccess } from './check-access.js';
import { checkTargetLogins, targetsOf } from './check-jobs.js';
import {
  controlPlaneListSchema,
  controlPlaneSchema,
  type WrittenControlPlane,
  type WrittenEndpoints,
} from './control-planes-schema.js';
import type { ControlPlaneSettings, EndpointSettings } from './control-planes.js';

const usualTimeoutSeconds = 10;
const consequence = 'until it is there, nothing of this control plane is seen';

/** Whose the control planes are that say nothing of it. */
interface Home {
  /** Of the whole configuration; empty where that is missing. */
  readonly cluster: string;
  /** Relative paths are relative to it. */
  readonly folder: string;
}

/** The section `control_planes`, or every mistake of every one of them. */
export function checkControlPlanes(document: YamlDocument, home: Home): CheckedValue<readonly ControlPlaneSettings[]> {
  const { value: list, diagnostics: found } = checkPart(document, ['control_planes'], controlPlaneListSchema);
  const written = (list ?? []).map((_, index) => {
    const path = ['control_planes', index];
    return { path, ...checkPart(document, path, controlPlaneSchema) };
  });
  const names = written.map(({ value }) => value?.name);
  const diagnostics: Diagnostic[] = [...found, ...written.flatMap((one) => one.diagnostics)];
  for (const [index, { path, value }] of written.entries()) {
    if (value === undefined) continue;
    if (names.indexOf(value.name) < index) {
      const message = `control plane ${value.name} is there twice`;
      diagnostics.push(mistake(document, [...path, 'name'], 'duplicate-control-plane', message));
    }
    diagnostics.push(...checkTimes(document, path, value), ...checkLogins(document, path, value, home.folder));
  }
  if (list === undefined) return { diagnostics };
  return { value: written.flatMap(({ value }) => (value === undefined ? [] : [settingsOf(value, home)])), diagnostics };
}

function settingsOf(written: WrittenControlPlane, { cluster, folder }: Home): ControlPlaneSettings {
  const { thresholds } = written;
  return {
    name: written.name,
    kind: written.kind,
    cluster: written.cluster ?? cluster,
    owner: written.owner,
    intervalSeconds: written.interval,
    timeoutSeconds: timeoutOf(written),
    instances: endpointsOf(written.instances, folder),
    proxies: endpointsOf(written.proxies, folder),
    controllers: endpointsOf(written.controllers, folder),
    namespaces: written.namespaces ?? ['default'],
    wantedVersion: written.wanted_version,
    thresholds: {
      outOfSyncSeconds: thresholds.out_of_sync,
      warmingSeconds: thresholds.warming,
      disagreeSeconds: thresholds.disagree,
      certificateSeconds: thresholds.certificate,
      workloadCertificateSeconds: thresholds.workload_certificate,
    },
  };
}

function endpointsOf(written: WrittenEndpoints | undefined, folder: string): EndpointSettings {
  if (written === undefined) return { targets: [], scheme: 'http', access: {} };
  const { targets, scheme, ...access } = written;
  return { targets: targets.map((list) => targetsOf(list, folder)), scheme, access: accessOf(access, folder) };
}

function timeoutOf({ timeout, interval }: WrittenControlPlane): number {
  return timeout ?? Math.min(usualTimeoutSeconds, interval);
}

function checkTimes(document: YamlDocument, path: ValuePath, written: WrittenControlPlane): readonly Diagnostic[] {
  const { interval } = written;
  const timeout = timeoutOf(written);
  if (timeout <= interval) return [];
  const message = `the timeout of ${formatDuration(timeout)} is longer than the interval of ${formatDuration(interval)}`;
  return [mistake(document, [...path, 'timeout'], 'timeout-above-interval', message)];
}

function checkLogins(
  document: YamlDocument,
  path: ValuePath,
  written: WrittenControlPlane,
  folder: string,
): readonly Diagnostic[] {
  return (['instances', 'proxies', 'controllers'] as const).flatMap((key) => {
    const endpoints = written[key];
    if (endpoints === undefined) return [];
    const at = [...path, key];
    return [
      ...checkAccess(document, at, endpoints, { folder, consequence }),
      ...checkTargetLogins(document, at, endpoints.targets, { folder, consequence }),
    ];
  });
}
