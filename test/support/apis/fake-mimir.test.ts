import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { FakeMimir } from './fake-mimir.js';

let mimir: FakeMimir;
beforeEach(async () => {
  mimir = await new FakeMimir('mimir').listen();
});
afterEach(() => mimir.close());

async function ask(method: string, path: string, body?: string, tenant: string | undefined = 'one') {
  const answer = await fetch(`${mimir.url}${path}`, {
    method,
    headers: tenant === '' ? {} : { 'x-scope-orgid': tenant },
    ...(body !== undefined && { body }),
  });
  return { status: answer.status, text: await answer.text() };
}

const rules = '/prometheus/config/v1/rules';
const group = 'name: g\ninterval: 60s\nrules: [{ record: a, expr: vector(1) }]\n';

describe('the Mimir of the tests refuses what Mimir refuses', () => {
  test('a request of nobody', async () => {
    expect(await ask('GET', rules, undefined, '')).toEqual({ status: 401, text: 'no org id\n' });
  });

  test('paths that it does not have', async () => {
    expect(await ask('GET', '/api/v1/rules')).toEqual({ status: 404, text: '404 page not found\n' });
  });

  test('an empty tenant has no rule groups: an empty map, in Cortex 404', async () => {
    expect(await ask('GET', rules)).toEqual({ status: 200, text: '{}\n' });
    const cortex = await new FakeMimir('cortex').listen();
    const answer = await fetch(`${cortex.url}/api/v1/rules`, { headers: { 'x-scope-orgid': 'one' } });
    expect([answer.status, await answer.text()]).toEqual([404, 'no rule groups found\n']);
    await cortex.close();
    expect(await ask('GET', `${rules}/n/g`)).toEqual({ status: 404, text: 'group does not exist\n' });
  });

  test('a group at a time, accepted for later, in other words than it came', async () => {
    expect((await ask('POST', `${rules}/n`, group)).status).toBe(202);
    expect((await ask('GET', `${rules}/n/g`)).text).toContain('interval: 1m\n');
    expect((await ask('GET', `${rules}/n`)).text).toMatch(/^n:\n/);
    expect((await ask('GET', rules, undefined, 'two')).text).toBe('{}\n');
    expect((await ask('DELETE', `${rules}/n/g`)).status).toBe(202);
    expect((await ask('DELETE', `${rules}/n/g`)).status).toBe(404);
  });

  test('groups without a name, and rules that are neither or have no expression', async () => {
    for (const bad of [
      'rules: []\n',
      '[',
      'name: g\n',
      'name: g\nrules: [{ expr: up }]\n',
      'name: g\nrules: [{ record: a }]\n',
    ]) {
      expect((await ask('POST', `${rules}/n`, bad)).status).toBe(400);
    }
  });

  test('more rules in a group, and more groups, than a tenant may have', async () => {
    mimir.limits = { rulesPerGroup: 0, groups: 1 };
    expect(await ask('POST', `${rules}/n`, group)).toMatchObject({
      status: 400,
      text: 'per-user rules per rule group limit (limit: 0 actual: 1) exceeded\n',
    });
    mimir.limits = { rulesPerGroup: 20, groups: 1 };
    expect((await ask('POST', `${rules}/n`, group)).status).toBe(202);
    expect((await ask('POST', `${rules}/m`, group)).status).toBe(400);
    // Counted as one more although it would replace one.
    expect((await ask('POST', `${rules}/n`, group)).text).toBe(
      'per-user rule groups limit (limit: 1 actual: 2) exceeded\n',
    );
  });

  test('changes of a protected namespace', async () => {
    mimir.protectedNamespaces.add('n');
    expect(await ask('POST', `${rules}/n`, group)).toEqual({
      status: 403,
      text: 'namespace is protected, no modification allowed\n',
    });
    expect((await ask('DELETE', `${rules}/n/g`)).status).toBe(403);
    expect((await ask('GET', `${rules}/n/g`)).status).toBe(404);
  });

  test('configurations of Alertmanager that are empty, lack a receiver, or name files', async () => {
    const post = (config: string) => ask('POST', '/api/v1/alerts', `alertmanager_config: ${JSON.stringify(config)}\n`);
    expect((await ask('GET', '/api/v1/alerts')).status).toBe(404);
    expect((await post('')).text).toContain('configuration provided is empty');
    expect((await post('route: { receiver: a }')).text).toContain('undefined receiver "a"');
    const files = 'route: { receiver: a }\nreceivers: [{ name: a, slack_configs: [{ api_url_file: /x }] }]';
    expect((await post(files)).text).toContain('api_url_file');
    const certificate = 'webhook_configs: [{ url: "http://a", http_config: { tls_config: { ca: x } } }]';
    expect((await post(`route: { receiver: a }\nreceivers: [{ name: a, ${certificate} }]`)).text).toContain(
      'setting TLS',
    );
    mimir.mostConfigurationBytes = 10;
    expect((await post('route: { receiver: a }')).text).toContain('too big, limit: 10 bytes');
    mimir.mostConfigurationBytes = Infinity;
    expect((await post('route: { receiver: a }\nreceivers: [{ name: a }]')).status).toBe(201);
    expect((await ask('GET', '/api/v1/alerts')).text).toContain('alertmanager_config');
    expect((await ask('DELETE', '/api/v1/alerts')).status).toBe(200);
    expect((await ask('DELETE', '/api/v1/alerts')).status).toBe(200);
  });
});
