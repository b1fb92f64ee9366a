import type { MetricValues } from '../metric-values.js';
import { type SentVersion, type SnapshotVersions, type XdsType, xdsTypes } from './envoy-control-answers.js';

/** Where an Envoy tells of one type: `version`, `update_success` and `update_rejected` begin with the prefix. */
interface Statistics {
  readonly prefix: string;
  /** The label that names the resource; undefined where one series is about all. */
  readonly resource: string | undefined;
}

/** @see envoyproxy/envoy docs/root/configuration/overview/mgmt_server.rst (xDS subscription statistics) */
const statistics: Readonly<Record<XdsType, Statistics>> = {
  clusters: { prefix: 'envoy_cluster_manager_cds_', resource: undefined },
  endpoints: { prefix: 'envoy_cluster_', resource: 'envoy_cluster_name' },
  routes: { prefix: 'envoy_http_rds_', resource: 'envoy_rds_route_config' },
  listeners: { prefix: 'envoy_listener_manager_lds_', resource: undefined },
};

/** Series that tell what an Envoy has taken and refused. */
export const takenNames: readonly string[] = xdsTypes.flatMap((type) =>
  ['version', 'update_success', 'update_rejected'].map((name) => `${statistics[type].prefix}${name}`),
);

/** What an Envoy has of what it should have, as one instance of envoy-control has made it. */
export interface TakenVersions {
  /** Types that could be compared. */
  readonly compared: readonly XdsType[];
  readonly lacking: readonly { readonly what: XdsType; readonly has: string }[];
}

/** Compares those types of which both sides tell something. */
export function takenVersions(values: MetricValues, sent: SnapshotVersions, types: readonly XdsType[]): TakenVersions {
  const versions = types.flatMap((what) => {
    const one = sent.get(what);
    const taken = one ? versionsOf(values, what, one) : [];
    return one && taken.length > 0 ? [{ what, hash: one.hash, taken }] : [];
  });
  return {
    compared: versions.map(({ what }) => what),
    lacking: versions.flatMap(({ what, hash, taken }) => {
      const others = taken.filter((version) => version !== hash);
      return others.length === 0 ? [] : [{ what, has: others.join(' ') }];
    }),
  };
}

/** Different versions that an Envoy has of the resources that were sent, in a fixed order. */
function versionsOf(values: MetricValues, type: XdsType, { names }: SentVersion): readonly number[] {
  const { prefix, resource } = statistics[type];
  const told = values
    .series(`${prefix}version`)
    .filter(({ labels }) => resource === undefined || names.has(labels.get(resource) ?? ''))
    .map(({ value }) => value);
  // An Envoy whose listeners are its own has taken none, and is sent none.
  const isAsked = names.size > 0 || told.some((version) => version !== 0);
  return isAsked ? [...new Set(told)].sort((a, b) => a - b) : [];
}

/** Counters that tell a refusal from a success, by type. */
export function updatesOf(values: MetricValues, type: XdsType): { readonly rejected: number; readonly taken: number } {
  const { prefix } = statistics[type];
  return {
    rejected: values.sum(`${prefix}update_rejected`) ?? 0,
    taken: values.sum(`${prefix}update_success`) ?? 0,
  };
}
