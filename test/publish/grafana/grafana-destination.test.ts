import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { GrafanaSettings } from '../../../src/config/publishing.js';
import { desiredObject, type DesiredObject } from '../../../src/publish/desired-object.js';
import { dashboardObjects, dashboardText } from '../../../src/publish/grafana/dashboard-text.js';
import { GrafanaDestination } from '../../../src/publish/grafana/grafana-destination.js';
import { planOf } from '../../../src/publish/plan.js';
import { publish, type Published } from '../../../src/publish/publish.js';
import { FakeGrafana } from '../../support/apis/fake-grafana.js';
import { destinationContract } from '../destination-contract.js';
import { noPatience } from '../patience.js';

const folder = mkdtempSync(join(tmpdir(), 'meshslo-grafana-'));
const tokenFile = join(folder, 'token');
writeFileSync(tokenFile, 'glsa_right\n');
afterAll(() => rmSync(folder, { recursive: true }));

function settingsOf(url: string, timeoutSeconds = 60): GrafanaSettings {
  return {
    kind: 'grafana',
    name: 'grafana',
    url,
    timeoutSeconds,
    access: { authorization: { kind: 'bearer', tokenFile } },
    folder: { uid: 'meshslo-prod', title: 'Service mesh' },
    annotationsSeconds: 0,
  };
}

function board(letter: string, title: string): DesiredObject {
  const model = {
    uid: `meshslo-${letter}`,
    title: `${letter} ${title}`,
    tags: ['slo'],
    panels: [{ id: 1, type: 'stat' }],
  };
  return desiredObject('dashboard', model.uid, () => dashboardText(model));
}

describe.each([
  { title: 'Grafana', keepsResources: false },
  { title: 'a Grafana that keeps resources', keepsResources: true },
])('$title', ({ title, keepsResources }) => {
  destinationContract(title, async () => {
    const grafana = await new FakeGrafana().listen();
    grafana.keepsResources = keepsResources;
    const uid = (letter: string): string => `meshslo-${letter}`;
    return {
      open: (set) => new GrafanaDestination(settingsOf(grafana.url), set, noPatience()),
      object: board,
      edit: async (letter) => {
        grafana.edit(uid(letter), { title: 'by hand' });
        return Promise.resolve();
      },
      makeForeign: async (letter) => {
        grafana.put(uid(letter), { title: 'theirs' });
        return Promise.resolve();
      },
      remove: (letter) => Promise.resolve(void grafana.dashboards.delete(uid(letter))),
      raw: (letter) => {
        const found = grafana.dashboards.get(uid(letter));
        return Promise.resolve(found && JSON.stringify(found));
      },
      writes: () => grafana.writes,
      refuse: (letter) => {
        grafana.fault = ({ method, body }) =>
          letter !== undefined && method === 'POST' && body.includes(`"uid":"${uid(letter)}"`)
            ? { status: 400, body: { message: 'invalid dashboard' } }
            : undefined;
      },
      close: () => grafana.close(),
    };
  });
});

describe('Grafana', () => {
  let grafana: FakeGrafana;
  let patience: ReturnType<typeof noPatience>;
  let destination: GrafanaDestination;

  beforeEach(async () => {
    grafana = await new FakeGrafana().listen();
    patience = noPatience();
    destination = new GrafanaDestination(settingsOf(grafana.url), 'prod', patience);
  });

  afterEach(async () => {
    await destination.close();
    await grafana.close();
  });

  const run = async (desired: readonly DesiredObject[], now = 0): Promise<Published> =>
    publish(await planOf(destination, desired, { set: 'prod', now, graceSeconds: 0, overwriteEdits: false }));

  const failures = ({ endings }: Published): readonly string[] =>
    endings.flatMap(({ failure }) => failure?.message ?? []);

  test('dashboards go into a folder of ours, which is made once', async () => {
    await run([board('a', 'one'), board('b', 'one')]);
    expect([...grafana.folders.values()]).toMatchObject([{ uid: 'meshslo-prod', title: 'Service mesh' }]);
    expect([...grafana.dashboards.values()].map(({ folderUid }) => folderUid)).toEqual([
      'meshslo-prod',
      'meshslo-prod',
    ]);
    expect(grafana.asked.filter(({ path, method }) => method === 'POST' && path[1] === 'folders')).toHaveLength(1);
  });

  test('a folder that was deleted by hand is made again with all that was in it', async () => {
    await run([board('a', 'one')]);
    grafana.removeFolder('meshslo-prod');
    expect(failures(await run([board('a', 'one')]))).toEqual([]);
    expect(grafana.dashboards.get('meshslo-a')?.folderUid).toBe('meshslo-prod');
  });

  test('a folder that is deleted while this runs is made again', async () => {
    grafana.fault = ({ method, path }) => {
      if (method !== 'POST' || path[1] !== 'dashboards') return undefined;
      grafana.removeFolder('meshslo-prod');
      grafana.fault = () => undefined;
      return undefined;
    };
    expect(failures(await run([board('a', 'one')]))).toEqual([]);
    expect(grafana.dashboards.has('meshslo-a')).toBe(true);
  });

  test('a folder of the same title that is somebody else’s is told', async () => {
    grafana.areTitlesUnique = true;
    grafana.folders.set('theirs', { id: 9, uid: 'theirs', title: 'Service mesh', version: 1 });
    const { endings } = await run([board('a', 'one')]);
    expect(endings[0]!.failure).toMatchObject({
      code: 'conflict',
      message: 'there is another folder "Service mesh" already',
      hint: expect.stringContaining('folder_uid') as unknown as string,
    });
  });

  test('a folder of the same title is no trouble to a Grafana that allows two', async () => {
    grafana.folders.set('theirs', { id: 9, uid: 'theirs', title: 'Service mesh', version: 1 });
    expect(failures(await run([board('a', 'one')]))).toEqual([]);
    expect([...grafana.folders.keys()]).toEqual(['theirs', 'meshslo-prod']);
  });

  test('a search that does not know yet what was written makes nothing twice, and misses nothing for good', async () => {
    grafana.keepsResources = true;
    grafana.indexed = new Set();
    await run([board('a', 'one')]);
    const asked = grafana.writes;
    expect(await run([board('a', 'one')])).toMatchObject({ same: 1, endings: [] });
    expect(grafana.writes).toBe(asked);
    expect(await run([])).toMatchObject({ endings: [] });
    grafana.indexed = undefined;
    expect((await run([])).endings).toHaveLength(1);
  });

  test.each([
    { status: 403, message: 'Dashboard quota reached', hint: /raise its quota/ },
    { status: 400, message: 'Dashboard refresh interval is too low', hint: /min_refresh_interval/ },
    { status: 413, message: 'Dashboard is too large, max is 16 MB', hint: /takes no body of this size/ },
    { status: 400, message: 'Cannot save provisioned dashboard', hint: /from a file or a repository/ },
  ])('says what to do about: $message', async ({ status, message, hint }) => {
    grafana.fault = ({ method, path }) =>
      method === 'POST' && path[1] === 'dashboards' ? { status, body: { message } } : undefined;
    const { endings } = await run([board('a', 'one')]);
    expect(endings[0]!.failure).toMatchObject({
      message: `${grafana.url} answered ${status}: ${message}`,
      hint: expect.stringMatching(hint) as unknown,
    });
  });

  test('a dashboard that people have moved stays where they want it', async () => {
    await run([board('a', 'one')]);
    grafana.folders.set('theirs', { id: 9, uid: 'theirs', title: 'Team', version: 1 });
    grafana.dashboards.set('meshslo-a', { ...grafana.dashboards.get('meshslo-a')!, folderUid: 'theirs' });
    await run([board('a', 'two')]);
    expect(grafana.dashboards.get('meshslo-a')).toMatchObject({ folderUid: 'theirs', model: { title: 'a two' } });
  });

  test('a copy that somebody has made of one of ours is theirs, with all its tags', async () => {
    await run([board('a', 'one')]);
    grafana.put('copy', grafana.dashboards.get('meshslo-a')!.model);
    await run([board('a', 'one')]);
    await run([]);
    expect([...grafana.dashboards.keys()]).toEqual(['copy']);
  });

  test('one that Grafana has put into other words is not taken for an edit', async () => {
    await run([board('a', 'one')]);
    const before = grafana.dashboards.get('meshslo-a')!;
    grafana.dashboards.set('meshslo-a', { ...before, model: { ...before.model, schemaVersion: 42 } });
    const asked = grafana.writes;
    expect(await run([board('a', 'one')])).toMatchObject({ same: 1, kept: [] });
    expect(grafana.writes).toBe(asked);
  });

  test('one that was provisioned from files is left alone', async () => {
    grafana.put('meshslo-a', { title: 'from a file' }, true);
    expect((await run([board('a', 'one')])).kept).toHaveLength(1);
  });

  test('a title that is taken in its folder is told in Grafana’s words', async () => {
    grafana.areTitlesUnique = true;
    await run([board('a', 'one')]);
    grafana.put('theirs', { title: 'b one' });
    grafana.dashboards.set('theirs', { ...grafana.dashboards.get('theirs')!, folderUid: 'meshslo-prod' });
    const { endings } = await run([board('a', 'one'), board('b', 'one')]);
    expect(endings.map(({ failure }) => failure?.message)).toEqual([
      `${grafana.url} answered 412: A dashboard with the same name in the folder already exists (name-exists)`,
    ]);
  });

  test('an answer that was lost is no conflict', async () => {
    grafana.fault = ({ method, path }) => {
      if (method !== 'POST' || path[1] !== 'dashboards') return undefined;
      grafana.fault = () => undefined;
      return { status: 0, loseAnswer: true };
    };
    expect(failures(await run([board('a', 'one')]))).toEqual([]);
    expect(grafana.dashboards.get('meshslo-a')?.version).toBe(1);
    expect(patience.waited).toEqual([1]);
  });

  test('titles with every character come back as they were', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1 }), async (title) => {
        const [wanted] = dashboardObjects({
          rules: [],
          rulesInGroupsOf: () => [],
          tests: () => new Map(),
          alertmanager: undefined,
          notifications: undefined,
          dashboards: [{ uid: 'meshslo-x', title, json: JSON.stringify({ title, tags: [] }) }],
        });
        await run([wanted!]);
        expect((await run([wanted!])).same).toBe(1);
        expect(grafana.dashboards.get('meshslo-x')!.model['title']).toBe(title);
      }),
      { numRuns: 30 },
    );
  });

  test('more than one page of a search is read', async () => {
    const many = Array.from({ length: 1100 }, (_, index) => board(`n${index}`, 'one'));
    await run(many);
    expect(grafana.dashboards.size).toBe(1100);
    expect(await run(many)).toMatchObject({ same: 1100, endings: [] });
    await run([]);
    expect(grafana.dashboards.size).toBe(0);
  });
});
