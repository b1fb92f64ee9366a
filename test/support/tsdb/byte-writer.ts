import { crc32c } from './crc32c.js';

// Looked up once: within Jest every global is slow to reach.
const { floor } = Math;

/** Bytes that grow at their end, in the encodings of Prometheus' files: big-endian numbers, varints, texts. */
export class ByteWriter {
  #bytes: Buffer;
  #length = 0;

  constructor(capacity = 4096) {
    this.#bytes = Buffer.allocUnsafe(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** What was written; shares memory with the writer, which must not be written to while it is used. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  u8(value: number): void {
    this.#room(1);
    this.#bytes[this.#length++] = value;
  }

  u32(value: number): void {
    this.#room(4);
    this.#length = this.#bytes.writeUInt32BE(value, this.#length);
  }

  u64(value: number): void {
    this.u32(floor(value / 2 ** 32));
    this.u32(value % 2 ** 32);
  }

  /** A whole number from 0 to 2^53, seven bits to a byte. */
  uvarint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.u8((rest % 0x80) | 0x80);
      rest = floor(rest / 0x80);
    }
    this.u8(rest);
  }

  /** A whole number of either sign, zigzag. */
  varint(value: number): void {
    this.uvarint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  text(text: string): void {
    const bytes = Buffer.from(text);
    this.uvarint(bytes.length);
    this.append(bytes);
  }

  append(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Zeros up to the next multiple of `size`, where position 0 is `base` bytes before the writer's own beginning. */
  align(size: number, base = 0): void {
    while ((base + this.#length) % size !== 0) this.u8(0);
  }

  /** The checksum of everything since `from`. */
  checksum(from: number): void {
    this.u32(crc32c(this.#bytes, from, this.#length));
  }

  #room(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + more));
    larger.set(this.bytes);
    this.#bytes = larger;
  }
}
