import { expect, test } from '@jest/globals';
import type { LookView } from '../../src/server/api-types/finding.js';
import { describePage, picture } from './browser.js';
import type { MadeUpApi } from './made-up-api.js';
import { finding, noon, watcher } from './made-up-world.js';

const look = (source: string, given: Partial<LookView> = {}): LookView => ({
  source,
  everySeconds: 15,
  lookedSeconds: noon - 5,
  error: null,
  leftOut: 0,
  ...given,
});

function world(api: MadeUpApi): void {
  api.watcher = watcher({ findings: { critical: 2, warning: 1, info: 1 } });
  api.looks = [look('kubernetes berlin'), look('consul dc1')];
  api.findings = [
    finding(),
    finding({ id: 'f2', summary: 'recommendations-9 is registered at 10.1.2.9, and no pod has this address' }),
    finding({ id: 'f3', kind: 'RegistryFlapping', severity: 'warning', owner: 'team-search', action: 'look at it' }),
    finding({ id: 'f4', kind: 'NoOwner', severity: 'info', owner: null, action: 'say who answers for it' }),
  ];
}

describePage('the page of findings', (chromium) => {
  test('shows what matters most first, by who has to act, and each advice once', async () => {
    const { page, close, complaints } = await chromium().open({ path: '/findings', world });
    await page.getByText('4 found; looked at 11:59 by 2 sources.').waitFor();
    expect(await page.locator('main h2').allInnerTexts()).toEqual([
      expect.stringContaining('Critical'),
      expect.stringContaining('Warning'),
      expect.stringContaining('Good to know'),
    ]);
    expect(await page.locator('h3').allInnerTexts()).toEqual(['team-shop', 'team-search', 'Nobody’s']);
    expect(await page.getByText('deregister it, and find out').count()).toBe(1);
    await page.getByRole('link', { name: 'Findings 2' }).waitFor();
    await picture(page, 'findings');
    expect(complaints).toEqual([]);
    await close();
  });

  test('leads to one finding with its evidence, and to the service', async () => {
    const { page, close } = await chromium().open({ path: '/findings', world });
    await page.locator('tbody tr').first().waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Zombie registration: recommendations-7d9f' }).waitFor();
    await page.getByText('since 11:40, seen last 12:00').waitFor();
    await page.getByText('consul dc1').waitFor();
    await picture(page, 'finding');
    await page.keyboard.press('Escape');
    await page.getByText('4 found').waitFor();
    await page.getByRole('link', { name: 'team-search' }).click();
    await page.getByText('1 found').waitFor();
    expect(new URL(page.url()).search).toBe('?owner=team-search');
    await close();
  });

  test.each([
    ['nobody looks', [], 'Nothing looks for trouble'],
    ['nothing is wrong', [look('a'), look('b')], 'Nothing found; looked at 11:59 by 2 sources.'],
    [
      'nobody can look',
      [look('a', { lookedSeconds: null, error: { code: 'forbidden', message: 'Consul refuses', hint: null } })],
      'Nobody can look.',
    ],
    ['nobody has looked yet', [look('a', { lookedSeconds: null })], 'Looking …'],
  ])('says so where %s', async (_why, looks, text) => {
    const { page, close } = await chromium().open({ path: '/findings', world: (api) => (api.looks = looks) });
    await page.getByText(text).waitFor();
    await close();
  });

  test('a thousand of the same are some rows, and all of them on demand', async () => {
    const { page, close } = await chromium().open({
      path: '/findings',
      world: (api) => {
        api.looks = [look('a')];
        api.findings = Array.from({ length: 1000 }, (_, number) => finding({ id: `f${number}` }));
      },
    });
    await page.getByRole('button', { name: 'All 1000' }).click();
    await page.locator('tbody tr').nth(999).waitFor();
    await close();
  });
});
