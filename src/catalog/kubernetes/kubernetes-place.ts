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
import { selects, type ServedPods, workloadsOf } from './served-pods.js';
import { type Kept, ResourceWatch, type ResourceWatchParts } from './resource-watch.js';

/** Where owners of a service may say how far it is to go into the mesh, and have said who they are. */
export const wantedAnnotation = 'meshslo.io/migration';

/** Rules of Istio. */
const rules = { part: 'peerauthentications', unknown: 'which services refuse plain text (the phase mtls)' };

interface KubernetesParts {
  readonly settings: KubernetesSettings;
  readonly credentials: () => Promise<Credentials>;
  readonly clock: Clock;
  readonly wait?: ResourceWatchParts<Kept>['wait'];
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
      forbidden: 'meshslo needs a ClusterRole: docs/catalog.md has it',
    });
    this.#pods = this.#watch('/api/v1/pods', readPod);
    this.#services = this.#watch('/api/v1/services', readService);
    this.#namespaces = this.#watch('/api/v1/namespaces', readLabelled);
    this.#authentications = this.#watch('/apis/security.istio.io/v1/peerauthentications', readPeerAuthentication, {
      isOptional: true,
      rule: ruleOf('security.istio.io', rules.part),
    });
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
    const { currentAt: ruledAt, trouble: unruled } = this.#authentications.state;
    // Without them whoever refuses plain text looks as if they did not; those that are refused to us are waited for in vain.
    const isComplete = moments.every((at) => at !== undefined) && (ruledAt !== undefined || unruled !== undefined);
    const trouble = states.find((one) => one.trouble)?.trouble;
    return {
      currentAt: isComplete ? Math.min(...moments) : undefined,
      trouble,
      // An outage of all of it is one trouble.
      lacks: !trouble && unruled && this.#hasIstio() ? [{ ...rules, trouble: unruled }] : [],
    };
  }

  /** Where Istio is not, nobody needs its rules: whoever has no right to them is refused there, too. */
  #hasIstio(): boolean {
    return [...this.#pods.objects.values()].some((pod) => this.#meshOf(pod).mesh?.startsWith('istio'));
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

  #watch<T extends Kept>(
    path: string,
    read: (object: unknown) => T | undefined,
    { isOptional = false, rule = ruleOf('', 'pods, services, namespaces') } = {},
  ): ResourceWatch<T> {
    const { clock, wait } = this.#parts;
    const onChange = (): void => {
      this.#facts = undefined;
      this.#onChange();
    };
    const own = { client: this.#client, path, rule, read, clock, onChange, isOptional };
    return new ResourceWatch({ ...own, ...(wait && { wait }) });
  }

  #tell(): readonly ServiceFacts[] {
    const { settings } = this.#parts;
    const workloads = workloadsOf(
      this.#services.objects.values(),
      this.#pods.objects.values(),
      settings.ignoredNamespaces,
    );
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

  #factsOf({ namespace, name, service, pods }: ServedPods): ServiceFacts {
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
    if (policy === 'all-authenticated' || policy === 'cluster-authenticated') return true;
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

function ruleOf(group: string, resources: string): string {
  return `{ apiGroups: ['${group}'], resources: [${resources}], verbs: [get, list, watch] }`;
}

/** Nothing but a proxy: a gateway is a part of the mesh, and no proxy counts requests to it. */
function isGateway(pods: readonly KeptPod[]): boolean {
  return pods.length > 0 && pods.every(({ containers }) => containers.every(({ name }) => name === 'istio-proxy'));
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
