import type { EndpointClient } from '../endpoint-client.js';
import type { WatchedProxy } from '../proxy-watch.js';
import { type XdsType, xdsTypes } from './envoy-control-answers.js';
import { updatesOf } from './taken-versions.js';

interface Updates {
  readonly rejected: number;
  readonly taken: number;
  readonly isRefusing: boolean;
}

/** What Envoys refuse: that of which they have refused something since they have taken anything. */
export class Refusals {
  readonly #updates = new WeakMap<EndpointClient, ReadonlyMap<XdsType, Updates>>();

  /** Takes what an Envoy counts now, beside what it lacks. */
  look({ client, values }: WatchedProxy, lacking: readonly XdsType[]): readonly XdsType[] {
    const before = this.#updates.get(client);
    const updates = new Map(
      xdsTypes.map((type) => {
        const now = updatesOf(values, type);
        return [type, { ...now, isRefusing: isRefusing(before?.get(type), now, lacking.includes(type)) }];
      }),
    );
    this.#updates.set(client, updates);
    return xdsTypes.filter((type) => updates.get(type)!.isRefusing);
  }
}

function isRefusing(before: Updates | undefined, now: Omit<Updates, 'isRefusing'>, isLacking: boolean): boolean {
  // Nobody knows yet what came last: who lacks something, and has refused something, is taken at its word.
  if (!before || now.rejected < before.rejected || now.taken < before.taken) return now.rejected > 0 && isLacking;
  return now.rejected > before.rejected || (before.isRefusing && now.taken === before.taken);
}
