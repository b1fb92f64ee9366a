import type { EndpointSettings } from '../config/control-planes.js';
import type { Clock } from '../domain/clock.js';
import type { Failure } from '../domain/failure.js';
import { JobDiscovery } from '../scrape/discovery/job-discovery.js';
import { AccessFiles } from '../scrape/http/access.js';
import type { BodyBuffers } from '../scrape/http/body-buffer.js';
import { EndpointClient } from './endpoint-client.js';

/** What a set needs. */
export interface EndpointSetParts {
  /** Tells it from others in messages. */
  readonly name: string;
  readonly endpoints: EndpointSettings;
  readonly defaultPort: number;
  readonly timeoutSeconds: number;
  readonly buffers: BodyBuffers;
  readonly clock: Clock;
}

/** Endpoints of one sort, as their lists name them now: instances of a control plane, or proxies. */
export class EndpointSet {
  readonly #parts: EndpointSetParts;
  readonly #discovery: JobDiscovery;
  readonly #access: AccessFiles;
  #clients = new Map<string, EndpointClient>();
  #isClosed = false;

  constructor(parts: EndpointSetParts) {
    const { name, endpoints, defaultPort, clock } = parts;
    const { targets, scheme, access } = endpoints;
    this.#parts = parts;
    this.#access = new AccessFiles(access);
    const job = { name, scheme, path: '/', params: {}, filterParams: {}, defaultPort, targets };
    this.#discovery = new JobDiscovery(job, clock);
  }

  /** Those that are listed, in the order of their addresses. */
  get clients(): readonly EndpointClient[] {
    return [...this.#clients.values()];
  }

  /** Lists that cannot be read, and secrets; what was known before stays. */
  get troubles(): readonly Failure[] {
    const lists = this.#discovery.health.flatMap(({ trouble }) => trouble ?? []);
    return this.#access.trouble ? [...lists, this.#access.trouble] : lists;
  }

  /** Reads the lists that are due. Never throws. */
  async refresh(): Promise<void> {
    await this.#access.refresh();
    const targets = (await this.#discovery.refresh())?.targets;
    if (targets === undefined || this.#isClosed) return;
    const { timeoutSeconds, buffers, clock } = this.#parts;
    const before = this.#clients;
    this.#clients = new Map(
      targets.map((target) => [
        target.id,
        before.get(target.id) ?? new EndpointClient({ target, access: this.#access, buffers, timeoutSeconds, clock }),
      ]),
    );
    for (const [id, client] of before) if (!this.#clients.has(id)) client.close();
  }

  /** Ends what is under way; the set can be asked again. */
  interrupt(): void {
    for (const client of this.#clients.values()) client.interrupt();
  }

  /** Ends for good, a look that goes on, too. */
  close(): void {
    this.#isClosed = true;
    for (const client of this.#clients.values()) client.close();
    this.#discovery.close();
  }
}
