import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Request, Response } from 'express';

const compress = promisify(gzip);

/** Below this a packet holds the answer anyway. */
const leastCompressedBytes = 4096;

/** Answers with JSON, compressed where that is worth it: some thousand SLOs are megabytes of repeated names. */
export async function sendJson(request: Request, response: Response, value: unknown, status = 200): Promise<void> {
  const body = Buffer.from(JSON.stringify(value));
  response.status(status).set({ 'Cache-Control': 'no-store', Vary: 'Accept-Encoding' }).type('json');
  if (body.length < leastCompressedBytes || request.acceptsEncodings('gzip') !== 'gzip') {
    response.send(body);
    return;
  }
  response.set('Content-Encoding', 'gzip').send(await compress(body, { level: 1 }));
}
