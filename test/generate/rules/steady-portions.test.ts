import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Portion, steadyPortions } from '../../../src/generate/rules/steady-portions.js';

const most = 19;

function portionsOf(keys: readonly string[]): readonly Portion<string>[] {
  return steadyPortions(keys, { keyOf: (key) => key, weightOf: () => 1, most });
}

const keys = fc.uniqueArray(fc.string(), { maxLength: 400 });

describe('steady portions', () => {
  test('hold everything once, none of them too much, under names of their own', () => {
    fc.assert(
      fc.property(keys, (all) => {
        const portions = portionsOf(all);
        expect(portions.flatMap(({ things }) => things).sort()).toEqual([...all].sort());
        expect(Math.max(0, ...portions.map(({ things }) => things.length))).toBeLessThanOrEqual(most);
        expect(new Set(portions.map(({ name }) => name)).size).toBe(portions.length);
        for (const { name } of portions) expect(name).toMatch(/^([01]*1)?$/);
      }),
    );
  });

  test('one more thing changes one of them, or divides it into two of which one keeps its name', () => {
    fc.assert(
      fc.property(keys, fc.string(), (all, more) => {
        fc.pre(!all.includes(more));
        const before = new Map(portionsOf(all).map(({ name, things }) => [name, things]));
        const after = portionsOf([...all, more]);
        const changed = after.filter(({ name, things }) => things.length !== (before.get(name)?.length ?? 0));
        const moved = changed.reduce((sum, { things }) => sum + things.length, 0);
        expect(moved).toBeLessThanOrEqual(most + 1);
        for (const name of before.keys()) {
          const isThere = after.some((portion) => portion.name === name);
          // All of a portion may by chance go to its new half.
          if (!isThere) expect(changed.some((portion) => portion.name.startsWith(name))).toBe(true);
        }
      }),
    );
  });

  test('three thousand stand in less than twice as many as would hold them', () => {
    const all = Array.from({ length: 3000 }, (_, index) => `n-${index % 40}/s-${index}`);
    expect(portionsOf(all).length).toBeLessThan((2 * 3000) / most);
  });

  test('one that is too heavy alone stands alone', () => {
    const heavy = steadyPortions([5, 50, 6], { keyOf: String, weightOf: (number) => number, most: 20 });
    expect(heavy.map(({ things }) => things).sort()).toContainEqual([50]);
  });
});
