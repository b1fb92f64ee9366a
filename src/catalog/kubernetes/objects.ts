import type { Workload } from '../../domain/workload.js';
import { keyOf } from './api-answers.js';
import type { Kept } from './resource-watch.js';

type Texts = Readonly<Record<string, string>>;

/** What is kept of any object. */
export interface Labelled extends Kept {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Texts;
  readonly annotations: Texts;
}

export interface KeptContainer {
  readonly name: string;
  readonly image: string;
}

/** What is kept of a pod. */
export interface KeptPod extends Labelled {
  readonly address: string | undefined;
  readonly containers: readonly KeptContainer[];
  /** Native sidecars stand here, too: init containers that always restart. */
  readonly sidecars: readonly KeptContainer[];
  /** Running and not on its way out. */
  readonly isRunning: boolean;
  readonly isReady: boolean;
  /** In seconds since the epoch by the cluster's clock; undefined where it makes no sense. */
  readonly createdAt: number | undefined;
  /** What made it; undefined where nothing did, or nothing that can be restarted. */
  readonly workload: Workload | undefined;
  /** Addresses of pods in the host's network are the host's. */
  readonly usesHostNetwork: boolean;
}

/** What is kept of a service. */
export interface KeptService extends Labelled {
  /** Empty: its endpoints are made by somebody else. */
  readonly selector: Texts;
  readonly isExternalName: boolean;
}

/** What is kept of a PeerAuthentication of Istio. */
export interface KeptPeerAuthentication extends Labelled {
  readonly selector: Texts;
  readonly mode: string | undefined;
}

interface RawContainer {
  readonly name?: unknown;
  readonly image?: unknown;
  readonly restartPolicy?: unknown;
}

/** Undefined for what is no object with a name. Half of an object is read as far as it goes. */
export function readLabelled(object: unknown): Labelled | undefined {
  const key = keyOf(object);
  if (key === undefined) return undefined;
  const { name, namespace, labels, annotations } = recordOf(recordOf(object)['metadata']);
  return {
    key,
    name: name as string,
    namespace: typeof namespace === 'string' ? namespace : '',
    labels: textsOf(labels),
    annotations: textsOf(annotations),
  };
}

export function readPod(object: unknown): KeptPod | undefined {
  const labelled = readLabelled(object);
  if (!labelled) return undefined;
  const { metadata, spec, status } = recordOf(object);
  const { deletionTimestamp, creationTimestamp, ownerReferences } = recordOf(metadata);
  const { containers, initContainers, hostNetwork } = recordOf(spec);
  const { phase, podIP, conditions } = recordOf(status);
  const created = typeof creationTimestamp === 'string' ? Date.parse(creationTimestamp) / 1000 : NaN;
  return {
    ...labelled,
    address: typeof podIP === 'string' && podIP !== '' ? podIP : undefined,
    containers: containersOf(containers, () => true),
    sidecars: containersOf(initContainers, ({ restartPolicy }) => restartPolicy === 'Always'),
    isRunning: phase === 'Running' && deletionTimestamp === undefined,
    isReady: listOf(conditions).some((one) => {
      const { type, status: value } = recordOf(one);
      return type === 'Ready' && value === 'True';
    }),
    createdAt: Number.isNaN(created) ? undefined : created,
    workload: workloadOf(ownerReferences, labelled.labels['pod-template-hash']),
    usesHostNetwork: hostNetwork === true,
  };
}

/** A Deployment makes its pods by ReplicaSets, which are called like it, with the hash of the pods' template behind. */
function workloadOf(references: unknown, hash: string | undefined): Workload | undefined {
  const controller = listOf(references)
    .map(recordOf)
    .find((one) => one['controller'] === true);
  const { kind, name } = controller ?? {};
  if (typeof name !== 'string') return undefined;
  if (kind === 'StatefulSet') return { kind: 'statefulset', name };
  if (kind === 'DaemonSet') return { kind: 'daemonset', name };
  const isOfDeployment = kind === 'ReplicaSet' && hash !== undefined && name.endsWith(`-${hash}`);
  return isOfDeployment ? { kind: 'deployment', name: name.slice(0, -hash.length - 1) } : undefined;
}

export function readService(object: unknown): KeptService | undefined {
  const labelled = readLabelled(object);
  if (!labelled) return undefined;
  const { selector, type } = recordOf(recordOf(object)['spec']);
  return { ...labelled, selector: textsOf(selector), isExternalName: type === 'ExternalName' };
}

export function readPeerAuthentication(object: unknown): KeptPeerAuthentication | undefined {
  const labelled = readLabelled(object);
  if (!labelled) return undefined;
  const { selector, mtls } = recordOf(recordOf(object)['spec']);
  const { mode } = recordOf(mtls);
  return {
    ...labelled,
    selector: textsOf(recordOf(selector)['matchLabels']),
    mode: typeof mode === 'string' ? mode : undefined,
  };
}

function containersOf(list: unknown, wanted: (container: RawContainer) => boolean): readonly KeptContainer[] {
  return listOf(list).flatMap((one) => {
    const container = recordOf(one) as RawContainer;
    const { name, image } = container;
    return typeof name === 'string' && wanted(container)
      ? [{ name, image: typeof image === 'string' ? image : '' }]
      : [];
  });
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function textsOf(value: unknown): Texts {
  const entries = Object.entries(recordOf(value)).filter(([, text]) => typeof text === 'string');
  return Object.fromEntries(entries) as Texts;
}
