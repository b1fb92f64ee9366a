import { expect, test } from '@jest/globals';
import { describePage, picture } from './browser.js';
import type { MadeUpApi } from './made-up-api.js';
import { alert, noon, service, watcher } from './made-up-world.js';

function world(api: MadeUpApi): void {
  api.services = [service()];
  api.active = [alert({ id: 'e2', severity: 'ticket', service: 'mail-relay' }), alert()];
  api.ended = [alert({ id: 'e0', service: 'search', startedSeconds: noon - 7200, endedSeconds: noon - 3600 })];
}

describePage('the pages of alerts', (chromium) => {
  test('what fires stands before what fired, pages before tickets', async () => {
    const { page, close, complaints } = await chromium().open({ path: '/alerts', world });
    await page.locator('tbody tr').nth(2).waitFor();
    expect(await page.locator('tbody th a').allTextContents()).toEqual([
      'recommendations availability',
      'mail-relay availability',
      'search availability',
    ]);
    expect(await page.locator('tbody tr').last().innerText()).toMatch(/10:00\s+1 hour/);
    await picture(page, 'alerts');
    expect(complaints).toEqual([]);
    await close();
  });

  test('an alert says what to do, leads to the service at its time, and takes a note', async () => {
    const { page, api, close, complaints } = await chromium().open({ path: '/alerts/e1', world });
    await page.getByRole('heading', { name: 'Error budget burn fast: recommendations availability' }).waitFor();
    await page.getByText('firing since 11:48').waitFor();
    await page.getByLabel('Note').fill('rolling back');
    await page.getByRole('button', { name: 'Acknowledge' }).click();
    await page.getByText('Acknowledged by ada').waitFor();
    expect(api.changes).toEqual(['POST alerts/e1/acknowledgement {"note":"rolling back"}']);
    await page.getByRole('button', { name: 'Mark as noise' }).click();
    await page.getByRole('button', { name: 'Not noise after all' }).click();
    await page.getByRole('button', { name: 'Mark as noise' }).waitFor();
    expect(api.changes.slice(1)).toEqual(['POST alerts/e1/noise {}', 'DELETE alerts/e1/noise ']);
    await page.getByRole('link', { name: 'The service at that time' }).click();
    await page.getByRole('heading', { level: 1, name: 'recommendations' }).waitFor();
    expect(new URL(page.url()).search).toBe('?slo=availability');
    await page.goto(`${new URL(page.url()).origin}/alerts/e0`);
    const href = await page.getByRole('link', { name: 'The service at that time' }).getAttribute('href');
    expect(href).toBe(`/services/berlin/shop/search?slo=availability&from=${noon - 10_800}&to=${noon - 1800}`);
    expect(complaints).toEqual([]);
    await close();
  });

  test('an alert that fires for hours leads to all of its time, and what was before', async () => {
    const started = noon - 5 * 3600;
    const { page, close } = await chromium().open({
      path: '/alerts/e1',
      world: (api) => (api.active = [alert({ startedSeconds: started })]),
    });
    const href = await page.getByRole('link', { name: 'The service at that time' }).getAttribute('href');
    // Five hours, one before them, and the seconds since noon: whole hours.
    expect(href).toBe(`/services/berlin/shop/recommendations?slo=availability&last=${7 * 3600}`);
    await close();
  });

  test('a name of 4 KB breaks no page', async () => {
    const name = 'x'.repeat(4096);
    const { page, close, complaints } = await chromium().open({
      path: '/alerts/e1',
      world: (api) => {
        api.active = [alert({ service: name, summary: `nothing is known of shop/${name}`, description: name })];
      },
    });
    await page.getByRole('heading', { name: 'What to do' }).waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await page.goto(new URL('/alerts', page.url()).href);
    const row = await page.locator('tbody tr').boundingBox();
    expect(row!.height).toBeLessThan(200);
    expect(complaints).toEqual([]);
    await close();
  });

  test('an alert that was acknowledged goes on being followed', async () => {
    const { page, api, close } = await chromium().open({ path: '/alerts/e1', world });
    await page.getByRole('button', { name: 'Acknowledge' }).click();
    await page.getByText('Acknowledged by ada').waitFor();
    api.active = api.active.map((one) => ({ ...one, endedSeconds: noon }));
    api.announce();
    await page.getByText('fired from 11:48 to 12:00').waitFor();
    await close();
  });

  test('who may only look sees what was said, and nothing to say it with', async () => {
    const { page, close } = await chromium().open({
      path: '/alerts/e1',
      world: (api) => {
        api.watcher = watcher({ identity: { name: 'eve', role: 'viewer' } });
        api.active = [alert({ acknowledged: { by: 'ada', atSeconds: noon - 60, note: 'rolling back' } })];
      },
    });
    await page.getByText('Acknowledged by ada').waitFor();
    await page.getByText('eve').waitFor();
    expect(await page.locator('.marks button').count()).toBe(0);
    await close();
  });

  test('what the server does not take is said, and the note stays', async () => {
    const { page, api, close } = await chromium().open({ path: '/alerts/e1', world });
    await page.getByLabel('Note').fill('rolling back');
    api.failing = 429;
    await page.getByRole('button', { name: 'Acknowledge' }).click();
    await page.getByText('That was not taken: made to fail with 429.').waitFor();
    expect(await page.getByLabel('Note').inputValue()).toBe('rolling back');
    await close();
  });

  test('an alert that is forgotten is said to be', async () => {
    const { page, close } = await chromium().open({ path: '/alerts/none', world });
    await page.getByText('There is no such alert').waitFor();
    await close();
  });
});
