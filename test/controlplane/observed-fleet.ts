import type { ControlPlaneSettings } from '../../src/config/control-planes.js';
import type { DiscoveredTarget } from '../../src/simulator/mesh-servers.js';
import type { World } from './fault-table.js';
import { ObservedControlPlane } from './observed-control-plane.js';

export const start = 1_800_000_000;

interface Fleet {
  open(): Promise<void>;
  close(): Promise<void>;
}

const closing: (() => Promise<void> | void)[] = [];

/** Ends all that was observed; after every test. */
export async function closeFleets(): Promise<void> {
  for (const close of closing.splice(0)) await close();
}

/** A fleet that lives in the time of whoever looks at it. */
export async function observe<T extends Fleet>(
  make: (nowSeconds: () => number) => T,
  settings: (fleet: T) => ControlPlaneSettings,
): Promise<World<T>> {
  let nowSeconds = (): number => start;
  const fleet = make(() => nowSeconds());
  await fleet.open();
  const observed = new ObservedControlPlane(settings(fleet), { now: start });
  nowSeconds = () => observed.clock.now();
  closing.push(
    () => observed.close(),
    () => fleet.close(),
  );
  return { fleet, observed, live: (seconds) => observed.lookFor(seconds) };
}

/** Pods of one namespace. */
export function inShop(...names: readonly string[]): readonly { readonly name: string; readonly namespace: string }[] {
  return names.map((name) => ({ name, namespace: 'shop' }));
}

/** Proxies with the labels that service discovery gives them. */
export function proxiesOf(fleet: { targets(): readonly DiscoveredTarget[] }): ControlPlaneSettings['proxies'] {
  return { targets: [{ kind: 'static', groups: fleet.targets() }], scheme: 'http', access: {} };
}
