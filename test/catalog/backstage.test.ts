import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { backstagePlace, factsOfText } from '../../src/catalog/backstage/backstage-place.js';
import { entityFacts, referenceName } from '../../src/catalog/backstage/entity-facts.js';
import { filePlace } from '../../src/catalog/file-place.js';
import { BackstageApi } from '../../src/simulator/backstage-api.js';
import { HandClock, listen, until } from './support.js';

const component = (name: string, spec: object = {}, annotations: Readonly<Record<string, string>> = {}) => ({
  apiVersion: 'backstage.io/v1alpha1' as const,
  kind: 'Component' as const,
  metadata: { name, annotations },
  spec: { type: 'service', owner: 'group:default/payments', system: 'shop', ...spec },
});

describe('an entity', () => {
  test('of kind Component tells owner, system and tier, under the name that Kubernetes knows', () => {
    const annotations = {
      'backstage.io/kubernetes-id': 'cart-v2',
      'backstage.io/kubernetes-namespace': 'shop',
      'meshslo.io/tier': 'critical',
      'meshslo.io/migration': 'mtls',
    };
    expect(entityFacts(component('cart', {}, annotations))).toEqual({
      cluster: undefined,
      namespace: 'shop',
      name: 'cart-v2',
      owner: 'payments',
      system: 'shop',
      tier: 'critical',
      wanted: 'mtls',
    });
  });

  test.each([
    ['a library', component('lib', { type: 'library' })],
    ['another kind', { ...component('api'), kind: 'API' }],
    ['half of one', { kind: 'Component' }],
    ['nothing', null],
  ])('that is %s tells nothing', (_what, entity) => {
    expect(entityFacts(entity)).toBeUndefined();
  });

  test.each([
    ['group:default/payments', 'payments'],
    ['user:ada', 'ada'],
    ['backstage/maintainers', 'maintainers'],
    ['payments', 'payments'],
  ])('has an owner: %s', (reference, name) => expect(referenceName(reference)).toBe(name));
});

test.each([
  ['an alias without an anchor', 'kind: Component\nspec: { owner: *payments }'],
  ['more aliases than anybody writes', `a: &a [1]\nb: &b [${'*a,'.repeat(101)}]\nc: [${'*b,'.repeat(101)}]`],
])('a catalog-info file with %s is a trouble with its name, not the end of the process', (_what, text) => {
  expect(() => factsOfText(text, 'catalog-info.yaml')).toThrow(
    expect.objectContaining({
      code: 'body-malformed',
      message: expect.stringContaining('catalog-info.yaml is no YAML'),
    }),
  );
});

const folder = '../shared/fixtures/backstage';
(existsSync(folder) ? test : test.skip)('catalog-info files of real projects are read', () => {
  const found = readdirSync(folder).flatMap((file) =>
    factsOfText(readFileSync(join(folder, file), 'utf8'), file).map(({ name, owner, system }) => [name, owner, system]),
  );
  expect(found).toContainEqual(['backstage-demo', 'maintainers', undefined]);
  expect(found).toContainEqual(['artist-lookup', 'team-a', 'artist-engagement-portal']);
});

test('a Backstage is read page by page, says what to configure where it refuses, and keeps what it told', async () => {
  const backstage = new BackstageApi();
  backstage.mostPerPage = 1;
  for (const name of ['cart', 'stock']) backstage.put(component(name));
  const url = await listen(backstage.server);
  const settings = { name: 'b', from: { kind: 'api' as const, url, access: {} }, intervalSeconds: 0.01 };
  const place = backstagePlace(settings, new HandClock());
  place.start(() => undefined);
  await until(() => place.facts.length === 2);
  expect(backstage.asked.slice(0, 2)).toEqual([
    '/api/catalog/entities/by-query kind=component',
    '/api/catalog/entities/by-query  from-1',
  ]);
  backstage.faults = { token: 'right' };
  await until(() => place.state.trouble !== undefined);
  expect(place.state.trouble).toMatchObject({
    code: 'unauthenticated',
    hint: expect.stringMatching(/bearer_token_file/),
  });
  expect(place.facts).toHaveLength(2);
  await place.stop();
  backstage.server.closeAllConnections();
  backstage.server.close();
});

test('a file of services is read; a mistake in it says where and what', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'meshslo-services-'));
  const file = join(folder, 'services.yaml');
  writeFileSync(file, 'services: [{ service: cart, namespace: shop, owner: payments, migration: mtls }]\n');
  const good = filePlace(file, new HandClock());
  good.start(() => undefined);
  await until(() => good.facts.length === 1);
  expect(good.facts[0]).toMatchObject({ name: 'cart', namespace: 'shop', owner: 'payments', wanted: 'mtls' });
  await good.stop();
  writeFileSync(file, 'services: [{ service: cart, migration: soon }]\n');
  const bad = filePlace(file, new HandClock());
  bad.start(() => undefined);
  await until(() => bad.state.trouble !== undefined);
  expect(bad.state.trouble!.message).toMatch(/services\.0\.migration/);
  await bad.stop();
  rmSync(folder, { recursive: true });
});
