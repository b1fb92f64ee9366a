/** How many samples Prometheus puts into a chunk. */
export const samplesPerChunk = 120;

// Looked up once: within Jest every global is slow to reach.
const { clz32, floor, min } = Math;

/** Enough for 120 samples that share nothing. */
const buffer = new Uint8Array(4096);
let position = 0;
/** Bits that are still free in the last byte. */
let free = 0;

const number = new Float64Array(1);
const halves = new Uint32Array(number.buffer);
const staleHigh = 0x7ff00000;
const staleLow = 2;

let leading = 0xff;
let trailing = 0;

/**
 * Samples `[from, to)` as an XOR chunk; valid until the next call. Times are whole milliseconds.
 *
 * NaN stands for Prometheus' marker of staleness: the one that it writes itself where a series ends.
 *
 * @see prometheus/prometheus tsdb/docs/format/chunks.md (XOR chunk data)
 */
export function xorChunk(times: Float64Array, values: Float64Array, from: number, to: number): Uint8Array {
  const samples = to - from;
  buffer[0] = samples >>> 8;
  buffer[1] = samples & 0xff;
  position = 2;
  free = 0;
  leading = 0xff;
  trailing = 0;

  bytesOfVarint(2 * times[from]!);
  setNumber(values[from]!);
  let high = halves[1]!;
  let low = halves[0]!;
  writeBits(high, 32);
  writeBits(low, 32);
  let delta = 0;
  for (let index = from + 1; index < to; index++) {
    const step = times[index]! - times[index - 1]!;
    if (index === from + 1) bytesOfVarint(step);
    else deltaOfDelta(step - delta);
    delta = step;
    setNumber(values[index]!);
    const nextHigh = halves[1]!;
    const nextLow = halves[0]!;
    difference((high ^ nextHigh) >>> 0, (low ^ nextLow) >>> 0);
    high = nextHigh;
    low = nextLow;
  }
  return buffer.subarray(0, position);
}

function setNumber(value: number): void {
  number[0] = value;
  if (value !== value) {
    halves[1] = staleHigh;
    halves[0] = staleLow;
  }
}

function deltaOfDelta(change: number): void {
  if (change === 0) writeBits(0, 1);
  else if (fits(change, 14)) {
    writeBits(0b10, 2);
    writeBits(change & 0x3fff, 14);
  } else if (fits(change, 17)) {
    writeBits(0b110, 3);
    writeBits(change & 0x1ffff, 17);
  } else if (fits(change, 20)) {
    writeBits(0b1110, 4);
    writeBits(change & 0xfffff, 20);
  } else {
    writeBits(0b1111, 4);
    writeBits(floor(change / 2 ** 32) >>> 0, 32);
    writeBits(change >>> 0, 32);
  }
}

function fits(change: number, bits: number): boolean {
  return change >= -(2 ** (bits - 1) - 1) && change <= 2 ** (bits - 1);
}

function difference(high: number, low: number): void {
  if (high === 0 && low === 0) {
    writeBits(0, 1);
    return;
  }
  const zerosBefore = min(31, high === 0 ? 32 + clz32(low) : clz32(high));
  const zerosAfter = low === 0 ? 32 + trailingZeros(high) : trailingZeros(low);
  if (leading !== 0xff && zerosBefore >= leading && zerosAfter >= trailing) writeBits(0b10, 2);
  else {
    leading = zerosBefore;
    trailing = zerosAfter;
    writeBits(0b11, 2);
    writeBits(leading, 5);
    // 64 significant bits are written as 0.
    writeBits((64 - leading - trailing) & 63, 6);
  }
  significant(high, low);
}

/** The bits between `leading` and `trailing` of 64. */
function significant(high: number, low: number): void {
  const bits = 64 - leading - trailing;
  if (trailing >= 32) {
    writeBits(high >>> (trailing - 32), bits);
    return;
  }
  if (bits > 32 - trailing) writeBits(high, bits - (32 - trailing));
  writeBits(low >>> trailing, min(bits, 32 - trailing));
}

function trailingZeros(word: number): number {
  return 31 - clz32(word & -word);
}

/** The lowest `count` bits (at most 32) of a word. */
function writeBits(word: number, count: number): void {
  let left = count;
  while (left > 0) {
    if (free === 0) {
      buffer[position++] = 0;
      free = 8;
    }
    const taken = left < free ? left : free;
    const part = (word >>> (left - taken)) & ((1 << taken) - 1);
    buffer[position - 1]! |= part << (free - taken);
    free -= taken;
    left -= taken;
  }
}

/** Varints are bytes in the stream of bits, wherever that stands. */
function bytesOfVarint(value: number): void {
  let rest = value;
  while (rest >= 0x80) {
    writeBits((rest % 0x80) | 0x80, 8);
    rest = floor(rest / 0x80);
  }
  writeBits(rest, 8);
}
