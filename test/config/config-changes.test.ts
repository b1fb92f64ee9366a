import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { describeChanges } from '../../src/config/config-changes.js';
import { leastConfig, plainPack, Workspace } from './workspace.js';

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
});
afterEach(() => {
  workspace.remove();
});

/** What a reload would print. */
function changes(before: Record<string, string>, after: Record<string, string>): readonly string[] {
  const file = (text = ''): string => `${leastConfig}${text}slos: [slos.yaml]\n`;
  const load = ({ config, slos = 'service: shop/web\n', ...others }: Record<string, string>) =>
    workspace.load({ 'meshslo.yaml': file(config), 'slos.yaml': slos, token: 'a-token-of-24-characters', ...others })
      .config!;
  return describeChanges(load(before), load(after));
}

test('nothing changed is nothing to say', () => {
  expect(changes({}, { config: '# a comment\n' })).toEqual([]);
});

const longList = (last: string): string =>
  `    - { name: b, mesh: istio, targets: [{ static: [${'a:1, '.repeat(20)}${last}] }] }\n`;

test.each([
  {
    after: { config: 'listen: { port: 9090 }\n' },
    is: ['~ listen.port: 8080 -> 9090 (from the next start)'],
    why: 'what cannot be changed while it runs says so',
  },
  {
    after: { config: 'ledger: other.db\n' },
    is: ['~ ledger: .meshslo/ledger.db -> other.db (from the next start)'],
    why: 'files are named as seen from the configuration',
  },
  {
    after: { config: 'listen: { tokens: [{ name: a, role: viewer, file: token }] }\n' },
    is: ['+ listen.tokens: { name: a, role: viewer, file: token } (from the next start)'],
    why: 'whether there is a login is decided at the start',
  },
  {
    before: { config: 'listen: { tokens: [{ name: a, role: viewer, file: token }] }\n' },
    after: { config: 'listen: { tokens: [{ name: a, role: editor, file: token }] }\n' },
    is: ['~ listen.tokens: { name: a, role: viewer, file: token } -> { name: a, role: editor, file: token }'],
    why: 'who may log in is not',
  },
  {
    after: { config: '      interval: 30s\n' },
    is: ['~ job sidecars interval: 15s -> 30s'],
    why: 'durations with their unit',
  },
  {
    after: { config: '  limits: { body: 64MiB, concurrency: 8 }\n' },
    is: ['~ scrape.limits.body: 32MiB -> 64MiB', '~ scrape.limits.concurrency: 64 -> 8 (from the next start)'],
    why: 'sizes with theirs, once for all jobs',
  },
  {
    after: { config: '    - { name: b, mesh: istio, targets: [{ static: [a:1] }] }\n' },
    is: ['+ job b'],
    why: 'a job more',
  },
  {
    before: { config: longList('b:1') },
    after: { config: longList('b:2') },
    is: ['~ job b targets[0].static: b:1 -> b:2'],
    why: 'of a long list only what differs',
  },
  {
    after: {
      slos: 'service: shop/web\n---\nservice: shop/cart\nowner: me\nslos: { latency: { objective: 95% }, mesh: off }\n',
    },
    is: ['+ service shop/cart: { owner: me, slos: { latency: { objective: 95% }, mesh: off } }'],
    why: 'a service more',
  },
  {
    after: {
      slos: 'service: shop/web\nslos: { latency: { objective: 99.5%, window: 7d, filter: { caller: a } }, mesh: off }\n',
    },
    is: ['+ service shop/web slos: { latency: { objective: 99.5%, window: 7d, filter: { caller: a } }, mesh: off }'],
    why: 'a service that says more',
  },
  {
    before: { slos: 'service: shop/web\nslos: { latency: { objective: 99%, threshold: 250ms } }\n' },
    after: { slos: 'service: shop/web\nslos: { latency: { objective: 99.5%, threshold: 500ms } }\n' },
    is: [
      '~ service shop/web slos.latency.objective: 99% -> 99.5%',
      '~ service shop/web slos.latency.threshold: 250ms -> 500ms',
    ],
    why: 'percent and milliseconds',
  },
  {
    before: { slos: 'service: shop/web\nslos: { latency: { window: 7d } }\n' },
    after: { slos: 'service: shop/web\nslos: { latency: { window: { calendar: month } } }\n' },
    is: ['~ service shop/web slos.latency.window: 7d -> { calendar: month, time_zone: UTC }'],
    why: 'a window of another kind',
  },
  {
    before: { config: 'owners: [{ owner: a, namespace: x }, { owner: b, namespace: y }]\n' },
    after: { config: 'owners: [{ owner: a, namespace: x }, { owner: c, namespace: y }]\n' },
    is: ['~ owners: { owner: b, namespace: y } -> { owner: c, namespace: y }'],
    why: 'one changed word of a list',
  },
  {
    before: { config: 'owners: [{ owner: b, namespace: y }]\n' },
    after: { config: 'owners: [{ owner: a, namespace: x }, { owner: b, namespace: y }]\n' },
    is: ['+ owners: { owner: a, namespace: x }'],
    why: 'one more at the front changes none of the others',
  },
])('$why: $is', ({ before = {}, after, is }) => {
  expect(changes(before, after)).toEqual(is);
});

test('what is gone is told the other way round', () => {
  const slos = 'service: shop/web\nslos: { extra: { objective: 95%, window: 7d }, mesh: off }\n';
  expect(changes({ slos }, { slos: 'service: shop/web\nslos: { mesh: off }\n' })).toEqual([
    '- service shop/web slos.extra',
  ]);
  const config = 'tiers: [{ tier: critical, namespace: shop }]\n';
  expect(changes({ config }, {})).toEqual(['- tiers: { tier: critical, namespace: shop }']);
});

test('a pack that reads series differently is named', () => {
  const pack = (title: string): Record<string, string> => ({
    config: 'packs: [pack.yaml]\n',
    'pack.yaml': plainPack('mine').replace('all }]', `all }] # ${title}`),
  });
  expect(changes(pack('a'), pack('b'))).toEqual([]);
  const other = { ...pack('a'), 'pack.yaml': plainPack('mine').replace("ok: 'false'", "ok: 'no'") };
  expect(changes(pack('a'), other)).toEqual(['~ pack mine']);
});

test('no token is ever told', () => {
  const config = 'listen: { tokens: [{ name: a, role: viewer, file: token }] }\n';
  expect(changes({}, { config }).join('\n')).not.toContain('a-token-of-24-characters');
});
