import type { AccessSettings } from './access-settings.js';

/** Where generated things are put, and for how long they stay after nobody wants them any more. */
export interface PublishSettings {
  /** Whose things these are, where several meshslos publish to one place: letters, digits and dashes. */
  readonly set: string;
  readonly graceSeconds: number;
  /** How often a running service looks whether everything is still as it is wanted. */
  readonly everySeconds: number;
  /** No two have the same name. */
  readonly destinations: readonly DestinationSettings[];
}

export type DestinationSettings =
  FilesSettings | GrafanaSettings | RulerSettings | AlertmanagerApiSettings | KubernetesSettings;

/** A place by its name. */
interface Named {
  /** What people call it: on the command line, in notices and metrics. */
  readonly name: string;
}

/** A folder of its own. */
export interface FilesSettings extends Named {
  readonly kind: 'files';
  /** Absolute. */
  readonly folder: string;
  /** Programs that are told to read their files anew: their base addresses. */
  readonly reloads: readonly HttpSettings[];
  readonly contents: readonly FileContent[];
}

export type FileContent = 'rules' | 'tests' | 'alertmanager' | 'dashboards';

/** Anything that is asked over HTTP. */
export interface HttpSettings {
  /** Without a slash at its end. */
  readonly url: string;
  readonly timeoutSeconds: number;
  readonly access: AccessSettings;
}

export interface GrafanaSettings extends Named, HttpSettings {
  readonly kind: 'grafana';
  /** The folder that dashboards are put into; made where it is not there. */
  readonly folder: { readonly uid: string; readonly title: string };
  /** How long what happened stays marked on charts; 0: nothing is. */
  readonly annotationsSeconds: number;
}

/** Rules of a tenant of Cortex or Mimir. */
export interface RulerSettings extends Named, HttpSettings {
  readonly kind: 'ruler';
  readonly api: 'cortex' | 'mimir';
  readonly tenant: string | undefined;
  /** Of groups of rules; ours alone. */
  readonly namespace: string;
  /** Whether a Mimir is asked what it takes before anything is sent. */
  readonly checkLimits: boolean;
  /** How many rules a group may have at most; any number where it is undefined. */
  readonly rulesPerGroup?: number | undefined;
}

/** The Alertmanager configuration of a tenant of Cortex or Mimir. */
export interface AlertmanagerApiSettings extends Named, HttpSettings {
  readonly kind: 'alertmanager';
  readonly tenant: string | undefined;
}

export interface KubernetesSettings extends Named, HttpSettings {
  readonly kind: 'kubernetes';
  readonly namespace: string;
  /** On every object, beside ours: what a Prometheus operator selects rules by, ... */
  readonly labels: Readonly<Record<string, string>>;
  readonly dashboards: 'config-map' | 'grafana-dashboard' | 'none';
  readonly rules: boolean;
  /** The Secret with what the receivers of an AlertmanagerConfig need; undefined: no AlertmanagerConfig. */
  readonly alertmanagerSecret: string | undefined;
}
