import { isDeepStrictEqual } from 'node:util';
import type { Config } from '../config/config.js';
import type { ControlPlaneSettings } from '../config/control-planes.js';
import type { ControlPlaneCollector } from '../controlplane/collector.js';
import type { ControlPlaneState } from '../controlplane/control-plane-state.js';
import { newCollector } from '../controlplane/new-collector.js';
import type { ProxyBook } from '../controlplane/proxy-book.js';
import type { Clock } from '../domain/clock.js';
import { loadControlPlanePacks } from '../packs/load-control-plane-packs.js';
import { BodyBuffers } from '../scrape/http/body-buffer.js';
import { ByteBudget } from '../scrape/http/byte-budget.js';

/** Bodies in flight: what each may hold, and what all large ones may hold together. */
const freeBodyBytes = 1024 * 1024;
const commonBodyBytes = 256 * 1024 * 1024;

/** The control planes of the configuration in force, each with whoever looks at it. */
export class ControlPlanes {
  readonly #packs = loadControlPlanePacks();
  readonly #buffers = new BodyBuffers(new ByteBudget(freeBodyBytes, commonBodyBytes));
  readonly #book: ProxyBook;
  readonly #clock: Clock;
  #collectors = new Map<ControlPlaneCollector, ControlPlaneSettings>();
  #aliases: ReadonlyMap<string, string> = new Map();

  constructor(book: ProxyBook, clock: Clock) {
    this.#book = book;
    this.#clock = clock;
  }

  /** As the last looks saw them, in the order of the configuration; those that nobody has looked at yet are left out. */
  states(): readonly ControlPlaneState[] {
    return [...this.#collectors.keys()].flatMap(({ state }) => state ?? []);
  }

  /** How many there are. */
  get count(): number {
    return this.#collectors.size;
  }

  /** Those who look under a configuration; whoever's settings stay the same goes on with what it knows. */
  collectorsFor({ controlPlanes, clusterAliases }: Config): readonly ControlPlaneCollector[] {
    this.#aliases = clusterAliases;
    const before = [...this.#collectors];
    this.#collectors = new Map(
      controlPlanes.map((settings) => [
        before.find(([, old]) => isDeepStrictEqual(old, settings))?.[0] ?? this.#newCollector(settings),
        settings,
      ]),
    );
    for (const [collector] of before) if (!this.#collectors.has(collector)) collector.close();
    return [...this.#collectors.keys()];
  }

  close(): void {
    for (const collector of this.#collectors.keys()) collector.close();
  }

  #newCollector(settings: ControlPlaneSettings): ControlPlaneCollector {
    return newCollector({
      settings,
      pack: this.#packs.get(settings.kind)!,
      book: this.#book,
      // "Kubernetes" is the id of every cluster that nobody named (istio/istio pkg/cluster/id.go).
      clusterOf: (id) => (id === '' || id === 'Kubernetes' ? settings.cluster : (this.#aliases.get(id) ?? id)),
      buffers: this.#buffers,
      clock: this.#clock,
    });
  }
}
