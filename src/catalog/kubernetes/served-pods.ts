import type { KeptPod, KeptService } from './objects.js';

type Texts = Readonly<Record<string, string>>;

/** Pods that belong together because a service selects them, or by their own name. */
export interface ServedPods {
  readonly namespace: string;
  readonly name: string;
  /** Undefined where no service selects them. */
  readonly service: KeptService | undefined;
  readonly pods: readonly KeptPod[];
}

type Filling = ServedPods & { readonly pods: KeptPod[] };

/** Every running pod with the services that select it, else by its own name; services without pods, too. */
export function workloadsOf(
  services: Iterable<KeptService>,
  pods: Iterable<KeptPod>,
  ignoredNamespaces: readonly string[],
): readonly ServedPods[] {
  const ignored = new Set(ignoredNamespaces);
  const workloads = new Map<string, Filling>();
  const selecting = new SelectingServices();
  for (const service of services) {
    const { namespace, name, isExternalName } = service;
    if (isExternalName || ignored.has(namespace) || (namespace === 'default' && name === 'kubernetes')) continue;
    const workload = { namespace, name, service, pods: [] };
    workloads.set(service.key, workload);
    selecting.add(workload, service.selector);
  }
  for (const pod of pods) {
    if (!pod.isRunning || ignored.has(pod.namespace)) continue;
    const own = selecting.of(pod);
    for (const workload of own) workload.pods.push(pod);
    if (own.length > 0) continue;
    const name = workloadName(pod);
    const key = `${pod.namespace}/${name}`;
    const known = workloads.get(key);
    if (known) known.pods.push(pod);
    else workloads.set(key, { namespace: pod.namespace, name, service: undefined, pods: [pod] });
  }
  return [...workloads.values()];
}

/** Services by one label that they ask for: a pod is held against those that ask for one of its own, not against all. */
class SelectingServices {
  readonly #byLabel = new Map<string, Filling[]>();

  add(workload: Filling, selector: Texts): void {
    const [first] = Object.entries(selector);
    if (!first) return;
    const key = keyOf(workload.namespace, ...first);
    const known = this.#byLabel.get(key);
    if (known) known.push(workload);
    else this.#byLabel.set(key, [workload]);
  }

  of({ namespace, labels }: KeptPod): readonly Filling[] {
    return Object.entries(labels).flatMap(([name, value]) =>
      (this.#byLabel.get(keyOf(namespace, name, value)) ?? []).filter(({ service }) =>
        selects(service!.selector, labels),
      ),
    );
  }
}

function keyOf(namespace: string, label: string, value: string): string {
  return JSON.stringify([namespace, label, value]);
}

/** Whether labels are as a selector asks; an empty one selects nothing. */
export function selects(selector: Texts, labels: Texts): boolean {
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([name, value]) => labels[name] === value);
}

/**
 * The name that the mesh gives a workload too: Istio's canonical service, else the application's name, else what its
 * deployment is called.
 */
function workloadName({ name, labels }: KeptPod): string {
  const hash = labels['pod-template-hash'];
  const ofReplicaSet = hash === undefined ? -1 : name.lastIndexOf(`-${hash}-`);
  const owner = ofReplicaSet > 0 ? name.slice(0, ofReplicaSet) : name.replace(/-[a-z0-9]{5}$|-\d+$/, '');
  const names = [labels['service.istio.io/canonical-name'], labels['app.kubernetes.io/name'], labels['app']];
  return names.find((one) => one !== undefined && one !== '') ?? owner;
}
