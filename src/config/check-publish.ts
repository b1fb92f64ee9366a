import { resolve } from 'node:path';
import type { Diagnostic } from '../domain/diagnostic.js';
import { checkPart, mistake } from '../documents/checked-value.js';
import type { CheckedValue } from '../documents/checked-value.js';
import type { ValuePath, YamlDocument } from '../documents/yaml-document.js';
import { accessOf, checkAccess } from './check-access.js';
import type { WrittenAccess } from './access-schema.js';
import { destinationSchema, publishSchema, type WrittenDestination, type WrittenHttp } from './publish-schema.js';
import { setOfCluster } from './publish-set.js';
import type { DestinationSettings, HttpSettings, PublishSettings } from './publishing.js';

/** Where a pod finds its own cluster's API and its way in. */
const inCluster = {
  url: 'https://kubernetes.default.svc',
  access: {
    tls: { caFile: '/var/run/secrets/kubernetes.io/serviceaccount/ca.crt' },
    authorization: { kind: 'bearer', tokenFile: '/var/run/secrets/kubernetes.io/serviceaccount/token' },
  },
} as const;

/** The section `publish`, or every mistake of every destination; no value where there is no such section. */
export function checkPublish(document: YamlDocument, folder: string, cluster: string): CheckedValue<PublishSettings> {
  const { publish } = document.value as { publish?: { to?: unknown } | null };
  if (publish === undefined) return { diagnostics: [] };
  const { value: shared, diagnostics: found } = checkPart(document, ['publish'], publishSchema);
  const checked = (Array.isArray(publish?.to) ? publish.to : []).map((_, index) => {
    const path = ['publish', 'to', index];
    return { path, ...checkPart(document, path, destinationSchema) };
  });
  const diagnostics: Diagnostic[] = [...found, ...checked.flatMap((one) => one.diagnostics)];
  if (shared === undefined) return { diagnostics };
  const set = shared.name ?? setOfCluster(cluster);
  const destinations = checked.flatMap(({ path, value }) => {
    if (value === undefined) return [];
    diagnostics.push(...checkLogins(document, path, value, folder));
    return [{ path, settings: settingsOf(value, set, folder) }];
  });
  const names = destinations.map(({ settings }) => settings.name);
  for (const [index, { path, settings }] of destinations.entries()) {
    if (names.indexOf(settings.name) === index) continue;
    const hint = 'give one of them a name of its own';
    diagnostics.push(mistake(document, path, 'duplicate-destination', `${settings.name} is there twice`, { hint }));
  }
  const { grace: graceSeconds, every: everySeconds } = shared;
  const rooms = destinations.map(({ settings }) => roomOf(settings));
  for (const [index, { path }] of destinations.entries()) {
    const own = rooms[index];
    const isFirst = rooms.findIndex((room) => room.key === own?.key) === index;
    if (own === undefined || isFirst || names.indexOf(names[index]!) !== index) continue;
    const { code, said, hint } = own;
    diagnostics.push(mistake(document, path, code, said, { hint }));
  }
  return {
    value: { set, graceSeconds, everySeconds, destinations: destinations.map((one) => one.settings) },
    diagnostics,
  };
}

/** A place that holds what one destination wants, and in which it takes all else of ours for unwanted. */
interface Room {
  /** The same for the same place. */
  readonly key: string;
  readonly code: string;
  readonly said: string;
  readonly hint: string;
}

function roomOf(settings: DestinationSettings): Room {
  switch (settings.kind) {
    case 'files': {
      const hint = 'write all its contents into one: each would take the files of the other for unwanted';
      const said = `${settings.folder} is the folder of two destinations`;
      return { key: `files ${settings.folder}`, code: 'duplicate-folder', said, hint };
    }
    case 'kubernetes': {
      const { namespace, url } = settings;
      const hint =
        'write all of them into one, or name another namespace: each would take the objects of the other for unwanted';
      const said = `${namespace} of ${url} is the namespace of two destinations`;
      return { key: `kubernetes ${url} ${namespace}`, code: 'duplicate-namespace', said, hint };
    }
    case 'grafana': {
      // Another login may be one of another organisation.
      const { url, access } = settings;
      const hint = 'keep one: both would write the same dashboards, and every annotation twice';
      const said = `two destinations are the same Grafana with the same login: ${url}`;
      const login = JSON.stringify([access.authorization, access.tls?.certFile]);
      return { key: `grafana ${url} ${login}`, code: 'duplicate-grafana', said, hint };
    }
    case 'ruler':
    case 'alertmanager': {
      const { kind, url, tenant = 'none' } = settings;
      const namespace = settings.kind === 'ruler' ? settings.namespace : '';
      const hint = 'keep one, or name another tenant: both would write the same things';
      const said = `two destinations are the same ${kind} of tenant ${tenant}: ${url}`;
      return { key: `${kind} ${url} ${tenant} ${namespace}`, code: 'duplicate-tenant', said, hint };
    }
  }
}

function checkLogins(
  document: YamlDocument,
  path: ValuePath,
  written: WrittenDestination,
  folder: string,
): readonly Diagnostic[] {
  const [[key, part]] = Object.entries(written) as [[string, WrittenAccess]];
  const consequence = 'until it is there, nothing is published to it';
  return checkAccess(document, [...path, key], part, { folder, consequence });
}

function settingsOf(written: WrittenDestination, set: string, folder: string): DestinationSettings {
  if ('files' in written) {
    const { name, folder: own, contents, reload } = written.files;
    const reloads = reload.map((one) => httpOf(typeof one === 'string' ? { url: one, timeout: 30 } : one, folder));
    return { kind: 'files', name: name ?? `files ${own}`, folder: resolve(folder, own), contents, reloads };
  }
  if ('grafana' in written) {
    const { name, folder: title, folder_uid: uid = `meshslo-${set}`, annotations, ...http } = written.grafana;
    const settings = httpOf(http, folder);
    const own = { name: name ?? `grafana ${settings.url}`, folder: { uid, title }, annotationsSeconds: annotations };
    return { kind: 'grafana', ...own, ...settings };
  }
  if ('ruler' in written) {
    const { name, api, tenant, namespace = `meshslo-${set}`, ...rest } = written.ruler;
    const { check_limits: checkLimits, rules_per_group: rulesPerGroup, ...http } = rest;
    const settings = httpOf(http, folder);
    const own = {
      name: nameOf(name, 'ruler', settings.url, tenant),
      api,
      tenant,
      namespace,
      checkLimits,
      rulesPerGroup,
    };
    return { kind: 'ruler', ...own, ...settings };
  }
  if ('alertmanager' in written) {
    const { name, tenant, ...http } = written.alertmanager;
    const settings = httpOf(http, folder);
    return { kind: 'alertmanager', name: nameOf(name, 'alertmanager', settings.url, tenant), tenant, ...settings };
  }
  const { name, url, namespace, labels, dashboards, rules, alertmanager_secret, ...rest } = written.kubernetes;
  const settings = httpOf({ ...rest, url: url ?? inCluster.url }, folder);
  const access = url === undefined ? { ...inCluster.access, ...settings.access } : settings.access;
  return {
    kind: 'kubernetes',
    ...settings,
    access,
    name: name ?? `kubernetes ${namespace}`,
    namespace,
    labels,
    dashboards,
    rules,
    alertmanagerSecret: alertmanager_secret,
  };
}

function nameOf(name: string | undefined, kind: string, url: string, tenant: string | undefined): string {
  return name ?? `${kind} ${url}${tenant === undefined ? '' : ` ${tenant}`}`;
}

function httpOf(written: WrittenHttp, folder: string): HttpSettings {
  return { url: written.url.replace(/\/+$/, ''), timeoutSeconds: written.timeout, access: accessOf(written, folder) };
}
