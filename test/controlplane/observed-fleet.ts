import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ControlPlaneSettings } from '../../src/config/control-planes.js';
import type { DiscoveredTarget } from '../../src/simulator/mesh-servers.js';
import type { NamedPod } from '../../src/simulator/pod-servers.js';
import type { World } from './fault-table.js';
import { ObservedControlPlane } from './observed-control-plane.js';

export const start = 1_800_000_000;

interface Rolling {
  follow(pods: readonly NamedPod[]): Promise<void>;
  targets(): readonly DiscoveredTarget[];
}

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

/** A fleet whose pods are replaced one after the other, one at every third look; a file lists those that there are. */
export async function observeRollingOver<T extends Fleet & Rolling>(
  make: (nowSeconds: () => number) => T,
  settings: (fleet: T) => ControlPlaneSettings,
  pods: readonly NamedPod[],
): Promise<World<T>> {
  const folder = mkdtempSync(join(tmpdir(), 'meshslo-rolling-'));
  const file = join(folder, 'proxies.json');
  const write = (fleet: T): void => writeFileSync(file, JSON.stringify(fleet.targets()));
  const world = await observe(make, (fleet) => {
    write(fleet);
    const listed = { targets: [{ kind: 'files' as const, paths: [file], refreshSeconds: 15 }] };
    return { ...settings(fleet), proxies: { ...listed, scheme: 'http', access: {} } };
  });
  closing.push(() => rmSync(folder, { recursive: true }));
  let living = pods;
  let looks = 0;
  const live = (seconds: number): Promise<void> =>
    world.observed.lookFor(seconds, async () => {
      looks += 1;
      if (looks % 3 !== 0) return;
      const [oldest, ...others] = living;
      living = [...others, { ...oldest!, name: `${oldest!.name.split('-')[0]!}-${100 + looks}` }];
      await world.fleet.follow(living);
      write(world.fleet);
    });
  return { ...world, live };
}

/** Pods of one namespace. */
export function inShop(...names: readonly string[]): readonly { readonly name: string; readonly namespace: string }[] {
  return names.map((name) => ({ name, namespace: 'shop' }));
}

/** Proxies with the labels that service discovery gives them. */
export function proxiesOf(fleet: { targets(): readonly DiscoveredTarget[] }): ControlPlaneSettings['proxies'] {
  return { targets: [{ kind: 'static', groups: fleet.targets() }], scheme: 'http', access: {} };
}
