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

type DatedDelay = SyncDelay & { readonly at: EpochSeconds };

const rememberedSeconds = 3600;
/** Of one registry: where many services flap, nothing of the others is forgotten. */
const mostDelays = 10_000;

/** The delays of the last hour; the newest of a registry, where there are very many. */
export class SyncDelays {
  readonly #delays = new Map<string, DatedDelay[]>();

  take(delay: SyncDelay, now: EpochSeconds): void {
    const { registry } = delay;
    const own = this.#delays.get(registry) ?? [];
    own.push({ ...delay, at: now });
    this.#delays.set(registry, own.length > 2 * mostDelays ? recentOf(own, now) : own);
  }

  /** Lets go of registries that nobody follows any more. */
  keep(registries: ReadonlySet<string>): void {
    for (const registry of this.#delays.keys()) if (!registries.has(registry)) this.#delays.delete(registry);
  }

  /** Registries in the order of their names; those of which nobody has learnt anything are left out. */
  summaries(now: EpochSeconds): readonly RegistrySync[] {
    return [...this.#delays]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([registry, all]) => {
        const own = recentOf(all, now);
        return own.length === 0 ? [] : [summaryOf(registry, own)];
      });
  }
}

function summaryOf(registry: string, own: readonly DatedDelay[]): RegistrySync {
  const seconds = own.map((one) => one.seconds).sort((a, b) => a - b);
  const quantile = (share: number): number => seconds[Math.max(0, Math.ceil(share * seconds.length) - 1)]!;
  const errorSeconds = Math.max(...own.map((one) => one.errorSeconds));
  return { registry, changes: own.length, p50Seconds: quantile(0.5), p99Seconds: quantile(0.99), errorSeconds };
}

function recentOf(delays: readonly DatedDelay[], now: EpochSeconds): DatedDelay[] {
  return delays.filter(({ at }) => at > now - rememberedSeconds).slice(-mostDelays);
}
