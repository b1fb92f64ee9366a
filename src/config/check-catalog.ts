import { resolve } from 'node:path';
import type { z } from 'zod';
import type { Diagnostic } from '../domain/diagnostic.js';
import { checkPart, type CheckedValue, mistake } from '../documents/checked-value.js';
import type { ValuePath, YamlDocument } from '../documents/yaml-document.js';
import type { WrittenAccess } from './access-schema.js';
import {
  backstageSchema,
  catalogSchema,
  consulSchema,
  kubernetesSchema,
  type WrittenBackstage,
  type WrittenConsul,
  type WrittenKubernetes,
} from './catalog-schema.js';
import type { BackstageSettings, CatalogSettings, ConsulSettings, KubernetesSettings } from './catalog-settings.js';
import { accessOf, checkAccess } from './check-access.js';

const consequence = 'until it is there, nothing of this place is known';

/** Whose the places are that say nothing of it. */
interface Home {
  /** Of the whole configuration; empty where that is missing. */
  readonly cluster: string;
  /** Relative paths are relative to it. */
  readonly folder: string;
}

/** The section `catalog`, or every mistake of every place of it. */
export function checkCatalog(document: YamlDocument, home: Home): CheckedValue<CatalogSettings> {
  const shared = checkPart(document, ['catalog'], catalogSchema);
  const diagnostics: Diagnostic[] = [...shared.diagnostics];
  const places = <T extends { readonly name: string }>(
    key: 'kubernetes' | 'consul' | 'backstage',
    schema: z.ZodType<T>,
    accessOfPlace: (place: T) => WrittenAccess,
  ): readonly T[] => {
    const list = (document.value as { catalog?: Record<string, unknown> | null }).catalog?.[key];
    const names = new Set<string>();
    return (Array.isArray(list) ? list : []).flatMap((_, index) => {
      const path: ValuePath = ['catalog', key, index];
      const { value, diagnostics: found } = checkPart(document, path, schema);
      diagnostics.push(...found);
      if (value === undefined) return [];
      if (names.has(value.name)) {
        diagnostics.push(
          mistake(document, [...path, 'name'], 'duplicate-place', `${key} ${value.name} is there twice`),
        );
      }
      names.add(value.name);
      diagnostics.push(...checkAccess(document, path, accessOfPlace(value), { folder: home.folder, consequence }));
      return [value];
    });
  };
  const kubernetes = places('kubernetes', kubernetesSchema, (one) => one);
  const consul = places('consul', consulSchema, ({ tls }) => ({ tls }));
  const backstage = places('backstage', backstageSchema, (one) => one);
  if (shared.value === undefined) return { diagnostics };
  const { files = [], thresholds } = shared.value;
  return {
    value: {
      kubernetes: kubernetes.map((one) => kubernetesOf(one, home)),
      consul: consul.map((one) => consulOf(one, home)),
      backstage: backstage.map((one) => backstageOf(one, home)),
      files: files.map((pattern) => resolve(home.folder, pattern)),
      thresholds: { silentSeconds: thresholds.silent, unreadableSeconds: thresholds.unreadable },
    },
    diagnostics,
  };
}

function kubernetesOf(written: WrittenKubernetes, { cluster, folder }: Home): KubernetesSettings {
  return {
    name: written.name,
    cluster: written.cluster ?? cluster,
    connection: connectionOf(written, folder),
    ownerLabels: written.owner_labels,
    tierLabels: written.tier_labels,
    ignoredNamespaces: written.ignore_namespaces,
    rootNamespace: written.root_namespace,
    sidecars: new Map(Object.entries(written.sidecars)),
  };
}

function connectionOf(written: WrittenKubernetes, folder: string): KubernetesSettings['connection'] {
  if (written.url !== undefined) return { kind: 'url', url: written.url, access: accessOf(written, folder) };
  if (written.kubeconfig === undefined) return { kind: 'in-cluster' };
  return { kind: 'kubeconfig', file: resolve(folder, written.kubeconfig), context: written.context };
}

function consulOf(written: WrittenConsul, { cluster, folder }: Home): ConsulSettings {
  const { thresholds, token_file, tls } = written;
  const login = token_file === undefined ? {} : { authorization: { bearer_token_file: token_file } };
  return {
    name: written.name,
    url: written.url,
    access: accessOf({ tls, ...login }, folder),
    datacenter: written.datacenter,
    cluster: written.cluster ?? cluster,
    namespace: written.namespace,
    intervalSeconds: written.interval,
    owner: written.owner,
    thresholds: {
      zombieSeconds: thresholds.zombie,
      massRatio: thresholds.mass_deregistration,
      flaps: thresholds.flaps,
      syncSeconds: thresholds.sync,
    },
    envoys: written.envoys,
  };
}

function backstageOf(written: WrittenBackstage, { folder }: Home): BackstageSettings {
  const { name, url, files = [], interval } = written;
  return {
    name,
    from:
      url === undefined
        ? { kind: 'files', patterns: files.map((pattern) => resolve(folder, pattern)) }
        : { kind: 'api', url, access: accessOf(written, folder) },
    intervalSeconds: interval,
  };
}
