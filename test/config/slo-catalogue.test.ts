import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SloCatalogue } from '../../src/config/slo-catalogue.js';
import { leastConfig, plainPack, shortly, Workspace } from './workspace.js';

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
});
afterEach(() => {
  workspace.remove();
});

function catalogue(slos: string, more = ''): SloCatalogue {
  const loaded = workspace.load({ 'meshslo.yaml': `${leastConfig}slos: [slos.yaml]\n${more}`, 'slos.yaml': slos });
  expect(shortly(loaded)).toEqual([]);
  return new SloCatalogue(loaded.config!.slos);
}

const cart = { cluster: 'eu-1', namespace: 'shop', name: 'cart' };
const none = 'service: other/other\n';

function names(directory: SloCatalogue): readonly string[] {
  return directory.all().map(({ service, name, perspective }) => `${service.name}/${name} ${perspective}`);
}

test('a service of a mesh that no proxy of a server counts is seen by its clients from the first, as ztunnel sees all', () => {
  const job = `  jobs: [{ name: nodes, mesh: ztunnel, targets: [{ static: ['127.0.0.1:1'] }] }]`;
  const loaded = workspace.load({
    'meshslo.yaml': `cluster: eu-1\nslos: [slos.yaml]\nscrape:\n${job}\n`,
    'slos.yaml': 'service: eu-1/shop/cart\nmesh: ztunnel\n',
  });
  expect(names(new SloCatalogue(loaded.config!.slos))).toEqual(['cart/client-availability client']);
});

describe('a service that nobody spoke of', () => {
  test('it gets the defaults of the default tier as soon as it is met, and the mesh’s share beside them', () => {
    const directory = catalogue(none);
    expect(directory.slosOf(cart, 'server', 'istio')).toEqual([
      {
        service: cart,
        mesh: 'istio',
        name: 'availability',
        indicator: { kind: 'availability' },
        perspective: 'server',
        filter: {},
        objective: 0.999,
        window: { kind: 'rolling', seconds: 2_592_000 },
        budgeting: { method: 'occurrences' },
        alerts: { policy: 'standard', pages: true },
        owner: undefined,
        tier: 'standard',
        origin: 'default',
      },
      expect.objectContaining({
        name: 'latency',
        indicator: { kind: 'latency', thresholdSeconds: 1 },
        objective: 0.99,
      }),
    ]);
    expect(directory.slosOf(cart, 'mesh-failures', 'istio')).toMatchObject([{ name: 'mesh', objective: 0.9995 }]);
    expect(directory.slosOf(cart, 'union', 'istio')).toEqual([]);
  });

  test('rules give tier and owner; the first that fits counts', () => {
    const more = `tiers:
  - { tier: best-effort, namespace: shop, service: 'c*t', cluster: 'us-*' }
  - { tier: critical, namespace: 'sh?p' }
  - { tier: best-effort }
owners: [{ owner: team-a, service: cart }, { owner: team-b }]
`;
    const directory = catalogue(none, more);
    expect(directory.slosOf(cart, 'server', 'istio')[0]).toMatchObject({
      tier: 'critical',
      owner: 'team-a',
      objective: 0.9995,
    });
    const elsewhere = { ...cart, cluster: 'us-1' };
    expect(directory.slosOf(elsewhere, 'server', 'istio')[0]).toMatchObject({ tier: 'best-effort', owner: 'team-a' });
  });
});

describe('a service that only clients’ proxies see', () => {
  test('its SLOs look through its clients, under names of their own, until its own proxy shows up', () => {
    const directory = catalogue(none);
    const before = directory.version;
    expect(directory.slosOf(cart, 'client', 'istio').map(({ name }) => name)).toEqual([
      'client-availability',
      'client-latency',
    ]);
    expect(names(directory)).toEqual([
      'other/availability server',
      'other/latency server',
      'cart/client-availability client',
      'cart/client-latency client',
    ]);
    const between = directory.version;
    expect(between).toBeGreaterThan(before);

    expect(directory.slosOf(cart, 'server', 'istio').map(({ name }) => name)).toEqual(['availability', 'latency']);
    expect(directory.version).toBeGreaterThan(between);
    expect(directory.slosOf(cart, 'client', 'istio')).toEqual([]);
  });

  test('failures of the mesh on the way to it are no question until somebody in the mesh calls it', () => {
    const directory = catalogue(none);
    directory.slosOf(cart, 'server', 'istio');
    expect(names(directory)).not.toContain('cart/mesh mesh-failures');
    expect(directory.slosOf(cart, 'mesh-failures', 'istio').map(({ name }) => name)).toEqual(['mesh']);
    expect(names(directory)).toContain('cart/mesh mesh-failures');
  });

  test('the version stays while nothing changes', () => {
    const directory = catalogue(none);
    directory.slosOf(cart, 'server', 'istio');
    const { version } = directory;
    directory.slosOf(cart, 'client', 'istio');
    directory.slosOf(cart, 'server', 'istio');
    directory.slosOf({ ...cart, name: 'new' }, 'server', 'istio');
    expect(directory.version).toBe(version);
  });

  test('a perspective that somebody chose stays as it was chosen', () => {
    const directory = catalogue('service: shop/cart\nslos: { availability: { perspective: union } }\n');
    expect(directory.slosOf(cart, 'client', 'istio').map(({ name }) => name)).toEqual(['client-latency']);
    expect(directory.slosOf(cart, 'union', 'istio')).toMatchObject([
      { name: 'availability', objective: 0.999, origin: 'file' },
    ]);
  });
});

test('names come from the network, so a catalogue takes in 50,000 services and counts the rest', () => {
  const directory = catalogue(none);
  for (let index = 0; index < 50_001; index++) directory.slosOf({ ...cart, name: `s${index}` }, 'server', 'istio');
  // One of the 50,000 is the service that a file names.
  expect(directory.refusedServices).toBe(2);
  expect(directory.slosOf({ ...cart, name: 's50000' }, 'server', 'istio')).toEqual([]);
  expect(directory.slosOf({ ...cart, name: 's0' }, 'server', 'istio')).toHaveLength(2);
});

describe('a service that is seen through two meshes', () => {
  const secondJob = "    - { name: b, mesh: plain, targets: [{ static: ['a:1'] }] }\n";

  function ofTwoMeshes(slos: string): SloCatalogue {
    const files = { 'slos.yaml': slos, 'plain.pack.yaml': plainPack('plain') };
    const file = `${leastConfig}${secondJob}packs: [plain.pack.yaml]\nslos: [slos.yaml]\n`;
    return new SloCatalogue(workspace.load({ 'meshslo.yaml': file, ...files }).config!.slos);
  }

  test('it is counted once, through the first in which its own proxies were met', () => {
    const directory = ofTwoMeshes(none);
    expect(directory.slosOf(cart, 'server', 'plain')).toMatchObject([{ name: 'availability', mesh: 'plain' }]);
    const { version } = directory;
    expect(directory.slosOf(cart, 'server', 'istio')).toEqual([]);
    expect(directory.slosOf(cart, 'client', 'istio')).toEqual([]);
    expect(directory.meshOf(cart)).toBe('plain');
    expect(directory.version).toBe(version);
  });

  test('its own proxies win over those of its clients, and answers are marked as new', () => {
    const directory = ofTwoMeshes(none);
    expect(directory.slosOf(cart, 'client', 'plain').map(({ name }) => name)).toEqual(['client-availability']);
    const { version } = directory;
    expect(directory.slosOf(cart, 'server', 'istio').map(({ name }) => name)).toEqual(['availability', 'latency']);
    expect(directory.version).toBeGreaterThan(version);
    expect(directory.slosOf(cart, 'client', 'plain')).toEqual([]);
    expect(names(directory).filter((name) => name.startsWith('cart/client'))).toEqual([]);
  });

  test('a file may name the mesh, whoever comes first', () => {
    const directory = ofTwoMeshes('service: shop/cart\nmesh: istio\n');
    expect(directory.slosOf(cart, 'server', 'plain')).toEqual([]);
    expect(directory.slosOf(cart, 'server', 'istio')).toMatchObject([{ mesh: 'istio' }, { mesh: 'istio' }]);
  });

  test('a declared one that nobody has met yet is in no mesh, and promises what every mesh can measure', () => {
    const directory = ofTwoMeshes('service: eu-1/shop/cart\n');
    expect(directory.all()).toMatchObject([{ name: 'availability', mesh: undefined }]);
  });

  test('a file may name a mesh that no job scrapes: its SLOs are what that mesh can measure', () => {
    const files = { 'meshslo.yaml': `${leastConfig}slos: [slos.yaml]\n` };
    const { config } = workspace.load({ ...files, 'slos.yaml': 'service: eu-1/shop/cart\nmesh: linkerd1\n' });
    expect(new SloCatalogue(config!.slos).all()).toMatchObject([
      { name: 'availability', mesh: 'linkerd1' },
      {
        name: 'latency',
        mesh: 'linkerd1',
        indicator: { kind: 'latency-windows', thresholdSeconds: 1, quantile: 0.99 },
      },
    ]);
  });

  test('a mesh that no job reads any more does not keep it', () => {
    const directory = catalogue(none);
    expect(directory.meet(cart, 'server', 'gone')).toBe(true);
    expect(directory.slosOf(cart, 'server', 'istio')).toHaveLength(2);
  });
});

describe('what files say', () => {
  test('a default is changed where the file says something, and stays elsewhere', () => {
    const directory = catalogue(
      'service: shop/cart\nowner: me\ntier: critical\nslos: { latency: { objective: 95% } }\n',
    );
    expect(directory.slosOf(cart, 'server', 'istio')).toMatchObject([
      { name: 'availability', objective: 0.9995, owner: 'me', origin: 'default' },
      { name: 'latency', objective: 0.95, indicator: { thresholdSeconds: 0.5 }, origin: 'file' },
    ]);
  });

  test('a cluster’s own file wins over one for all clusters, SLO by SLO', () => {
    const directory = catalogue(`service: eu-1/shop/cart
slos: { availability: { objective: 99% }, latency: off }
---
service: shop/cart
owner: team-a
slos: { availability: { objective: 95%, window: 7d }, extra: { objective: 90%, filter: { caller: web } } }
`);
    expect(directory.slosOf(cart, 'server', 'istio')).toMatchObject([
      { name: 'availability', objective: 0.99, window: { seconds: 604_800 }, owner: 'team-a' },
      { name: 'extra', objective: 0.9, filter: { caller: 'web' }, window: { seconds: 2_592_000 } },
    ]);
    expect(directory.slosOf({ ...cart, cluster: 'us-1' }, 'server', 'istio')).toMatchObject([
      { name: 'availability', objective: 0.95 },
      { name: 'latency' },
      { name: 'extra' },
    ]);
  });

  test('a service that a file names is there before its first request', () => {
    expect(names(catalogue('service: shop/cart\nslos: { mesh: off }\n'))).toEqual([
      'cart/availability server',
      'cart/latency server',
    ]);
  });

  test('in several clusters, it is there where it is met, or where its file says', () => {
    const second = "    - { name: b, mesh: istio, cluster: us-1, targets: [{ static: ['a:1'] }] }\n";
    const file = leastConfig + second;
    const loaded = workspace.load({
      'meshslo.yaml': `${file}slos: [slos.yaml]\n`,
      'slos.yaml': 'service: shop/cart\n---\nservice: us-1/shop/web\n',
    });
    expect(new Set(new SloCatalogue(loaded.config!.slos).all().map(({ service }) => service.name))).toEqual(
      new Set(['web']),
    );
  });
});

describe('mistakes between SLO files', () => {
  test.each([
    { slos: 'tier: gold', is: ['unknown-tier 2:7 (known: critical, standard, best-effort)'] },
    { slos: 'mesh: linkerd', is: ['unknown-mesh 2:7 (did you mean linkerd1?)'] },
    { slos: 'slos: { latency: { threshold: 300ms } }', is: ['threshold-is-no-bucket-bound 2:31 (250ms or 500ms)'] },
    { slos: 'slos: { latency: { threshold: 2ms } }', is: ['threshold-is-no-bucket-bound 2:31 (1ms or 5ms)'] },
    { slos: 'slos: { latency: { threshold: 0s } }', is: ['threshold-is-no-bucket-bound 2:31 (1ms)'] },
    { slos: 'slos: { extra: { window: 7d } }', is: ['objective-missing 2:9 (known: availability, latency, mesh)'] },
    { slos: 'slos: { avail: off }', is: ['unknown-slo 2:9 (known: availability, latency, mesh)'] },
    {
      slos: 'slos: { availability: { threshold: 250ms } }',
      is: ['indicator-changed 2:25 (give the SLO of latency a name of its own)'],
    },
    {
      slos: 'slos: { extra: { objective: 99%, filter: { method: Get } } }',
      is: ['filter-needs-setting 2:44 (until then this SLO has no traffic)'],
    },
    { slos: 'owner: a\n---\nservice: shop/cart\nowner: b', is: ['contradicting-owner 5:1 (keep one of the two)'] },
    { slos: 'owner: a\n---\nservice: shop/cart\nowner: a', is: [] },
    { slos: 'mesh: istio\n---\nservice: shop/cart\nmesh: istio', is: [] },
    { slos: 'owner: a\n---\nservice: eu-1/shop/cart\nowner: b', is: [] },
    {
      slos: 'slos: { latency: off }\n---\nservice: shop/cart\nslos: { latency: { objective: 99% } }',
      is: ['duplicate-slo 5:9 (keep one of the two)'],
    },
  ])('$slos is $is', ({ slos, is }) => {
    const files = { 'meshslo.yaml': `${leastConfig}slos: [slos.yaml]\n`, 'slos.yaml': `service: shop/cart\n${slos}\n` };
    expect(shortly(workspace.load(files))).toEqual(is);
  });
});

describe('alerts', () => {
  const alertsOf = (directory: SloCatalogue): readonly unknown[] =>
    directory.slosOf(cart, 'server', 'istio').map(({ name, alerts }) => [name, alerts.policy, alerts.pages]);

  test('are those of the usual policy, and may wake people', () => {
    expect(alertsOf(catalogue(none))).toEqual([
      ['availability', 'standard', true],
      ['latency', 'standard', true],
    ]);
  });

  test('are chosen for a service, and for one of its SLOs', () => {
    const file = `service: shop/cart
alerts: { policy: workbook }
slos:
  latency: { alerts: { pages: off } }
  strict: { objective: 99.99%, alerts: { policy: standard } }
`;
    expect(alertsOf(catalogue(file))).toEqual([
      ['availability', 'workbook', true],
      ['latency', 'workbook', false],
      ['strict', 'standard', true],
    ]);
  });

  test('are chosen for a tier; the file of a service changes them word by word', () => {
    const slos = 'service: shop/cart\nalerts: { policy: workbook }\n';
    const loaded = workspace.load({
      'meshslo.yaml': `${leastConfig}slos: [slos.yaml]\ndefaults: defaults.yaml\n`,
      'slos.yaml': slos,
      'defaults.yaml': `default_tier: quiet
tiers:
  quiet: { alerts: { pages: off }, slos: { availability: { objective: 99% } } }
`,
    });
    expect(shortly(loaded)).toEqual([]);
    expect(alertsOf(new SloCatalogue(loaded.config!.slos))).toEqual([['availability', 'workbook', false]]);
  });

  test('by a policy that is not there are a mistake, with the one that was meant', () => {
    const slos = 'service: shop/cart\nalerts: { policy: standart }\n';
    const loaded = workspace.load({ 'meshslo.yaml': `${leastConfig}slos: [slos.yaml]\n`, 'slos.yaml': slos });
    expect(shortly(loaded)).toEqual(['unknown-policy 2:19 (did you mean standard?)']);
  });

  test('by a policy of one’s own are found in the files that meshslo.yaml names', () => {
    const policy = `policy: mine
title: Mine
steps: [{ name: hour, severity: page, budget_share: 5%, long: 1h, short: 5m, action: Look. }]
`;
    const loaded = workspace.load({
      'meshslo.yaml': `${leastConfig}slos: [slos.yaml]\npolicies: ['policies/*.yaml']\n`,
      'slos.yaml': 'service: shop/cart\nalerts: { policy: mine }\n',
      'policies/mine.yaml': policy,
    });
    expect(shortly(loaded)).toEqual([]);
    expect([...loaded.config!.policies.keys()]).toEqual(['standard', 'workbook', 'mine']);
  });
});
