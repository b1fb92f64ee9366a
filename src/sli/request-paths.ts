import type { RequestPath, View } from '../domain/series-meaning.js';
import { serviceKey, type ServiceId } from '../domain/service-id.js';
import type { ServicePaths } from '../domain/slot-batch.js';
import type { SloDirectory } from '../domain/source.js';

type Counts = Record<Exclude<keyof ServicePaths, 'service'>, number>;

/** The way of the requests of one series: by whose own proxies they were taken in, and whether by their sender's. */
export interface RoutedPath extends RequestPath {
  readonly receivers: readonly ServiceId[];
  readonly isSent: boolean;
}

export function routedPath(views: readonly View[], path: RequestPath | undefined): RoutedPath {
  const received = views.filter(({ perspective }) => perspective === 'server');
  return {
    ...path,
    receivers: received.map(({ service }) => service),
    isSent: views.some(({ perspective }) => perspective === 'client'),
  };
}

/** The ways that requests of every service took in the open slot: one cell for each service, however many proxies it has. */
export class RequestPaths {
  readonly #directory: Pick<SloDirectory, 'knows'>;
  readonly #cells = new Map<string, { readonly service: ServiceId; readonly counts: Counts }>();

  constructor(directory: Pick<SloDirectory, 'knows'>) {
    this.#directory = directory;
  }

  /**
   * Adds requests. A sender goes by two names that need not be the same: what its proxy is called, and what the series says.
   *
   * @param own service that the reporting proxy belongs to, where it belongs to one
   */
  count(
    { receivers, isAuthenticated, isSent, sender }: RoutedPath,
    requests: number,
    own: ServiceId | undefined,
  ): void {
    for (const receiver of receivers) {
      const counts = this.#countsOf(receiver);
      counts.received += requests;
      if (isAuthenticated === true) counts.authenticated += requests;
      if (isAuthenticated === false) counts.plain += requests;
    }
    if (!isSent) return;
    if (own) this.#countsOf(own).sent += requests;
    // Names of senders come from the network; who is no service of anybody's fills no memory.
    if (!sender || !this.#directory.knows(sender) || (own && serviceKey(own) === serviceKey(sender))) return;
    this.#countsOf(sender).sent += requests;
  }

  /** Hands out what there is, and begins anew. */
  take(): readonly ServicePaths[] {
    const paths = [...this.#cells.values()].map(({ service, counts }) => ({ service, ...counts }));
    this.#cells.clear();
    return paths;
  }

  #countsOf(service: ServiceId): Counts {
    const key = serviceKey(service);
    let cell = this.#cells.get(key);
    if (!cell) {
      cell = { service, counts: { received: 0, authenticated: 0, plain: 0, sent: 0 } };
      this.#cells.set(key, cell);
    }
    return cell.counts;
  }
}
