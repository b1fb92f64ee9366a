import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { JobDiscovery } from '../../../src/scrape/discovery/job-discovery.js';
import { TestClock } from '../test-clock.js';
import { staticTargets, testJob } from '../test-job.js';
import { answers, type Behaviour, TestTarget } from '../test-target.js';

const noon = 1_800_014_400;
const json = { 'Content-Type': 'application/json; charset=utf-8' };
const status500: Behaviour = (socket) => socket.write('HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n');
const cutOff: Behaviour = (socket) =>
  socket.end('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n[');
let folder: string;
let clock: TestClock;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshslo-sd-'));
  clock = new TestClock(noon);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('files of targets', () => {
  test('JSON and YAML are read, wildcards in the name included', async () => {
    write('a.json', '[{"targets": ["a:1", "b:1"], "labels": {"app": "cart"}}]');
    write('b.yml', '- targets:\n    - c:1\n  labels:\n    app: cart\n');
    write('c.txt', 'not asked for');
    const discovery = files('a.json', '*.yml');
    expect(await hosts(discovery)).toEqual(['a', 'b', 'c']);
  });

  test('a changed file is read again, an unchanged one is not', async () => {
    write('a.json', '[{"targets": ["a:1"]}]');
    const discovery = files('a.json');
    expect(await hosts(discovery)).toEqual(['a']);
    write('a.json', '[{"targets": ["b:1"]}]', 10);
    expect(await hosts(discovery)).toEqual(['b']);
  });

  test.each([
    { why: 'no JSON', text: '[{"targets": ["b:1"]', message: 'is no JSON' },
    { why: 'no list', text: '{"targets": []}', message: 'is not a list of target groups' },
    { why: 'a number for an address', text: '[{"targets": [1]}]', message: 'group 1: targets is not a list' },
    { why: 'a label that is no text', text: '[{"targets": [], "labels": {"a": 1}}]', message: 'label a is no text' },
    { why: 'a label without a name', text: '[{"targets": [], "labels": {"a-b": ""}}]', message: 'is no label name' },
    { why: 'an impossible address', text: '[{"targets": ["http://b"]}]', message: 'without scheme' },
    { why: 'empty', text: '', message: 'is no JSON' },
  ])('a broken file ($why) keeps the last good targets, and says so', async ({ text, message }) => {
    write('a.json', '[{"targets": ["a:1"]}]');
    const discovery = files('a.json');
    expect(await hosts(discovery)).toEqual(['a']);
    const readAt = clock.now();
    write('a.json', text, 10);
    clock.pass(60);
    const { targets, confirmedAt } = (await discovery.refresh())!;
    expect(targets?.map(({ host }) => host)).toEqual(['a']);
    expect(confirmedAt).toBeUndefined();
    expect(discovery.health[0]).toMatchObject({ kind: 'file', targets: 1, lastSuccessAt: readAt });
    expect(discovery.health[0]?.trouble?.message).toContain(message);
  });

  test('a named file that is missing is a broken one; one that a wildcard no longer finds has taken its targets along', async () => {
    write('a.json', '[{"targets": ["a:1"]}]');
    const named = files('a.json');
    const found = files('*.json');
    await hosts(named);
    await hosts(found);
    rmSync(join(folder, 'a.json'));
    expect(await hosts(named)).toEqual(['a']);
    expect(named.health[0]?.trouble?.code).toBe('file-unreadable');
    expect(await hosts(found)).toEqual([]);
    expect(found.health[0]?.trouble).toBeUndefined();
  });

  function write(name: string, text: string, secondsLater = 0): void {
    writeFileSync(join(folder, name), text);
    utimesSync(join(folder, name), noon + secondsLater, noon + secondsLater);
  }

  function files(...names: string[]): JobDiscovery {
    const paths = names.map((name) => join(folder, name));
    return new JobDiscovery(testJob([{ kind: 'files', paths, refreshSeconds: 30 }]), clock);
  }
});

describe('targets over HTTP', () => {
  let server: TestTarget;

  afterEach(() => server.close());

  test('a list is read, and asked for with the token of the job', async () => {
    server = await TestTarget.listen(answers('[{"targets": ["a:1"], "labels": {"app": "cart"}}]', json));
    writeFileSync(join(folder, 'token'), 'secret');
    const discovery = http({ authorization: { kind: 'bearer', tokenFile: join(folder, 'token') } });
    expect(await hosts(discovery)).toEqual(['a']);
    expect(server.requests[0]).toContain('Authorization: Bearer secret\r\n');
    discovery.close();
  });

  test.each([
    { why: 'in trouble', behave: status500, message: 'status 500' },
    { why: 'no JSON', behave: answers('[]', { 'Content-Type': 'text/html' }), message: 'not with JSON' },
    { why: 'cut off', behave: cutOff, message: 'cut off after 1 of 50 bytes' },
  ])('a broken answer ($why) keeps the last good targets', async ({ behave, message }) => {
    server = await TestTarget.listen(answers('[{"targets": ["a:1"]}]', json));
    const discovery = http({});
    expect(await hosts(discovery)).toEqual(['a']);
    server.behave = behave;
    expect(await hosts(discovery)).toEqual(['a']);
    expect(discovery.health[0]?.trouble?.message).toContain(message);
    discovery.close();
  });

  test('an empty list is a list: all targets have gone', async () => {
    server = await TestTarget.listen(answers('[{"targets": ["a:1"]}]', json));
    const discovery = http({});
    await hosts(discovery);
    server.behave = answers('[]', json);
    expect(await hosts(discovery)).toEqual([]);
    discovery.close();
  });

  function http(access: { authorization?: { kind: 'bearer'; tokenFile: string } }): JobDiscovery {
    const url = `http://${server.address}/targets`;
    return new JobDiscovery(testJob([{ kind: 'http', url, refreshSeconds: 30, access }]), clock);
  }
});

test('a place that never answered does not hide the targets of the others, and nothing is confirmed absent', async () => {
  const missing = { kind: 'files', paths: [join(folder, 'none.json')], refreshSeconds: 30 } as const;
  const discovery = new JobDiscovery(testJob([staticTargets('a:1'), missing]), clock);
  const found = await discovery.refresh();
  expect(found!.targets!.map(({ host }) => host)).toEqual(['a']);
  expect(found!.confirmedAt).toBeUndefined();
  expect(discovery.health.map(({ targets, trouble }) => [targets, trouble?.code])).toEqual([
    [1, undefined],
    [0, 'file-unreadable'],
  ]);
});

test('before any place has answered, nobody knows what the targets are', async () => {
  const missing = { kind: 'files', paths: [join(folder, 'none.json')], refreshSeconds: 30 } as const;
  const discovery = new JobDiscovery(testJob([missing]), clock);
  expect(await discovery.refresh()).toEqual({ targets: undefined, confirmedAt: undefined });
});

test('the list is confirmed as of the moment at which the slowest of its places was asked', async () => {
  const path = join(folder, 'a.json');
  writeFileSync(path, '[]');
  const discovery = new JobDiscovery(
    testJob([staticTargets('a:1'), { kind: 'files', paths: [path], refreshSeconds: 300 }]),
    clock,
  );
  await discovery.refresh();
  clock.pass(60);
  expect((await discovery.refresh())?.confirmedAt).toBe(noon);
});

/** What the next look brings, some time later. */
async function hosts(discovery: JobDiscovery): Promise<readonly string[] | undefined> {
  clock.pass(60);
  return (await discovery.refresh())?.targets?.map(({ host }) => host);
}
