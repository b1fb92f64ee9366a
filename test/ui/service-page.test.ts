import { expect, test } from '@jest/globals';
import { describePage, picture } from './browser.js';
import type { MadeUpApi } from './made-up-api.js';
import { alert, burningDetail, noon, service } from './made-up-world.js';

const path = '/services/berlin/shop/recommendations';

function world(api: MadeUpApi): void {
  api.services = [service({ service: 'recommendations', urgency: 'burning' })];
  api.active = [alert()];
}

describePage('the page of a service', (chromium) => {
  test('says what burns, how fast, whose it is, whether it is the mesh, since when, and what to do', async () => {
    const { page, close, complaints } = await chromium().open({ path, world });
    const main = page.locator('main');
    await main.getByRole('heading', { level: 1, name: 'recommendations' }).waitFor();
    const text = await main.innerText();
    expect(text).toContain(
      'availability spends its budget 48 times as fast as allowed; 47.6 % is left, gone in 7 hours at this pace.',
    );
    expect(text).toContain('Owner: team-shop');
    expect(text).toContain('It is the service: its own proxy sees it fail, and the mesh delivers.');
    expect(text).toContain('6,912 of 144,000 requests failed (4.8 %) in the last hour');
    expect(text).toContain('3 of 144,000 requests did not reach it');
    expect(text).toMatch(/Error budget burn fast: availability\s+page since 11:48/);
    expect(text).toContain('What to do: Look at what changed in the last half hour');
    await picture(page, 'service');
    expect(complaints).toEqual([]);
    await close();
  });

  test('every chart has its numbers in words and as a table; what is unknown says why', async () => {
    const { page, close } = await chromium().open({ path, world });
    await page.locator('.uplot').first().waitFor();
    expect(await page.locator('figure.chart h3').allTextContents()).toEqual([
      'Budget left, last week',
      'Bad requests, availability',
      'Traffic',
      'Latency',
      'Proxy memory',
      'Proxy connections',
    ]);
    expect(await page.locator('.uplot canvas').count()).toBe(5);
    await page.getByText('Unknown: the proxies do not tell.').waitFor();
    await page
      .getByRole('img', {
        name: /^Bad requests, availability: Worst 4\.\d+ % at 11:[45]\d; the objective allows 0\.1 %/,
      })
      .waitFor();
    await page.locator('figure', { hasText: 'Traffic' }).getByText('Numbers').click();
    const rows = page.getByRole('region', { name: 'Numbers of Traffic' }).locator('tbody tr');
    await rows.first().waitFor();
    expect(await rows.count()).toBe(180);
    // 10:00 to 10:15 nobody looked.
    expect(await rows.nth(70).innerText()).toMatch(/^10:10\s+unknown$/);
    await page.getByText(/91.7 % of it observed/).waitFor();
    await close();
  });

  test('pointing at one chart shows the same moment in all of them', async () => {
    const { page, close } = await chromium().open({ path, world });
    const picture = page.locator('figure', { hasText: 'Traffic' }).locator('.u-over');
    await picture.scrollIntoViewIfNeeded();
    const box = (await picture.boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + 40);
    await page.locator('.charts .readout time').first().waitFor();
    const moments = await page.locator('.charts .readout time').allTextContents();
    expect(moments).toHaveLength(4);
    expect(new Set(moments)).toEqual(new Set(['10:30']));
    await close();
  });

  test('what happened stands in the charts and in a list; pointing at it tells what, and a key shows the time around it', async () => {
    const { page, close, complaints } = await chromium().open({
      path,
      world: (made) => {
        world(made);
        made.detail = (from, to) => {
          const detail = burningDetail(from, to);
          const istiod = {
            kind: 'control-plane' as const,
            atSeconds: noon - 5400,
            service: null,
            summary: 'istiod main went from 1.24.3 to 1.24.4',
            facts: {},
          };
          return { ...detail, events: [istiod, ...detail.events] };
        };
      },
    });
    const list = page.locator('.event-list');
    expect((await list.locator('li').allInnerTexts()).map((text) => text.replace(/\s+/g, ' '))).toEqual([
      '11:45 ▲ deploy recommendations went from 2.3.0 to 2.4.0',
      '10:30 ◆ control plane istiod main went from 1.24.3 to 1.24.4',
    ]);
    const traffic = page.locator('figure', { hasText: 'Traffic' });
    const plot = traffic.locator('.u-over');
    await plot.scrollIntoViewIfNeeded();
    const box = (await plot.boundingBox())!;
    const colourAt = (share: number): Promise<string> =>
      page.evaluate(
        `(() => {
          const canvas = [...document.querySelectorAll('figure.chart')].find((one) => one.textContent.startsWith('Traffic')).querySelector('canvas');
          const left = canvas.getBoundingClientRect().left;
          const x = Math.round((${box.x} + ${box.width} * ${share} - left) * devicePixelRatio);
          return [-1, 0, 1].map((by) => canvas.getContext('2d').getImageData(x + by, 20, 1, 1).data.join()).join(' ');
        })()`,
      );
    // #6b3fa0, where 11:45 and 10:30 are of 9:00 to 12:00, and not beside it.
    expect(await colourAt(165 / 180)).toContain('107,63,160');
    expect(await colourAt(90 / 180)).toContain('107,63,160');
    expect(await colourAt(150 / 180)).not.toContain('107,63,160');
    await page.mouse.move(box.x + (box.width * 165) / 180 + 2, box.y + 40);
    await traffic.getByText('▲ 11:45 recommendations went from 2.3.0 to 2.4.0').waitFor();
    await page.mouse.move(box.x + (box.width * 120) / 180, box.y + 40);
    await traffic.getByText('▲ 11:45').waitFor({ state: 'detached' });
    const link = list.getByRole('link', { name: '10:30, control plane: istiod main' });
    const thin = await colourAt(90 / 180);
    await link.focus();
    expect(await colourAt(90 / 180)).not.toBe(thin);
    await picture(page, 'service-events');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '10:00 – 11:00' }).waitFor();
    // Reading a canvas again and again is this test's doing.
    expect(complaints.filter((complaint) => !complaint.includes('getImageData'))).toEqual([]);
    await close();
  });

  test('where nothing is known to have happened, that is said', async () => {
    const quiet = (from?: number, to?: number) => ({ ...burningDetail(from, to), events: [] });
    const { page, close } = await chromium().open({ path, world: (made) => (made.detail = quiet) });
    await page.getByText('No deploy, and no change of its mesh, is known from 09:00 to 12:00.').waitFor();
    await close();
  });

  test('a stretch that is dragged over is shown alone, has an address, and one way back', async () => {
    const { page, close } = await chromium().open({ path, world });
    const plot = page.locator('figure', { hasText: 'Traffic' }).locator('.u-over');
    await plot.scrollIntoViewIfNeeded();
    const box = (await plot.boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + (box.width * 2) / 3, box.y + 40, { steps: 4 });
    await page.mouse.up();
    await page.getByRole('link', { name: 'Back to now' }).waitFor();
    const asked = new URL(page.url()).searchParams;
    // Half of three hours is 10:30, two thirds 11:00.
    expect(Math.abs(Number(asked.get('from')) - (noon - 5400))).toBeLessThanOrEqual(60);
    expect(Math.abs(Number(asked.get('to')) - (noon - 3600))).toBeLessThanOrEqual(60);
    await page.getByRole('heading', { name: /^10:(29|3.) – (10:59|11:0.)$/ }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: '09:00 – 12:00' }).waitFor();
    await page.getByRole('link', { name: '1 day' }).click();
    await page.getByRole('heading', { name: 'Mar 1, 12:00 – 12:00' }).waitFor();
    expect(new URL(page.url()).search).toBe('?last=86400');
    await close();
  });

  test('an address of an alert opens the SLO and the time it speaks of', async () => {
    const { page, close } = await chromium().open({
      path: `${path}?slo=latency&from=${noon - 7200}&to=${noon - 3600}`,
      world,
    });
    await page.getByRole('heading', { name: '10:00 – 11:00' }).waitFor();
    await close();
  });

  test('a time that cannot be shown says why, and leads back to now', async () => {
    const { page, api, close } = await chromium().open({
      path: `${path}?from=${noon + 3600}&to=${noon + 7200}`,
      world: (made) => {
        world(made);
        made.failing = 400;
      },
    });
    await page.getByText('This service cannot be read: made to fail with 400.').waitFor();
    api.failing = undefined;
    await page.getByRole('link', { name: 'Back to now' }).click();
    await page.getByRole('heading', { name: '09:00 – 12:00' }).waitFor();
    await close();
  });

  test('who burns can be told apart by caller, flag, code and version, and adds up', async () => {
    const { page, close } = await chromium().open({ path, world });
    const panel = page.locator('.breakdown');
    await panel.getByText('6,912 bad requests of availability').waitFor();
    expect(await panel.locator('tbody tr').allInnerTexts()).toEqual([
      expect.stringMatching(/^frontend\s+5,551\s+80.3 %$/),
      expect.stringMatching(/^mobile-gateway\s+1,204\s+17.4 %$/),
      expect.stringMatching(/^unknown\s+120/),
      expect.stringMatching(/^all others\s+37/),
    ]);
    await panel.getByRole('button', { name: 'Response flag' }).click();
    await panel.getByText('could not connect, retries used up').waitFor();
    await close();
  });

  test('each step of the policy stands beside what it would need to fire', async () => {
    const { page, close } = await chromium().open({ path, world });
    const rows = page.locator('.steps tbody tr');
    await rows.first().waitFor();
    const texts = (await rows.allInnerTexts()).map((text) => text.replace(/\s+/g, ' '));
    expect(texts[0]).toContain('14.4x ▲ 48x in 1 hour ▲ 51x in 5 minutes yes');
    expect(texts[2]).toContain('1x 0.9x in 3 days ▲ 8.4x in 6 hours no');
    await close();
  });

  test('a young service is said to be young: its windows are not full', async () => {
    const { page, api, close } = await chromium().open({
      path,
      world: (made) => {
        world(made);
        made.detail = (from, to) => {
          const detail = burningDetail(from, to);
          return { ...detail, slos: detail.slos.map((slo) => ({ ...slo, firstObservedSeconds: noon - 420 })) };
        };
      },
    });
    await page.getByText('Measured for 7 minutes only: longer windows hold no more than that').waitFor();
    api.detail = burningDetail;
    api.announce();
    await page.getByText('Measured for').waitFor({ state: 'detached' });
    await close();
  });

  test('a proxy that tells samples twice is no silent one', async () => {
    const { page, close } = await chromium().open({
      path,
      world: (made) => {
        made.detail = (from, to) => {
          const detail = burningDetail(from, to);
          return { ...detail, proxies: detail.proxies.map((proxy) => ({ ...proxy, duplicates: 48 })) };
        };
      },
    });
    await page.getByText('answers but tells 48 samples twice: the first of each is counted').first().waitFor();
    await close();
  });

  test('an address of the first version of the page leads to where it moved', async () => {
    const { page, close } = await chromium().open({
      path: `/#slo=${encodeURIComponent('berlin/shop/recommendations/availability')}`,
      world,
    });
    await page.getByRole('heading', { level: 1, name: 'recommendations' }).waitFor();
    expect(page.url()).toMatch(/\/services\/berlin\/shop\/recommendations\?slo=availability$/);
    await close();
  });

  test('a service that was never seen is said to be none, and one without SLOs has its traffic', async () => {
    const { page, api, close } = await chromium().open({ path, world: (made) => (made.detail = () => undefined) });
    await page.getByText('There is no service of this name (any more).').waitFor();
    api.detail = (from, to) => ({ ...burningDetail(from, to), slos: [], chosen: null, urgency: null });
    api.announce();
    await page.getByText('This service has no SLO: nothing is promised').waitFor();
    await page.locator('figure', { hasText: 'Traffic' }).locator('canvas').waitFor();
    await close();
  });
});
