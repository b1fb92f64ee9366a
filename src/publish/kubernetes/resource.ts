import type { ObjectKind } from '../desired-object.js';

/** The kinds of objects that are published to a cluster. */
export const resourceKinds = [
  'PrometheusRule',
  'AlertmanagerConfig',
  'ConfigMap',
  'GrafanaDashboard',
] as const satisfies readonly ObjectKind[];

export type ResourceKind = (typeof resourceKinds)[number];

/** Where the API has a kind, and who brings it. */
export interface Resource {
  readonly apiVersion: string;
  readonly plural: string;
  /** The part of an object that says what it is. */
  readonly body: 'spec' | 'data';
  readonly comesWith: string;
}

export const resources: Readonly<Record<ResourceKind, Resource>> = {
  PrometheusRule: {
    apiVersion: 'monitoring.coreos.com/v1',
    plural: 'prometheusrules',
    body: 'spec',
    comesWith: 'the Prometheus operator',
  },
  AlertmanagerConfig: {
    apiVersion: 'monitoring.coreos.com/v1alpha1',
    plural: 'alertmanagerconfigs',
    body: 'spec',
    comesWith: 'the Prometheus operator',
  },
  ConfigMap: { apiVersion: 'v1', plural: 'configmaps', body: 'data', comesWith: 'Kubernetes' },
  GrafanaDashboard: {
    apiVersion: 'grafana.integreatly.org/v1beta1',
    plural: 'grafanadashboards',
    body: 'spec',
    comesWith: 'the Grafana operator',
  },
};

/** The path of a kind's objects in a namespace. */
export function collectionPath(kind: ResourceKind, namespace: string): string {
  const { apiVersion, plural } = resources[kind];
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return `${root}/namespaces/${encodeURIComponent(namespace)}/${plural}`;
}
