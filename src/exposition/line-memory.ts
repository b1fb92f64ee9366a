/**
 * The beginnings of lines that a target has printed before, byte for byte, each with a number.
 *
 * A beginning goes from the start of the line to where the value starts. All of them live in one growing byte array with
 * a hash table of integers beside it: no strings, no object per line, for a process watches hundreds of targets.
 */
export class LineMemory {
  /** How many beginnings are known; they are numbered from 0. */
  count = 0;
  private bytes = new Uint8Array(1 << 12);
  private view = new DataView(this.bytes.buffer);
  private offsets = new Int32Array(1 << 8);
  /** Whether any beginning holds a NUL, so that eight bytes at a time are not enough. */
  anyNul = false;
  private readonly withNul = new Set<number>();
  private table = new Int32Array(1 << 9).fill(-1);

  /** Offsets and bytes for a loop that cannot afford `matches`; they are other arrays after the next `add`. */
  arrays(): { readonly offsets: Int32Array; readonly view: DataView; readonly bytes: Uint8Array } {
    return { offsets: this.offsets, view: this.view, bytes: this.bytes };
  }

  /** Length of a beginning in bytes. */
  length(line: number): number {
    return this.offsets[line + 1]! - this.offsets[line]!;
  }

  /** The bytes of a beginning; valid until the next `add`. */
  bytesOf(line: number): Uint8Array {
    return this.bytes.subarray(this.offsets[line], this.offsets[line + 1]);
  }

  /**
   * Whether a body has this beginning at `at`, compared eight bytes at a time as float64.
   *
   * Numbers stand in for bytes because that comparison is exact here: the only two patterns that are equal as numbers and
   * differ as bytes are the two zeros, which need seven NULs, and beginnings with a NUL are compared byte by byte; a NaN
   * equals nothing, which costs time and no truth. The last eight bytes overlap the ones before.
   *
   * @param body view of the body, at least `length(line)` bytes beyond `at`.
   */
  matches(line: number, body: DataView, at: number): boolean {
    const { view } = this;
    const start = this.offsets[line]!;
    const length = this.offsets[line + 1]! - start;
    if (length < 8 || (this.anyNul && this.withNul.has(line))) {
      for (let index = 0; index < length; index++) {
        if (view.getUint8(start + index) !== body.getUint8(at + index)) return false;
      }
      return true;
    }
    const last = length - 8;
    // What tells lines apart stands at the end more often than at the beginning.
    if (view.getFloat64(start + last, true) !== body.getFloat64(at + last, true)) return false;
    for (let index = 0; index < last; index += 8) {
      if (view.getFloat64(start + index, true) !== body.getFloat64(at + index, true)) return false;
    }
    return true;
  }

  /** The number of the beginning in [start, end) of a body; -1 where it is unknown. */
  find(body: Uint8Array, view: DataView, start: number, end: number): number {
    const mask = this.table.length - 1;
    for (let slot = hashOf(body, start, end) & mask; ; slot = (slot + 1) & mask) {
      const line = this.table[slot]!;
      if (line < 0) return -1;
      if (this.length(line) === end - start && this.matches(line, view, start)) return line;
    }
  }

  /** Keeps the beginning in [start, end) of a body, which must be unknown; returns its number. */
  add(body: Uint8Array, start: number, end: number): number {
    const line = this.count++;
    const offset = this.offsets[line]!;
    this.reserve(offset + end - start, line + 2);
    this.bytes.set(body.subarray(start, end), offset);
    this.offsets[line + 1] = offset + end - start;
    if (this.bytesOf(line).includes(0)) {
      this.withNul.add(line);
      this.anyNul = true;
    }
    this.enter(line, hashOf(body, start, end));
    return line;
  }

  /** Gives back what growth by doubling has taken too much. */
  trim(): void {
    const used = this.offsets[this.count]!;
    if (used === this.bytes.length) return;
    this.bytes = this.bytes.slice(0, Math.max(used, 8));
    this.view = new DataView(this.bytes.buffer);
  }

  private reserve(bytes: number, lines: number): void {
    if (bytes > this.bytes.length) {
      const grown = new Uint8Array(Math.max(bytes, this.bytes.length * 2));
      grown.set(this.bytes);
      this.bytes = grown;
      this.view = new DataView(grown.buffer);
    }
    if (lines > this.offsets.length) {
      const grown = new Int32Array(this.offsets.length * 2);
      grown.set(this.offsets);
      this.offsets = grown;
    }
    if (this.count * 2 > this.table.length) this.rehash();
  }

  private rehash(): void {
    this.table = new Int32Array(this.table.length * 2).fill(-1);
    for (let line = 0; line < this.count - 1; line++) {
      this.enter(line, hashOf(this.bytes, this.offsets[line]!, this.offsets[line + 1]!));
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
