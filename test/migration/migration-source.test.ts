import { describe, expect, test } from '@jest/globals';
import type { KnownService } from '../../src/catalog/service-facts.js';
import { livingInstances } from '../../src/migration/living-instances.js';
import { migrationBoard } from '../../src/migration/migration-board.js';
import type { Finding } from '../../src/domain/finding.js';
import { migrationSource } from '../../src/migration/migration-source.js';
import type { SilentProxies } from '../../src/migration/silence-watch.js';
import { noPaths, seenPhase, type SeenTraffic } from '../../src/migration/service-traffic.js';
import { HandClock, noon } from '../catalog/support.js';

const id = { cluster: 'eu', namespace: 'shop', name: 'cart' };
const key = 'eu/shop/cart';

const service = (given: Partial<KnownService> = {}): KnownService => ({
  id,
  owner: 'payments',
  tier: undefined,
  system: undefined,
  mesh: 'istio',
  wanted: undefined,
  actual: 'egress',
  isCallable: true,
  instances: [
    {
      name: 'cart-1',
      address: '10.0.0.1',
      version: '1',
      proxyVersion: '1.24.3',
      hasProxy: given.actual !== 'not-migrated',
      revision: 'a',
      createdAt: noon - 86_400,
      isReady: true,
    },
  ],
  places: ['kubernetes prod'],
  ...given,
});

const traffic = (given: Partial<SeenTraffic> = {}): SeenTraffic => ({
  lastRequestAt: noon,
  hasSlos: true,
  hasData: true,
  owner: 'payments',
  mesh: 'istio',
  isServedInMesh: true,
  paths: { received: 100, authenticated: 90, plain: 10, sent: 50 },
  ...given,
});

function looking(
  services: readonly KnownService[],
  seen: Readonly<Record<string, SeenTraffic>>,
  silentSeconds = 3600,
  watchedSince = noon - 7200,
) {
  const clock = new HandClock();
  const now = {
    services,
    seen,
    isRead: true,
    isCounting: true,
    blind: new Set<string>(),
    silent: new Map<string, SilentProxies>(),
  };
  const source = migrationSource({
    services: () => now.services,
    places: () => [{ name: 'k', currentAt: now.isRead ? noon : undefined, trouble: undefined }],
    traffic: () => new Map(Object.entries(now.seen)),
    watching: () => now,
    clock,
    silentSeconds: () => silentSeconds,
    watchedSince,
  });
  const look = () => source.look(new AbortController().signal);
  const kinds = async () => (await look()).findings.map(({ kind, owner }) => [kind, owner]);
  return { clock, now, look, kinds };
}

describe('the catalogue against traffic', () => {
  test.each([
    ['all is well', service(), traffic(), []],
    ['in the mesh, and not a request', service(), undefined, [['MeshedButSilent', 'payments']]],
    [
      'the last request was long ago',
      service(),
      traffic({ lastRequestAt: noon - 3600 }),
      [['MeshedButSilent', 'payments']],
    ],
    ['a short pause', service(), traffic({ lastRequestAt: noon - 3599 }), []],
    [
      'SLOs that nothing was ever counted for',
      service(),
      traffic({ hasData: false, lastRequestAt: undefined }),
      [['SloWithoutData', 'payments']],
    ],
    ['requests, and no SLO', service(), traffic({ hasSlos: false }), [['TrafficWithoutSlo', 'payments']]],
    ['nobody answers for it', service({ owner: undefined }), traffic({ owner: undefined }), [['NoOwner', undefined]]],
    ['the configuration knows the owner', service({ owner: undefined }), traffic(), []],
    ['a workload that nobody can call', service({ isCallable: false, owner: undefined }), undefined, []],
    ['not in the mesh', service({ actual: 'not-migrated' }), undefined, []],
    [
      'pods that came just now',
      service({ instances: [{ ...service().instances[0]!, createdAt: noon - 60 }] }),
      undefined,
      [],
    ],
  ])('%s', async (_why, known, seen, expected) => {
    const { kinds } = looking([known], seen ? { [key]: seen } : {});
    expect(await kinds()).toEqual(expected);
  });

  test('a request that the last hours do not show any more is not forgotten where a service may be silent for longer', async () => {
    const { clock, now, kinds } = looking([service()], { [key]: traffic() }, 86_400);
    clock.time += 80_000;
    expect(await kinds()).toEqual([]);
    now.seen = { [key]: traffic({ lastRequestAt: undefined }) };
    clock.time += 6000;
    expect(await kinds()).toEqual([]);
    clock.time += 400;
    expect(await kinds()).toEqual([['MeshedButSilent', 'payments']]);
  });

  test('a service that only traffic shows has an owner, too, or none', async () => {
    const { kinds } = looking([], { [key]: traffic({ owner: undefined }) });
    expect(await kinds()).toEqual([['NoOwner', undefined]]);
  });

  test('a name of every character is found again', async () => {
    const { look } = looking([], { 'e%2Fu/s%25/c ä"': traffic({ owner: undefined }) });
    expect((await look()).findings[0]!.subject).toEqual({ cluster: 'e/u', namespace: 's%', service: 'c ä"' });
  });
});

describe('what is not known is not bad', () => {
  const silent: Pick<Finding, 'kind' | 'subject'> = {
    kind: 'MeshedButSilent',
    subject: { cluster: 'eu', namespace: 'shop', service: 'cart' },
  };

  test('nobody is without an owner, or behind, before every place was read once; what was found before stays', async () => {
    const { clock, now, look, kinds } = looking([service({ owner: undefined, wanted: 'mtls' })], {
      'eu/shop/other': traffic({ owner: undefined }),
      [key]: traffic({ owner: undefined }),
    });
    now.isRead = false;
    await look();
    clock.time += 300;
    const { findings, judged } = await look();
    expect(findings).toEqual([]);
    expect(judged).toEqual(['TrafficWithoutSlo', 'ProxiesUnreadable', 'MeshedButSilent', 'SloWithoutData']);
    now.isRead = true;
    expect(await kinds()).toEqual([
      ['NoOwner', undefined],
      ['NoOwner', undefined],
      ['MigrationBehind', undefined],
    ]);
  });

  test('a service that shows up later is watched from then on, as old as its pods may be', async () => {
    const { clock, now, kinds } = looking([], {});
    expect(await kinds()).toEqual([]);
    now.services = [service()];
    expect(await kinds()).toEqual([]);
    clock.time += 3599;
    expect(await kinds()).toEqual([]);
    clock.time += 1;
    expect(await kinds()).toEqual([['MeshedButSilent', 'payments']]);
  });

  test.each([
    ['no minute is counted', { isCounting: false }, { isCounting: true }],
    ['none of its proxies can be read', { blind: new Set([key]) }, { blind: new Set<string>() }],
  ])('while %s a service is not silent, nor for an hour after that', async (_why, blind, seeing) => {
    const { clock, now, look, kinds } = looking([service()], { [key]: traffic({ lastRequestAt: noon - 3600 }) });
    Object.assign(now, blind);
    expect(await kinds()).toEqual([]);
    expect((await look()).unseen!(silent as Finding)).toBe(true);
    clock.time += 7200;
    expect(await kinds()).toEqual([]);
    Object.assign(now, seeing);
    clock.time += 3599;
    expect(await kinds()).toEqual([]);
    expect((await look()).unseen!(silent as Finding)).toBe(true);
    clock.time += 1;
    expect(await kinds()).toEqual([['MeshedButSilent', 'payments']]);
  });

  test('a service none of whose proxies answers is not silent: after five minutes it is said that these do not answer, and whom to ask', async () => {
    const { clock, now, look, kinds } = looking([service()], { [key]: traffic({ lastRequestAt: noon - 9000 }) });
    now.blind = new Set([key]);
    const urls = ['http://10.0.0.2:15020/metrics', 'http://10.0.0.1:15020/metrics'];
    now.silent = new Map([[key, { urls, trouble: 'connection refused' }]]);
    const kept = { ...silent, kind: 'ProxiesUnreadable' } as Finding;
    expect(await kinds()).toEqual([]);
    expect((await look()).unseen!(kept)).toBe(true);
    clock.time += 299;
    expect(await kinds()).toEqual([]);
    clock.time += 1;
    const { findings } = await look();
    expect(findings).toEqual([
      {
        kind: 'ProxiesUnreadable',
        subject: silent.subject,
        owner: 'payments',
        summary: 'none of the 2 proxies of cart that are read has answered for 5 minutes: connection refused',
        evidence: { mesh: 'istio', proxies: urls.toSorted().join(', '), trouble: 'connection refused' },
        action: expect.stringContaining('whether meshslo gets through'),
        since: noon,
      },
    ]);
    clock.time += 7200;
    expect(await kinds()).toEqual([['ProxiesUnreadable', 'payments']]);
    now.silent = new Map();
    now.blind = new Set();
    expect(await kinds()).toEqual([]);
    expect((await look()).unseen!(kept)).toBe(false);
  });

  test('of proxies that do not answer nothing ends while one more was not asked yet, nor while a process begins', async () => {
    const { clock, now, look, kinds } = looking([service()], {}, 3600, noon);
    const kept = { ...silent, kind: 'ProxiesUnreadable' } as Finding;
    now.isRead = false;
    now.services = [];
    expect((await look()).unseen!(kept)).toBe(true);
    now.isRead = true;
    expect((await look()).unseen!(kept)).toBe(false);
    now.services = [service()];
    expect((await look()).unseen!(kept)).toBe(true);
    now.blind = new Set([key]);
    clock.time += 60;
    expect((await look()).unseen!(kept)).toBe(true);
    const silence = new Map([[key, { urls: ['http://10.0.0.1:15020/metrics'], trouble: 'connection refused' }]]);
    now.silent = silence;
    expect(await kinds()).toEqual([]);
    clock.time += 285;
    now.silent = new Map();
    expect(await kinds()).toEqual([]);
    clock.time += 15;
    now.silent = silence;
    expect(await kinds()).toEqual([['ProxiesUnreadable', 'payments']]);
    now.silent = new Map();
    const { findings, unseen } = await look();
    expect([findings, unseen!(kept)]).toEqual([[], true]);
    now.blind = new Set();
    expect((await look()).unseen!(kept)).toBe(false);
  });

  test('a silence that was found before a restart goes on until a request is seen', async () => {
    const { clock, now, look } = looking([], { [key]: traffic({ lastRequestAt: noon - 9000 }) });
    await look();
    now.services = [service()];
    clock.time += 60;
    expect((await look()).unseen!(silent as Finding)).toBe(true);
    now.seen = { [key]: traffic({ lastRequestAt: clock.time }) };
    expect((await look()).unseen!(silent as Finding)).toBe(false);
    now.services = [];
    now.isRead = false;
    expect((await look()).unseen!(silent as Finding)).toBe(true);
    now.isRead = true;
    expect((await look()).unseen!(silent as Finding)).toBe(false);
  });

  test('requests of before this start, or of hours ago, are not seen now; without minutes nobody knows', async () => {
    const old = traffic({ hasSlos: false, lastRequestAt: noon - 3600 });
    const { now, look, kinds } = looking([service({ instances: [] })], { [key]: old });
    expect(await kinds()).toEqual([]);
    now.seen = { [key]: traffic({ hasSlos: false, lastRequestAt: noon - 3599 }) };
    expect(await kinds()).toEqual([['TrafficWithoutSlo', 'payments']]);
    const kept = { ...silent, kind: 'TrafficWithoutSlo' } as Finding;
    expect((await look()).unseen!(kept)).toBe(false);
    now.isCounting = false;
    expect((await look()).unseen!(kept)).toBe(true);
  });
});

describe('a migration', () => {
  test('that is behind is told after the minutes that a roll-out takes, and no longer once it is there', async () => {
    const { clock, now, kinds } = looking([service({ wanted: 'mtls' })], { [key]: traffic() });
    expect(await kinds()).toEqual([]);
    clock.time += 300;
    expect(await kinds()).toEqual([['MigrationBehind', 'payments']]);
    now.services = [service({ wanted: 'mtls', actual: 'mtls' })];
    expect(await kinds()).toEqual([]);
  });

  test.each([
    [
      'some callers speak in the clear',
      { received: 100, authenticated: 999_999, plain: 1, sent: 5 },
      'over 99.9 %',
      'calling through the mesh',
      'Some callers',
    ],
    [
      'all is authenticated already',
      { received: 100, authenticated: 100, plain: 0, sent: 5 },
      '100 %',
      'mTLS only',
      'All requests',
    ],
    [
      'nobody tells',
      { received: 100, authenticated: 0, plain: 0, sent: 5 },
      'not told by its proxies',
      'calling through the mesh',
      'Nobody tells how it is spoken to: once all its callers are in the mesh, let its PeerAuthentication be STRICT.',
    ],
  ])('that is one step from mTLS is told what its requests say: %s', async (_why, paths, share, seen, action) => {
    const { clock, look } = looking([service({ wanted: 'mtls' })], { [key]: traffic({ paths }) });
    await look();
    clock.time += 300;
    const [finding] = (await look()).findings;
    expect(finding!.evidence).toMatchObject({ 'by its requests': seen });
    expect(finding!.evidence['requests over mTLS']).toBe(share);
    expect(finding!.action).toContain(action);
  });

  test('that is behind tells its owner, whoever knows them, in words, and what its own mesh calls the next step', async () => {
    const known = service({ owner: undefined, mesh: 'linkerd2', wanted: 'mtls' });
    const { clock, look } = looking([known], { [key]: traffic({ owner: 'payments' }) });
    await look();
    clock.time += 300;
    expect((await look()).findings).toMatchObject([
      {
        kind: 'MigrationBehind',
        owner: 'payments',
        summary: 'cart is calling through the mesh instead of mTLS only: 1 of 1 instances have a proxy',
        evidence: { wanted: 'mTLS only', actual: 'calling through the mesh' },
        action: expect.stringContaining('then annotate its pods with config.linkerd.io/default-inbound-policy'),
      },
    ]);
  });

  test('that is behind says nothing of requests that are longer ago than the last hours', async () => {
    const { clock, now, look } = looking([service({ wanted: 'mtls' })], { [key]: traffic() }, 86_400);
    await look();
    now.seen = { [key]: traffic({ lastRequestAt: undefined, isServedInMesh: false, paths: noPaths }) };
    clock.time += 30_000;
    expect(Object.keys((await look()).findings[0]!.evidence)).toEqual([
      'wanted',
      'actual',
      'instances',
      'with a proxy',
    ]);
  });

  test('that was behind when its service went begins anew when it comes back', async () => {
    const { clock, now, kinds } = looking([service({ wanted: 'mtls' })], { [key]: traffic() }, Infinity);
    expect(await kinds()).toEqual([]);
    now.services = [];
    clock.time += 86_400;
    expect(await kinds()).toEqual([]);
    now.services = [service({ wanted: 'mtls' })];
    expect(await kinds()).toEqual([]);
    clock.time += 300;
    expect(await kinds()).toEqual([['MigrationBehind', 'payments']]);
  });

  test('that takes a step is an event', async () => {
    const { now, look } = looking([service({ actual: 'not-migrated' })], { [key]: traffic() });
    expect((await look()).events).toEqual([]);
    now.services = [service()];
    expect((await look()).events).toMatchObject([
      { kind: 'migration', service: id, summary: 'cart went from not migrated to calling through the mesh' },
    ]);
    expect((await look()).events).toEqual([]);
  });

  test('has no instances that only a registry still knows, while others of its addresses live', () => {
    const [living] = service().instances;
    const registered = (address: string) => ({ ...living!, name: address, address, hasProxy: false });
    const cart = service({ instances: [living!, registered('10.0.0.8'), registered('10.0.0.9')] });
    const found = (
      kind: 'ZombieRegistration' | 'ReusedAddress' | 'RegistryFlapping',
      name: string,
      address: string,
    ) => ({
      kind,
      subject: { cluster: 'eu', service: name, registry: 'consul dc1', address: `${address}:8080` },
    });
    const countOf = (...findings: readonly ReturnType<typeof found>[]) =>
      migrationBoard(livingInstances([cart], findings), new Map())[0]!.instances;
    expect(countOf()).toBe(3);
    expect(countOf(found('ZombieRegistration', 'Cart', '10.0.0.8'), found('ReusedAddress', 'cart', '10.0.0.9'))).toBe(
      1,
    );
    // The address lives on under another name, and a flapping instance is one.
    expect(countOf(found('ReusedAddress', 'search', '10.0.0.1'), found('RegistryFlapping', 'cart', '10.0.0.8'))).toBe(
      3,
    );
  });

  test('is a row of what is wanted, what is, and what was seen', () => {
    const rows = migrationBoard(
      [service({ wanted: 'mtls' }), service({ isCallable: false, id: { ...id, name: 'worker' } })],
      new Map([[key, traffic({ isServedInMesh: false, paths: noPaths })]]),
    );
    expect(rows).toEqual([
      {
        id,
        owner: 'payments',
        mesh: 'istio',
        wanted: 'mtls',
        actual: 'egress',
        seen: 'not-migrated',
        paths: noPaths,
        instances: 1,
        meshed: 1,
        isThere: false,
      },
    ]);
  });
});

describe('the phase that requests show', () => {
  const phase = (paths: Partial<SeenTraffic['paths']>, given: Partial<SeenTraffic> = {}) =>
    seenPhase(traffic({ paths: { ...noPaths, ...paths }, ...given }));
  const past = { isServedInMesh: false };

  test.each([
    ['nothing was seen', {}, { lastRequestAt: undefined }, undefined],
    ['requests went past its proxies', {}, past, 'not-migrated'],
    ['and yet it calls through them', { sent: 1 }, past, 'injected'],
    ['it only calls', { sent: 1 }, { ...past, lastRequestAt: undefined }, 'injected'],
    ['it is called through them', { received: 9, plain: 9 }, {}, 'ingress'],
    ['and calls', { received: 9, plain: 1, authenticated: 8, sent: 1 }, {}, 'egress'],
    ['all that came was authenticated', { received: 9, authenticated: 9, sent: 1 }, {}, 'mtls'],
    ['who calls nobody is not held back by that', { received: 9, authenticated: 9 }, {}, 'mtls'],
    ['nobody tells of mTLS', { received: 9, sent: 1 }, {}, 'egress'],
  ])('%s', (_why, paths, given, expected) => {
    expect(phase(paths, given)).toBe(expected);
  });
});
