import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { NotificationSettings, ReceiverSettings } from '../../../src/config/notifications.js';
import { alertmanagerFile } from '../../../src/generate/alertmanager/alertmanager-file.js';
import { AnsweringServer } from '../../prometheus/answering-server.js';
import { describeWith } from '../../support/programs.js';
import { RealAlertmanager } from '../../support/real-alertmanager.js';
import { type ReceivedMail, SmallMailServer } from '../../support/small-mail-server.js';
import { hook, notifications } from './settings.js';

/** What Alertmanager posts to a webhook. */
interface Message {
  readonly status: 'firing' | 'resolved';
  readonly alerts: readonly { readonly labels: Readonly<Record<string, string>>; readonly status: string }[];
}

/** A name with whatever could break a mail, a template or a message. */
const oddService = 'cärt "<!channel>"\r\nBcc: all@example.com {{ . }}';

function alert(alertname: string, severity: string, labels: Readonly<Record<string, string>>) {
  const of = labels['service'] ?? 'meshslo';
  return {
    labels: { alertname, severity, cluster: 'eu-1', ...labels },
    annotations: {
      summary: `${of} ${alertname}`,
      action: `Mend ${of}.`,
      page_url: 'https://meshslo.example/services/eu-1/shop/cart?slo=availability&from=60',
    },
  };
}

const shop = { namespace: 'shop', owner: 'team-shop' };
const cart = { ...shop, service: 'cart' };
const fastCart = alert('ErrorBudgetBurnFast', 'page', { ...cart, slo: 'availability' });
const fastLatency = alert('ErrorBudgetBurnFast', 'page', { ...cart, slo: 'latency' });
const slowCart = alert('ErrorBudgetBurnSlow', 'ticket', { ...cart, slo: 'availability' });
const odd = alert('ErrorBudgetExhausted', 'ticket', { ...shop, service: oddService, slo: 'availability' });
const muted = alert('ErrorBudgetBurnSlow', 'ticket', { ...shop, owner: 'team-asleep', service: 'web', slo: 'mesh' });
const awake = alert('ErrorBudgetBurnSlow', 'ticket', { ...shop, owner: 'team-awake', service: 'api', slo: 'mesh' });
const watchdog = alert('MeshsloWatchdog', 'heartbeat', {});

async function postAlerts(alertmanager: RealAlertmanager, ...alerts: readonly object[]): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify(alerts);
  const response = await fetch(`${alertmanager.url}/api/v2/alerts`, { method: 'POST', headers, body });
  expect(response.status).toBe(200);
}

describeWith('prometheus-alertmanager', 'a real Alertmanager with the generated configuration', (program) => {
  const received = new Map<string, Message[]>();
  let hooks: AnsweringServer;
  let mail: SmallMailServer;
  let alertmanager: RealAlertmanager;

  beforeAll(async () => {
    hooks = await AnsweringServer.start((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text) => void (body += String(text)));
      request.on('end', () => {
        const path = request.url ?? '';
        received.set(path, [...(received.get(path) ?? []), JSON.parse(body) as Message]);
        response.end();
      });
    });
    mail = await SmallMailServer.start();
    alertmanager = await RealAlertmanager.startWith(program, alertmanagerFile(settings(), undefined).text!);
  });

  afterAll(async () => {
    await alertmanager.close();
    await mail.close();
    await hooks.close();
  });

  function settings(): NotificationSettings {
    const soon = {
      by: ['alertname', 'cluster', 'namespace', 'service'],
      waitSeconds: 1,
      intervalSeconds: 1,
      repeatSeconds: 3600,
    };
    const email = { to: ['shop@example.com'], from: 'meshslo@example.com', smarthost: mail.address, requireTls: false };
    const to = (name: string) => hook(name, `${hooks.url}/${name}`);
    return {
      ...notifications(),
      receivers: [to('pager'), { name: 'mail', existing: false, email }, to('chat'), to('dead-man')],
      owners: [{ owner: 'team-a*', receivers: { ticket: 'chat' } }],
      heartbeat: { receiver: 'dead-man', everySeconds: 2 },
      muteTimes: [
        {
          name: 'week',
          severity: 'ticket',
          owner: 'team-asleep',
          weekdays: [0, 1, 2, 3, 4, 5, 6],
          hours: [],
          timeZone: 'Asia/Kathmandu',
        },
      ],
      grouping: { page: soon, ticket: soon },
    };
  }

  const post = (...alerts: readonly object[]): Promise<void> => postAlerts(alertmanager, ...alerts);
  const to = (path: string): readonly Message[] => received.get(path) ?? [];
  const ended = <T extends object>(one: T) => ({ ...one, endsAt: new Date(Date.now() - 1000).toISOString() });

  async function until<T>(found: () => T | undefined): Promise<T> {
    for (;;) {
      const value = found();
      if (value !== undefined) return value;
      await sleep(50);
    }
  }

  const mailAbout = (text: string): ReceivedMail | undefined => mail.mails.find((one) => one.text.includes(text));

  test('tells each as it should be told', async () => {
    await post(fastCart, fastLatency, slowCart, odd, muted, awake, watchdog);

    const page = await until(() => to('/pager')[0]);
    expect(page.alerts.map(({ labels }) => labels['slo']).sort()).toEqual(['availability', 'latency']);

    const ticket = await until(() => mailAbout('Mend c=C3=A4rt'));
    expect(ticket).toMatchObject({ from: 'meshslo@example.com', to: ['shop@example.com'] });
    const [head, body] = [ticket.text.split('\n\n')[0]!, ticket.text];
    expect(head).toMatch(/^Subject: =\?utf-8\?q\?\[ticket\]_c=C3=A4rt_/m);
    expect(head).not.toMatch(/^Bcc:/m);
    expect(body).toContain('Content-Type: text/plain');
    expect(body).not.toContain('text/html');

    // The heartbeat comes again and again; by its third time everything else had its turn twice over.
    await until(() => to('/dead-man')[2]);
    expect(to('/pager')).toHaveLength(1);
    expect(mail.mails).toHaveLength(1);
    expect(to('/chat').flatMap(({ alerts }) => alerts.map(({ labels }) => labels['owner']))).toEqual(['team-awake']);
    const states = (await alertmanager.alerts()).map(({ labels, status }) => [
      labels['alertname'],
      labels['service'],
      status.state,
    ]);
    expect(states).toContainEqual(['ErrorBudgetBurnSlow', 'cart', 'suppressed']);
    expect(states).toContainEqual(['ErrorBudgetBurnSlow', 'web', 'active']);
  });

  test('tells ends, and the ticket that the page kept back', async () => {
    await post(ended(fastCart), ended(fastLatency), ended(odd), slowCart);

    const end = await until(() => to('/pager').find(({ status }) => status === 'resolved'));
    expect(end.alerts.map(({ status }) => status)).toEqual(['resolved', 'resolved']);
    const resolved = await until(() => mailAbout('Resolved: c=C3=A4rt'));
    expect(resolved.text).toMatch(/^Subject: =\?utf-8\?q\?\[resolved\]_/m);
    expect(await until(() => mailAbout('Mend cart.'))).toMatchObject({ to: ['shop@example.com'] });
  });
});

describeWith('prometheus-alertmanager', 'what a real Alertmanager sends', (program) => {
  const folder = mkdtempSync(join(tmpdir(), 'meshslo-secrets-'));
  const received = new Map<string, { readonly headers: IncomingHttpHeaders; readonly body: string }>();
  let hooks: AnsweringServer;
  let alertmanager: RealAlertmanager;

  beforeAll(async () => {
    hooks = await AnsweringServer.start((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text) => void (body += String(text)));
      request.on('end', () => {
        received.set(request.url!.split('/')[1]!, { headers: request.headers, body });
        // Opsgenie and PagerDuty answer 202, and Slack's word is read.
        response.writeHead(request.url === '/slack' ? 200 : 202).end('ok');
      });
    });
    const secret = (name: string, content: string): string => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    const everywhere: ReceiverSettings = {
      name: 'everywhere',
      existing: false,
      slack: { channel: '#shop', apiUrlFile: secret('slack', `${hooks.url}/slack`) },
      opsgenie: { apiKeyFile: secret('opsgenie', 'ops-key'), apiUrl: `${hooks.url}/opsgenie/`, teams: ['shop'] },
      pagerduty: { routingKeyFile: secret('pager', 'pager-key') },
      webhook: { url: `${hooks.url}/hook`, login: { kind: 'bearer', tokenFile: secret('token', 'hook-token') } },
    };
    const grouping = { by: ['alertname'], waitSeconds: 0, intervalSeconds: 1, repeatSeconds: 3600 };
    const text = alertmanagerFile(
      {
        ...notifications({ receivers: [everywhere], fallback: { page: 'everywhere', ticket: 'everywhere' } }),
        grouping: { page: grouping, ticket: grouping },
      },
      undefined,
    ).text!;
    // Only Alertmanager's global section could say where PagerDuty is.
    const local = text.replace(/^( +)routing_key_file: .*/m, `$&\n$1url: ${hooks.url}/pagerduty`);
    alertmanager = await RealAlertmanager.startWith(program, local);
  });

  afterAll(async () => {
    await alertmanager.close();
    await hooks.close();
    rmSync(folder, { recursive: true });
  });

  test('to Slack, Opsgenie, PagerDuty and a webhook is what was meant, with the secrets of the files', async () => {
    const fires = alert('ErrorBudgetBurnFast', 'page', { ...shop, service: 'a <!channel>', slo: 'availability' });
    await postAlerts(alertmanager, fires);
    while (received.size < 4) await sleep(50);

    const sent = (name: string): Record<string, unknown> =>
      JSON.parse(received.get(name)!.body) as Record<string, unknown>;
    expect(sent('slack')).toMatchObject({
      channel: '#shop',
      attachments: [
        {
          title: '[page] a &lt;!channel> ErrorBudgetBurnFast',
          title_link: fires.annotations.page_url,
          text: expect.stringMatching(
            /^a &lt;!channel> ErrorBudgetBurnFast\nWhat to do: Mend a &lt;!channel>\.\nPage: https:.*from=60\nSince \d{4}-/,
          ),
        },
      ],
    });
    expect(received.get('slack')!.body).not.toContain('<!channel');
    expect(sent('opsgenie')).toMatchObject({
      message: '[page] a <!channel> ErrorBudgetBurnFast',
      priority: 'P1',
      responders: [{ name: 'shop', type: 'team' }],
    });
    expect(received.get('opsgenie')!.headers.authorization).toBe('GenieKey ops-key');
    expect(sent('pagerduty')).toMatchObject({
      routing_key: 'pager-key',
      client_url: fires.annotations.page_url,
      payload: { summary: '[page] a <!channel> ErrorBudgetBurnFast', severity: 'critical', component: 'a <!channel>' },
    });
    expect(received.get('hook')!.headers.authorization).toBe('Bearer hook-token');
  });
});
