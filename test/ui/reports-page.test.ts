import { expect, test } from '@jest/globals';
import { describePage, picture } from './browser.js';
import type { MadeUpApi } from './made-up-api.js';
import { reportList, reportView } from './made-up-reports.js';

function world(api: MadeUpApi): void {
  api.reportList = reportList();
  api.reports = [reportView(), reportView({ id: '2026-W09', newerId: '2026-W09~2' })];
}

describePage('the pages of reports', (chromium) => {
  test('every known week can be opened, with its verdict and who got it where it was sent', async () => {
    const { page, close, complaints } = await chromium().open({ path: '/reports', world });
    await page.locator('tbody tr').nth(2).waitFor();
    const rows = await page.locator('tbody tr').allInnerTexts();
    expect(rows[0]).toMatch(/Week 10 of 2026\s+2\s?–\s?8 Mar\s+goes on/);
    expect(rows[1]).toMatch(
      /Week 9 of 2026\s+23 Feb\s?–\s?1 Mar\s+35 of 37 promises were kept\.\s+revised; before: revision 1\s+sent to 2, 1 wait, 1 not reached/,
    );
    expect(rows[2]).toContain('not archived');
    const links = await page.locator('tbody th a').all();
    const addresses = await Promise.all(links.map((link) => link.getAttribute('href')));
    expect(addresses).toEqual(['/reports/2026-W10', '/reports/2026-W09~2', '/reports/2026-W08']);
    await picture(page, 'reports');
    await page.getByLabel('Of').selectOption('team-shop');
    await page.waitForURL('**/reports?team=team-shop');
    expect(complaints).toEqual([]);
    await close();
  });

  test('a report says all that the mail says, and leads to its services and weeks', async () => {
    const { page, close, complaints } = await chromium().open({ path: '/reports/2026-W09~2', world });
    await page.getByRole('heading', { level: 1, name: '35 of 37 promises were kept.' }).waitFor();
    const text = await page.locator('article').innerText();
    for (const said of [
      'Revision 2',
      'Roll back.',
      '<img src=x onerror=alert(1)>',
      'And 27 more.',
      'No alert fired.',
      'Clocks of UTC.',
      '550 no such user',
    ]) {
      expect(text).toContain(said);
    }
    await page.getByRole('img', { name: 'The budget of the cart went from 20 % to -72 %.' }).waitFor();
    expect(await page.getByRole('link', { name: 'as it is mailed' }).getAttribute('href')).toBe(
      '/api/v1/reports/2026-W09~2/html',
    );
    await picture(page, 'report');
    await page.getByRole('link', { name: 'shop/cart availability' }).click();
    await page.waitForURL('**/services/berlin/shop/cart');
    await page.goBack();
    await page.getByRole('link', { name: 'The week before' }).click();
    await page.getByText('There is no such report').waitFor();
    expect(complaints.filter((complaint) => !complaint.includes('404'))).toEqual([]);
    await close();
  });

  test('an earlier revision says that there is a later one; Escape leads back to the list', async () => {
    const { page, close } = await chromium().open({ path: '/reports/2026-W09', world });
    await page.getByText('Its figures have changed since.').waitFor();
    await page.getByRole('link', { name: 'The last revision' }).click();
    await page.waitForURL('**/reports/2026-W09~2');
    await page.keyboard.press('Escape');
    await page.waitForURL('**/reports');
    await page.locator('tbody tr').nth(2).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/reports\/2026-W/);
    await close();
  });

  test('what is not archived says so', async () => {
    const { page, close } = await chromium().open({
      path: '/reports/2026-W10',
      world: (api) => {
        world(api);
        api.reports = [reportView({ id: '2026-W10', archived: null, letters: [], isFinished: false })];
      },
    });
    await page.getByText('This week so far, read from the ledger just now.').waitFor();
    await close();
  });
});
