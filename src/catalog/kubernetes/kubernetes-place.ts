import type { MigrationPhase } from '../../domain/catalog-service.js';
import type { Clock } from '../../domain/clock.js';
import { migrationPhases } from '../../domain/catalog-service.js';
import type { KubernetesSettings } from '../../config/catalog-settings.js';
import { ApiClient, type Credentials } from '../api-client.js';
import type { CatalogPlace, LivePod, PlaceInstance, PlaceState, ServiceFacts } from '../service-facts.js';
import { imageTag, meshOfPod, type PodMesh, wantsMesh } from './mesh-markers.js';
import {
  type KeptPeerAuthentication,
  type KeptPod,
  type KeptService,
  type Labelled,
  readLabelled,
  readPeerAuthentication,
  readPod,
  readService,
} from './objects.js';
import { type Kept, ResourceWatch, type ResourceWatchParts } from './resource-watch.js';

/** Where owners of a service may say how far it is to go into the mesh, and have said who they are. */
export const wantedAnnotation = 'meshslo.io/migration';

interface KubernetesParts {
  readonly settings: KubernetesSettings;
  readonly credentials: () => Promise<Credentials>;
  readonly clock: Clock;
  readonly wait?: ResourceWatchParts<Kept>['wait'];
}

/** A workload: pods that belong together because a service selects them, or by their own name. */
interface Workload {
  readonly namespace: string;
  readonly name: string;
  readonly service: KeptService | undefined;
  readonly pods: KeptPod[];
}

/** Services, pods and owners of one Kubernetes cluster, followed by list and watch. */
export class KubernetesPlace implements CatalogPlace {
  readonly name: string;
  readonly cluster: string;
  readonly #parts: KubernetesParts;
  readonly #client: ApiClient;
  readonly #closing = new AbortController();
  readonly #pods: ResourceWatch<KeptPod>;
  readonly #services: ResourceWatch<KeptService>;
  readonly #namespaces: ResourceWatch<Labelled>;
  readonly #authentications: ResourceWatch<KeptPeerAuthentication>;
  #onChange: () => void = () => undefined;
  #running: readonly Promise<void>[] = [];
  #facts: readonly ServiceFacts[] | undefined;
  #live: readonly LivePod[] = [];

  constructor(parts: KubernetesParts) {
    const { settings, credentials } = parts;
    this.#parts = parts;
    this.name = `kubernetes ${settings.name}`;
    this.cluster = settings.cluster;
    this.#client = new ApiClient(credentials, {
      unauthenticated: 'give meshslo a valid token: authorization.bearer_token_file, kubeconfig or in_cluster',
      forbidden: 'a ClusterRole with get, list and watch of pods, services and namespaces is needed',
    });
    this.#pods = this.#watch('/api/v1/pods', readPod);
    this.#services = this.#watch('/api/v1/services', readService);
    this.#namespaces = this.#watch('/api/v1/namespaces', readLabelled);
    this.#authentications = this.#watch('/apis/security.istio.io/v1/peerauthentications', readPeerAuthentication, true);
  }

  start(onChange: () => void): void {
    this.#onChange = onChange;
    this.#running = this.#needed()
      .map((watch) => watch.run(this.#closing.signal))
      .concat(this.#authentications.run(this.#closing.signal));
  }

  async stop(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#running);
    await this.#client.close();
  }

  /** The oldest of its watches: what is told is not newer. */
  get state(): PlaceState {
    const states = this.#needed().map(({ state }) => state);
    const moments = states.map(({ currentAt }) => currentAt);
    const isComplete = moments.every((at) => at !== undefined);
    return {
      currentAt: isComplete ? Math.min(...moments) : undefined,
      trouble: states.find(({ trouble }) => trouble)?.trouble,
    };
  }

  /** Nothing before everything was listed once: half a cluster would look like a cluster of half the services. */
  get facts(): readonly ServiceFacts[] {
    if (this.state.currentAt === undefined) return [];
    this.#facts ??= this.#tell();
    return this.#facts;
  }

  /** Pods with an address, as of the facts; undefined while they are not known. */
  get livePods(): readonly LivePod[] | undefined {
    if (this.state.currentAt === undefined) return undefined;
    this.#facts ??= this.#tell();
    return this.#live;
  }

  #needed(): readonly ResourceWatch<Kept>[] {
    return [this.#pods, this.#services, this.#namespaces];
  }

  #watch<T extends Kept>(path: string, read: (object: unknown) => T | undefined, isOptional = false): ResourceWatch<T> {
    const { clock, wait } = this.#parts;
    const onChange = (): void => {
      this.#facts = undefined;
      this.#onChange();
    };
    return new ResourceWatch({ client: this.#client, path, read, clock, onChange, isOptional, ...(wait && { wait }) });
  }

  #tell(): readonly ServiceFacts[] {
    const workloads = this.#workloads();
    this.#live = workloads.flatMap(({ namespace, name, pods }) =>
      pods.map((pod) => ({
        cluster: this.cluster,
        namespace,
        name: pod.name,
        address: pod.usesHostNetwork ? undefined : pod.address,
        service: name,
        workload: pod.workload,
      })),
    );
    return workloads.map((workload) => this.#factsOf(workload));
  }

  /** Every pod once: with the service that selects it, else by its own name. */
  #workloads(): readonly Workload[] {
    const { ignoredNamespaces } = this.#parts.settings;
    const ignored = new Set(ignoredNamespaces);
    const byNamespace = new Map<string, Workload[]>();
    const workloads = new Map<string, Workload>();
    for (const service of this.#services.objects.values()) {
      const { namespace, name, isExternalName } = service;
      if (isExternalName || ignored.has(namespace) || (namespace === 'default' && name === 'kubernetes')) continue;
      const workload = { namespace, name, service, pods: [] };
      workloads.set(service.key, workload);
      byNamespace.set(namespace, [...(byNamespace.get(namespace) ?? []), workload]);
    }
    for (const pod of this.#pods.objects.values()) {
      if (!pod.isRunning || ignored.has(pod.namespace)) continue;
      const selecting = (byNamespace.get(pod.namespace) ?? []).filter(({ service }) =>
        selects(service!.selector, pod.labels),
      );
      for (const { pods } of selecting) pods.push(pod);
      if (selecting.length > 0) continue;
      const name = workloadName(pod);
      const key = `${pod.namespace}/${name}`;
      const known = workloads.get(key);
      if (known) known.pods.push(pod);
      else workloads.set(key, { namespace: pod.namespace, name, service: undefined, pods: [pod] });
    }
    return [...workloads.values()];
  }

  #factsOf({ namespace, name, service, pods }: Workload): ServiceFacts {
    const { cluster, ownerLabels, tierLabels } = this.#parts.settings;
    const space = this.#namespaces.objects.get(namespace);
    const places = [service, ...pods, space].filter((one) => one !== undefined);
    const marks = pods.map((pod) => this.#meshOf(pod));
    return {
      cluster,
      namespace,
      name,
      owner: said(places, ownerLabels),
      tier: said(places, tierLabels),
      mesh: marks.find(({ mesh }) => mesh !== undefined)?.mesh,
      wanted: wantedPhase(said(places, [wantedAnnotation])) ?? (wantsMesh(space, pods) ? 'injected' : undefined),
      actual: pods.length === 0 ? undefined : this.#actual(namespace, pods),
      isCallable: service !== undefined && !isGateway(pods),
      instances: pods.map((pod, index) => this.#instanceOf(pod, marks[index]!)),
    };
  }

  #meshOf(pod: KeptPod): PodMesh {
    return meshOfPod(pod, this.#parts.settings.sidecars);
  }

  #instanceOf(pod: KeptPod, { mesh, proxyVersion }: PodMesh): PlaceInstance {
    const { labels } = pod;
    const { sidecars } = this.#parts.settings;
    const own = pod.containers.find(
      ({ name }) => name !== 'istio-proxy' && name !== 'linkerd-proxy' && !sidecars.has(name),
    );
    return {
      name: pod.name,
      address: pod.address,
      version: labels['app.kubernetes.io/version'] ?? labels['version'] ?? (own && imageTag(own.image)),
      proxyVersion,
      hasProxy: mesh !== undefined,
      revision: labels['pod-template-hash'] ?? labels['controller-revision-hash'],
      createdAt: pod.createdAt,
      isReady: pod.isReady,
    };
  }

  /** As far as the last of its pods is. */
  #actual(namespace: string, pods: readonly KeptPod[]): MigrationPhase {
    const phases = pods.map((pod): MigrationPhase => {
      const { mesh, isInbound, isOutbound } = this.#meshOf(pod);
      if (mesh === undefined) return 'not-migrated';
      if (!isInbound) return 'injected';
      if (!isOutbound) return 'ingress';
      return this.#refusesPlainText(namespace, pod) ? 'mtls' : 'egress';
    });
    return phases.reduce((least, phase) =>
      migrationPhases.indexOf(phase) < migrationPhases.indexOf(least) ? phase : least,
    );
  }

  /** The most special rule counts: of the workload, of the namespace, of the mesh. */
  #refusesPlainText(namespace: string, pod: KeptPod): boolean {
    const policy = pod.annotations['config.linkerd.io/default-inbound-policy'];
    if (policy?.endsWith('authenticated')) return true;
    const rules = [...this.#authentications.objects.values()].filter(
      ({ mode }) => mode !== undefined && mode !== 'UNSET',
    );
    const own = rules.find(
      (rule) => rule.namespace === namespace && !isEmpty(rule.selector) && selects(rule.selector, pod.labels),
    );
    const ofNamespace = rules.find((rule) => rule.namespace === namespace && isEmpty(rule.selector));
    const root = this.#parts.settings.rootNamespace;
    const ofMesh = rules.find((rule) => rule.namespace === root && isEmpty(rule.selector));
    return (own ?? ofNamespace ?? ofMesh)?.mode === 'STRICT';
  }
}

/** Nothing but a proxy: a gateway is a part of the mesh, and no proxy counts requests to it. */
function isGateway(pods: readonly KeptPod[]): boolean {
  return pods.length > 0 && pods.every(({ containers }) => containers.every(({ name }) => name === 'istio-proxy'));
}

function selects(selector: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>>): boolean {
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([name, value]) => labels[name] === value);
}

function isEmpty(texts: Readonly<Record<string, string>>): boolean {
  return Object.keys(texts).length === 0;
}

/** The first that says it, by the first label (or annotation) that somebody has. */
function said(places: readonly Labelled[], keys: readonly string[]): string | undefined {
  for (const { labels, annotations } of places) {
    for (const key of keys) {
      const value = labels[key] ?? annotations[key];
      if (value) return value;
    }
  }
  return undefined;
}

function wantedPhase(text: string | undefined): MigrationPhase | undefined {
  return migrationPhases.find((phase) => phase === text);
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
