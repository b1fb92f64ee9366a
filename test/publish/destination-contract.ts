import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { DesiredObject } from '../../src/publish/desired-object.js';
import type { Destination, LiveObject } from '../../src/publish/destination.js';
import { type Plan, planOf, type Standing } from '../../src/publish/plan.js';
import { publish, type Published } from '../../src/publish/publish.js';

/** A place of one kind, with what other people do in it. */
export interface Place {
  /** A new look at the same place, as after a restart. */
  open(set: string): Destination;
  /** An object called after a letter; another text is another content. */
  object(letter: string, text: string): DesiredObject;
  /** Somebody changes it without meshslo's knowledge. */
  edit(letter: string): Promise<void>;
  /** Somebody makes something of that name. */
  makeForeign(letter: string): Promise<void>;
  /** Somebody removes it. */
  remove(letter: string): Promise<void>;
  /** What is there now, as its own API tells it; undefined where nothing is. */
  raw(letter: string): Promise<string | undefined>;
  /** How many requests there were that write, or files that were written. */
  writes(): number;
  /** From now on, one object cannot be written; undefined: all can. Undefined where the place writes all or nothing. */
  readonly refuse?: (letter: string | undefined) => void;
  close(): Promise<void>;
}

/** 2026-11-23 10:00:30 UTC. */
const start = Date.UTC(2026, 10, 23, 10, 0, 30) / 1000;
const day = 86_400;
const graceSeconds = 7 * day;

/** What every place must do, whatever it is. */
export function destinationContract(title: string, make: () => Promise<Place>): void {
  describe(`${title} keeps the contract of destinations`, () => {
    let place: Place;
    let destination: Destination;
    let now: number;

    beforeEach(async () => {
      place = await make();
      destination = place.open('prod');
      now = start;
    });

    afterEach(async () => {
      await destination.close();
      await place.close();
    });

    const plan = (desired: readonly DesiredObject[], overwriteEdits = false): Promise<Plan> =>
      planOf(destination, desired, { set: 'prod', now, graceSeconds, overwriteEdits });

    const run = async (desired: readonly DesiredObject[], overwriteEdits = false): Promise<Published> =>
      publish(await plan(desired, overwriteEdits));

    const standings = ({ objects }: Plan): readonly Standing[] => objects.map(({ standing }) => standing);

    const failures = ({ endings }: Published): readonly string[] =>
      endings.flatMap(({ failure }) => failure?.code ?? []);

    const restart = async (): Promise<void> => {
      await destination.close();
      destination = place.open('prod');
    };

    test('what is wanted and not there is made; a second run changes nothing and writes nothing', async () => {
      const wanted = [place.object('a', 'one'), place.object('b', 'one')];
      expect(standings(await plan(wanted))).toEqual(['new', 'new']);
      expect(failures(await run(wanted))).toEqual([]);
      await restart();
      const before = place.writes();
      const again = await run(wanted);
      expect(again).toMatchObject({ same: 2, endings: [], kept: [], waiting: [] });
      expect(place.writes()).toBe(before);
    });

    test('only what has changed is written again', async () => {
      await run([place.object('a', 'one'), place.object('b', 'one')]);
      const before = await place.raw('a');
      await restart();
      const after = [place.object('a', 'one'), place.object('b', 'two')];
      const found = await plan(after);
      expect(found.objects.map(({ identity, standing }) => [identity, standing])).toEqual([
        [after[1]!.identity, 'changed'],
      ]);
      expect(failures(await publish(found))).toEqual([]);
      expect(await place.raw('a')).toBe(before);
      expect(standings(await plan(after))).toEqual([]);
    });

    test('the content that is compared is the one that was written', async () => {
      const [wanted] = [place.object('a', 'one')];
      await run([wanted]);
      const live = await collect(destination.look([wanted]));
      expect(live.map(({ content }) => content)).toEqual([wanted.content()]);
      expect(live[0]).toMatchObject({ isAsWritten: true, digest: wanted.digest });
    });

    test("somebody else's of the same name is told and never touched, not even when edits are written over", async () => {
      await place.makeForeign('a');
      const before = await place.raw('a');
      const wanted = [place.object('a', 'one'), place.object('b', 'one')];
      const result = await run(wanted, true);
      expect(result.kept.map(({ standing }) => standing)).toEqual(['taken']);
      expect(failures(result)).toEqual([]);
      expect(await place.raw('a')).toBe(before);
      expect(await place.raw('b')).toBeDefined();
    });

    test("somebody else's of another name is none of our business", async () => {
      await place.makeForeign('z');
      const before = await place.raw('z');
      await run([place.object('a', 'one')]);
      await run([]);
      now += 2 * graceSeconds;
      await run([]);
      expect(await place.raw('z')).toBe(before);
    });

    test('what somebody has edited is told and stays, until it is asked to be written over', async () => {
      const wanted = [place.object('a', 'one')];
      await run(wanted);
      await place.edit('a');
      await restart();
      const edited = await place.raw('a');
      const later = [place.object('a', 'two')];
      expect((await run(later)).kept.map(({ standing }) => standing)).toEqual(['edited']);
      expect(await place.raw('a')).toBe(edited);
      expect(failures(await run(later, true))).toEqual([]);
      expect(standings(await plan(later))).toEqual([]);
    });

    test('what somebody edits between the look and the write is not overwritten', async () => {
      await run([place.object('a', 'one')]);
      const found = await plan([place.object('a', 'two')]);
      await place.edit('a');
      const edited = await place.raw('a');
      expect(failures(await publish(found))).toEqual(['conflict']);
      expect(await place.raw('a')).toBe(edited);
    });

    test('what somebody makes between the look and the write is not overwritten', async () => {
      const found = await plan([place.object('a', 'one')]);
      await place.makeForeign('a');
      const theirs = await place.raw('a');
      expect(failures(await publish(found))).toEqual(['conflict']);
      expect(await place.raw('a')).toBe(theirs);
    });

    test('what nobody wants any more is marked, over restarts too, and goes when its time is over', async () => {
      const both = [place.object('a', 'one'), place.object('b', 'one')];
      await run(both);
      const [kept] = both;
      expect(standings(await plan([kept!]))).toEqual(['retiring']);
      await run([kept!]);
      await restart();
      now += graceSeconds - 120;
      const before = place.writes();
      const waiting = await run([kept!]);
      expect(waiting.waiting).toHaveLength(1);
      expect(place.writes()).toBe(before);
      expect(await place.raw('b')).toBeDefined();
      now += 180;
      expect(standings(await plan([kept!]))).toEqual(['gone']);
      await run([kept!]);
      expect(await place.raw('b')).toBeUndefined();
      expect(await place.raw('a')).toBeDefined();
    });

    test('what is wanted again before its time is over stays', async () => {
      const wanted = [place.object('a', 'one')];
      await run(wanted);
      await run([]);
      now += day;
      expect(standings(await plan(wanted))).toEqual(['returned']);
      await run(wanted);
      now += 2 * graceSeconds;
      expect(standings(await plan(wanted))).toEqual([]);
      expect(await place.raw('a')).toBeDefined();
    });

    test('what somebody edits after it was retired stays for good', async () => {
      await run([place.object('a', 'one')]);
      await run([]);
      await place.edit('a');
      now += 2 * graceSeconds;
      expect((await run([])).kept.map(({ standing }) => standing)).toEqual(['edited']);
      expect(await place.raw('a')).toBeDefined();
    });

    test('what is edited between the look and its removal stays', async () => {
      await run([place.object('a', 'one')]);
      await run([]);
      now += 2 * graceSeconds;
      const found = await plan([]);
      await place.edit('a');
      expect(failures(await publish(found))).toEqual(['conflict']);
      expect(await place.raw('a')).toBeDefined();
    });

    test('what somebody has removed is made again', async () => {
      const wanted = [place.object('a', 'one')];
      await run(wanted);
      await place.remove('a');
      await restart();
      expect(standings(await plan(wanted))).toEqual(['new']);
      await run(wanted);
      expect(await place.raw('a')).toBeDefined();
    });

    test('one that is refused keeps no other from being written, and the next run repairs it', async () => {
      if (!place.refuse) return;
      const wanted = ['a', 'b', 'c'].map((letter) => place.object(letter, 'one'));
      place.refuse('b');
      const result = await run(wanted);
      expect(result.endings.filter(({ failure }) => failure)).toHaveLength(1);
      expect(await place.raw('a')).toBeDefined();
      expect(await place.raw('c')).toBeDefined();
      place.refuse(undefined);
      expect(standings(await plan(wanted))).toEqual(['new']);
      expect(failures(await run(wanted))).toEqual([]);
    });

    test('removing what is gone already is no trouble', async () => {
      await run([place.object('a', 'one')]);
      await run([]);
      now += 2 * graceSeconds;
      const found = await plan([]);
      await place.remove('a');
      const result = await publish(found);
      expect(await place.raw('a')).toBeUndefined();
      expect(failures(result)).toEqual([]);
    });
  });
}

async function collect(objects: AsyncIterable<LiveObject>): Promise<readonly LiveObject[]> {
  const all: LiveObject[] = [];
  for await (const one of objects) all.push(one);
  return all;
}
