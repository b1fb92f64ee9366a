import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { EpochSeconds } from '../domain/clock.js';
import { parseServiceKey, type ServiceId, serviceKey } from '../domain/service-id.js';
import type { ServiceSignals, SlotSeconds } from '../domain/slot-batch.js';
import type { TimeRange } from '../domain/window.js';
import type { Database } from './database.js';
import { seal, unseal } from './packed-bytes.js';

/** The golden signals of one service in one step of time; undefined where nothing is known. */
export interface SignalPoint {
  readonly at: EpochSeconds;
  /** Time within the step of which something is known; what is counted came in that time. */
  readonly seconds: number;
  readonly signals: Omit<ServiceSignals, 'service'> | undefined;
}

/** Requests of all services in one slot. */
export interface SlotTraffic {
  readonly at: EpochSeconds;
  readonly traffic: readonly { readonly service: ServiceId; readonly requests: number }[];
}

type Signals = Omit<ServiceSignals, 'service'>;

/** Signals of all services in one slot, by the service's key. */
type Slot = Map<string, Signals>;

/** Golden signals per slot, all services in one compressed row; for charts, never for budgets. */
export class SignalStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  add(start: EpochSeconds, seconds: SlotSeconds, services: readonly ServiceSignals[]): void {
    if (services.length === 0) return;
    this.#write(start, seconds, new Map(services.map(({ service, ...signals }) => [serviceKey(service), signals])));
  }

  /** A point for every step that begins in the range or holds its start. */
  read(service: ServiceId, { from, to }: TimeRange, stepSeconds: number): readonly SignalPoint[] {
    const key = serviceKey(service);
    const first = Math.floor(from / stepSeconds);
    const steps = Math.max(0, Math.ceil(to / stepSeconds) - first);
    const points = Array.from({ length: steps }, (): { seconds: number; signals: Signals | undefined } => ({
      seconds: 0,
      signals: undefined,
    }));
    for (const { start, seconds, slot } of this.#slots(from, to)) {
      const signals = slot.get(key);
      const point = points[Math.floor(start / stepSeconds) - first]!;
      if (!signals) continue;
      point.signals = merged(point.signals, signals);
      point.seconds += seconds;
    }
    return points.map((point, step) => ({ at: (first + step) * stepSeconds, ...point }));
  }

  /** Requests of every service, slot by slot, oldest first. */
  *traffic({ from, to }: TimeRange): Generator<SlotTraffic> {
    for (const { start, slot } of this.#slots(from, to)) {
      const traffic = [...slot].map(([key, { requests }]) => ({ service: parseServiceKey(key)!, requests }));
      yield { at: start, traffic };
    }
  }

  /** Merges the slots of a stretch into wider ones. */
  coarsen(range: TimeRange, seconds: SlotSeconds): void {
    const wide = new Map<EpochSeconds, Slot>();
    for (const { start, slot } of this.#slots(range.from, range.to)) {
      const at = Math.floor(start / seconds) * seconds;
      const into = wide.get(at);
      if (!into) wide.set(at, slot);
      else for (const [key, signals] of slot) into.set(key, merged(into.get(key), signals));
    }
    this.drop(range);
    for (const [start, slot] of wide) this.#write(start, seconds, slot);
  }

  drop({ from, to }: TimeRange): void {
    this.#database.run('DELETE FROM signal WHERE start >= ? AND start < ?', from, to);
  }

  #write(start: EpochSeconds, seconds: SlotSeconds, slot: Slot): void {
    const text = JSON.stringify([...slot].map(([key, signals]) => [key, fieldsOf(signals)]));
    const bytes = seal(deflateRawSync(text, { level: 1 }));
    this.#database.run('INSERT OR REPLACE INTO signal VALUES (?, ?, ?)', start, seconds, bytes);
  }

  #slots(from: EpochSeconds, to: EpochSeconds): { start: EpochSeconds; seconds: number; slot: Slot }[] {
    const sql = 'SELECT start, seconds, services FROM signal WHERE start >= ? AND start < ? ORDER BY start';
    return this.#database.rows(sql, from, to).map(([start, seconds, bytes]) => {
      const text = inflateRawSync(unseal(bytes as Buffer, 'a slot of signals')).toString();
      const slot = new Map((JSON.parse(text) as [string, Fields][]).map(([key, fields]) => [key, signalsOf(fields)]));
      return { start: start as number, seconds: seconds as number, slot };
    });
  }
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
  const counts = new Map<number, number>();
  for (const { boundsSeconds, counts: added } of [a, b]) {
    boundsSeconds.forEach((bound, index) => counts.set(bound, (counts.get(bound) ?? 0) + added[index]!));
  }
  const boundsSeconds = [...counts.keys()].sort((x, y) => x - y);
  return { boundsSeconds, counts: boundsSeconds.map((bound) => counts.get(bound)!) };
}

/** Signals without names; null where undefined, and for the bound that is Infinity, which JSON does not know. */
type Fields = readonly [
  requests: number,
  errors: number,
  leftOut: number,
  proxies: number,
  memoryBytes: number | null,
  connections: number | null,
  bounds: readonly (number | null)[] | null,
  counts: readonly number[] | null,
];

function fieldsOf({ requests, errors, leftOut, proxies, memoryBytes, connections, latency }: Signals): Fields {
  const bounds = latency?.boundsSeconds.map((bound) => (bound === Infinity ? null : bound));
  const levels = [memoryBytes ?? null, connections ?? null] as const;
  return [requests, errors, leftOut, proxies, ...levels, bounds ?? null, latency?.counts ?? null];
}

function signalsOf(fields: Fields): Signals {
  const [requests, errors, leftOut, proxies, memoryBytes, connections, bounds, counts] = fields;
  return {
    requests,
    errors,
    leftOut,
    latency: bounds && counts ? { boundsSeconds: bounds.map((bound) => bound ?? Infinity), counts } : undefined,
    memoryBytes: memoryBytes ?? undefined,
    connections: connections ?? undefined,
    proxies,
  };
}
