import type { ArrivalShares, RequestPath, View } from '../domain/series-meaning.js';
import { serviceKey, type ServiceId } from '../domain/service-id.js';
import type { ServicePaths } from '../domain/slot-batch.js';
import type { SloDirectory } from '../domain/source.js';

type Counts = Record<Exclude<keyof ServicePaths, 'service'>, number>;

/** A service with its key: growth is counted often, and the key of a series' service is always the same. */
export interface KeyedService {
  readonly service: ServiceId;
  readonly key: string;
}

export function keyed(service: ServiceId): KeyedService {
  return { service, key: serviceKey(service) };
}

/** The way of the requests of one series: by whose own proxies they were taken in, and whether by their sender's. */
export interface RoutedPath {
  readonly receivers: readonly KeyedService[];
  readonly isAuthenticated: boolean | undefined;
  readonly isSent: boolean;
  readonly sender: KeyedService | undefined;
}

export function routedPath(views: readonly View[], { sender, isAuthenticated }: RequestPath = {}): RoutedPath {
  const received = views.filter(({ perspective }) => perspective === 'server');
  return {
    receivers: received.map(({ service }) => keyed(service)),
    isAuthenticated,
    isSent: views.some(({ perspective }) => perspective === 'client'),
    sender: sender && keyed(sender),
  };
}

/** What the growth of one counter of connections says of their service. */
export interface RoutedArrivals extends ArrivalShares {
  readonly key: string;
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
    own: KeyedService | undefined,
  ): void {
    for (const receiver of receivers) {
      const counts = this.#countsOf(receiver);
      counts.received += requests;
      if (isAuthenticated === true) counts.authenticated += requests;
      if (isAuthenticated === false) counts.plain += requests;
    }
    if (!isSent) return;
    if (own) this.#countsOf(own).sent += requests;
    if (!sender || own?.key === sender.key || !this.#isSomebodys(sender)) return;
    this.#countsOf(sender).sent += requests;
  }

  /** Adds connections that are no events of any SLO. */
  arrived(arrivals: RoutedArrivals, connections: number): void {
    if (!this.#isSomebodys(arrivals)) return;
    const counts = this.#countsOf(arrivals);
    counts.received += arrivals.received * connections;
    counts.authenticated += arrivals.authenticated * connections;
    counts.plain += arrivals.plain * connections;
  }

  /** Hands out what there is, and begins anew. */
  take(): readonly ServicePaths[] {
    const paths = [...this.#cells.values()].map(({ service, counts }) => ({ service, ...counts }));
    this.#cells.clear();
    return paths;
  }

  /** Names come from the network; who is no service of anybody's fills no memory. */
  #isSomebodys({ service, key }: KeyedService): boolean {
    return this.#cells.has(key) || this.#directory.knows(service);
  }

  #countsOf({ service, key }: KeyedService): Counts {
    let cell = this.#cells.get(key);
    if (!cell) {
      cell = { service, counts: { received: 0, authenticated: 0, plain: 0, sent: 0 } };
      this.#cells.set(key, cell);
    }
    return cell.counts;
  }
}
