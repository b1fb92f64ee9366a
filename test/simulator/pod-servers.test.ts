import { afterEach, describe, expect, test } from '@jest/globals';
import { EnvoyControlFleet } from '../../src/simulator/envoy-control-fleet.js';
import { Linkerd2Fleet } from '../../src/simulator/linkerd2-fleet.js';
import type { DiscoveredTarget } from '../../src/simulator/mesh-servers.js';

const closing: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of closing.splice(0)) await one.close();
});

const inShop = (...names: readonly string[]) => names.map((name) => ({ name, namespace: 'shop' }));
const nowSeconds = (): number => 1_800_000_000;

describe.each([
  ['envoy-control', '/server_info', () => new EnvoyControlFleet(nowSeconds, { pods: inShop('cart-1', 'web-1') })],
  ['Linkerd 2', '/metrics', () => new Linkerd2Fleet(nowSeconds, inShop('cart-1', 'web-1'))],
] as const)('proxies under %s', (_, path, make) => {
  test('come and go with their pods: who stays keeps the address, who goes refuses connections', async () => {
    const fleet = make();
    closing.push(fleet);
    await fleet.open();
    const before = byPod(fleet.targets());
    await fleet.follow(inShop('cart-1', 'web-2'));
    const after = byPod(fleet.targets());
    expect([...after.keys()]).toEqual(['cart-1', 'web-2']);
    expect(after.get('cart-1')).toBe(before.get('cart-1'));
    expect((await fetch(`http://${after.get('web-2')!}${path}`)).status).toBe(200);
    await expect(fetch(`http://${before.get('web-1')!}${path}`)).rejects.toThrow('fetch failed');
  });
});

function byPod(targets: readonly DiscoveredTarget[]): ReadonlyMap<string, string> {
  return new Map(targets.map((one) => [one.labels['pod']!, one.targets[0]!]));
}
