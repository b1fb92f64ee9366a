import type { ReadPromise } from './meaning/read-promise.js';
import type { PeerSlo } from './peer-slo.js';

/** A promise that was taken over. */
export interface TakenSlo {
  readonly from: PeerSlo;
  readonly promise: ReadPromise;
}

/** How a service is called. */
export interface ServiceName {
  /** Undefined: in every cluster. */
  readonly cluster: string | undefined;
  readonly namespace: string;
  readonly name: string;
}

/** The promises of one service, and how they are called in its file. */
export interface TakenService extends ServiceName {
  readonly owner: string | undefined;
  /** Named only where there are several. */
  readonly mesh: string | undefined;
  readonly slos: readonly NamedSlo[];
}

/** A promise under the name that it has among those of its service. */
export interface NamedSlo extends TakenSlo {
  readonly sloName: string;
}

/** `shop/cart`, or `prod-eu/shop/cart`: what a SLO file says of its service. */
export function serviceText({ cluster, namespace, name }: ServiceName): string {
  return [...(cluster === undefined ? [] : [cluster]), namespace, name].join('/');
}
