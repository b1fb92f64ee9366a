import { inflateRawSync } from 'node:zlib';
import type { EpochSeconds } from '../domain/clock.js';
import { parseServiceKey } from '../domain/service-id.js';
import type { ServiceSignals, SlotSeconds } from '../domain/slot-batch.js';
import type { Database } from './database.js';
import { unseal } from './packed-bytes.js';
import { SignalStore } from './signal-store.js';

/** Signals as the first three schemas wrote them: without names, null for unknown and for the bound that is Infinity. */
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

/** Rewrites the golden signals of an older ledger: one compressed JSON of all services per slot becomes rows per service. */
export function convertSignals(database: Database): void {
  const store = new SignalStore(database);
  const sql = 'SELECT start, seconds, services FROM signal WHERE start > ? ORDER BY start LIMIT 60';
  for (let last = -1; ;) {
    const rows = database.rows(sql, last);
    if (rows.length === 0) break;
    for (const [start, seconds, bytes] of rows) {
      const text = inflateRawSync(unseal(bytes as Buffer, 'a slot of signals')).toString();
      const services = (JSON.parse(text) as [string, Fields][]).map(([key, fields]) => signalsOf(key, fields));
      store.add(start as EpochSeconds, seconds as SlotSeconds, services);
      last = start as number;
    }
  }
  while (store.closeBefore(Infinity, Infinity));
}

function signalsOf(key: string, fields: Fields): ServiceSignals {
  const [requests, errors, leftOut, proxies, memoryBytes, connections, bounds, counts] = fields;
  return {
    service: parseServiceKey(key)!,
    requests,
    errors,
    leftOut,
    latency: bounds && counts ? { boundsSeconds: bounds.map((bound) => bound ?? Infinity), counts } : undefined,
    memoryBytes: memoryBytes ?? undefined,
    connections: connections ?? undefined,
    proxies,
  };
}
