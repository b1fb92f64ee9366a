import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readSyncz } from '../../../src/controlplane/istio/syncz.js';
import { describeWithRecordings } from '../../support/programs.js';

const url = 'type.googleapis.com/envoy.config.cluster.v3.Cluster';

function resource(value: object): unknown {
  return readSyncz([{ proxy: 'a.b', resources: { [url]: value } }])!.rows[0]!.resources[0];
}

describe('a type of a proxy, as istioctl proxy-status decides', () => {
  test.each([
    [{ sent: 'a', acked: 'a' }, 'synced', 'it has accepted what it was sent'],
    [{ sent: 'b', acked: 'a' }, 'stale', 'it has accepted something else'],
    [{ sent: 'b' }, 'stale', 'it has accepted nothing yet'],
    [{}, 'not-sent', 'there was nothing to send'],
    [{ sent: 'b', acked: 'a', lastError: 'no' }, 'error', 'an error counts before all else'],
  ])('%j is %s: %s', (...[value, status]) => {
    expect(resource(value)).toMatchObject({ type: 'clusters', status });
  });

  test('knows when it was sent, unless Go says that it does not', () => {
    expect(resource({ sent: 'a', sentTime: '2026-08-01T00:00:00Z' })).toMatchObject({ sentAt: 1_785_542_400 });
    expect(resource({ sent: 'a', sentTime: '0001-01-01T00:00:00Z' })).toMatchObject({ sentAt: undefined });
  });
});

test('a pod with dots in its name keeps them: a namespace has none', () => {
  const { rows } = readSyncz([{ proxy: 'ip-10-0-0-1.eu.example.shop', istio_version: '1.24.3' }])!;
  expect(rows[0]).toMatchObject({ pod: 'ip-10-0-0-1.eu.example', namespace: 'shop' });
});

test('half of an answer is read, and the other half counted', () => {
  const document = [{ proxy: 'a.b' }, { proxy: 'without-namespace' }, null, 7, { proxy: 'c.d', resources: [] }];
  expect(readSyncz(document)).toMatchObject({ rows: [{ pod: 'a' }, { pod: 'c' }], unreadable: 3 });
});

test('an istiod without proxies says null, and something else is no answer', () => {
  expect(readSyncz(null)).toEqual({ rows: [], unreadable: 0 });
  expect(readSyncz({ message: 'no' })).toBeUndefined();
});

test('whatever comes is read without a crash', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (any, resources) => {
      readSyncz(any);
      readSyncz([{ proxy: 'a.b', resources }, any]);
    }),
  );
});

describeWithRecordings('the recording of istiod 1.14', (folder) => {
  const text = readFileSync(join(folder, 'istio/debug-syncz_1.14.1_kiali.json'), 'utf8');
  const { rows, unreadable } = readSyncz(JSON.parse(text))!;

  test('is 34 proxies that are in sync', () => {
    expect(unreadable).toBe(0);
    expect(rows).toHaveLength(34);
    expect(new Set(rows.map(({ version }) => version))).toEqual(new Set(['1.14.1']));
    const statuses = new Set(rows.flatMap(({ resources }) => resources.map(({ status }) => status)));
    expect([...statuses].filter((status) => status !== 'synced' && status !== 'not-sent')).toEqual([]);
  });
});
