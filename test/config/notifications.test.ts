import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { describeChanges } from '../../src/config/config-changes.js';
import type { LoadedConfig } from '../../src/config/load-config.js';
import { leastConfig, shortly, Workspace } from './workspace.js';

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
});
afterEach(() => {
  workspace.remove();
});

function load(section: string, files: Record<string, string> = {}): LoadedConfig {
  return workspace.load({ 'meshslo.yaml': `${leastConfig}${section}`, ...files });
}

const all = `notifications:
  receivers:
    - { name: pager, pagerduty: { routing_key_file: /secrets/pager } }
    - { name: chat, slack: { channel: '#shop', api_url_file: /secrets/slack } }
    - name: mail
      email:
        to: [platform@example.com]
        from: meshslo@example.com
        smarthost: mail.example:587
        username: meshslo
        password_file: /secrets/mail
    - { name: ops, opsgenie: { api_key_file: /secrets/opsgenie, teams: [payments] } }
    - { name: dead-man, webhook: { url: 'https://dead.example/ping', bearer_token_file: /secrets/dead } }
    - { name: theirs, existing: true }
    - { name: checks, sensu: { bridge: 'http://127.0.0.1:9112' } }
  default: { page: pager, ticket: mail }
  owners:
    - { owner: team-shop, page: theirs, ticket: chat }
    - { owner: 'team-*', receiver: ops }
    - { owner: ops, receiver: checks }
  heartbeat: { receiver: dead-man }
  mute:
    - { name: nights, weekdays: ['monday:friday'], hours: ['18:00-09:00'], time_zone: Europe/Berlin }
    - { name: weekends, owner: team-shop, weekdays: [saturday, sunday], time_zone: Europe/Berlin }
  grouping: { page: { wait: 5s } }
  merge_into: alertmanager.yml
`;

describe('notifications', () => {
  test('nobody is told by files that nobody asked for', () => {
    expect(load('').config?.notifications).toBeUndefined();
  });

  test('everything that can be said is understood', () => {
    const { config, diagnostics } = load(all);
    expect(diagnostics).toEqual([]);
    expect(config?.notifications).toMatchObject({
      receivers: [
        { name: 'pager', existing: false, pagerduty: { routingKeyFile: '/secrets/pager' } },
        { name: 'chat', slack: { channel: '#shop', apiUrlFile: '/secrets/slack' } },
        { name: 'mail', email: { to: ['platform@example.com'], login: { username: 'meshslo' }, requireTls: true } },
        { name: 'ops', opsgenie: { apiKeyFile: '/secrets/opsgenie', teams: ['payments'] } },
        { name: 'dead-man', webhook: { login: { kind: 'bearer', tokenFile: '/secrets/dead' } } },
        { name: 'theirs', existing: true },
        { name: 'checks', sensu: { bridgeUrl: 'http://127.0.0.1:9112' } },
      ],
      fallback: { page: 'pager', ticket: 'mail' },
      owners: [
        { owner: 'team-shop', receivers: { page: 'theirs', ticket: 'chat' } },
        { owner: 'team-*', receivers: { page: 'ops', ticket: 'ops' } },
        { owner: 'ops', receivers: { page: 'checks', ticket: 'checks' } },
      ],
      heartbeat: { receiver: 'dead-man', everySeconds: 60 },
      muteTimes: [
        { weekdays: [1, 2, 3, 4, 5], hours: [{ fromMinute: 1080, toMinute: 540 }], severity: 'ticket' },
        { weekdays: [0, 6], hours: [], owner: 'team-shop' },
      ],
      grouping: { page: { waitSeconds: 5, repeatSeconds: 14_400 }, ticket: { repeatSeconds: 86_400 } },
      mergeInto: join(workspace.folder, 'alertmanager.yml'),
    });
  });

  test('one receiver may be the default of pages and tickets alike', () => {
    const { config } = load("notifications: { receivers: [{ name: a, webhook: { url: 'http://a/' } }], default: a }\n");
    expect(config?.notifications?.fallback).toEqual({ page: 'a', ticket: 'a' });
  });

  test('a reload says what differs', () => {
    const before = load(all).config!;
    const after = load(all.replace("channel: '#shop'", "channel: '#cart'").replace('page: { wait: 5s }', '')).config!;
    expect(describeChanges(before, after)).toEqual([
      '~ notifications.grouping.page.wait: 5s -> 15s',
      '~ notifications.receivers.chat.slack.channel: "#shop" -> "#cart"',
    ]);
  });

  test.each([
    {
      from: 'routing_key_file: /secrets/pager',
      to: 'routing_key: abc',
      is: ['missing', 'secret-in-the-open'],
      why: 'secrets are files',
    },
    { from: '/secrets/slack', to: 'slack.key', is: ['relative-secret-file'], why: 'Alertmanager runs elsewhere' },
    {
      from: "'https://dead.example/ping'",
      to: "'https://me:hunter2@dead.example/'",
      is: ['secret-in-the-open'],
      why: '',
    },
    { from: 'username: meshslo', to: 'require_tls: true', is: ['half-a-login'], why: 'a password is somebody’s' },
    { from: 'platform@example.com', to: 'platform', is: ['bad-mail-address'], why: 'an address has an @' },
    { from: '{ name: theirs, existing: true }', to: '{ name: theirs }', is: ['receiver-without-way'], why: '' },
    {
      from: 'existing: true',
      to: "existing: true, webhook: { url: 'http://a/' }",
      is: ['existing-receiver'],
      why: 'it stands elsewhere',
    },
    { from: '  merge_into: alertmanager.yml\n', to: '', is: ['existing-where'], why: 'it must stand somewhere' },
    { from: 'receiver: ops', to: 'receiver: opps', is: ['idle-receiver', 'unknown-receiver'], why: 'a typo' },
    { from: 'name: chat', to: 'name: pager', is: ['duplicate-receiver', 'unknown-receiver'], why: 'one name each' },
    { from: 'receiver: ops', to: 'receiver: ops, page: ops', is: ['receiver-or-severities'], why: 'one or the other' },
    { from: 'monday:friday', to: 'monday:fryday', is: ['bad-weekday'], why: 'a typo' },
    { from: '18:00-09:00', to: '18-9', is: ['bad-hours'], why: 'minutes too' },
    { from: ", hours: ['18:00-09:00']", to: ", hours: ['18:00-18:00']", is: ['bad-hours'], why: 'nothing, or a day?' },
    { from: ', weekdays: [saturday, sunday]', to: '', is: ['mute-for-ever'], why: 'that is no mute time' },
    { from: 'name: weekends', to: 'name: nights', is: ['duplicate-mute-time'], why: 'one name each' },
    {
      from: 'Europe/Berlin }\n    - { name: weekends',
      to: 'Berlin }\n    - { name: weekends',
      is: ['unknown-time-zone'],
      why: '',
    },
    {
      from: 'receiver: dead-man',
      to: 'receiver: dead-man, every: 1s',
      is: ['duration-out-of-range'],
      why: 'too often',
    },
  ])('$to is refused: $is $why', ({ from, to, is }) => {
    expect(all).toContain(from);
    const { diagnostics } = load(all.replace(from, to));
    expect(diagnostics.map(({ code }) => code)).toEqual(is);
  });
});

describe('an owner without receiver', () => {
  const owners = `owners:
  - { owner: team-shop, namespace: shop }
  - { owner: team-cart, namespace: cart }
  - { owner: platform, namespace: mesh }
slos: [slos.yaml]
`;
  const slos = 'service: shop/web\nowner: team-legal\n---\nservice: shop/old\nowner: team-legal\n';

  test('goes to the default, and that is said once, at the place that names it first', () => {
    const section = all.replace("owner: 'team-*', receiver: ops", 'owner: team-cart, page: ops');
    const { config, diagnostics } = load(section + owners, { 'slos.yaml': slos });
    expect(config).toBeDefined();
    expect(diagnostics.map(({ severity, message }) => `${severity}: ${message}`)).toEqual([
      'warning: owner "team-cart" has no receiver for tickets: they go to mail',
      'warning: owner "platform" has no receiver for pages and tickets: they go to pager and mail',
      'warning: owner "team-legal" has no receiver for pages and tickets: they go to pager and mail',
    ]);
  });

  test('a typo is guessed', () => {
    const { diagnostics } = load(all.replace("'team-*'", 'plattform') + owners, { 'slos.yaml': slos });
    expect(shortly({ diagnostics, files: [] })).toContain('owner-without-receiver 36:14 (there is one for plattform)');
  });
});
