import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { FakeGrafana } from './fake-grafana.js';

let grafana: FakeGrafana;
beforeEach(async () => {
  grafana = await new FakeGrafana().listen();
});
afterEach(() => grafana.close());

async function ask(method: string, path: string, body?: object, token = 'glsa_right') {
  const answer = await fetch(`${grafana.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const save = (dashboard: object, more: object = {}) => ask('POST', '/api/dashboards/db', { dashboard, ...more });

describe('the Grafana of the tests refuses what Grafana refuses', () => {
  test('a wrong token', async () => {
    expect((await ask('GET', '/api/search', undefined, 'glsa_wrong')).status).toBe(401);
  });

  test('what the token may not do', async () => {
    grafana.forbidden.add('POST dashboards');
    expect(await save({ uid: 'a', title: 'A' })).toMatchObject({ status: 403, body: { title: 'Access denied' } });
  });

  test('a write that names another version than the one that is there', async () => {
    expect(await save({ uid: 'a', title: 'A' })).toMatchObject({
      status: 200,
      body: { version: 1, status: 'success' },
    });
    expect(await save({ uid: 'a', title: 'A', version: 0 })).toMatchObject({
      status: 412,
      body: { status: 'version-mismatch' },
    });
    expect(await save({ uid: 'a', title: 'A', version: 1 })).toMatchObject({ status: 200, body: { version: 2 } });
    expect((await save({ uid: 'a', title: 'A' }, { overwrite: true })).status).toBe(200);
  });

  test('the same where it keeps resources, in other words, and with a version that only a change makes another', async () => {
    grafana.keepsResources = true;
    await save({ uid: 'a', title: 'A' });
    expect(await save({ uid: 'a', title: 'B', version: 0 })).toEqual({
      status: 409,
      body: { message: 'Dashboard already exists. Use overwrite flag to update.' },
    });
    expect((await save({ uid: 'a', title: 'A', version: 1 })).body['version']).toBe(1);
    expect((await save({ uid: 'a', title: 'B', version: 1 })).body['version']).toBe(2);
    await ask('POST', '/api/folders', { uid: 'f', title: 'F' });
    expect((await ask('POST', '/api/folders', { uid: 'f', title: 'G' })).status).toBe(412);
    grafana.indexed = new Set();
    expect((await ask('GET', '/api/search')).body).toEqual([]);
  });

  test('tags and titles that are too long', async () => {
    expect((await save({ uid: 'a', title: 'A', tags: ['x'.repeat(50)] })).status).toBe(200);
    expect((await save({ uid: 'b', title: 'A', tags: ['x'.repeat(51)] })).body['status']).toBe('tag-too-long');
    expect((await save({ uid: 'b', title: 'A'.repeat(5001) })).body['status']).toBe('title-too-long');
  });

  test('uids that are too long or have other characters, and empty titles', async () => {
    expect((await save({ uid: 'x'.repeat(41), title: 'A' })).status).toBe(400);
    expect((await save({ uid: 'a/b', title: 'A' })).status).toBe(400);
    expect((await save({ uid: 'a', title: '' })).status).toBe(400);
  });

  test('a folder that is not there, one that is there twice, and one of a title that is taken', async () => {
    expect(await save({ uid: 'a', title: 'A' }, { folderUid: 'f' })).toEqual({
      status: 400,
      body: { message: 'folder not found' },
    });
    expect((await ask('GET', '/api/folders/f')).status).toBe(404);
    expect((await ask('POST', '/api/folders', { uid: 'f', title: 'F' })).status).toBe(200);
    expect((await ask('POST', '/api/folders', { uid: 'f', title: 'G' })).status).toBe(409);
    grafana.areTitlesUnique = true;
    expect((await ask('POST', '/api/folders', { uid: 'g', title: 'F' })).status).toBe(409);
    grafana.areTitlesUnique = false;
    expect((await ask('POST', '/api/folders', { uid: 'g', title: 'F' })).status).toBe(200);
    expect((await save({ uid: 'a', title: 'A' }, { folderUid: 'f' })).status).toBe(200);
  });

  test('what was provisioned, and what is not there', async () => {
    grafana.put('p', { title: 'P' }, true);
    expect((await save({ uid: 'p', title: 'P', version: 1 })).status).toBe(400);
    expect((await ask('DELETE', '/api/dashboards/uid/p')).status).toBe(400);
    expect((await ask('DELETE', '/api/dashboards/uid/q')).status).toBe(404);
    expect((await ask('GET', '/api/dashboards/uid/q')).status).toBe(404);
  });

  test('two dashboards of one title in a folder, where it is an old one', async () => {
    grafana.areTitlesUnique = true;
    await save({ uid: 'a', title: 'A' });
    expect(await save({ uid: 'b', title: 'A' })).toMatchObject({ status: 412, body: { status: 'name-exists' } });
  });

  test('a search gives what has all the tags, a page at a time', async () => {
    for (const uid of ['a', 'b', 'c']) await save({ uid, title: uid, tags: ['t', uid] });
    const uids = async (query: string) =>
      ((await ask('GET', `/api/search?${query}`)).body as unknown as { uid: string }[]).map((one) => one.uid);
    expect(await uids('tag=t&tag=b')).toEqual(['b']);
    expect(await uids('tag=t&limit=2&page=2')).toEqual(['c']);
  });
});
