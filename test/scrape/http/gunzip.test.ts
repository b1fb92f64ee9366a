import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Gunzip } from '../../../src/scrape/http/gunzip.js';

const limitBytes = 8_000_000;

describe('decompressing one body after the other', () => {
  test('gives back what was compressed, whatever came before', () => {
    const gunzip = new Gunzip();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), fc.integer({ min: 0, max: 9 }), (body, level) => {
        expect(Buffer.from(gunzip.decompress(gzipSync(body, { level }), limitBytes)).equals(body)).toBe(true);
      }),
    );
  });

  test.each([
    { why: 'as large as the room at first', bytes: 256 * 1024 },
    { why: 'much larger', bytes: 3_000_000 },
    { why: 'larger than any room', bytes: 7_000_000 },
  ])('a body $why is whole, the first time and the second', ({ bytes }) => {
    const gunzip = new Gunzip();
    const body = Buffer.alloc(bytes, 'istio_requests_total 17\n');
    const compressed = gzipSync(body);
    for (let time = 0; time < 2; time++) {
      expect(Buffer.from(gunzip.decompress(compressed, limitBytes)).equals(body)).toBe(true);
    }
  });

  test('a body of several members is whole', () => {
    const compressed = Buffer.concat([gzipSync('a 1\n'), gzipSync('b 2\n')]);
    expect(Buffer.from(new Gunzip().decompress(compressed, limitBytes)).toString()).toBe('a 1\nb 2\n');
  });

  test('a body over the limit is refused, also where there is room for it', () => {
    const gunzip = new Gunzip();
    const compressed = gzipSync(Buffer.alloc(1000));
    expect(() => gunzip.decompress(compressed, 999)).toThrow(expect.objectContaining({ code: 'ERR_BUFFER_TOO_LARGE' }));
    expect(gunzip.decompress(compressed, 1000)).toHaveLength(1000);
  });

  test('damaged bodies are refused or equal to what was compressed, and do no harm to the next', () => {
    const gunzip = new Gunzip();
    const body = Buffer.from('istio_requests_total{code="200"} 123456\n'.repeat(200));
    const compressed = gzipSync(body);
    fc.assert(
      fc.property(fc.nat(compressed.length - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, flip, cut) => {
        const damaged = cut ? compressed.subarray(0, at) : Buffer.from(compressed);
        if (!cut) damaged[at]! ^= flip;
        expect(outcome(() => gunzip.decompress(damaged, limitBytes), body)).toBe('fine');
        expect(Buffer.compare(gunzip.decompress(compressed, limitBytes), body)).toBe(0);
      }),
    );
  });
});

/** Bytes of the header (time, system) may change without harm; the checksum vouches for the rest. */
function outcome(decompress: () => Uint8Array, body: Uint8Array): 'fine' | 'wrong' {
  try {
    return Buffer.compare(decompress(), body) === 0 ? 'fine' : 'wrong';
  } catch {
    return 'fine';
  }
}
