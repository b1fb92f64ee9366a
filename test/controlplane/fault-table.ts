import { expect, test } from '@jest/globals';
import type { Finding } from '../../src/domain/finding.js';
import type { FindingKind } from '../../src/domain/finding-kinds.js';
import type { ObservedControlPlane } from './observed-control-plane.js';

/** Looks are so many seconds apart. */
const lookSeconds = 15;

/** Within so long a fault is noticed once it is old enough, and its repair is. */
export const twoLooks = 2 * lookSeconds;

/** A control plane with a simulator behind it, both in the same time. */
export interface World<Fleet> {
  readonly fleet: Fleet;
  readonly observed: ObservedControlPlane;
  /** So many seconds pass, with looks in them. */
  readonly live: (seconds: number) => Promise<void>;
}

/** A fault that a simulator can have, and what has to be found of it. */
export interface FaultCase<Fleet> {
  readonly fault: string;
  readonly begin: (fleet: Fleet) => unknown;
  readonly end: (fleet: Fleet) => unknown;
  readonly kind: FindingKind;
  readonly owner: string;
  /** What else the finding says. */
  readonly says?: Partial<Record<keyof Finding, unknown>>;
  /** How old it must be to be found: before, nobody is alarmed. */
  readonly ageSeconds?: number;
  /** When it can be seen first: with the next change, or once the proxy was asked. */
  readonly seenWithinSeconds?: number;
  /** When the simulator itself is well again after the end. */
  readonly wellWithinSeconds?: number;
}

/**
 * Every fault: nothing is found before, it is noticed within two looks once it is old enough and not before, it is named rightly and
 * is its owner's, nothing else is found, and it is gone within two looks after the repair.
 */
export function testFaults<Fleet>(begin: () => Promise<World<Fleet>>, cases: readonly FaultCase<Fleet>[]): void {
  test.each(cases)('$fault: $kind of $owner, in time, and gone after the repair', async (one) => {
    const { fleet, observed, live } = await begin();
    const { kind, owner, says = {}, ageSeconds = 0, seenWithinSeconds = 0, wellWithinSeconds = 0 } = one;
    await live(45);
    expect(observed.ongoing).toEqual([]);
    await one.begin(fleet);
    const began = observed.clock.now();
    const noticedBy = began + seenWithinSeconds + ageSeconds + twoLooks;
    while (observed.ongoing.length === 0 && observed.clock.now() < noticedBy) await live(lookSeconds);
    expect(observed.ongoing).toEqual([expect.objectContaining({ kind, owner, ...says })]);
    expect(observed.clock.now() - began).toBeGreaterThanOrEqual(ageSeconds);
    await live(60);
    expect(observed.kinds()).toEqual([kind]);
    await one.end(fleet);
    await live(wellWithinSeconds + twoLooks);
    expect(observed.ongoing).toEqual([]);
  });
}

/** An hour in which only what is usual happens: nothing is found at any moment of it. */
export function testChurn<Fleet>(begin: () => Promise<World<Fleet>>): void {
  test('an hour of changes at a healthy mesh finds nothing at any moment', async () => {
    const { observed, live } = await begin();
    const found: unknown[] = [];
    for (let passed = 0; passed < 3600; passed += lookSeconds) {
      await live(lookSeconds);
      found.push(...observed.ongoing);
    }
    expect(found).toEqual([]);
    expect(observed.collector.state!.instances.every(({ health }) => health === 'up')).toBe(true);
  });
}
