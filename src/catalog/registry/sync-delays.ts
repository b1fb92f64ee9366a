import type { EpochSeconds } from '../../domain/clock.js';
import type { SyncDelay } from './envoy-sync.js';

/** How late Envoys have learnt lately of changes of one registry. */
export interface RegistrySync {
  readonly registry: string;
  /** Changes that Envoys have learnt: one of two Envoys counts twice. */
  readonly changes: number;
  readonly p50Seconds: number;
  readonly p99Seconds: number;
  /** How far each of them may be off at most: changes are seen when somebody looks. */
  readonly errorSeconds: number;
}

const rememberedSeconds = 3600;
const mostDelays = 10_000;

/** The delays of the last hour; the newest, where there are very many. */
export class SyncDelays {
  #delays: (SyncDelay & { readonly at: EpochSeconds })[] = [];

  take(delay: SyncDelay, now: EpochSeconds): void {
    this.#delays.push({ ...delay, at: now });
    if (this.#delays.length > 2 * mostDelays) this.#delays = this.#recent(now);
  }

  /** Registries in the order of their names; those of which nobody has learnt anything are left out. */
  summaries(now: EpochSeconds): readonly RegistrySync[] {
    const recent = this.#recent(now);
    return [...new Set(recent.map(({ registry }) => registry))].sort().map((registry) => {
      const own = recent.filter((one) => one.registry === registry);
      const seconds = own.map((one) => one.seconds).sort((a, b) => a - b);
      const quantile = (share: number): number => seconds[Math.max(0, Math.ceil(share * seconds.length) - 1)]!;
      const errorSeconds = Math.max(...own.map((one) => one.errorSeconds));
      return { registry, changes: own.length, p50Seconds: quantile(0.5), p99Seconds: quantile(0.99), errorSeconds };
    });
  }

  #recent(now: EpochSeconds) {
    return this.#delays.filter(({ at }) => at > now - rememberedSeconds).slice(-mostDelays);
  }
}
