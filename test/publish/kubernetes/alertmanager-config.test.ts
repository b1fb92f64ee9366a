import { describe, expect, test } from '@jest/globals';
import { Workspace, leastConfig } from '../../config/workspace.js';
import { ownParts } from '../../../src/generate/alertmanager/own-parts.js';
import { alertmanagerConfigSpec } from '../../../src/publish/kubernetes/alertmanager-config.js';
import { alertmanagerConfigSpecSchema } from '../../support/apis/operator-schemas.js';

function specOf(notifications: string): object {
  const workspace = new Workspace();
  try {
    const { config, diagnostics } = workspace.load({
      'meshslo.yaml': `${leastConfig}notifications:\n${notifications}`,
    });
    if (!config) throw new Error(JSON.stringify(diagnostics));
    return alertmanagerConfigSpec(ownParts(config.notifications!), 'meshslo-receivers');
  } finally {
    workspace.remove();
  }
}

const shop = `  receivers:
    - name: shop
      slack: { channel: '#shop', api_url_file: /etc/secrets/slack-url }
      email: { to: [shop@example.com], from: slo@example.com, smarthost: 'mail:25', username: me, password_file: /etc/secrets/mail }
      pagerduty: { routing_key_file: /etc/secrets/pagerduty }
      webhook: { url: 'http://hook.example', basic_auth: { username: me, password_file: /etc/secrets/hook } }
  default: shop
`;

const everyWay = `  receivers:
    - name: every
      slack: { channel: '#shop', api_url_file: /etc/secrets/slack-url }
      email: { to: [shop@example.com, till@example.com], from: slo@example.com, smarthost: 'mail:25' }
      pagerduty: { routing_key_file: /etc/secrets/pagerduty }
      opsgenie: { api_key_file: /etc/secrets/opsgenie, api_url: 'https://api.eu.opsgenie.com/', teams: [shop] }
      webhook: { url: 'https://hook.example/x', bearer_token_file: /etc/secrets/hook, ca_file: /etc/secrets/ca.crt }
    - name: sensu
      sensu: { bridge: 'http://bridge.example:9099' }
    - name: alive
      webhook: { url: 'http://alive.example' }
  default: { page: every, ticket: sensu }
  heartbeat: { receiver: alive, every: 5m }
  owners: [{ owner: 'team-*', receiver: every }, { owner: 'team-"a\\b"', receiver: sensu }]
  mute:
    - { name: nights, severity: ticket, hours: ['22:00-06:00', '12:00-13:00'], weekdays: ['monday:friday'], time_zone: UTC }
    - { name: theirs, severity: ticket, owner: team-a, weekdays: [saturday, sunday], time_zone: UTC }
`;

describe('what an Alertmanager is told, as an AlertmanagerConfig', () => {
  test.each([
    ['with every way to people', everyWay],
    ['with a login of each kind', shop],
  ])('has no field that the operator does not know, and every value is of its form, %s', (_why, notifications) => {
    expect(alertmanagerConfigSpecSchema.safeParse(specOf(notifications)).error).toBeUndefined();
  });

  test('takes secrets from keys of one Secret, in the operator’s words', () => {
    const selector = (key: string) => ({ name: 'meshslo-receivers', key });
    const spec = specOf(shop) as { receivers: Record<string, unknown>[] };
    expect(spec.receivers.find(({ name }) => name === 'meshslo/shop')).toMatchObject({
      slackConfigs: [
        {
          sendResolved: true,
          apiURL: selector('slack-url'),
          channel: '#shop',
          titleLink: expect.any(String) as unknown,
        },
      ],
      emailConfigs: [
        {
          smarthost: 'mail:25',
          authUsername: 'me',
          authPassword: selector('mail'),
          requireTLS: expect.any(Boolean) as unknown,
          headers: [{ key: 'Subject', value: expect.any(String) as unknown }],
        },
      ],
      pagerdutyConfigs: [
        {
          routingKey: selector('pagerduty'),
          clientURL: expect.any(String) as unknown,
          details: [{ key: 'alerts', value: expect.any(String) as unknown }],
        },
      ],
      webhookConfigs: [
        {
          url: 'http://hook.example',
          httpConfig: { basicAuth: { username: selector('hook-username'), password: selector('hook') } },
        },
      ],
    });
    expect(JSON.stringify(spec)).not.toMatch(/_file|[a-z]_[a-z]+"\s*:/);
  });

  test('has matchers in their parts, all the way down', () => {
    const spec = specOf(`${shop}  owners: [{ owner: 'team-"*', receiver: shop }]\n`) as {
      route: Record<string, unknown>;
      inhibitRules: Record<string, unknown>[];
    };
    expect(spec.route).toMatchObject({
      receiver: 'meshslo/shop',
      groupBy: expect.any(Array) as unknown,
      matchers: [{ name: 'alertname', matchType: '=~' }],
    });
    const text = JSON.stringify(spec.route);
    expect(text).toContain(JSON.stringify({ name: 'owner', matchType: '=~', value: 'team-".*' }));
    expect(spec.inhibitRules[0]).toMatchObject({
      sourceMatch: [
        { name: 'alertname', matchType: '=' },
        { name: 'severity', matchType: '=' },
        { name: 'slo', matchType: '!=', value: '' },
      ],
    });
  });

  test.each([
    {
      why: 'two files of one name, for one of them would get the other’s secret',
      file: '/etc/other/slack-url',
      message: '/etc/secrets/slack-url and /etc/other/slack-url would both be the key slack-url of meshslo-receivers',
    },
    { why: 'a name that no key of a Secret has', file: '/etc/x/a b', message: '"a b" is no name of a key of a Secret' },
  ])('takes no secrets of $why', ({ file, message }) => {
    const other = `    - { name: other, slack: { channel: '#other', api_url_file: '${file}' } }\n`;
    expect(() => specOf(shop.replace('  default', `${other}  default`))).toThrow(message);
  });

  test('has mute times in UTC, and says so of others', () => {
    const mute = (zone: string) =>
      `${shop}  mute: [{ name: nights, severity: ticket, hours: ['22:00-06:00'], time_zone: ${zone} }]\n`;
    expect(specOf(mute('UTC'))).toMatchObject({
      muteTimeIntervals: [
        { name: 'meshslo/nights', timeIntervals: [{ times: [{ startTime: '22:00', endTime: '24:00' }] }, {}] },
      ],
    });
    expect(() => specOf(mute('Europe/Berlin'))).toThrow(
      /nights is in Europe\/Berlin, and an AlertmanagerConfig knows UTC only/,
    );
  });
});
