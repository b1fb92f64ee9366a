import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Failure } from '../../../src/domain/failure.js';
import { BodyBuffer } from '../../../src/scrape/http/body-buffer.js';
import { ByteBudget } from '../../../src/scrape/http/byte-budget.js';
import { ResponseReader } from '../../../src/scrape/http/response-reader.js';

const head = 'HTTP/1.1 200 OK\r\n';

describe('whole answers', () => {
  test.each([
    { why: 'a counted body', text: `${head}Content-Length: 5\r\n\r\nhello`, body: 'hello' },
    { why: 'an empty body', text: `${head}Content-Length: 0\r\n\r\n`, body: '' },
    { why: 'one chunk', text: `${head}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`, body: 'hello' },
    {
      why: 'chunks with extensions and a trailer',
      text: `${head}Transfer-Encoding: chunked\r\n\r\n2;a=b\r\nhe\r\n3\r\nllo\r\n0\r\nX: y\r\n\r\n`,
      body: 'hello',
    },
    {
      why: 'an interim answer comes first',
      text: `HTTP/1.1 100 Continue\r\n\r\n${head}Content-Length: 2\r\n\r\nok`,
      body: 'ok',
    },
    { why: 'the same length twice', text: `${head}Content-Length: 2\r\nContent-Length: 2\r\n\r\nok`, body: 'ok' },
  ])('$why', ({ text, body }) => {
    expect(readAll([text])).toEqual({ body, done: true });
  });

  test('how the network cuts an answer into pieces makes no difference', () => {
    const text = `${head}Transfer-Encoding: chunked\r\nX: 1\r\n\r\n2;a=b\r\nhe\r\n3\r\nllo\r\n0\r\nX: y\r\n\r\n`;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: text.length }), { maxLength: 12 }), (cuts) => {
        const bounds = [0, ...cuts.sort((a, b) => a - b), text.length];
        const pieces = bounds.slice(1).map((end, index) => text.slice(bounds[index], end));
        expect(readAll(pieces)).toEqual({ body: 'hello', done: true });
      }),
    );
  });

  test('a body without any length ends with the connection, and says that nobody vouches for it', () => {
    const reader = newReader();
    reader.push(Buffer.from(`${head}\r\nhel`));
    reader.push(Buffer.from('lo'));
    reader.end();
    expect(reader.delimited).toBe(false);
  });

  test('ten interim answers are listened to', () => {
    expect(readAll(['HTTP/1.1 102 \r\n\r\n'.repeat(10), `${head}Content-Length: 2\r\n\r\nok`])).toMatchObject({
      body: 'ok',
    });
  });

  // As small as these, each chunk costs as many bytes beside its body as it has.
  test('a body in chunks of six bytes is read, in chunks of one byte it is refused', () => {
    const chunks = (size: number): string => `${size}\r\n${'x'.repeat(size)}\r\n`.repeat(60_000);
    const start = `${head}Transfer-Encoding: chunked\r\n\r\n`;
    const read = (text: string) =>
      new ResponseReader(new BodyBuffer(new ByteBudget(1e6, 0), new Uint8Array(16)), 1e6).push(
        Buffer.from(start + text),
      );
    expect(() => read(chunks(6))).not.toThrow();
    expect(() => read(chunks(1))).toThrow('framing for the most part');
  });

  test('bytes after the end are noticed', () => {
    expect(newReader().push(Buffer.from(`${head}Content-Length: 1\r\n\r\nxHTTP/1.1`))).toBe(true);
  });

  test.each([
    { why: 'by default', text: 'HTTP/1.1 200 OK\r\n\r\n', keepAlive: true },
    { why: 'not when told', text: 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n', keepAlive: false },
    { why: 'not with HTTP/1.0', text: 'HTTP/1.0 200 OK\r\n\r\n', keepAlive: false },
    { why: 'with HTTP/1.0 when told', text: 'HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\n\r\n', keepAlive: true },
  ])('whether the connection stays open: $why', ({ text, keepAlive }) => {
    const reader = newReader();
    reader.push(Buffer.from(text));
    expect(reader.head?.keepAlive).toBe(keepAlive);
  });
});

describe('answers that do not add up are refused', () => {
  test.each([
    { why: 'cut off', text: `${head}Content-Length: 5\r\n\r\nhell`, message: 'cut off after 4 of 5 bytes' },
    { why: 'cut off between chunks', text: `${head}Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n`, message: 'cut off' },
    { why: 'nothing at all', text: '', message: 'before the end of the headers' },
    { why: 'no HTTP', text: 'SSH-2.0-OpenSSH_9.2\r\n\r\n', message: 'not HTTP' },
    { why: 'two lengths', text: `${head}Content-Length: 2\r\nContent-Length: 3\r\n\r\nok`, message: 'no number' },
    {
      why: 'a length and chunks',
      text: `${head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n`,
      message: 'ambiguous',
    },
    { why: 'a negative length', text: `${head}Content-Length: -1\r\n\r\n`, message: 'no number' },
    { why: 'a chunk without a size', text: `${head}Transfer-Encoding: chunked\r\n\r\nxyz\r\n`, message: 'no size' },
    {
      why: 'a chunk that is longer than it said',
      text: `${head}Transfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n`,
      message: 'longer than announced',
    },
    { why: 'a header without a name', text: `${head}: x\r\n\r\n`, message: 'no name' },
    { why: 'interim answers without an end', text: 'HTTP/1.1 100 \r\n\r\n'.repeat(11), message: 'do not end' },
    {
      why: 'a trailer without an end',
      text: `${head}Transfer-Encoding: chunked\r\n\r\n0\r\n${'X: y\r\n'.repeat(30_000)}`,
      message: 'framing for the most part',
    },
    { why: 'headers without an end', text: `${head}${'X: y\r\n'.repeat(20_000)}`, message: 'do not end' },
  ])('$why', ({ text, message }) => {
    expect(() => readAll([text])).toThrow(message);
  });

  test.each([
    { why: 'announced', text: `${head}Content-Length: 101\r\n\r\n` },
    { why: 'in chunks', text: `${head}Transfer-Encoding: chunked\r\n\r\n65\r\n${'x'.repeat(101)}` },
    { why: 'without a length', text: `${head}\r\n${'x'.repeat(101)}` },
  ])('a body over the limit, $why, is refused as soon as that is known', ({ text }) => {
    expect(failureOf(() => newReader().push(Buffer.from(text))).code).toBe('body-too-large');
  });

  test('arbitrary bytes never do worse than being refused', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 80 })), fc.boolean(), (chunks, withHead) => {
        const reader = newReader();
        try {
          if (withHead) reader.push(Buffer.from(`${head}Transfer-Encoding: chunked\r\n\r\n`));
          for (const chunk of chunks) reader.push(Buffer.from(chunk));
          reader.end();
        } catch (error) {
          expect(error).toBeInstanceOf(Failure);
        }
      }),
    );
  });
});

function newReader(body = new BodyBuffer(new ByteBudget(1000, 0), new Uint8Array(16))): ResponseReader {
  return new ResponseReader(body, 100);
}

function readAll(pieces: readonly string[]): { body: string; done: boolean } {
  const body = new BodyBuffer(new ByteBudget(1000, 0), new Uint8Array(16));
  const reader = newReader(body);
  for (const piece of pieces) reader.push(Buffer.from(piece, 'latin1'));
  reader.end();
  return { body: Buffer.from(body.bytes).toString('latin1'), done: reader.done };
}

function failureOf(act: () => unknown): Failure {
  try {
    act();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
