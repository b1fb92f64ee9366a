import type { ServiceId } from '../domain/service-id.js';
import type { Target } from './discovery/target.js';

/** Where a proxy is, for whoever knows whose it is. */
export interface ProxyPlace extends Pick<Target, 'host' | 'labels'> {
  readonly cluster: string;
}

/** Tells the service that a proxy belongs to; undefined where it is not known, or not known now. Asked at every scrape. */
export type TargetOwner = (place: ProxyPlace) => ServiceId | undefined;
