import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import type { MuteTime, NotificationSettings, ReceiverSettings } from '../../../src/config/notifications.js';
import { alertmanagerFile } from '../../../src/generate/alertmanager/alertmanager-file.js';
import { describeWith } from '../../support/programs.js';
import { hook, notifications } from './settings.js';

const folder = mkdtempSync(join(tmpdir(), 'meshslo-alertmanager-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const everyWay: ReceiverSettings = {
  name: 'every way',
  existing: false,
  email: {
    to: ['a@example.com', 'b@example.com'],
    from: 'meshslo@example.com',
    smarthost: '127.0.0.1:25',
    login: { username: 'meshslo', passwordFile: '/secrets/mail' },
    requireTls: true,
  },
  slack: { channel: '#on-call', apiUrlFile: '/secrets/slack' },
  pagerduty: { routingKeyFile: '/secrets/pager' },
  opsgenie: { apiKeyFile: '/secrets/ops', apiUrl: 'https://api.eu.opsgenie.com/', teams: ['payments'] },
  webhook: { url: 'https://hooks.example/', login: { kind: 'bearer', tokenFile: '/secrets/hook' }, caFile: '/ca.pem' },
};

const nights: MuteTime = {
  name: 'nights',
  severity: 'ticket',
  owner: undefined,
  weekdays: [1, 2, 3, 4, 5],
  hours: [{ fromMinute: 1080, toMinute: 540 }],
  timeZone: 'Europe/Berlin',
};

function written(settings: NotificationSettings): string {
  const file = join(folder, 'alertmanager.yml');
  writeFileSync(file, alertmanagerFile(settings, undefined).text!);
  return file;
}

describe('the whole configuration', () => {
  test('secrets are files, each where Alertmanager 0.25 knows one', () => {
    const text = alertmanagerFile(notifications({ receivers: [everyWay] }), undefined).text!;
    const { receivers } = parse(text) as { receivers: { name: string }[] };
    expect(receivers.find(({ name }) => name === 'meshslo/every way')).toMatchObject({
      email_configs: [
        { to: 'a@example.com', auth_username: 'meshslo', auth_password_file: '/secrets/mail', html: '' },
        { to: 'b@example.com' },
      ],
      slack_configs: [{ api_url_file: '/secrets/slack', channel: '#on-call', send_resolved: true }],
      pagerduty_configs: [{ routing_key_file: '/secrets/pager' }],
      opsgenie_configs: [{ api_key_file: '/secrets/ops', responders: [{ name: 'payments', type: 'team' }] }],
      webhook_configs: [
        {
          url: 'https://hooks.example/',
          http_config: {
            authorization: { credentials_file: '/secrets/hook' },
            tls_config: { ca_file: '/ca.pem' },
          },
        },
      ],
    });
  });

  test('hours over midnight belong to the day that they begin on', () => {
    const { time_intervals } = parse(alertmanagerFile(notifications({ muteTimes: [nights] }), undefined).text!) as {
      time_intervals: object[];
    };
    expect(time_intervals).toEqual([
      {
        name: 'meshslo/nights',
        time_intervals: [
          {
            times: [{ start_time: '18:00', end_time: '24:00' }],
            weekdays: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'],
            location: 'Europe/Berlin',
          },
          {
            times: [{ start_time: '00:00', end_time: '09:00' }],
            weekdays: ['tuesday', 'wednesday', 'thursday', 'friday', 'saturday'],
            location: 'Europe/Berlin',
          },
        ],
      },
    ]);
  });

  test('the watchdog is told often enough: two equal intervals would make it every other one', () => {
    const text = alertmanagerFile(
      notifications({ receivers: [hook('dead-man')], heartbeat: { receiver: 'dead-man', everySeconds: 60 } }),
      undefined,
    ).text!;
    const { route } = parse(text) as { route: { routes: { routes: object[] }[] } };
    expect(route.routes[0]!.routes[0]).toMatchObject({ group_interval: '30s', repeat_interval: '54s' });
  });

  test('the watchdogs of meshslo and of Prometheus are told apart: neither hides the silence of the other', () => {
    const text = alertmanagerFile(
      notifications({ receivers: [hook('dead-man')], heartbeat: { receiver: 'dead-man', everySeconds: 60 } }),
      undefined,
    ).text!;
    const { route } = parse(text) as { route: { routes: { routes: object[] }[] } };
    expect(route.routes[0]!.routes[0]).toMatchObject({ group_by: ['alertname', 'cluster', 'watcher'] });
  });

  test('the same settings give the same bytes', () => {
    const settings = notifications({ receivers: [everyWay], muteTimes: [nights] });
    expect(alertmanagerFile(settings, undefined)).toEqual(alertmanagerFile(structuredClone(settings), undefined));
  });
});

describeWith('amtool', 'amtool', (amtool) => {
  /** Names of the receivers of an alert with these labels. */
  function receiversOf(settings: NotificationSettings, labels: Readonly<Record<string, string>>): string {
    const words = Object.entries(labels).map(([name, value]) => {
      const escaped = value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n');
      return `${name}="${escaped}"`;
    });
    const file = `--config.file=${written(settings)}`;
    return execFileSync(amtool, ['config', 'routes', 'test', file, ...words], {
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim();
  }

  test('takes the configuration with every kind of receiver and mute time', () => {
    const settings = notifications({
      receivers: [everyWay, hook('dead-man')],
      owners: [{ owner: 'team-*', receivers: { page: 'every way', ticket: 'every way' } }],
      heartbeat: { receiver: 'dead-man', everySeconds: 60 },
      muteTimes: [nights, { ...nights, name: 'weekends', owner: 'team-shop', weekdays: [0, 6], hours: [] }],
    });
    const { status, stdout } = spawnSync(amtool, ['check-config', written(settings)], { encoding: 'utf8' });
    expect(stdout).toContain('SUCCESS');
    expect(status).toBe(0);
  });

  const routed = notifications({
    receivers: ['shop-pager', 'shop-chat', 'team-chat', 'dead-man'].map((name) => hook(name)),
    owners: [
      { owner: 'team-shop', receivers: { page: 'shop-pager' } },
      { owner: 'team-*', receivers: { ticket: 'team-chat' } },
    ],
    heartbeat: { receiver: 'dead-man', everySeconds: 60 },
  });

  test.each([
    { labels: { owner: 'team-shop', severity: 'page' }, to: 'shop-pager', why: 'its own rule' },
    {
      labels: { owner: 'team-shop', severity: 'ticket' },
      to: 'team-chat',
      why: 'a rule without tickets passes them on',
    },
    { labels: { owner: 'team-cart', severity: 'page' }, to: 'pager', why: 'no rule has pages for it' },
    { labels: { owner: 'team-cart', severity: 'ticket' }, to: 'team-chat', why: 'the pattern' },
    { labels: { owner: 'my-team-cart', severity: 'ticket' }, to: 'mail', why: 'a pattern is about the whole name' },
    { labels: { severity: 'page' }, to: 'pager', why: 'nobody owns it' },
    { labels: { alertname: 'MeshsloWatchdog', severity: 'heartbeat' }, to: 'dead-man', why: 'the heartbeat' },
    { labels: { alertname: 'SomebodyElses', severity: 'page' }, to: 'mail', why: 'not of meshslo' },
  ])('$labels goes to $to: $why', ({ labels, to }) => {
    expect(receiversOf(routed, { alertname: 'ErrorBudgetBurnFast', ...labels })).toBe(`meshslo/${to}`);
  });

  test('without a heartbeat, the watchdog wakes nobody', () => {
    const labels = { alertname: 'MeshsloWatchdog', severity: 'heartbeat' };
    expect(receiversOf(notifications(), labels)).toBe('meshslo/nobody');
  });

  test.each(
    [
      'plain',
      'with "quotes" and \\ backslashes',
      'back\\nslash n',
      'two\nlines',
      '{braces}, commas, = and =~ !~',
      'ünïcödé 🙂 – 队',
      ' spaces round ',
      '.*',
      "it's",
      '# no comment',
      'y',
      'null',
      `${'long '.repeat(800)}end`,
    ].map((owner) => ({ owner, called: owner.slice(0, 40) })),
  )('an owner called $called has a receiver of its own', ({ owner }) => {
    const settings = notifications({ receivers: [hook('own')], owners: [{ owner, receivers: { page: 'own' } }] });
    const alert = { alertname: 'ErrorBudgetBurnFast', severity: 'page' };
    expect(receiversOf(settings, { ...alert, owner })).toBe('meshslo/own');
    expect(receiversOf(settings, { ...alert, owner: `${owner}x` })).toBe(
      owner === '.*' ? 'meshslo/own' : 'meshslo/pager',
    );
  });
});
