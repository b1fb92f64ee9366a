import { describe, expect, test } from '@jest/globals';
import { makeTarget, targetsOf } from '../../../src/scrape/discovery/target.js';

const job = {
  name: 'sidecars',
  scheme: 'http',
  path: '/stats/prometheus',
  params: { format: ['text'] },
  filterParams: { filter: '^istio_' },
} as const;

describe('a target', () => {
  test('is asked as its job says, with the filter of the mesh', () => {
    expect(makeTarget(job, '10.0.0.7:15090', { pod: 'cart-1' })).toMatchObject({
      url: 'http://10.0.0.7:15090/stats/prometheus?format=***',
      host: '10.0.0.7',
      port: 15090,
      requestPath: '/stats/prometheus?format=text&filter=%5Eistio_',
      labels: new Map([['pod', 'cart-1']]),
    });
  });

  test('stays the same target when only the filter changes', () => {
    const filtered = makeTarget(job, 'pod:1', {});
    expect(makeTarget({ ...job, filterParams: {} }, 'pod:1', {}).id).toBe(filtered.id);
  });

  test('is another one under another job, address, path or parameter', () => {
    const targets = [
      makeTarget(job, 'pod:1', {}),
      makeTarget({ ...job, name: 'gateways' }, 'pod:1', {}),
      makeTarget(job, 'pod:2', {}),
      makeTarget(job, 'pod:1', { __metrics_path__: '/metrics' }),
      makeTarget(job, 'pod:1', { __param_format: 'json' }),
    ];
    expect(new Set(targets.map(({ id }) => id)).size).toBe(targets.length);
  });

  test('tells nobody the values of its parameters, which may be secrets', () => {
    const labels = { __param_token: 'hush', __metrics_path__: '/metrics?key=hush' };
    const { id, url, requestPath } = makeTarget(job, 'pod:1', labels);
    expect(url).toBe('http://pod:1/metrics?key=***&format=***&token=***');
    expect(id).toMatch(/^sidecars pod:1\/metrics\?[0-9a-f]{16}$/);
    expect(requestPath).toBe('/metrics?key=hush&format=text&token=hush&filter=%5Eistio_');
  });

  test.each(['http://u:hush@pod:1/x', 'u:hush@pod:1', 'u:hush@pod', 'pod:1/x?token=hush'])(
    'an address that is none (%s) is refused without its secrets',
    (address) => {
      expect(() => makeTarget(job, address, {})).toThrow('***');
      expect(() => makeTarget(job, address, {})).not.toThrow('hush');
    },
  );

  test("its own labels override the job's settings, as in Prometheus", () => {
    const labels = {
      __address__: '[fd00::7]:15091',
      __scheme__: 'https',
      __metrics_path__: '/metrics',
      __param_format: 'json',
      __param_module: 'all',
      app: 'cart',
    };
    expect(makeTarget(job, 'ignored:1', labels)).toMatchObject({
      url: 'https://[fd00::7]:15091/metrics?format=***&module=***',
      host: 'fd00::7',
      labels: new Map([['app', 'cart']]),
    });
  });

  test.each([
    { why: 'the port of the mesh', changes: { defaultPort: 15090 }, port: 15090 },
    { why: 'the port of HTTP', changes: {}, port: 80 },
    { why: 'the port of HTTPS', changes: { scheme: 'https' as const }, port: 443 },
  ])('an address without a port has $why', ({ changes, port }) => {
    expect(makeTarget({ ...job, ...changes }, 'pod', {}).port).toBe(port);
  });

  test.each([
    { address: 'http://pod:1', labels: {}, message: 'without scheme and path' },
    { address: 'pod:1/metrics', labels: {}, message: 'without scheme and path' },
    { address: 'pod:99999', labels: {}, message: 'no such port' },
    { address: '', labels: {}, message: 'host:port' },
    { address: 'pod:1', labels: { __scheme__: 'ftp' }, message: 'no such scheme: ftp' },
    { address: 'pod:1', labels: { __metrics_path__: '/a HTTP/1.1\r\nX-Evil: 1' }, message: 'no spaces' },
    { address: 'pod\r\nX-Evil: 1', labels: {}, message: 'host:port' },
  ])('nobody can connect to $address $labels', ({ address, labels, message }) => {
    expect(() => makeTarget(job, address, labels)).toThrow(message);
  });

  test('is scraped once, however often it is listed', () => {
    const groups = [
      { targets: ['b:1', 'a:1'], labels: {} },
      { targets: ['a:1'], labels: { twice: 'yes' } },
    ];
    expect(targetsOf(job, groups).map(({ host }) => host)).toEqual(['a', 'b']);
  });
});
