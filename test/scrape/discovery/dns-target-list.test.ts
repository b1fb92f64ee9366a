import { expect, test } from '@jest/globals';
import { DnsTargetList } from '../../../src/scrape/discovery/dns-target-list.js';

function listOf(addresses: Readonly<Record<string, readonly string[]>>): DnsTargetList {
  return new DnsTargetList(Object.keys(addresses), 15014, 30, (name) =>
    Promise.resolve(addresses[name]!.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))),
  );
}

test('a pod with addresses of both families is one target', async () => {
  const list = listOf({ istiod: ['10.0.0.2', '10.0.0.1', 'fd00::1', 'fd00::2'], other: ['fd00::3', '::1'] });
  expect(await list.read()).toEqual([
    { targets: ['10.0.0.1:15014', '10.0.0.2:15014', '[::1]:15014', '[fd00::3]:15014'], labels: {} },
  ]);
});

test('the same answer is the same list, and a name that nobody knows is said', async () => {
  const list = listOf({ istiod: ['10.0.0.1'] });
  expect(await list.read()).toBe(await list.read());
  const unknown = new DnsTargetList(['nobody.invalid'], 80, 30, () =>
    Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' })),
  );
  await expect(unknown.read()).rejects.toMatchObject({
    code: 'target-unreachable',
    message: 'the name nobody.invalid cannot be looked up: ENOTFOUND',
  });
});
