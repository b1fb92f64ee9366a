import { describe, expect, test } from '@jest/globals';
import { decodeSavedTarget, encodeSeriesSet, encodeValues, type SavedTarget } from '../../src/scrape/saved-target.js';
import { fingerprintBytes } from '../../src/scrape/series-fingerprint.js';
import { cart } from '../sli/directory.js';

const saved: SavedTarget = {
  lastScrapeAt: 1_800_014_400,
  lastScrapeMonotonic: undefined,
  uptimeSeconds: 3600,
  goneAt: undefined,
  services: [cart],
  carried: ['eu1/shop/cart/availability', 'eu1/shop/basket/client-availability'],
  fingerprints: new Uint8Array(2 * fingerprintBytes).fill(7),
  values: new Float64Array([12, -1]),
  generation: 3,
};

function kept(target: SavedTarget): SavedTarget | undefined {
  return decodeSavedTarget(encodeSeriesSet(target), encodeValues(target));
}

describe('a saved target', () => {
  test.each([
    { why: 'that serves and calls', changes: {} },
    { why: 'that serves nobody', changes: { services: [] } },
    { why: 'that nobody has an SLO of', changes: { carried: [] } },
    { why: 'with nothing but its values', changes: { services: [], carried: [], uptimeSeconds: undefined, goneAt: 5 } },
  ])('$why comes back as it was', ({ changes }) => {
    expect(kept({ ...saved, ...changes })).toEqual({ ...saved, ...changes });
  });

  test('by a meshslo that wrote its services only comes back without what it carried', () => {
    const set = encodeSeriesSet({ ...saved, carried: [] });
    const older = set.subarray(0, set.length - '\n\n'.length);
    expect(decodeSavedTarget(older, encodeValues(saved))).toEqual({ ...saved, carried: [] });
  });

  test('with a line break in a name loses that name, and no other', () => {
    const odd = { ...cart, name: 'x\n\neu1/shop/pay' };
    expect(kept({ ...saved, services: [odd, cart], carried: ['a/b/\n\nc/d', ...saved.carried] })).toEqual(saved);
  });

  test('is none where its halves are of different generations', () => {
    expect(decodeSavedTarget(encodeSeriesSet(saved), encodeValues({ ...saved, generation: 4 }))).toBeUndefined();
  });
});
