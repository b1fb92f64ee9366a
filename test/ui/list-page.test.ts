import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describePage, picture, until } from './browser.js';
import type { MadeUpApi } from './made-up-api.js';
import { alert, noon, service } from './made-up-world.js';

const hostile = '<img src=x onerror="document.title=\'owned\'">';

/** One service of every state. */
function oneOfEach(api: MadeUpApi): void {
  api.services = [
    service({ service: 'recommendations', urgency: 'burning', alerts: { pages: 1, tickets: 1 } }),
    service({ service: 'mail-relay', namespace: 'platform', owner: 'team-platform', urgency: 'missed' }),
    service({
      service: 'checkout',
      namespace: 'payments',
      owner: 'team-payments',
      tier: 'critical',
      urgency: 'at-risk',
    }),
    service({ service: 'reports', urgency: 'insufficient', coverage: 0.43 }),
    service({ service: 'legacy-billing', owner: null, urgency: 'no-data', traffic: [] }),
    service({ service: hostile, owner: '"><script>1</script>', urgency: 'no-traffic' }),
    service({ service: 'search', owner: 'discovery' }),
  ];
  api.active = [
    alert(),
    alert({ id: 'e2', severity: 'ticket', name: 'ErrorBudgetBurnSlow', service: 'mail-relay' }),
    alert({ id: 'e3', service: 'checkout', acknowledged: { by: 'ada', atSeconds: noon, note: '' } }),
  ];
}

const names = (page: Page) => page.locator('.services tbody th a').allTextContents();
const focused = (page: Page) => page.evaluate('document.activeElement.textContent');

describePage('the list of services', (chromium) => {
  test.each([1160, 1280, 1400])(
    '%s px wide, no column is cut off and no owner broken over two lines',
    async (width) => {
      const { page, close } = await chromium().open({ world: oneOfEach, width });
      await page.waitForSelector('.services');
      const cut = `[...document.querySelectorAll('.services td')]
        .filter((cell) => cell.scrollWidth > cell.clientWidth + 1)
        .map((cell) => cell.className + ': ' + cell.textContent)`;
      expect(await page.evaluate(cut)).toEqual([]);
      const [table, last] = await Promise.all([
        page.locator('.services').boundingBox(),
        page.locator('.services .traffic').last().boundingBox(),
      ]);
      expect(last!.x + last!.width).toBeLessThanOrEqual(table!.x + table!.width);
      const lines = `(() => {
        const range = document.createRange();
        range.selectNodeContents([...document.querySelectorAll('.owner')].find((cell) => cell.textContent === 'team-payments'));
        return range.getClientRects().length;
      })()`;
      expect(await page.evaluate(lines)).toBe(1);
      await close();
    },
  );

  test('shows every service, most urgent first, each state in a word, and says in a sentence what burns', async () => {
    const { page, close, complaints } = await chromium().open({ world: oneOfEach });
    await page.waitForSelector('.services');
    expect(await names(page)).toEqual([
      'recommendations',
      'mail-relay',
      'checkout',
      'reports',
      'legacy-billing',
      hostile,
      'search',
    ]);
    expect(await page.locator('.services .mark').allTextContents()).toEqual([
      'Burning',
      'Missed',
      'At risk',
      'Too little data',
      'No data',
      'No traffic',
      'Healthy',
    ]);
    expect(await page.locator('.headline').textContent()).toBe(
      '1 service burns fast enough to wake somebody. 1 has missed an objective. 1 is at risk.',
    );
    const row = await page.locator('.services tr.burning').innerText();
    for (const text of ['team-shop', 'availability 99.9 %', '47.6 %', '48x: spent in 7 hours', 'since 11:48']) {
      expect(row).toContain(text);
    }
    expect(row).toMatch(/1 page, 1 ticket/);
    const unknown = await page.locator('.services tr.no-data').innerText();
    expect(unknown).not.toMatch(/100 %|NaN|0x/);
    expect(unknown.match(/unknown/g)).toHaveLength(3);
    await picture(page, 'list');
    expect(complaints).toEqual([]);
    await close();
  });

  test('a figure of hours ago is not told as one of now', async () => {
    const { page, close } = await chromium().open({
      world: (api) => {
        api.services = [
          service({ service: 'seen', traffic: [1, 2, null, null] }),
          service({ service: 'unseen', traffic: [1, 2, null, null, null] }),
        ];
      },
    });
    await page.waitForSelector('.services');
    expect(await page.locator('.traffic .figure').allTextContents()).toEqual(['2/s', 'unknown']);
    await close();
  });

  test('pages that call stand first and lead to the service; tickets and what somebody looks after are quieter', async () => {
    const { page, close } = await chromium().open({ world: oneOfEach });
    const banner = page.getByRole('region', { name: 'What burns' });
    expect(await banner.locator('.pages li').count()).toBe(1);
    expect(await banner.locator('.quiet').allTextContents()).toEqual([
      'Acknowledged page: checkout availability (ada)',
      'Ticket: mail-relay availability',
    ]);
    await banner.getByRole('link', { name: 'recommendations availability', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'recommendations' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/services/berlin/shop/recommendations');
    expect(new URL(page.url()).search).toBe('?slo=availability');
    await close();
  });

  test('names from the network are text', async () => {
    const { page, close, complaints } = await chromium().open({ world: oneOfEach });
    await page.getByText(hostile).waitFor();
    expect(await page.locator('main img, main script').count()).toBe(0);
    expect(await page.title()).toBe('meshslo');
    expect(complaints).toEqual([]);
    await close();
  });

  test.each([961, 1024])('%s px wide, it is a table still, with nothing cut off', async (width) => {
    const { page, close } = await chromium().open({ world: oneOfEach, width });
    await page.getByRole('columnheader', { name: 'Budget left' }).waitFor();
    const cut = `[...document.querySelectorAll('.services td')]
      .filter((cell) => cell.scrollWidth > cell.clientWidth + 1)
      .map((cell) => cell.className + ': ' + cell.textContent)`;
    expect(await page.evaluate(cut)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await close();
  });

  test('a name of 4 KB takes no more room than others may', async () => {
    const { page, close, complaints } = await chromium().open({
      world: (api) => {
        api.services = [service({ service: 'x'.repeat(4096), namespace: '服'.repeat(4096), owner: 'y'.repeat(4096) })];
        api.active = [alert({ service: 'x'.repeat(4096) })];
      },
    });
    const row = await page.locator('.services tbody tr').boundingBox();
    expect(row!.height).toBeLessThan(250);
    expect((await page.locator('.banner').boundingBox())!.height).toBeLessThan(150);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    expect(complaints).toEqual([]);
    await close();
  });

  test('the search finds words of service, owner and place; state and owner narrow it; the address keeps it', async () => {
    const { page, close } = await chromium().open({ world: oneOfEach });
    await page.waitForSelector('.services');
    await page.keyboard.press('/');
    await page.keyboard.type('DISCOV berlin');
    expect(await names(page)).toEqual(['search']);
    await page.keyboard.type('zzz');
    await page.getByText('No service fits this filter.').waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    expect(await names(page)).toHaveLength(7);
    await page.getByRole('button', { name: /Missed/ }).click();
    expect(await names(page)).toEqual(['mail-relay']);
    await page.getByRole('button', { name: /At risk/ }).click();
    await page.getByLabel('Show namespace').selectOption('payments');
    expect(await names(page)).toEqual(['checkout']);
    expect(new URL(page.url()).search).toBe('?state=missed&state=at-risk&namespace=payments');
    await page.reload();
    await page.waitForSelector('.services');
    expect(await names(page)).toEqual(['checkout']);
    await page.getByLabel('Show owner').selectOption('nobody');
    await page.getByText('No service fits this filter.').waitFor();
    await close();
  });

  test('by keys alone one goes through the rows, into a service, and back to the same row', async () => {
    const { page, close } = await chromium().open({ world: oneOfEach });
    await page.waitForSelector('.services');
    for (const key of ['j', 'j', 'j', 'k']) await page.keyboard.press(key);
    expect(await focused(page)).toBe('mail-relay');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1 }).filter({ hasNotText: 'Services' }).waitFor();
    await page.keyboard.press('Escape');
    await page.waitForSelector('.services');
    await until(page, 'document.activeElement.textContent === "mail-relay"');
    await page.keyboard.press('/');
    await page.keyboard.type('check');
    await page.keyboard.press('Enter');
    expect(await focused(page)).toBe('checkout');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor({ state: 'hidden' });
    await close();
  });

  test('going back shows the list as it was left', async () => {
    const { page, close } = await chromium().open({ world: oneOfEach, path: '/?q=mail' });
    await page.getByRole('link', { name: 'mail-relay', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'recommendations' }).waitFor();
    await page.locator('.crumbs').getByRole('link', { name: 'Services' }).click();
    await page.waitForSelector('.services');
    expect(await names(page)).toEqual(['mail-relay']);
    await page.goBack();
    await page.goBack();
    expect(new URL(page.url()).search).toBe('?q=mail');
    await close();
  });

  test('news change the numbers at once, and the order only when nobody is among the rows', async () => {
    const { page, api, close } = await chromium().open({ world: oneOfEach });
    await page.waitForSelector('.services');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    const [first, second, ...others] = api.services;
    api.services = [{ ...second!, urgency: 'burning' }, { ...first!, urgency: 'at-risk' }, ...others];
    api.announce();
    await page.locator('tr.burning', { hasText: 'mail-relay' }).waitFor();
    expect((await names(page)).slice(0, 2)).toEqual(['recommendations', 'mail-relay']);
    expect(await focused(page)).toBe('mail-relay');
    await page.getByRole('button', { name: 'Sort now' }).click();
    expect((await names(page)).slice(0, 2)).toEqual(['mail-relay', 'recommendations']);
    await close();
  });

  test('a row keeps the focus when it is moved', async () => {
    const { page, api, close } = await chromium().open({ world: oneOfEach });
    await page.waitForSelector('.services');
    for (let presses = 0; presses < 7; presses += 1) await page.keyboard.press('j');
    expect(await focused(page)).toBe('search');
    // Longer than anybody takes to click.
    await page.clock.setFixedTime((noon + 100) * 1000);
    api.services = [...api.services].reverse();
    api.announce();
    await until(page, 'document.querySelector(".services tbody th a").textContent === "search"');
    expect(await focused(page)).toBe('search');
    await close();
  });

  test('two thousand services can be scrolled to the last, and one of them is found', async () => {
    const { page, close } = await chromium().open({
      world: (api) => {
        api.services = Array.from({ length: 2000 }, (_, index) => service({ service: `service-${index}` }));
      },
    });
    await page.waitForSelector('.services');
    expect((await names(page)).length).toBeLessThan(400);
    await page.getByRole('searchbox').fill('service-1234');
    expect(await names(page)).toEqual(['service-1234']);
    await page.getByRole('searchbox').fill('');
    await until(
      page,
      `(scrollTo(0, document.body.scrollHeight), document.querySelectorAll('.services tbody tr').length === 2000)`,
    );
    await close();
  });

  test('a busy browser that tells several looks at the end of the list at once gets further rows, too', async () => {
    const { page, close } = await chromium().open({
      world: (api) => {
        api.services = Array.from({ length: 100 }, (_, index) => service({ service: `service-${index}` }));
      },
    });
    await page.waitForSelector('.services');
    await page.evaluate(`window.IntersectionObserver = class {
      constructor(hear) { this.hear = hear; }
      observe() { setTimeout(() => this.hear([{ isIntersecting: false }, { isIntersecting: true }]), 10); }
      disconnect() {}
    }`);
    await page.getByRole('searchbox').fill('service');
    await until(page, "document.querySelectorAll('.services tbody tr').length === 100");
    await close();
  });
});
