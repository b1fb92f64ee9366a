import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { describeChanges } from '../../src/config/config-changes.js';
import { leastConfig, Workspace } from './workspace.js';

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
  const load = ({ config, slos = 'service: shop/web\n' }: Record<string, string>) =>
    workspace.load({ 'meshslo.yaml': file(config), 'slos.yaml': slos, token: 'a-token-of-24-characters' }).config!;
  return describeChanges(load(before), load(after));
}

test('nothing changed is nothing to say', () => {
  expect(changes({}, { config: '# a comment\n' })).toEqual([]);
});

test.each([
  {
    what: { config: 'listen: { port: 9090 }\n' },
    is: ['~ listen.port: 8080 -> 9090'],
    why: 'a value',
  },
  {
    what: { config: '      interval: 30s\n' },
    is: ['~ job sidecars.intervalSeconds: 15 -> 30'],
    why: 'a setting of a job',
  },
  {
    what: { config: '    - { name: b, mesh: istio, targets: [{ static: [a:1] }] }\n' },
    is: ['+ job b'],
    why: 'a job more',
  },
  {
    what: {
      slos: 'service: shop/web\n---\nservice: shop/cart\nowner: me\nslos: { latency: { objective: 95% }, mesh: off }\n',
    },
    is: ['+ service shop/cart'],
    why: 'a service more',
  },
  {
    what: { slos: 'service: shop/web\nowner: me\nslos: { availability: { objective: 95%, window: 7d }, mesh: off }\n' },
    is: ['+ service shop/web.owner: "me"', '+ service shop/web.slo availability', '+ service shop/web.slo mesh: "off"'],
    why: 'a service that says more',
  },
  {
    what: { config: 'tiers: [{ tier: critical, namespace: shop }]\n' },
    is: ['~ tiers: [] -> [{"gives":"critical","namespace":"shop"}]'],
    why: 'a rule',
  },
])('$why: $is', ({ what, is }) => {
  expect(changes({}, what)).toEqual(is);
});

test('what is gone is told the other way round', () => {
  const slos = 'service: shop/web\nslos: { extra: { objective: 95%, window: 7d } }\n';
  expect(changes({ slos }, {})).toEqual(['- service shop/web.slo extra']);
  const longer = slos.replace('7d', '28d');
  expect(changes({ slos }, { slos: longer })).toEqual(['~ service shop/web.slo extra.window: "7d" -> "28d"']);
});

test('no token is ever told', () => {
  const config = 'listen: { tokens: [{ name: a, role: viewer, file: token }] }\n';
  expect(changes({}, { config }).join('\n')).not.toContain('a-token-of-24-characters');
});
