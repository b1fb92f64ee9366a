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

/** Line 7 of meshslo.yaml is the section's first. */
function load(section: string, files: Record<string, string> = {}, environment = {}): LoadedConfig {
  return workspace.load({ 'meshslo.yaml': `${leastConfig}${section}`, ...files }, environment);
}

const all = `reports:
  time_zone: Europe/Berlin
  schedule: { day: tuesday, at: '07:30' }
  from: meshslo <slo@example.com>
  reply_to: platform@example.com
  transport:
    smtp:
      server: mail.example.com:587
      encryption: starttls
      username: meshslo
      password_file: smtp.password
      ca_file: ca.pem
      server_name: smtp.example.com
      timeout: 20s
      connections: 3
  lists:
    leads: ['Ada <ada@example.com>', grace@example.com]
  organisation:
    to: [leads, everybody@lists.example.com]
    slack: { url_file: slack.url }
  teams:
    - { owner: team-shop, to: shop@example.com }
    - { owner: 'team-*', to: [leads], webhook: { url_file: hook.url, timeout: 5s } }
  default:
    webhook: [{ url: 'https://portal.example/reports', authorization: { bearer_token_file: portal.token } }]
`;
const secrets = { 'smtp.password': 'x', 'ca.pem': 'x', 'slack.url': 'x', 'hook.url': 'x', 'portal.token': 'x' };

const ada = { name: 'Ada', address: 'ada@example.com' };
const grace = { name: undefined, address: 'grace@example.com' };
const least =
  'reports:\n  from: slo@example.com\n  transport: { folder: outbox }\n  organisation: { to: a@example.com }\n';

describe('reports', () => {
  test('nobody is sent what nobody asked for', () => {
    expect(load('').config?.reports).toBeUndefined();
  });

  test('everything that can be said is understood', () => {
    const { config, diagnostics } = load(all, secrets);
    expect(diagnostics).toEqual([]);
    const file = (name: string): string => join(workspace.folder, name);
    expect(config?.reports).toEqual({
      timeZone: 'Europe/Berlin',
      schedule: { weekday: 2, minute: 450 },
      mail: {
        from: { name: 'meshslo', address: 'slo@example.com' },
        replyTo: { name: undefined, address: 'platform@example.com' },
        transport: {
          kind: 'smtp',
          host: 'mail.example.com',
          port: 587,
          encryption: 'starttls',
          login: { username: 'meshslo', password: { kind: 'file', file: file('smtp.password') } },
          caFile: file('ca.pem'),
          serverName: 'smtp.example.com',
          timeoutSeconds: 20,
          connections: 3,
        },
      },
      organisation: {
        addresses: [ada, grace, { name: undefined, address: 'everybody@lists.example.com' }],
        slack: [{ urlFile: file('slack.url') }],
        webhooks: [],
      },
      teams: [
        {
          owner: 'team-shop',
          addresses: [{ name: undefined, address: 'shop@example.com' }],
          slack: [],
          webhooks: [],
        },
        {
          owner: 'team-*',
          addresses: [ada, grace],
          slack: [],
          webhooks: [{ url: { kind: 'file', file: file('hook.url') }, timeoutSeconds: 5, access: {} }],
        },
      ],
      fallback: {
        addresses: [],
        slack: [],
        webhooks: [
          {
            url: { kind: 'open', url: 'https://portal.example/reports' },
            timeoutSeconds: 10,
            access: { authorization: { kind: 'bearer', tokenFile: file('portal.token') } },
          },
        ],
      },
    });
  });

  test('what nobody said is Monday at eight, by UTC', () => {
    expect(load(least).config?.reports).toMatchObject({
      timeZone: 'UTC',
      schedule: { weekday: 1, minute: 480 },
      mail: { transport: { kind: 'folder', folder: join(workspace.folder, 'outbox') } },
    });
  });

  test('all mistakes in recipients are told at once, each at its place, whatever else is wrong', () => {
    const section = `reports:
  from: slo@example.com
  transport: { folder: outbox }
  schedule: { day: moonday }
  lists:
    leads: [ada@example.com, ada, leads]
    empty: []
  organisation:
    to: [leeds, "x@example.com\\r\\nBcc: y@example.com", 7, grace@example.com, Grace@Example.com]
    cc: [a@example.com]
  teams:
    - { owner: a, to: 'bob@' }
    - { owner: a, to: [leads] }
    - { to: nobody }
    - { owner: b }
`;
    expect(shortly(load(section))).toEqual([
      'wrong-value 10:20 (did you mean monday?)',
      'bad-mail-address 12:30 (on-call@example.com, or On call <on-call@example.com>)',
      'bad-mail-address 12:35 (on-call@example.com, or On call <on-call@example.com>)',
      'too-little 13:5',
      'unknown-list 15:10 (did you mean leads?)',
      'header-injection 15:17 (one address, on one line)',
      'wrong-type 15:56',
      'duplicate-recipient 15:78 (one mail is sent)',
      'unknown-key 16:5 (known: to, slack, webhook)',
      'bad-mail-address 18:23 (on-call@example.com, or On call <on-call@example.com>)',
      'duplicate-team 19:16',
      'missing 20:7 (write a text)',
      'unknown-list 20:13 (known: leads, empty)',
      'destination-without-way 21:7 (at least one of: to, slack, webhook)',
    ]);
  });

  test.each([
    { from: 'encryption: starttls', to: 'encryption: none', is: 'password-in-the-open' },
    { from: '      encryption: starttls\n', to: '', is: 'missing' },
    { from: 'password_file: smtp.password', to: 'password: hunter2', is: 'secret-in-the-open' },
    { from: 'password_file: smtp.password', to: 'timeout: 20s', is: 'half-a-login', without: '      timeout: 20s\n' },
    { from: 'ca_file: ca.pem', to: 'password_env: PASSWORD', is: 'two-passwords' },
    { from: 'ca_file: ca.pem', to: 'ca_file: absent.pem', is: 'file-unreadable' },
    { from: 'slack.url', to: 'absent.url', is: 'file-unreadable' },
    { from: 'url_file: slack.url', to: "url: 'https://hooks.example/T0/secret'", is: 'secret-in-the-open' },
    { from: 'mail.example.com:587', to: 'mail.example.com', is: 'bad-address' },
    { from: "'07:30'", to: "'24:00'", is: 'bad-time' },
    { from: 'Europe/Berlin', to: 'Europe/Berlim', is: 'unknown-time-zone' },
    { from: '  from: meshslo <slo@example.com>\n', to: '', is: 'mail-without-sender' },
    {
      from: 'meshslo <slo@example.com>',
      to: '"meshslo\\nBcc: x@example.com <slo@example.com>"',
      is: 'header-injection',
    },
    { from: 'url_file: hook.url', to: 'timeout: 6s', is: 'webhook-where', without: ', timeout: 5s' },
  ])('$is: $to', ({ from, to, is, without = '' }) => {
    const { diagnostics } = load(all.replace(without, '').replace(from, to), secrets);
    expect(diagnostics.map(({ code }) => code)).toContain(is);
  });

  test('mail without a way to send it is a mistake; without recipients nothing is missing', () => {
    const without = least.replace('  transport: { folder: outbox }\n', '');
    expect(shortly(load(without))).toEqual([
      'mail-without-transport 7:1 (transport: { smtp: { server: mail.example.com:587, encryption: starttls } })',
    ]);
    expect(shortly(load('reports: { time_zone: Europe/Berlin }\n'))).toEqual([
      'reports-to-nobody 7:1 (write organisation, teams or default; without, reports are in the archive only)',
    ]);
  });

  test('a password from the environment is looked for when it is checked', () => {
    const section = all.replace('password_file: smtp.password', 'password_env: SMTP_PASSWORD');
    expect(load(section, secrets, { SMTP_PASSWORD: 'x' }).diagnostics).toEqual([]);
    const { config, diagnostics } = load(section, secrets);
    expect(diagnostics).toMatchObject([{ severity: 'warning', code: 'variable-unset' }]);
    expect(config?.reports?.mail?.transport).toMatchObject({
      login: { password: { kind: 'environment', variable: 'SMTP_PASSWORD' } },
    });
  });

  test('an owner whose report goes to the default is said once, where it is first named', () => {
    const section = `owners:
  - { owner: team-shop, namespace: shop }
  - { owner: team-shopp, namespace: old-shop }
  - { owner: team-shopp, namespace: older-shop }
${least}  teams: [{ owner: team-shop, to: shop@example.com }]
`;
    const [found, ...others] = load(section).diagnostics;
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      severity: 'warning',
      message: 'owner "team-shopp" has no address for its report: it is sent to nobody',
      hint: 'there is one for team-shop',
      position: { line: 9 },
    });
    const withDefault = load(`${section}  default: { to: b@example.com }\n`).diagnostics;
    expect(withDefault.map(({ message }) => message)).toEqual([
      'owner "team-shopp" has no address for its report: it goes to the default',
    ]);
  });

  test('a reload says what differs, and no secret', () => {
    const before = load(all, secrets).config!;
    const after = load(
      all.replace("'07:30'", "'09:00'").replace('shop@example.com', 'cart@example.com'),
      secrets,
    ).config!;
    expect(describeChanges(before, after)).toEqual([
      '~ reports.schedule.at: 07:30 -> 09:00',
      '~ reports.teams.team-shop.to: shop@example.com -> cart@example.com',
    ]);
  });
});
