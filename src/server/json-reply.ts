import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Request, Response } from 'express';

const compress = promisify(gzip);

/** Below this a packet holds the answer anyway. */
const leastCompressedBytes = 4096;

/** Answers with JSON, compressed where that is worth it: some thousand SLOs are megabytes of repeated names. */
export async function sendJson(request: Request, response: Response, value: unknown, status = 200): Promise<void> {
  await send(request, response, new WrittenJson(value, 1), status);
}

/** An answer that stays the same until something changes: made, written and compressed once for everybody. */
export class KeptAnswer {
  #kept: { readonly version: string; readonly json: WrittenJson } | undefined;

  /**
   * @param version tells answers that differ from each other
   * @param make called where the last answer was of another version
   */
  async send(request: Request, response: Response, version: string, make: () => unknown): Promise<void> {
    if (this.#kept?.version !== version) this.#kept = { version, json: new WrittenJson(make(), 6) };
    await send(request, response, this.#kept.json, 200);
  }
}

/** The bytes of a value, and what becomes of them by compression. */
class WrittenJson {
  readonly bytes: Buffer;
  readonly #level: number;
  #compressed: Promise<Buffer> | undefined;

  /** @param level of compression: more pays where many read the same */
  constructor(value: unknown, level: number) {
    this.#level = level;
    this.bytes = Buffer.from(JSON.stringify(value));
  }

  get compressed(): Promise<Buffer> {
    return (this.#compressed ??= compress(this.bytes, { level: this.#level }));
  }
}

async function send(request: Request, response: Response, json: WrittenJson, status: number): Promise<void> {
  response.status(status).set({ 'Cache-Control': 'no-store', Vary: 'Accept-Encoding' }).type('json');
  if (json.bytes.length < leastCompressedBytes || request.acceptsEncodings('gzip') !== 'gzip') {
    response.send(json.bytes);
    return;
  }
  response.set('Content-Encoding', 'gzip').send(await json.compressed);
}
