import type { StatsQuery } from '../envoy-text.js';
import type { EventSink } from '../event-log.js';
import type { Mesh } from '../mesh.js';

/** One proxy of a mesh, as service discovery lists it. */
export interface PlaneProxy {
  /** Its own, for as long as it is listed. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** What a proxy answers to a scrape. */
export interface PlaneText {
  readonly contentType: string;
  readonly text: string;
}

/**
 * The proxies of one kind of mesh: they count what happened, each in its own words.
 *
 * {@link take} is called after the event log has been written, never before.
 */
export interface DataPlane {
  /** Name of the path at which its proxies print their metrics. */
  readonly path: string;
  /** Learns whose pods it carries; called once, before anything is scraped. */
  attach(mesh: Mesh): void;
  readonly take: EventSink;
  /** The proxies that are there now. */
  proxies(): readonly PlaneProxy[];
  /** What a proxy prints; undefined where it is gone. Only Envoys know a query. */
  text(proxy: string, nowSeconds: number, query: StatsQuery): PlaneText | undefined;
  /** Name of the proxy that counts what reaches, or leaves, a pod. */
  carrierOf(pod: string): string;
  /** A proxy that is not part of a pod begins again; proxies in pods begin again with these. */
  restart(proxy: string, atSeconds: number): void;
}
