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
  const text = await answer.text();
  const told = (text.startsWith('{') ? JSON.parse(text) : text) as Stored & { reason?: string; items?: Stored[] };
  return { status: answer.status, body: told };
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
    expect(await ask('GET', rules)).toEqual({ status: 404, body: '404 page not found\n' });
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

  test('an object of an operator that names no version, and one that is sent to another place', async () => {
    const rules = '/apis/monitoring.coreos.com/v1/namespaces/monitoring/prometheusrules';
    const rule = (metadata: object = {}, spec: object = { groups: [] }) => {
      return { kind: 'PrometheusRule', metadata: { name: 'a', ...metadata }, spec };
    };
    expect((await ask('POST', rules, rule({ namespace: 'other' }))).status).toBe(400);
    expect((await ask('POST', rules, rule({}, { groups: [{ name: 'x' }] }))).status).toBe(422);
    const { body } = await ask('POST', rules, rule());
    const { resourceVersion } = body.metadata;
    expect(await ask('PUT', `${rules}/a`, rule())).toMatchObject({ status: 422, body: { reason: 'Invalid' } });
    expect((await ask('PUT', `${rules}/a`, rule({ resourceVersion, name: 'b' }))).status).toBe(400);
    expect((await ask('PUT', `${rules}/a`, rule({ resourceVersion, uid: 'other' }))).status).toBe(409);
    expect((await ask('PUT', `${rules}/a`, rule({ resourceVersion }))).status).toBe(200);
  });

  test('changes of what is immutable', async () => {
    await ask('POST', maps, { ...map('a'), immutable: true });
    expect((await ask('PUT', `${maps}/a`, { ...map('a'), data: { a: '2' }, immutable: true })).status).toBe(422);
    expect((await ask('PUT', `${maps}/a`, map('a'))).status).toBe(422);
    expect((await ask('PUT', `${maps}/a`, { ...map('a', { labels: { x: 'y' } }), immutable: true })).status).toBe(200);
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
