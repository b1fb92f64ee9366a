import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { PublishSettings } from '../../src/config/publishing.js';
import { Failure } from '../../src/domain/failure.js';
import type { Documents } from '../../src/publish/documents.js';
import { publicationOf } from '../../src/publish/publication.js';
import { Publisher } from '../../src/publish/publisher.js';
import type { Applied } from '../../src/publish/run.js';

let folder: string;
let now: number;
let version: string;
let text: string;
let made: number;
let applied: Applied[];
let troubles: (string | undefined)[];
let trouble: Failure | undefined;
let settings: PublishSettings | undefined;
let publisher: Publisher;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshslo-publisher-'));
  now = 1000;
  version = '1';
  text = 'one';
  made = 0;
  applied = [];
  troubles = [];
  trouble = undefined;
  const destination = { kind: 'files', name: 'files', folder, contents: ['alertmanager'], reloads: [] } as const;
  settings = { set: 'prod', graceSeconds: 0, everySeconds: 900, destinations: [destination] };
  publisher = new Publisher({
    clock: { now: () => now, monotonic: () => now },
    settings: () => settings,
    version: () => version,
    open: (of) => of.destinations.map((one) => publicationOf(one, of)),
    wanted: () => {
      made += 1;
      if (trouble) throw trouble;
      return {
        rules: [],
        rulesInGroupsOf: () => [],
        tests: () => new Map(),
        alertmanager: text,
        notifications: undefined,
        dashboards: [],
      } satisfies Documents;
    },
    onApplied: (one) => void applied.push(one),
    onTrouble: (failure) => void troubles.push(failure?.message),
    onBug: (error) => {
      throw error;
    },
  });
  publisher.start();
});

afterEach(async () => {
  await publisher.stop();
  rmSync(folder, { recursive: true });
});

/** Some seconds go by, a look at each. */
async function wait(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    now += 1;
    publisher.look();
    await publisher.idle();
  }
}

const file = (): string => join(folder, 'alertmanager.yaml');

describe('a running service keeps published what is wanted', () => {
  test('from half a minute after its start: services have to become known first', async () => {
    await wait(10);
    version = '2';
    await wait(19);
    expect(existsSync(file())).toBe(false);
    await wait(2);
    expect(readFileSync(file(), 'utf8')).toBe('one');
    expect(applied).toMatchObject([{ destination: 'files', published: { endings: [{ failure: undefined }] } }]);
  });

  test('and some seconds after a change, once there are no more', async () => {
    await wait(30);
    text = 'two';
    version = '2';
    await wait(4);
    version = '3';
    await wait(5);
    expect(readFileSync(file(), 'utf8')).toBe('one');
    await wait(1);
    expect(readFileSync(file(), 'utf8')).toBe('two');
  });

  test('changes that never end are not waited for for ever', async () => {
    await wait(30);
    text = 'two';
    for (let second = 0; second < 62; second += 1) {
      version = `${second} more`;
      await wait(1);
    }
    expect(readFileSync(file(), 'utf8')).toBe('two');
    expect(applied).toHaveLength(2);
  });

  test('what somebody removes is there again after the next look, without being made anew', async () => {
    await wait(30);
    rmSync(file());
    await wait(899);
    expect(existsSync(file())).toBe(false);
    await wait(1);
    expect(existsSync(file())).toBe(true);
    expect(made).toBe(1);
  });

  test('what somebody edits stays', async () => {
    await wait(30);
    writeFileSync(file(), 'by hand');
    await wait(900);
    expect(readFileSync(file(), 'utf8')).toBe('by hand');
    expect(applied.at(-1)).toMatchObject({ published: { kept: [{ standing: 'edited' }] } });
  });

  test('what cannot be made is told, and tried again', async () => {
    trouble = new Failure('file-unreadable', 'no such file');
    await wait(30);
    expect(troubles).toEqual(['no such file']);
    trouble = undefined;
    await wait(900);
    expect(troubles).toEqual(['no such file', undefined]);
    expect(existsSync(file())).toBe(true);
  });

  test('what could not be made at first is made soon after somebody mends it', async () => {
    trouble = new Failure('file-unreadable', 'no such file');
    await wait(30);
    trouble = undefined;
    version = '2';
    await wait(10);
    expect(existsSync(file())).toBe(true);
  });

  test('nothing happens where nothing is to be published', async () => {
    settings = undefined;
    await wait(2000);
    expect([made, applied.length]).toEqual([0, 0]);
  });

  test('and ends although a place does not answer', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const grafana = {
      kind: 'grafana',
      name: 'g',
      url,
      folder: { uid: 'a', title: 'A' },
      annotationsSeconds: 0,
      timeoutSeconds: 300,
    } as const;
    settings = { ...settings!, destinations: [{ ...grafana, access: {} }] };
    now += 30;
    publisher.look();
    await once(silent, 'request');
    await publisher.stop();
    silent.closeAllConnections();
    silent.close();
    expect(applied).toEqual([]);
  });
});
