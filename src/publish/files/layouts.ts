import { stringify } from 'yaml';
import { desiredObject, type DesiredObject } from '../desired-object.js';
import type { Documents } from '../documents.js';
import { kubernetesObjects, type ManifestSettings } from '../kubernetes/kubernetes-objects.js';
import { type DesiredFile, fileObjects } from './file-objects.js';

/** How generated files are laid out for whoever takes them from a repository. */
export const layouts = ['plain', 'grafana', 'kubernetes'] as const;

export type Layout = (typeof layouts)[number];

export interface LayoutSettings {
  /** Whose things they are: in names and uids. */
  readonly set: string;
  /** Where Grafana sees the dashboards. */
  readonly dashboardPath: string;
  readonly dashboardFolder: { readonly uid: string; readonly title: string };
  readonly manifests: ManifestSettings;
}

/** Documents as the files of a layout; the same documents, the same bytes. */
export function layoutFiles(layout: Layout, documents: Documents, settings: LayoutSettings): readonly DesiredFile[] {
  switch (layout) {
    case 'plain':
      return fileObjects(documents, ['rules', 'tests', 'alertmanager', 'dashboards']);
    case 'grafana':
      return [providerFile(settings), ...fileObjects(documents, ['dashboards'])];
    case 'kubernetes':
      return manifestFiles(documents, settings);
  }
}

/** @see https://grafana.com/docs/grafana/latest/administration/provisioning/#dashboards */
function providerFile({ set, dashboardPath, dashboardFolder }: LayoutSettings): DesiredObject {
  const provider = {
    name: `meshslo-${set}`,
    orgId: 1,
    folder: dashboardFolder.title,
    folderUid: dashboardFolder.uid,
    type: 'file',
    disableDeletion: false,
    updateIntervalSeconds: 30,
    allowUiUpdates: false,
    options: { path: dashboardPath, foldersFromFilesStructure: false },
  };
  const text = `# Made by meshslo generate: goes into Grafana's provisioning/dashboards; the folder dashboards goes to ${dashboardPath}.\n`;
  return desiredObject('file', 'provisioning/dashboards/meshslo.yaml', () =>
    text.concat(stringify({ apiVersion: 1, providers: [provider] })),
  );
}

/** A manifest each, and the list of them that kustomize reads. */
function manifestFiles(documents: Documents, { manifests, set }: LayoutSettings): readonly DesiredObject[] {
  const objects = kubernetesObjects(documents, manifests, set).map(({ kind, identity, content }) =>
    desiredObject('file', `${kind.toLowerCase()}-${identity}.yaml`, content),
  );
  const names = objects.map(({ identity }) => identity).sort();
  const kustomization = { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources: names };
  return [desiredObject('file', 'kustomization.yaml', () => stringify(kustomization)), ...objects];
}
