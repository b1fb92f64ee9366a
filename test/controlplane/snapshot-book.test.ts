import { afterEach, expect, test } from '@jest/globals';
import type { EndpointClient } from '../../src/controlplane/endpoint-client.js';
import { SnapshotBook } from '../../src/controlplane/envoy-control/snapshot-book.js';
import type { InstanceLook } from '../../src/controlplane/instance-watch.js';
import { Failure } from '../../src/domain/failure.js';
import type { TestClock } from '../scrape/test-clock.js';
import { askedEndpoint, closeAsked, hangingAt } from './asked-endpoints.js';

afterEach(closeAsked);

const secondsPerLook = 600;
const versions = { clusters: { raw: '7', metric: '7' } };

/** An instance, and the groups that it was asked about since somebody looked last. */
async function instance(padding = '', onAsked: (clock: TestClock) => void = () => undefined) {
  const asked: string[] = [];
  const client = await askedEndpoint(({ body }, clock) => {
    asked.push((JSON.parse(body) as { cluster: string }).cluster);
    onAsked(clock);
    return { body: { versions, padding } };
  });
  return { look: lookAt(client), take: () => asked.splice(0) };
}

function lookAt(client: EndpointClient, metrics?: Failure): InstanceLook<unknown> {
  const failures = { metrics, told: metrics };
  return {
    client,
    values: undefined,
    told: undefined,
    failures,
    grown: undefined,
    grownSeconds: 0,
    downSince: undefined,
  };
}

function groupsOf(count: number): ReadonlyMap<string, string> {
  return new Map(
    Array.from({ length: count }, (_, index) => [`group-${index}`, JSON.stringify({ cluster: `group-${index}` })]),
  );
}

test('of many groups each look asks about some, and the next one begins with the others', async () => {
  const { look, take } = await instance();
  const book = new SnapshotBook(60);
  const groups = groupsOf(260);
  const first = await book.ask([look], groups);
  expect(first.size).toBe(250);
  expect(take()).toHaveLength(250);
  const second = await book.ask([look], groups);
  expect([...second.keys()].slice(0, 10)).toEqual(Array.from({ length: 10 }, (_, index) => `group-${250 + index}`));
  expect(take()).toHaveLength(250);
});

test('large snapshots are few at one look', async () => {
  const { look, take } = await instance('x'.repeat(25 * 1024 * 1024));
  const book = new SnapshotBook(60);
  await book.ask([look], groupsOf(5));
  expect(take()).toEqual(['group-0', 'group-1', 'group-2']);
  await book.ask([look], groupsOf(5));
  expect(take()).toEqual(['group-3', 'group-4', 'group-0']);
});

test('groups that nobody can tell anything of, or not in time, are unknown and do not stand before the others for ever', async () => {
  const isWell = (body: string): boolean => body.includes('"group-250"');
  const odd = await askedEndpoint(({ body }) => ({ body: isWell(body) ? { versions } : { versions: 'none' } }));
  const book = new SnapshotBook(secondsPerLook);
  const first = await book.ask([lookAt(odd)], groupsOf(251));
  expect(first.get('group-0')).toEqual({ made: [], isWhole: false });
  expect((await book.ask([lookAt(odd)], groupsOf(251))).get('group-250')).toMatchObject({ isWhole: true });
  const client = await askedEndpoint(() => ({ body: { versions } }));
  const hanging = hangingAt(client, (_path, posted) => posted!.includes('"group-0"'));
  const other = new SnapshotBook(secondsPerLook);
  expect([...(await other.ask([lookAt(hanging)], groupsOf(2))).keys()]).toEqual(['group-0']);
  expect((await other.ask([lookAt(hanging)], groupsOf(2))).get('group-1')).toMatchObject({ isWhole: true });
});

test('a slow instance is asked about as many groups as there is time for, and takes nothing from what the other tells', async () => {
  const fast = await instance();
  const slow = await instance('', (clock) => clock.pass(secondsPerLook / 2));
  const told = await new SnapshotBook(secondsPerLook).ask([slow.look, fast.look], groupsOf(6));
  expect(slow.take()).toEqual(['group-0', 'group-1']);
  expect(fast.take()).toHaveLength(6);
  expect([...told.values()].map(({ made, isWhole }) => [made.length, isWhole])).toEqual([
    [2, true],
    [2, true],
    [1, false],
    [1, false],
    [1, false],
    [1, false],
  ]);
});

test('who has said nothing to an earlier question of this look is not asked, and may have sent anything', async () => {
  const fast = await instance();
  const hanging = await instance();
  const silent = lookAt(hanging.look.client, new Failure('target-timeout', 'no whole answer within 10 s'));
  const told = await new SnapshotBook(secondsPerLook).ask([silent, fast.look], groupsOf(1));
  expect(hanging.take()).toEqual([]);
  expect(told.get('group-0')).toMatchObject({ isWhole: false });
  const gone = lookAt(hanging.look.client, new Failure('target-unreachable', 'connection refused'));
  expect((await new SnapshotBook(secondsPerLook).ask([gone, fast.look], groupsOf(1))).get('group-0')).toMatchObject({
    isWhole: true,
  });
});
