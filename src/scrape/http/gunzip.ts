import { constants, createGunzip, type Gunzip as GunzipStream, gunzipSync } from 'node:zlib';

const firstRoomBytes = 256 * 1024;
const largestRoomBytes = 4 * 1024 * 1024;

/** What Node keeps inside its zlib streams; unchanged since Node 11, and used only where it is found as expected. */
interface ZlibInside {
  readonly _handle: {
    reset(): void;
    writeSync(
      flush: number,
      from: Uint8Array,
      at: number,
      length: number,
      to: Uint8Array,
      toAt: number,
      room: number,
    ): void;
  } | null;
  /** Bytes left in the output and in the input after a write. */
  readonly _writeState: Uint32Array;
}

/**
 * Decompresses one gzip body after the other into the same memory.
 *
 * `gunzipSync` makes a fresh buffer for every body. At sixty bodies of half a megabyte a second these alone make V8 collect
 * its whole heap twice a second, which costs three times as much as all the rest of scraping (`bench/scrape.mjs`). Whatever
 * is unusual (a damaged body, one that is too large, another Node inside) is left to `gunzipSync`.
 */
export class Gunzip {
  #room = new Uint8Array(firstRoomBytes);
  #stream: (GunzipStream & Partial<ZlibInside>) | undefined;

  /**
   * The decompressed body; it lasts until the next call.
   *
   * @throws Error as `gunzipSync` does: `ERR_BUFFER_TOO_LARGE` beyond `limitBytes`, others for damaged bodies
   */
  decompress(body: Uint8Array, limitBytes: number): Uint8Array {
    const length = this.#tryQuickly(body);
    if (length !== undefined && length <= limitBytes) return this.#room.subarray(0, length);
    const result = gunzipSync(body, { maxOutputLength: limitBytes });
    if (result.length >= this.#room.length && result.length < largestRoomBytes) {
      this.#room = new Uint8Array(2 ** Math.ceil(Math.log2(result.length + 1)));
    }
    return result;
  }

  /** Length of the body in the room; undefined when it is not whole, does not fit, or Node is not as expected. */
  #tryQuickly(body: Uint8Array): number | undefined {
    this.#stream ??= createGunzip().on('error', () => undefined);
    const { _handle: handle, _writeState: left } = this.#stream;
    if (typeof handle?.writeSync !== 'function' || left?.length !== 2) return undefined;
    handle.reset();
    handle.writeSync(constants.Z_FINISH, body, 0, body.length, this.#room, 0, this.#room.length);
    if (this.#stream.destroyed) {
      this.#stream = undefined;
      return undefined;
    }
    const [roomLeft, bodyLeft] = left;
    return roomLeft! > 0 && bodyLeft === 0 ? this.#room.length - roomLeft! : undefined;
  }
}
