import { crc32 } from 'node:zlib';
import { Failure } from '../domain/failure.js';

const sealBytes = 4;

/**
 * Writes whole numbers compactly: 7 bits a byte, least first.
 *
 * Columns come in two kinds. `sparse` is for counts (a run of zeros takes two bytes), `runs` for what seldom changes
 * from row to row (each run takes its value and its length).
 */
export class Packer {
  #bytes = new Uint8Array(4096);
  #length = 0;

  /** How many bytes have been written. */
  get length(): number {
    return this.#length;
  }

  /** @param value a whole number, 0 up to the largest safe integer */
  varint(value: number): void {
    if (this.#length + 8 > this.#bytes.length) this.#grow();
    const bytes = this.#bytes;
    let rest = value;
    while (rest > 0x7fffffff) {
      bytes[this.#length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    while (rest > 127) {
      bytes[this.#length++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    bytes[this.#length++] = rest;
  }

  sparse(values: ArrayLike<number>, from: number, to: number): void {
    for (let index = from; index < to; index++) {
      const value = values[index]!;
      this.varint(value);
      if (value > 0) continue;
      const first = index;
      while (index + 1 < to && values[index + 1] === 0) index += 1;
      this.varint(index - first);
    }
  }

  runs(values: ArrayLike<number>, from: number, to: number): void {
    for (let index = from; index < to; index++) {
      const value = values[index]!;
      const first = index;
      while (index + 1 < to && values[index + 1] === value) index += 1;
      this.varint(value);
      this.varint(index - first);
    }
  }

  /** Leaves room for a length of at most 65,535 and returns where; see {@link fillLength}. */
  reserveLength(): number {
    if (this.#length + 2 > this.#bytes.length) this.#grow();
    this.#length += 2;
    return this.#length - 2;
  }

  /** Writes how many bytes have followed the reserved place. */
  fillLength(place: number): void {
    const length = this.#length - place - 2;
    this.#bytes[place] = length & 255;
    this.#bytes[place + 1] = length >>> 8;
  }

  /** A copy of everything written, with its checksum; the packer is empty afterwards. */
  seal(): Uint8Array {
    const sealed = seal(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    return sealed;
  }

  #grow(): void {
    const larger = new Uint8Array(this.#bytes.length * 2);
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

/** Reads what a {@link Packer} wrote, in the same order. */
export class Unpacker {
  readonly #bytes: Uint8Array;
  #at = 0;

  /**
   * @param what names the bytes in the message of the failure
   * @throws Failure `ledger-damaged` when they are not as they were written
   */
  constructor(sealed: Uint8Array, what: string) {
    this.#bytes = unseal(sealed, what);
  }

  varint(): number {
    const bytes = this.#bytes;
    let byte = bytes[this.#at++]!;
    if (byte < 128) return byte;
    let value = byte & 127;
    let scale = 128;
    do {
      byte = bytes[this.#at++]!;
      value += (byte & 127) * scale;
      scale *= 128;
    } while (byte >= 128);
    return value;
  }

  sparse(into: Float64Array, from: number, to: number): void {
    for (let index = from; index < to; index++) {
      const value = this.varint();
      into[index] = value;
      if (value > 0) continue;
      const last = index + this.varint();
      into.fill(0, index, last + 1);
      index = last;
    }
  }

  runs(into: Float64Array, from: number, to: number): void {
    for (let index = from; index < to; index++) {
      const value = this.varint();
      const last = index + this.varint();
      into.fill(value, index, last + 1);
      index = last;
    }
  }

  /** How many bytes have been read. */
  get at(): number {
    return this.#at;
  }

  /** Reads a length that stands in a reserved place. */
  reservedLength(): number {
    const length = this.#bytes[this.#at]! | (this.#bytes[this.#at + 1]! << 8);
    this.#at += 2;
    return length;
  }

  skip(bytes: number): void {
    this.#at += bytes;
  }
}

/** The bytes followed by their CRC-32: SQLite itself does not notice when the inside of a blob has changed. */
export function seal(bytes: Uint8Array): Uint8Array {
  const sealed = new Uint8Array(bytes.length + sealBytes);
  sealed.set(bytes);
  new DataView(sealed.buffer).setUint32(bytes.length, crc32(bytes));
  return sealed;
}

/** The inverse of {@link seal}. */
export function unseal(sealed: Uint8Array, what: string): Uint8Array {
  const length = sealed.length - sealBytes;
  const bytes = sealed.subarray(0, Math.max(0, length));
  const view = new DataView(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  if (length < 0 || view.getUint32(length) !== crc32(bytes)) {
    throw new Failure('ledger-damaged', `the ledger is damaged: ${what} is not as it was written`);
  }
  return bytes;
}
