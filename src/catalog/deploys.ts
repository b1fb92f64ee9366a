import type { Clock, EpochSeconds } from '../domain/clock.js';
import type { MeshEvent } from '../domain/mesh-event.js';
import { serviceKey } from '../domain/service-id.js';
import type { KnownService, PlaceInstance } from './service-facts.js';

/** Revisions of one service that are remembered. */
const mostRevisions = 20;

/** Whoever is in no catalogue for so long is forgotten: every run of a job may have a name of its own. */
const forgottenAfterSeconds = 86_400;

/** What of a service ran when it was last looked at. */
interface Running {
  /** Those that ran when it was last looked at. */
  readonly revisions: ReadonlySet<string>;
  /** When every revision was seen last. */
  readonly seen: ReadonlyMap<string, EpochSeconds>;
  /** Versions of the newest revision. */
  readonly version: string | undefined;
}

/**
 * Notices deploys: a revision (hash of a pod template) whose first pod is ready, or a version that nothing ran before.
 *
 * More or fewer pods of the same revision are none, and what runs when it looks first is where it begins. A service without
 * pods keeps what it ran last: coming back is no deploy.
 */
export class DeployWatch {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #running = new Map<string, Running>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** What was deployed since the look before. */
  look(services: readonly KnownService[]): readonly MeshEvent[] {
    const events = services.flatMap((service) => this.#lookAt(service));
    this.#forget(new Set(services.map(({ id }) => serviceKey(id))));
    return events;
  }

  #forget(known: ReadonlySet<string>): void {
    const before = this.#clock.now() - forgottenAfterSeconds;
    for (const [key, { seen }] of this.#running) {
      if (!known.has(key) && Math.max(...seen.values()) < before) this.#running.delete(key);
    }
  }

  #lookAt(service: KnownService): readonly MeshEvent[] {
    const ready = service.instances.filter(({ isReady }) => isReady);
    const revisions = new Map<string, PlaceInstance[]>();
    for (const instance of ready) {
      const revision = instance.revision ?? instance.version;
      if (revision !== undefined) revisions.set(revision, [...(revisions.get(revision) ?? []), instance]);
    }
    if (revisions.size === 0) return [];
    const key = serviceKey(service.id);
    const before = this.#running.get(key);
    const fresh = [...revisions].filter(([revision, pods]) => isFresh(before, revision, pods));
    const newest = newestOf([...revisions.values()]);
    this.#running.set(key, {
      revisions: new Set(revisions.keys()),
      seen: new Map(
        [...(before?.seen ?? []), ...[...revisions.keys()].map((one) => [one, this.#clock.now()] as const)].slice(
          -mostRevisions,
        ),
      ),
      version: newest.version ?? before?.version,
    });
    if (!before) return [];
    return fresh.map(([revision, instances]) => this.#event(service, revision, instances, before.version));
  }

  #event(
    { id, mesh }: KnownService,
    revision: string,
    instances: readonly PlaceInstance[],
    before: string | undefined,
  ): MeshEvent {
    const { version } = instances[0]!;
    const isNewVersion = version !== undefined && before !== undefined && version !== before;
    return {
      kind: 'deploy',
      at: this.#momentOf(instances),
      service: id,
      summary: isNewVersion
        ? `${id.name} went from ${before} to ${version}`
        : `${id.name} was rolled out anew${version === undefined ? '' : ` at ${version}`}`,
      facts: {
        ...(version !== undefined && { version }),
        ...(before !== undefined && { before }),
        revision,
        ...(mesh !== undefined && { mesh }),
      },
    };
  }

  /** When its first pod was made, by the cluster's clock; that may be ahead of ours. */
  #momentOf(instances: readonly PlaceInstance[]): EpochSeconds {
    const now = this.#clock.now();
    const made = instances.flatMap(({ createdAt }) => (createdAt === undefined ? [] : [createdAt]));
    const first = made.length === 0 ? now : Math.min(...made);
    // A pod that is older than an hour was not deployed just now; its clock is wrong, or it became ready late.
    return first > now || first < now - 3600 ? now : first;
  }
}

/** A revision that runs again is a roll-back where its pods are newer than its last sight, and a readiness that flickered else. */
function isFresh(before: Running | undefined, revision: string, pods: readonly PlaceInstance[]): boolean {
  if (before?.revisions.has(revision)) return false;
  const seen = before?.seen.get(revision);
  return seen === undefined || pods.some(({ createdAt }) => createdAt !== undefined && createdAt > seen);
}

function newestOf(groups: readonly (readonly PlaceInstance[])[]): PlaceInstance {
  return groups.flat().reduce((newest, one) => ((one.createdAt ?? 0) > (newest.createdAt ?? 0) ? one : newest));
}
