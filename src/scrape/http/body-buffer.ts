import { Failure } from '../../domain/failure.js';
import type { ByteBudget } from './byte-budget.js';

const smallestBytes = 64 * 1024;
/** Larger buffers are left to the garbage collector: a huge body is an accident, not a habit. */
const largestKeptBytes = 1024 * 1024;
const keptBuffers = 16;

/** Room for bodies that arrive: buffers are handed round between scrapes, their sum is bounded. */
export class BodyBuffers {
  readonly #budget: ByteBudget;
  readonly #idle: Uint8Array[] = [];

  constructor(budget: ByteBudget) {
    this.#budget = budget;
  }

  /** An empty body; give it back with {@link release}. */
  lend(): BodyBuffer {
    return new BodyBuffer(this.#budget, this.#idle.pop() ?? new Uint8Array(smallestBytes));
  }

  /** Takes a body back; its bytes are not to be looked at any more. */
  release(body: BodyBuffer): void {
    this.#budget.release(body.length);
    if (body.room.length <= largestKeptBytes && this.#idle.length < keptBuffers) this.#idle.push(body.room);
  }
}

/** One body on its way in. */
export class BodyBuffer {
  readonly #budget: ByteBudget;
  #room: Uint8Array;
  #length = 0;

  constructor(budget: ByteBudget, room: Uint8Array) {
    this.#budget = budget;
    this.#room = room;
  }

  /** All memory behind it. */
  get room(): Uint8Array {
    return this.#room;
  }

  get length(): number {
    return this.#length;
  }

  /** What has arrived; a view that lasts until the buffer is released. */
  get bytes(): Uint8Array {
    return this.#room.subarray(0, this.#length);
  }

  /** Forgets what has arrived, for another attempt. */
  clear(): void {
    this.#budget.release(this.#length);
    this.#length = 0;
  }

  /** @throws Failure `body-too-large` when all bodies in flight together have become too large. */
  append(chunk: Uint8Array): void {
    const length = this.#length + chunk.length;
    if (!this.#budget.take(this.#length, length)) {
      throw new Failure('body-too-large', `no memory left for a body of more than ${this.#length} bytes`, {
        hint: 'Other targets send huge bodies at the same time; lower their body limit or ask for less with a filter.',
      });
    }
    if (length > this.#room.length) {
      const room = new Uint8Array(2 ** Math.ceil(Math.log2(length)));
      room.set(this.bytes);
      this.#room = room;
    }
    this.#room.set(chunk, this.#length);
    this.#length = length;
  }
}
