import type { EpochSeconds } from '../domain/clock.js';
import type { Packer, Unpacker } from './packed-bytes.js';
import type { SignalCell, Signals } from './signals.js';

/** Numbers of lists of bucket bounds, of which there are few; 0 is no histogram at all. */
export interface BoundsNumbers {
  numberOf(boundsSeconds: readonly number[]): number;
  boundsOf(number: number): readonly number[];
}

/** Every number of a cell but its buckets, in the order in which they are written. */
const columns: readonly ((cell: SignalCell) => number)[] = [
  ({ seconds }) => seconds,
  ({ knownSeconds }) => knownSeconds,
  ({ signals }) => signals.requests,
  ({ signals }) => signals.errors,
  ({ signals }) => signals.leftOut,
  ({ signals }) => signals.proxies,
  // 0 is unknown.
  ({ signals }) => level(signals.memoryBytes),
  ({ signals }) => level(signals.connections),
];

/** Writes the cells of one service, a column after the other: neighbours are alike, and most buckets empty. */
export function packCells(
  packer: Packer,
  cells: readonly SignalCell[],
  hour: EpochSeconds,
  bounds: BoundsNumbers,
): void {
  const last = cells.length;
  packer.varint(last);
  for (const { at } of cells) packer.varint(at - hour);
  for (const read of columns) packer.runs(cells.map(read), 0, last);
  const numbers = cells.map(({ signals }) => (signals.latency ? bounds.numberOf(signals.latency.boundsSeconds) : 0));
  packer.runs(numbers, 0, last);
  for (const [from, to] of runsOf(numbers)) {
    const buckets = cells[from]!.signals.latency?.counts.length ?? 0;
    for (let bucket = 0; bucket < buckets; bucket++) {
      packer.sparse(
        cells.slice(from, to).map(({ signals }) => signals.latency!.counts[bucket]!),
        0,
        to - from,
      );
    }
  }
}

/** Reads what {@link packCells} wrote. */
export function unpackCells(unpacker: Unpacker, hour: EpochSeconds, bounds: BoundsNumbers): readonly SignalCell[] {
  const last = unpacker.varint();
  const starts = Array.from({ length: last }, () => hour + unpacker.varint());
  const column = (): Float64Array => {
    const values = new Float64Array(last);
    unpacker.runs(values, 0, last);
    return values;
  };
  const [seconds, known, requests, errors, leftOut, proxies, memory, connections] = columns.map(column);
  const numbers = column();
  const latencies = new Array<Signals['latency']>(last).fill(undefined);
  for (const [from, to] of runsOf(numbers)) {
    if (numbers[from] === 0) continue;
    const boundsSeconds = bounds.boundsOf(numbers[from]!);
    const counts = boundsSeconds.map(() => {
      const values = new Float64Array(to - from);
      unpacker.sparse(values, 0, to - from);
      return values;
    });
    for (let cell = from; cell < to; cell++) {
      latencies[cell] = { boundsSeconds, counts: counts.map((values) => values[cell - from]!) };
    }
  }
  return starts.map((at, cell) => ({
    at,
    seconds: seconds![cell]!,
    knownSeconds: known![cell]!,
    signals: {
      requests: requests![cell]!,
      errors: errors![cell]!,
      leftOut: leftOut![cell]!,
      latency: latencies[cell],
      memoryBytes: levelOf(memory![cell]!),
      connections: levelOf(connections![cell]!),
      proxies: proxies![cell]!,
    },
  }));
}

/** Writes one service's signals of one slot. */
export function packSignals(packer: Packer, signals: Signals, bounds: BoundsNumbers): void {
  const { requests, errors, leftOut, proxies, memoryBytes, connections, latency } = signals;
  packer.varint(requests);
  packer.varint(errors);
  packer.varint(leftOut);
  packer.varint(proxies);
  packer.varint(level(memoryBytes));
  packer.varint(level(connections));
  packer.varint(latency ? bounds.numberOf(latency.boundsSeconds) : 0);
  if (latency) packer.sparse(latency.counts, 0, latency.counts.length);
}

/** Reads what {@link packSignals} wrote. */
export function unpackSignals(unpacker: Unpacker, bounds: BoundsNumbers): Signals {
  const [requests, errors, leftOut] = [unpacker.varint(), unpacker.varint(), unpacker.varint()];
  const proxies = unpacker.varint();
  const [memoryBytes, connections] = [levelOf(unpacker.varint()), levelOf(unpacker.varint())];
  const latency = unpackLatency(unpacker, unpacker.varint(), bounds);
  return { requests, errors, leftOut, latency, memoryBytes, connections, proxies };
}

function unpackLatency(unpacker: Unpacker, number: number, bounds: BoundsNumbers): Signals['latency'] {
  if (number === 0) return undefined;
  const boundsSeconds = bounds.boundsOf(number);
  const values = new Float64Array(boundsSeconds.length);
  unpacker.sparse(values, 0, values.length);
  return { boundsSeconds, counts: Array.from(values) };
}

function level(value: number | undefined): number {
  return value === undefined ? 0 : Math.min(Math.round(value), Number.MAX_SAFE_INTEGER - 1) + 1;
}

function levelOf(written: number): number | undefined {
  return written === 0 ? undefined : written - 1;
}

/** Stretches of equal values. */
function runsOf(values: ArrayLike<number>): readonly (readonly [from: number, to: number])[] {
  const runs: [number, number][] = [];
  for (let from = 0; from < values.length;) {
    let to = from + 1;
    while (to < values.length && values[to] === values[from]) to += 1;
    runs.push([from, to]);
    from = to;
  }
  return runs;
}
