import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { AlertmanagerClient } from '../../../src/alerting/delivery/alertmanager-client.js';
import { AlertmanagerSender } from '../../../src/alerting/delivery/alertmanager-sender.js';
import { Announcements } from '../../../src/alerting/delivery/announcements.js';
import type { AlertEpisode } from '../../../src/domain/alert.js';
import { describeWith } from '../../support/programs.js';
import { type KnownAlert, RealAlertmanager } from '../../support/real-alertmanager.js';
import { byKey, episodeOf, page } from '../alerts.js';
import { until } from '../../support/until.js';

/** The wall clock of the machine, beside a clock that passes only when told to. */
class HalfRealClock {
  #monotonic = 0;
  now = (): number => Date.now() / 1000;
  monotonic = (): number => this.#monotonic;
  pass = (seconds: number): void => void (this.#monotonic += seconds);
}

interface Notification {
  readonly status: 'firing' | 'resolved';
  readonly alerts: readonly { readonly status: string; readonly labels: Readonly<Record<string, string>> }[];
}

describeWith('prometheus-alertmanager', 'a real Alertmanager', (program) => {
  let alertmanager: RealAlertmanager;
  let webhook: Server;
  const notified: string[] = [];

  beforeAll(async () => {
    webhook = createServer((request, response) => {
      let text = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      request.on('end', () => {
        const { status, alerts } = JSON.parse(text) as Notification;
        for (const alert of alerts) notified.push(`${status} ${alert.labels['service']!.slice(0, 20)}`);
        response.end();
      });
    });
    await new Promise<void>((resolve) => webhook.listen(0, '127.0.0.1', resolve));
    const { port } = webhook.address() as AddressInfo;
    alertmanager = await RealAlertmanager.start(program, `http://127.0.0.1:${port}/`);
  });

  afterAll(async () => {
    await alertmanager.close();
    webhook.closeAllConnections();
    webhook.close();
  });

  function line() {
    const clock = new HalfRealClock();
    const announcements = new Announcements(clock);
    const settings = { url: alertmanager.url, timeoutSeconds: 60, access: {} };
    const client = new AlertmanagerClient(settings);
    const sender = new AlertmanagerSender({
      url: alertmanager.url,
      client,
      announcements,
      page: () => 'https://meshslo.example',
      clock,
      chance: () => 0,
      onPosted: () => undefined,
    });
    const announce = async (firing: readonly AlertEpisode[], ended: readonly AlertEpisode[] = []): Promise<void> => {
      announcements.update(byKey(firing), ended, (announcement) => sender.isHeard(announcement));
      await sender.work();
    };
    return { clock, client, sender, announce };
  }

  const known = async (service: string): Promise<KnownAlert | undefined> =>
    (await alertmanager.alerts()).find(({ labels }) => labels['service'] === service);

  test('knows what fires, hears it again, notifies once, and hears of its end', async () => {
    const { clock, client, sender, announce } = line();
    const began = Math.floor(clock.now()) - 120;
    const cart = episodeOf(page('cart'), 'c1', began);
    await announce([cart]);
    const first = (await known('cart'))!;
    expect(first).toMatchObject({
      labels: { ...cart.labels, alertname: 'ErrorBudgetBurnFast', severity: 'page' },
      annotations: cart.annotations,
      generatorURL: 'https://meshslo.example/alerts/c1',
    });
    expect(Date.parse(first.startsAt) / 1000).toBe(began);
    clock.pass(60);
    await sender.work();
    const second = (await known('cart'))!;
    expect(Date.parse(second.endsAt)).toBeGreaterThan(Date.parse(first.endsAt));
    await until(() => notified.includes('firing cart'));
    await announce([], [{ ...cart, endedAt: clock.now() }]);
    expect(await known('cart')).toBeUndefined();
    await until(() => notified.includes('resolved cart'));
    expect(notified.filter((line) => line.endsWith('cart'))).toEqual(['firing cart', 'resolved cart']);
    await client.close();
  });

  test('has label values and texts of 4 KB with every character as they are', async () => {
    const { client, announce } = line();
    const every = Array.from({ length: 0x7f0 }, (_, code) => String.fromCharCode(code + 1)).join('');
    const wild = `${every}\u2028\ufeff😀{{ .Foo }}<b>`.padEnd(4096, '"\\');
    await announce([episodeOf(page(wild, { annotations: { summary: wild } }), 'w', Date.now() / 1000)]);
    const alert = (await known(wild))!;
    expect(alert.annotations['summary']).toBe(wild);
    await client.close();
  });

  test('knows of everything again within a minute of a restart that has lost all', async () => {
    const { clock, client, sender, announce } = line();
    const stock = episodeOf(page('stock'), 's', Math.floor(clock.now()) - 60);
    await announce([stock]);
    await alertmanager.kill();
    clock.pass(60);
    await sender.work();
    expect(sender.health.failure).toMatchObject({ code: 'target-unreachable' });
    await alertmanager.restart();
    expect(await alertmanager.alerts()).toEqual([]);
    clock.pass(2);
    await sender.work();
    expect(Date.parse((await known('stock'))!.startsAt) / 1000).toBe(stock.startedAt);
    expect(sender.health.failure).toBeUndefined();
    await client.close();
  });

  test('takes the good ones of a batch, and says in its own words why it does not take the bad one', async () => {
    const { client, sender, announce } = line();
    const now = Date.now() / 1000;
    const good = Array.from({ length: 20 }, (_, number) => episodeOf(page(`good-${number}`), `g${number}`, now));
    const bad = episodeOf(page('bad', { labels: { service: 'bad', 'no name': 'x' } }), 'b', now);
    await announce([...good.slice(0, 7), bad, ...good.slice(7)]);
    const services = (await alertmanager.alerts()).map(({ labels }) => labels['service']!);
    expect(services.filter((service) => service.startsWith('good-'))).toHaveLength(20);
    expect(services).not.toContain('bad');
    expect(sender.health.refused).toEqual({ alerts: 1, reason: expect.stringContaining('label') as unknown as string });
    await client.close();
  });
});
