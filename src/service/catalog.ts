import type { KubernetesSettings } from '../config/catalog-settings.js';
import type { Config } from '../config/config.js';
import { ownerOf } from '../config/slo-catalogue.js';
import { accessCredentials } from '../catalog/access-credentials.js';
import type { Credentials } from '../catalog/api-client.js';
import { backstagePlace } from '../catalog/backstage/backstage-place.js';
import { Catalog, type NamedState } from '../catalog/catalog.js';
import { catalogSource } from '../catalog/catalog-source.js';
import { ConsulPlace } from '../catalog/consul/consul-place.js';
import { filePlace } from '../catalog/file-place.js';
import { kubeconfigCredentials } from '../catalog/kubernetes/kubeconfig.js';
import { KubernetesPlace } from '../catalog/kubernetes/kubernetes-place.js';
import { envoySyncSource, type SyncDelay } from '../catalog/registry/envoy-sync.js';
import { type RegistrySync, SyncDelays } from '../catalog/registry/sync-delays.js';
import { registrySource } from '../catalog/registry/registry-source.js';
import type { CatalogPlace, KnownService } from '../catalog/service-facts.js';
import type { JudgedSlo } from '../domain/burn-verdict.js';
import type { Clock, EpochSeconds } from '../domain/clock.js';
import type { FindingSource } from '../domain/finding-source.js';
import type { KeptFinding } from '../domain/finding.js';
import type { SlotBatch } from '../domain/slot-batch.js';
import { livingInstances } from '../migration/living-instances.js';
import { migrationBoard, type MigrationRow } from '../migration/migration-board.js';
import { migrationSource } from '../migration/migration-source.js';
import type { SeenTraffic } from '../migration/service-traffic.js';
import { type CatalogMetrics, catalogMetrics } from '../server/catalog-metrics.js';
import type { MigrationReader } from '../server/migration-routes.js';
import type { OwnMetrics } from '../server/own-metrics.js';
import type { ServiceTraffic } from '../server/status-reader.js';
import type { CatalogueReading, CurrentSlos } from './current-slos.js';
import { PathBoard } from './path-board.js';
import { seenTraffic } from './seen-traffic.js';
import { ownerOfSilent } from './target-owner.js';
import { watching, type WatchedTarget } from './watching.js';

/** Where Kubernetes puts what its pods need. @see https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/ */
const serviceAccount = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Changes of a rollout come in crowds; SLOs are made anew once for all of them. */
const changesTogetherSeconds = 1;

interface CatalogParts {
  readonly clock: Clock;
  readonly slos: CurrentSlos;
  readonly statuses: () => readonly JudgedSlo[];
  readonly traffic: () => readonly ServiceTraffic[];
  /** End of the newest minute that was counted; undefined before the first. */
  readonly knownUntil: () => EpochSeconds | undefined;
  readonly targets: () => readonly WatchedTarget[];
  readonly known: () => readonly KeptFinding[];
  readonly config: () => Config;
  readonly metrics: Pick<OwnMetrics, 'add'>;
  readonly onBug: (error: unknown) => void;
}

/** The catalogue of services as the configuration has it, what it finds wrong, and what SLOs learn from it. */
export class ServiceCatalogue implements MigrationReader {
  /** One word about owners for SLOs, findings and the page: files and `owners:` of the configuration go before places. */
  readonly catalog = new Catalog(
    (id) => ownerOf(this.#parts.config().slos, id),
    () => this.#parts.config().clusterAliases,
  );
  readonly #parts: CatalogParts;
  readonly #places = new Map<string, CatalogPlace>();
  readonly #own: readonly FindingSource[];
  readonly #paths = new PathBoard();
  /** Since when each place is followed, on the clock that does not jump. */
  readonly #followedAt = new Map<string, number>();
  readonly #registries = new Map<string, readonly FindingSource[]>();
  #timer: NodeJS.Timeout | undefined;
  #taken = '';
  #metrics: CatalogMetrics | undefined;
  readonly #delays = new SyncDelays();

  constructor(parts: CatalogParts) {
    this.#parts = parts;
    const { catalog } = this;
    parts.metrics.add((registers) => {
      this.#metrics = catalogMetrics(registers, this);
      return () => this.#metrics?.read();
    });
    const { clock, config } = parts;
    const ownerOf = ownerOfSilent(
      () => catalog,
      () => config().scrape.jobs,
    );
    this.#own = [
      catalogSource({
        catalog,
        clock,
        unreadableSeconds: () => config().catalog.thresholds.unreadableSeconds,
        owner: () => config().alerting.owner,
      }),
      migrationSource({
        services: () => this.#living(),
        places: () => catalog.places,
        clock,
        traffic: () => this.#seenTraffic(),
        watching: () =>
          watching({ targets: parts.targets(), ownerOf, knownUntil: parts.knownUntil(), now: clock.now() }),
        silentSeconds: () => config().catalog.thresholds.silentSeconds,
        watchedSince: clock.now(),
      }),
    ];
  }

  /** Begins to follow the places of the configuration in force, or goes on with its places; what has not changed goes on as it was. */
  async follow(): Promise<void> {
    const { clock } = this.#parts;
    const wanted = this.#wanted();
    for (const [key, make] of wanted) if (!this.#places.has(key)) this.#places.set(key, make());
    for (const [key, { name }] of this.#places) {
      if (wanted.has(key)) continue;
      this.#places.delete(key);
      this.#registries.delete(key);
      this.#metrics?.left(name);
    }
    this.#delays.keep(new Set([...this.#places.values()].map(({ name }) => name)));
    for (const [key, place] of this.#places) {
      if (!(place instanceof ConsulPlace) || this.#registries.has(key)) continue;
      this.#registries.set(key, this.#registrySources(place));
    }
    const now = clock.monotonic();
    for (const key of wanted.keys()) if (!this.#followedAt.has(key)) this.#followedAt.set(key, now);
    for (const key of this.#followedAt.keys()) if (!wanted.has(key)) this.#followedAt.delete(key);
    this.#timer ??= setInterval(() => this.#teach(), changesTogetherSeconds * 1000);
    await this.catalog.follow([...wanted.keys()].map((key) => this.#places.get(key)!));
  }

  /** What looks for trouble here; nobody needs to where no place is named. */
  get sources(): readonly FindingSource[] {
    return this.#places.size === 0 ? [] : [...this.#own, ...[...this.#registries.values()].flat()];
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.catalog.stop();
  }

  migration(): readonly MigrationRow[] {
    return migrationBoard(this.#living(), this.#seenTraffic());
  }

  #living(): readonly KnownService[] {
    return livingInstances(this.catalog.services(), this.#parts.known());
  }

  /** Takes a slot that has just been committed. */
  committed(batch: SlotBatch): void {
    this.#paths.add(batch);
  }

  #seenTraffic(): ReadonlyMap<string, SeenTraffic> {
    const { statuses, traffic } = this.#parts;
    return seenTraffic(statuses(), traffic(), this.#paths);
  }

  registrySync(): readonly RegistrySync[] {
    return this.#delays.summaries(this.#parts.clock.now());
  }

  get places(): readonly NamedState[] {
    return this.catalog.places;
  }

  #registrySources(place: ConsulPlace): readonly FindingSource[] {
    const { clock, known, config } = this.#parts;
    const { catalog } = this;
    const { cluster, envoys, namespace } = place.settings;
    const hygiene = registrySource({ place, catalog, clock, known });
    if (envoys.length === 0) return [hygiene];
    // A service whose last instance has left the registry may be known to nobody else.
    const ownerOfName = (name: string): string | undefined =>
      (
        catalog.services().find(({ id }) => id.name === name && id.cluster === cluster) ?? {
          owner: ownerOf(config().slos, { cluster, namespace, name }),
        }
      ).owner;
    const onDelay = (delay: SyncDelay): void => {
      this.#delays.take(delay, clock.now());
      this.#metrics?.synced(delay);
    };
    return [hygiene, envoySyncSource({ place, clock, onDelay, ownerOf: ownerOfName })];
  }

  #teach(): void {
    const reading = this.#reading;
    const telling = `${this.catalog.version} ${reading}`;
    if (telling === this.#taken) return;
    this.#taken = telling;
    const { slos, onBug } = this.#parts;
    try {
      slos.catalogued(this.catalog.services(), reading);
    } catch (error) {
      onBug(error);
    }
  }

  /** A place that has not been read since long before anybody would say so is waited for no longer. */
  get #reading(): CatalogueReading {
    const { clock, config } = this.#parts;
    const unread = [...this.#places].filter(([, { state }]) => state.currentAt === undefined);
    if (unread.length === 0) return 'whole';
    const { unreadableSeconds } = config().catalog.thresholds;
    const isBegun = unread.some(([key]) => clock.monotonic() - this.#followedAt.get(key)! < unreadableSeconds);
    return isBegun ? 'begun' : 'lacking';
  }

  /** How to make every place, by what it is made of; those whose word counts most first. */
  #wanted(): ReadonlyMap<string, () => CatalogPlace> {
    const { clock, config } = this.#parts;
    const { kubernetes, consul, backstage, files } = config().catalog;
    return new Map<string, () => CatalogPlace>([
      ...files.map((pattern) => [`file ${pattern}`, () => filePlace(pattern, clock)] as const),
      ...backstage.map((one) => [`backstage ${JSON.stringify(one)}`, () => backstagePlace(one, clock)] as const),
      ...kubernetes.map(
        (settings) =>
          [
            `kubernetes ${JSON.stringify(settings)}`,
            () => new KubernetesPlace({ settings, credentials: credentialsOf(settings), clock }),
          ] as const,
      ),
      ...consul.map(
        (settings) => [`consul ${JSON.stringify(settings)}`, () => new ConsulPlace({ settings, clock })] as const,
      ),
    ]);
  }
}

function credentialsOf({ connection }: KubernetesSettings): () => Promise<Credentials> {
  switch (connection.kind) {
    case 'url':
      return accessCredentials(connection.url, connection.access);
    case 'kubeconfig':
      return kubeconfigCredentials(connection.file, connection.context);
    case 'in-cluster': {
      const { KUBERNETES_SERVICE_HOST: host = 'kubernetes.default.svc', KUBERNETES_SERVICE_PORT: port = '443' } =
        process.env;
      return accessCredentials(`https://${host.includes(':') ? `[${host}]` : host}:${port}`, {
        tls: { caFile: `${serviceAccount}/ca.crt` },
        authorization: { kind: 'bearer', tokenFile: `${serviceAccount}/token` },
      });
    }
  }
}
