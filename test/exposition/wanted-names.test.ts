import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { WantedNames } from '../../src/exposition/wanted-names.js';

const istio = [
  'istio_requests_total',
  'istio_request_duration_milliseconds_bucket',
  'istio_request_duration_milliseconds_count',
  'envoy_server_uptime',
];

function mayStand(names: WantedNames, line: string): boolean {
  const body = Buffer.from(line.padEnd(line.length + names.reach));
  return names.mayStand(new DataView(body.buffer, body.byteOffset, body.length), 0, body[0]!);
}

function has(names: WantedNames, name: string): boolean {
  const bytes = Buffer.from(`>${name}<`);
  return names.has(bytes, 1, bytes.length - 1);
}

describe('wanted names', () => {
  test.each([...istio, 'istio_requests_total{a="b"}'])('see %s', (line) => {
    expect(mayStand(new WantedNames(istio), line)).toBe(true);
  });

  test.each([
    { line: 'istio_request_bytes_bucket{}', why: 'another family of the same prefix' },
    { line: 'istio_request_duration_milliseconds_sum{}', why: 'the sum beside buckets and count' },
    { line: 'envoy_cluster_upstream_cx_total{}', why: 'another of the proxy' },
    { line: 'up', why: 'a short name' },
  ])('pass over $line: $why', ({ line }) => {
    expect(mayStand(new WantedNames(istio), line)).toBe(false);
  });

  test('are found whole only', () => {
    const names = new WantedNames(istio);
    expect(istio.filter((name) => has(names, name))).toEqual(istio);
    expect(
      ['istio_requests', 'istio_requests_total_x', 'istio_requests_totaL', ''].filter((name) => has(names, name)),
    ).toEqual([]);
  });

  test('no names at all are never found', () => {
    expect(mayStand(new WantedNames([]), 'up 1')).toBe(false);
    expect(has(new WantedNames([]), 'up')).toBe(false);
  });

  test('a line of a wanted name is never passed over, whatever the names', () => {
    const name = fc.stringMatching(/^[a-c_][a-c_0]{0,20}$/);
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 40 }), fc.constantFrom('', ' 1', '{a="b"} 1'), (all, rest) => {
        const names = new WantedNames(all);
        for (const each of all) expect([mayStand(names, each + rest), has(names, each)]).toEqual([true, true]);
      }),
    );
  });
});
