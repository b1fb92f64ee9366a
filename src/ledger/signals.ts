import type { EpochSeconds } from '../domain/clock.js';
import type { ServiceSignals } from '../domain/slot-batch.js';

/** Golden signals of a service, without its name. */
export type Signals = Omit<ServiceSignals, 'service'>;

/** What is known of one service in one stretch of time. */
export interface SignalCell {
  readonly at: EpochSeconds;
  /** Length of the stretch: a slot, or several as one. */
  readonly seconds: number;
  /** How much of it is known; what is counted came in that time. */
  readonly knownSeconds: number;
  readonly signals: Signals;
}

/** Cells as wider ones, in the order of time. */
export function widened(cells: readonly SignalCell[], seconds: number): readonly SignalCell[] {
  const wide = new Map<EpochSeconds, SignalCell>();
  for (const cell of [...cells].sort((a, b) => a.at - b.at)) {
    const at = Math.floor(cell.at / seconds) * seconds;
    const before = wide.get(at);
    wide.set(at, {
      at,
      seconds: Math.max(seconds, cell.seconds),
      knownSeconds: (before?.knownSeconds ?? 0) + cell.knownSeconds,
      signals: merged(before?.signals, cell.signals),
    });
  }
  return [...wide.values()];
}

/** Two neighbouring stretches as one: what is counted adds up, what is a level is that of the later one. */
function merged(a: Signals | undefined, b: Signals): Signals {
  if (!a) return b;
  return {
    requests: a.requests + b.requests,
    errors: a.errors + b.errors,
    leftOut: a.leftOut + b.leftOut,
    latency: a.latency && b.latency ? addLatency(a.latency, b.latency) : (b.latency ?? a.latency),
    memoryBytes: b.memoryBytes ?? a.memoryBytes,
    connections: b.connections ?? a.connections,
    proxies: Math.max(a.proxies, b.proxies),
  };
}

type Latency = NonNullable<Signals['latency']>;

/** Adds two histograms, also when their bounds differ. */
function addLatency(a: Latency, b: Latency): Latency {
  if (sameBounds(a.boundsSeconds, b.boundsSeconds)) {
    return { boundsSeconds: a.boundsSeconds, counts: a.counts.map((count, index) => count + b.counts[index]!) };
  }
  const counts = new Map<number, number>();
  for (const { boundsSeconds, counts: added } of [a, b]) {
    boundsSeconds.forEach((bound, index) => counts.set(bound, (counts.get(bound) ?? 0) + added[index]!));
  }
  const boundsSeconds = [...counts.keys()].sort((x, y) => x - y);
  return { boundsSeconds, counts: boundsSeconds.map((bound) => counts.get(bound)!) };
}

/** Whether two histograms have the same buckets. */
export function sameBounds(a: readonly number[], b: readonly number[]): boolean {
  return a === b || (a.length === b.length && a.every((bound, index) => bound === b[index]));
}
