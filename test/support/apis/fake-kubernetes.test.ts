import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { FakeKubernetes, type Stored } from './fake-kubernetes.js';

let cluster: FakeKubernetes;
beforeEach(async () => {
  cluster = await new FakeKubernetes().listen();
});
afterEach(() => cluster.close());

async function ask(method: string, path: string, body?: object, token = 'right') {
  const answer = await fetch(`${cluster.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Stored & { reason?: string; items?: Stored[] } };
}

const maps = '/api/v1/namespaces/monitoring/configmaps';
const map = (name: string, more: object = {}) => ({ kind: 'ConfigMap', metadata: { name, ...more }, data: { a: '1' } });

describe('the cluster of the tests refuses what Kubernetes refuses', () => {
  test('a wrong token, and what the token may not do', async () => {
    expect(await ask('GET', maps, undefined, 'wrong')).toMatchObject({ status: 401, body: { reason: 'Unauthorized' } });
    cluster.forbidden.add('create configmaps');
    expect(await ask('POST', maps, map('a'))).toMatchObject({ status: 403, body: { reason: 'Forbidden' } });
  });

  test('kinds that nobody has installed, and namespaces that are not there', async () => {
    cluster.hasOperators = false;
    const rules = '/apis/monitoring.coreos.com/v1/namespaces/monitoring/prometheusrules';
    expect(await ask('GET', rules)).toMatchObject({
      status: 404,
      body: { message: 'the server could not find the requested resource' },
    });
    expect(await ask('POST', maps.replace('monitoring', 'other'), map('a'))).toMatchObject({
      status: 404,
      body: { message: 'namespaces "other" not found' },
    });
  });

  test('making what is there, and replacing what is not', async () => {
    expect((await ask('POST', maps, map('a'))).status).toBe(201);
    expect(await ask('POST', maps, map('a'))).toMatchObject({ status: 409, body: { reason: 'AlreadyExists' } });
    expect(await ask('PUT', `${maps}/b`, map('b'))).toMatchObject({ status: 404, body: { reason: 'NotFound' } });
  });

  test('a write that names another version than the one that is there', async () => {
    const { body } = await ask('POST', maps, map('a'));
    const { resourceVersion, uid } = body.metadata;
    expect((await ask('PUT', `${maps}/a`, map('a', { resourceVersion }))).status).toBe(200);
    expect(await ask('PUT', `${maps}/a`, map('a', { resourceVersion }))).toMatchObject({
      status: 409,
      body: { reason: 'Conflict' },
    });
    expect((await ask('DELETE', `${maps}/a`, { preconditions: { uid, resourceVersion } })).status).toBe(409);
    expect((await ask('DELETE', `${maps}/a`, { preconditions: { uid } })).status).toBe(200);
    expect((await ask('DELETE', `${maps}/a`)).status).toBe(404);
  });

  test('names, labels and sizes that it does not take', async () => {
    expect((await ask('POST', maps, map('A_b'))).status).toBe(422);
    expect((await ask('POST', maps, map('a', { labels: { x: 'not a label' } }))).status).toBe(422);
    expect((await ask('POST', maps, { ...map('a'), data: { a: 'x'.repeat(1024 ** 2 + 1) } })).status).toBe(422);
  });

  test('a list gives what has the labels, a piece at a time', async () => {
    for (const name of ['a', 'b', 'c']) await ask('POST', maps, map(name, { labels: { x: name === 'b' ? '2' : '1' } }));
    cluster.pageSize = 1;
    const first = await ask('GET', `${maps}?labelSelector=x%3D1&limit=500`);
    expect(first.body.items!.map(({ metadata }) => metadata.name)).toEqual(['a']);
    const next = await ask('GET', `${maps}?labelSelector=x%3D1&continue=${String(first.body.metadata['continue'])}`);
    expect(next.body.items!.map(({ metadata }) => metadata.name)).toEqual(['c']);
    expect(next.body.metadata['continue']).toBeUndefined();
  });
});
