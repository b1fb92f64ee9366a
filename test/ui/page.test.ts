import { afterEach, expect, test } from '@jest/globals';
import type { RunningServer } from '../../src/server/start-server.js';
import { episode, MadeUpAlerts } from '../server/made-up-alerts.js';
import { MadeUpReader, noon, slo, status, steadily, target } from '../server/made-up-reader.js';
import { startMadeUp } from '../server/running.js';
import { barriers, complaintsOf, describePage, patience, picture } from './browser.js';

const month = 20 * 30 * 86_400;
const fine = status({
  slo: slo({ serviceName: 'search', owner: 'discovery' }),
  total: month,
  bad: 4000,
  recent: steadily(20, 0.0001),
});
const all = [status({ slo: slo(), total: month, bad: 41_000, recent: steadily(20, 0.02) }), fine];

/** Everything between a click and the ledger is real here: routes, headers, login, live events. */
describePage('the page of the real server', (chromium) => {
  let server: RunningServer;
  afterEach(() => server.close());

  async function open(path: string) {
    const page = await chromium().browser.newPage({ timezoneId: 'UTC' });
    page.setDefaultTimeout(patience.timeout);
    const complaints = complaintsOf(page);
    await page.clock.setFixedTime((noon + 5) * 1000);
    await page.goto(server.url + path);
    return { page, complaints };
  }

  function reading(statuses = all): MadeUpReader {
    const reader = new MadeUpReader(statuses);
    reader.seen = [target()];
    return reader;
  }

  test('list, service and alert are read, clicked through, and charted', async () => {
    server = await startMadeUp(reading(), { uiFolder: chromium().folder, alerts: new MadeUpAlerts([episode('e1')]) });
    const { page, complaints } = await open('/');
    await page.locator('.services th').getByRole('link', { name: 'checkout' }).click();
    await page.getByRole('heading', { level: 1, name: 'checkout' }).waitFor();
    await page.locator('.uplot canvas').nth(2).waitFor();
    await page.getByText('availability spends its budget 20 times as fast as allowed').waitFor();
    await picture(page, 'real-service');
    expect(await barriers(page)).toEqual([]);
    await page.locator('.head').getByRole('link', { name: 'Error budget burn fast: availability' }).click();
    await page.getByLabel('Note').fill('I look');
    await page.getByRole('button', { name: 'Acknowledge' }).click();
    await page.getByText('Acknowledged by somebody on loopback').waitFor();
    await page.getByText('I look').waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('a committed slot changes the page without a reload', async () => {
    const reader = reading();
    server = await startMadeUp(reader, { uiFolder: chromium().folder });
    const { page } = await open('/');
    await page.getByText('1 service burns fast enough to wake somebody.').waitFor();
    reader.current = [fine];
    reader.watcher = { ...reader.watcher, lastSlot: { start: noon, seconds: 60 } };
    // The stream may open a moment after the first list is there.
    const asking = setInterval(() => server.slotCounted(), 100);
    await page.getByText('Nothing burns.').waitFor();
    clearInterval(asking);
    expect(await page.locator('.services th a').allTextContents()).toEqual(['search']);
    await page.close();
  });

  test('with tokens a link leads through the login to where it pointed, and a wrong token is told', async () => {
    const token = { name: 'me', token: 'a-token-of-some-length', role: 'viewer' } as const;
    const authentication = { kind: 'tokens', tokens: () => [token] } as const;
    server = await startMadeUp(reading(), { uiFolder: chromium().folder, authentication });
    const { page } = await open('/services/berlin/shop/search?slo=availability');
    await page.getByLabel('Token').fill('wrong');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByText('This token is not valid').waitFor();
    await picture(page, 'login');
    expect(await barriers(page)).toEqual([]);
    await page.getByLabel('Token').fill(token.token);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('heading', { level: 1, name: 'search' }).waitFor();
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByLabel('Token').waitFor();
    await page.close();
  });
});
