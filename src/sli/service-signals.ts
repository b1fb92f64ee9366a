import type { ServiceSignals } from '../domain/slot-batch.js';
import type { SignalCell } from './cells.js';

/** Takes one service's golden signals out of their cell; undefined where nobody looked and nothing came. */
export function serviceSignals(cell: SignalCell): ServiceSignals | undefined {
  const { service, requests, errors, leftOut, memoryBytes, connections, proxies } = cell;
  const latency = takeLatency(cell.latency);
  cell.requests = cell.errors = cell.leftOut = cell.proxies = 0;
  cell.memoryBytes = cell.connections = undefined;
  if (proxies === 0 && requests === 0 && leftOut === 0) return undefined;
  return { service, requests, errors, leftOut, latency, memoryBytes, connections, proxies };
}

/** From cumulative buckets to counts between neighbouring bounds. */
function takeLatency(cumulative: Map<number, number>): ServiceSignals['latency'] {
  if (!cumulative.has(Infinity)) return undefined;
  const boundsSeconds = [...cumulative.keys()].sort((a, b) => a - b);
  let below = 0;
  const counts = boundsSeconds.map((bound) => {
    const within = cumulative.get(bound)!;
    const count = Math.max(0, within - below);
    below = Math.max(below, within);
    cumulative.set(bound, 0);
    return count;
  });
  return { boundsSeconds, counts };
}
