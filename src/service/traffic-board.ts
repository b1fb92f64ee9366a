import type { EpochSeconds } from '../domain/clock.js';
import { serviceKey, type ServiceId } from '../domain/service-id.js';
import type { ServiceTraffic } from '../server/status-reader.js';

export const trafficStepSeconds = 300;
const steps = 72;

/** Requests of one service in one slot. */
export interface SlotTraffic {
  readonly service: ServiceId;
  readonly requests: number;
}

/** The last six hours' requests of every service, in steps of five minutes, kept in memory for the page's small charts. */
export class TrafficBoard {
  readonly #services = new Map<string, { readonly service: ServiceId; requests: (number | undefined)[] }>();
  /** Seconds of each step that somebody observed: not all of the one in which meshslo began. */
  #observedSeconds = new Array<number>(steps).fill(0);
  /** Number of the newest step since 1970. */
  #newest: number | undefined;

  /** Adds one slot; slots come in the order of time. */
  add(slotStart: EpochSeconds, slotSeconds: number, traffic: readonly SlotTraffic[]): void {
    const step = Math.floor(slotStart / trafficStepSeconds);
    this.#moveTo(step);
    const index = steps - 1 - (this.#newest! - step);
    if (index < 0) return;
    // Of a minute that was not watched whole nothing is charted, of anybody.
    if (traffic.length > 0) this.#observedSeconds[index]! += slotSeconds;
    for (const { service, requests } of traffic) {
      const key = serviceKey(service);
      let known = this.#services.get(key);
      if (!known) this.#services.set(key, (known = { service, requests: new Array<undefined>(steps).fill(undefined) }));
      known.requests[index] = (known.requests[index] ?? 0) + requests;
    }
  }

  /** The steps that are over: a step that has only begun would look like a fall. */
  all(): readonly ServiceTraffic[] {
    if (this.#newest === undefined) return [];
    const from = (this.#newest - steps + 1) * trafficStepSeconds;
    const observedSeconds = this.#observedSeconds.slice(0, -1);
    return [...this.#services.values()].map(({ service, requests }) => ({
      service,
      from,
      stepSeconds: trafficStepSeconds,
      requests: requests.slice(0, -1),
      observedSeconds,
    }));
  }

  #moveTo(step: number): void {
    const moved = Math.max(0, step - (this.#newest ?? step));
    this.#newest = Math.max(step, this.#newest ?? step);
    if (moved === 0) return;
    this.#observedSeconds = [
      ...this.#observedSeconds.slice(moved),
      ...new Array<number>(Math.min(moved, steps)).fill(0),
    ];
    for (const [key, known] of this.#services) {
      const unseen = new Array<undefined>(Math.min(moved, steps)).fill(undefined);
      known.requests = [...known.requests.slice(moved), ...unseen];
      if (known.requests.every((requests) => requests === undefined)) this.#services.delete(key);
    }
  }
}
