import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parseYaml } from '../../src/documents/yaml-document.js';
import { seriesInterpreter } from '../../src/packs/interpreter.js';
import { checkPack, loadPacks } from '../../src/packs/load-packs.js';

const file = 'examples/own-pack/caddy.yaml';
const { packs, diagnostics } = loadPacks([file]);

/**
 * What Debian's Caddy 2.6.2 counted of twelve requests: eight answered, one 503 of the application, one 500 of its own, one whose
 * connection the application closed, and one whose client did not wait for the answer.
 */
const printed = [
  ['caddy_http_requests_total', {}, 12],
  ['caddy_http_request_errors_total', {}, 1],
  ['caddy_http_response_duration_seconds_count', { code: '200', method: 'GET' }, 8],
  ['caddy_http_response_duration_seconds_count', { code: '500', method: 'GET' }, 1],
  ['caddy_http_response_duration_seconds_count', { code: '503', method: 'GET' }, 1],
  ['caddy_http_request_duration_seconds_count', { code: '200', method: 'GET' }, 9],
  ['caddy_http_request_duration_seconds_count', { code: '500', method: 'GET' }, 1],
  ['caddy_http_request_duration_seconds_count', { code: '503', method: 'GET' }, 1],
] as const;

function counted(kind: 'requests' | 'latency-count', handler: string): Readonly<Record<string, number>> {
  const interpreter = seriesInterpreter(packs.get('caddy')!, { cluster: 'eu', clusterAliases: new Map() });
  const sums: Record<string, number> = {};
  for (const [name, labels, value] of printed) {
    const all = { server: 'srv0', handler, service: 'cart', ...labels };
    const meaning = interpreter.meaning(name, new Map(Object.entries(all)));
    if (meaning?.kind !== kind) continue;
    for (const { service, verdict } of meaning.views) {
      const key = `${service.namespace}/${service.name} ${verdict}`;
      sums[key] = (sums[key] ?? 0) + value;
    }
  }
  return sums;
}

test('a pack for Caddy, written from the docs, counts each request that was answered or failed once', () => {
  expect(diagnostics).toEqual([]);
  expect(counted('requests', 'subroute')).toEqual({ 'default/cart good': 8, 'default/cart bad': 3 });
  expect(counted('latency-count', 'subroute')).toEqual({ 'default/cart good': 9, 'default/cart bad': 2 });
  expect(counted('requests', 'reverse_proxy')).toEqual({});
});

test('requests that are counted by the histogram of their latency are a mistake with its place', () => {
  const text = readFileSync(file, 'utf8').replace('caddy_http_response_duration', 'caddy_http_request_duration');
  const [mistake, ...others] = checkPack(parseYaml('caddy.yaml', Buffer.from(text)).documents[0]!).diagnostics;
  expect(others).toEqual([]);
  expect(mistake).toMatchObject({
    code: 'counted-twice',
    hint: expect.stringContaining('another histogram of the same requests') as unknown,
  });
});
