import { grownBytesTo, grownTo } from './grown-array.js';

/** From this length on the native comparison makes up for what calling it costs (about 80 ns). */
const nativeLength = 300;

/** So many bodies with another width, one after the other, outvote any past. */
const mostVotes = 8;

/**
 * The beginnings of lines that a target has printed before, byte for byte, each with a number.
 *
 * A beginning goes from the start of the line to where the value starts. All of them live in one growing byte array with
 * a hash table of integers beside it: no strings, no object per line, for a process watches hundreds of targets.
 *
 * Behind a beginning there is a *gap*, as wide as the line's value and its newline mostly are. So a run of lines lies in memory
 * as it stands in the body, and once the values have been written into the gaps one comparison covers all of it.
 */
export class LineMemory {
  /** How many beginnings are known; they are numbered from 0. */
  count = 0;
  private bytes = new Uint8Array(1 << 12);
  private view = new DataView(this.bytes.buffer);
  private used = 0;
  private starts = new Int32Array(1 << 8);
  private ends = new Int32Array(1 << 8);
  private gaps = new Uint8Array(1 << 8);
  /** How often the width in `gaps` was seen more than others, up to a few. */
  private votes = new Uint8Array(1 << 8);
  /** Whether any beginning holds a NUL, so that eight bytes at a time are not enough. */
  anyNul = false;
  private readonly withNul = new Set<number>();
  private table = new Int32Array(1 << 9).fill(-1);

  /** What a loop needs that cannot afford a call per line; they are other arrays after `add` and `arrange`. */
  arrays(): {
    readonly starts: Int32Array;
    readonly ends: Int32Array;
    readonly bytes: Uint8Array;
  } {
    const { starts, ends, bytes } = this;
    return { starts, ends, bytes };
  }

  /** The bytes of a beginning; valid until the next `add` or `arrange`. */
  bytesOf(line: number): Uint8Array {
    return this.bytes.subarray(this.starts[line], this.ends[line]);
  }

  /**
   * Whether a body has this beginning at `at`.
   *
   * @param view of the body, at least as many bytes beyond `at`.
   */
  matches(line: number, body: Buffer, view: DataView, at: number): boolean {
    const start = this.starts[line]!;
    const length = this.ends[line]! - start;
    if (!this.anyNul || !this.withNul.has(line)) return this.equals(start, length, body, view, at);
    return body.compare(this.bytes, start, start + length, at, at + length) === 0;
  }

  /**
   * Whether `length` bytes of the memory, NULs not among them, are those of the body at `at`.
   *
   * Short ones are compared eight bytes at a time as float64. That is exact here: the only two patterns that are equal as
   * numbers and differ as bytes are the two zeros, which need seven NULs; a NaN
   * equals nothing, which costs time and no truth. The last eight bytes overlap the ones before.
   */
  equals(start: number, length: number, body: Buffer, view: DataView, at: number): boolean {
    if (length >= nativeLength) return body.compare(this.bytes, start, start + length, at, at + length) === 0;
    const known = this.view;
    let same = true;
    if (length < 8) {
      for (let index = 0; same && index < length; index++) same = this.bytes[start + index] === body[at + index];
      return same;
    }
    const last = length - 8;
    // What tells lines apart stands at the end more often than at the beginning.
    same = known.getFloat64(start + last, true) === view.getFloat64(at + last, true);
    for (let index = 0; same && index < last; index += 8) {
      same = known.getFloat64(start + index, true) === view.getFloat64(at + index, true);
    }
    return same;
  }

  /** The number of the beginning in [start, end) of a body; -1 where it is unknown. */
  find(body: Buffer, view: DataView, start: number, end: number): number {
    const mask = this.table.length - 1;
    for (let slot = hashOf(body, start, end) & mask; ; slot = (slot + 1) & mask) {
      const line = this.table[slot]!;
      if (line < 0) return -1;
      const length = this.ends[line]! - this.starts[line]!;
      if (length === end - start && this.matches(line, body, view, start)) return line;
    }
  }

  /**
   * Keeps the beginning in [start, end) of a body, which must be unknown; returns its number.
   *
   * @param gap bytes to leave free behind it.
   */
  add(body: Uint8Array, start: number, end: number, gap = 0): number {
    const line = this.count++;
    this.reserve(this.used + end - start + gap);
    this.bytes.set(body.subarray(start, end), this.used);
    this.starts[line] = this.used;
    this.ends[line] = this.used + end - start;
    this.gaps[line] = gap;
    this.used += end - start + gap;
    if (this.bytesOf(line).includes(0)) {
      this.withNul.add(line);
      this.anyNul = true;
    }
    this.enter(line, hashOf(body, start, end));
    return line;
  }

  /** Says how wide a value and its newline are in this body. The gap gets the width that most have had of late. */
  voteForGap(line: number, width: number): void {
    const votes = this.votes[line]!;
    if (this.gaps[line] === width) {
      if (votes < mostVotes) this.votes[line] = votes + 1;
    } else if (votes > 0) this.votes[line] = votes - 1;
    else this.gaps[line] = width;
  }

  /** Lays the beginnings out anew, each with the gap that was voted for: first those given, in their order. Numbers stay. */
  arrange(order: Iterable<number>): void {
    const { bytes, starts, ends } = this;
    let room = 0;
    for (let line = 0; line < this.count; line++) room += ends[line]! - starts[line]! + this.gaps[line]!;
    this.bytes = new Uint8Array(Math.max(room, 8));
    this.view = new DataView(this.bytes.buffer);
    this.starts = new Int32Array(starts.length).fill(-1);
    this.ends = new Int32Array(ends.length);
    this.used = 0;
    const place = (line: number): void => {
      if (this.starts[line]! >= 0) return;
      this.bytes.set(bytes.subarray(starts[line], ends[line]), this.used);
      this.starts[line] = this.used;
      this.ends[line] = this.used + ends[line]! - starts[line]!;
      this.used = this.ends[line] + this.gaps[line]!;
    };
    for (const line of order) place(line);
    for (let line = 0; line < this.count; line++) place(line);
  }

  /** Gives back what growth by doubling has taken too much. */
  trim(): void {
    if (this.used === this.bytes.length) return;
    this.bytes = this.bytes.slice(0, Math.max(this.used, 8));
    this.view = new DataView(this.bytes.buffer);
  }

  private reserve(bytes: number): void {
    if (bytes > this.bytes.length) {
      const grown = new Uint8Array(Math.max(bytes, this.bytes.length * 2));
      grown.set(this.bytes);
      this.bytes = grown;
      this.view = new DataView(grown.buffer);
    }
    if (this.count > this.starts.length) {
      this.starts = grownTo(this.starts, this.count);
      this.ends = grownTo(this.ends, this.count);
      this.gaps = grownBytesTo(this.gaps, this.count);
      this.votes = grownBytesTo(this.votes, this.count);
    }
    if (this.count * 2 > this.table.length) this.rehash();
  }

  private rehash(): void {
    this.table = new Int32Array(this.table.length * 2).fill(-1);
    for (let line = 0; line < this.count - 1; line++) {
      this.enter(line, hashOf(this.bytes, this.starts[line]!, this.ends[line]!));
    }
  }

  private enter(line: number, hash: number): void {
    const mask = this.table.length - 1;
    let slot = hash & mask;
    while (this.table[slot]! >= 0) slot = (slot + 1) & mask;
    this.table[slot] = line;
  }
}

/** FNV-1a. */
function hashOf(body: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ body[at]!, 0x01000193);
  return hash >>> 0;
}
