import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/domain/failure.js';
import type { SlotBatch } from '../../src/domain/slot-batch.js';
import { type KeptSlot, SlotKeeper } from '../../src/service/slot-keeper.js';
import { until } from '../support/until.js';

/** A keeper over a source that counts calls, a list as its ledger, and a clock that the test moves. */
function keeper(kept: readonly number[] = []) {
  const world = {
    now: 0,
    diskFull: false,
    sourceDown: false,
    collected: [] as number[],
    committed: [] as number[],
    kept: [] as KeptSlot[],
  };
  const slots = new SlotKeeper({
    source: {
      collect(until) {
        if (world.sourceDown) return Promise.reject(new Failure('service-unreachable', 'the store is down'));
        world.collected.push(until - 60);
        return Promise.resolve([emptySlot(until - 60)]);
      },
    },
    commit(batch) {
      if (world.diskFull) throw new Failure('disk-full', 'no space left');
      world.committed.push(batch.slotStart);
    },
    clock: { now: () => world.now },
    isKept: (slotStart) => kept.includes(slotStart) || world.committed.includes(slotStart),
    onKept: (kept) => world.kept.push(kept),
  });
  const keepAt = async (now: number): Promise<KeptSlot> => {
    world.now = now;
    await slots.keep();
    return world.kept.at(-1)!;
  };
  return { world, slots, keepAt };
}

describe('at the end of a minute', () => {
  test('the minute that is over is committed', async () => {
    const { world, keepAt } = keeper();
    await keepAt(120.02);
    await keepAt(180.01);
    expect(world.committed).toEqual([60, 120]);
  });

  test('a minute is never collected twice, even when the timer fires early or we restart within it', async () => {
    const { world, keepAt } = keeper([60]);
    await keepAt(120.02);
    await keepAt(179.99);
    expect(world.collected).toEqual([]);
    await keepAt(180);
    expect(world.committed).toEqual([120]);
  });

  test('minutes in which the machine slept are not made up', async () => {
    const { world, keepAt } = keeper();
    await keepAt(120);
    await keepAt(7200);
    expect(world.committed).toEqual([60, 7140]);
  });
});

describe('a full disk', () => {
  test('delays slots and loses none', async () => {
    const { world, keepAt } = keeper();
    world.diskFull = true;
    expect(await keepAt(120)).toMatchObject({ waiting: 1, failure: { code: 'disk-full' } });
    expect(await keepAt(180)).toMatchObject({ waiting: 2, lastSlot: undefined });
    world.diskFull = false;
    expect(await keepAt(240)).toEqual({ lastSlot: 180, waiting: 0, failure: undefined });
    expect(world.committed).toEqual([60, 120, 180]);
  });

  test('for hours is bounded in memory: the source keeps counting into one slot', async () => {
    const { world, keepAt } = keeper();
    world.diskFull = true;
    for (let minute = 1; minute <= 200; minute += 1) await keepAt(60 + minute * 60);
    expect(world.collected).toHaveLength(180);
    world.diskFull = false;
    await keepAt(60 + 201 * 60);
    await keepAt(60 + 202 * 60);
    expect(world.committed).toHaveLength(181);
    expect(world.committed.at(-1)).toBe(60 + 201 * 60);
  });
});

describe('a wall clock that is set', () => {
  test('back writes nothing until it comes to a minute that is not there yet, and says so', async () => {
    const { world, keepAt } = keeper();
    for (const now of [7080, 7140, 7200]) await keepAt(now);
    expect((await keepAt(7081)).failure).toMatchObject({ code: 'clock-behind' });
    expect((await keepAt(7141)).failure).toMatchObject({ code: 'clock-behind' });
    await keepAt(7260);
    expect(world.committed).toEqual([7020, 7080, 7140, 7200]);
  });

  test('far ahead and back again holds up nothing', async () => {
    const { world, keepAt } = keeper();
    for (const now of [7200, 93_600, 7260]) await keepAt(now);
    expect(world.committed).toEqual([7140, 93_540, 7200]);
  });
});

describe('a source that cannot say anything now', () => {
  test('is asked again a minute later, and said', async () => {
    const { world, keepAt } = keeper();
    world.sourceDown = true;
    expect(await keepAt(120)).toMatchObject({ failure: { code: 'service-unreachable' } });
    world.sourceDown = false;
    await keepAt(180);
    expect(world.committed).toEqual([120]);
  });
});

describe('the timer', () => {
  /** Runs a keeper over the readings of a clock, whose last one stays, and for some tenths of a second longer. */
  async function run(readings: number[], commit: (batch: SlotBatch) => void): Promise<void> {
    const slots = new SlotKeeper({
      source: { collect: (until) => Promise.resolve([emptySlot(until - 60)]) },
      commit,
      clock: { now: () => (readings.length > 1 ? readings.shift()! : readings[0]!) },
      isKept: () => false,
      onKept: () => undefined,
    });
    slots.start();
    await until(() => readings.length === 1);
    await sleep(400);
    await slots.stop();
  }

  test('may fire a moment before the minute ends, and no minute is missed', async () => {
    const committed: number[] = [];
    await run([119.9, 119.9, 119.9999, 120.0001, 120.0002], (batch) => committed.push(batch.slotStart));
    expect(committed).toEqual([60]);
  });

  test('tries a full disk once a minute, not all the time', async () => {
    let tries = 0;
    await run([119.9, 119.9, 120.0001], () => {
      tries += 1;
      throw new Failure('disk-full', 'no space left');
    });
    expect(tries).toBe(1);
  });
});

function emptySlot(slotStart: number): SlotBatch {
  const nothing = { events: [], unplaced: [], breakdown: [], signals: [], unseen: [], checkpoints: [] };
  return { slotStart, slotSeconds: 60, ...nothing };
}
