import { expect, test } from '@jest/globals';
import { describePage, picture } from './browser.js';
import type { MadeUpApi } from './made-up-api.js';
import { migrating, noon } from './made-up-world.js';

const places = [{ place: 'kubernetes berlin', currentSeconds: noon, error: null, lacks: [] }];

function world(api: MadeUpApi): void {
  const there = { wanted: 'injected', actual: 'egress', isThere: true } as const;
  const untold = { received: 100, authenticated: 0, plain: 0, sent: 5 };
  const silent = {
    wanted: null,
    actual: null,
    seen: null,
    isThere: null,
    owner: null,
    instances: 0,
    meshed: 0,
  } as const;
  api.migration = {
    services: [
      migrating(),
      migrating({ id: 'berlin/shop/cart', service: 'cart', ...there, seen: 'egress', requests: untold }),
      migrating({ id: 'berlin/shop/mail', service: 'mail', ...silent }),
    ],
    places,
  };
}

describePage('the page of the migration', (chromium) => {
  test('says who is behind, and how far everybody is', async () => {
    const { page, close, complaints } = await chromium().open({ path: '/migration', world });
    await page.getByText('1 of 3 services is not yet where it is wanted.').waitFor();
    await page.getByText('Known from kubernetes berlin, as of 12:00.').waitFor();
    expect(await page.locator('tbody tr').first().innerText()).toMatch(
      /recommendations.*mTLS only.*calling through the mesh behind.*3 of 3/s,
    );
    expect(await page.locator('tbody tr').nth(1).innerText()).toMatch(
      /cart.*through its proxies, mTLS not told, calls through them/s,
    );
    expect(await page.locator('tbody tr').last().innerText()).toMatch(/mail.*nobody.*no instances.*none seen.*0 of 0/s);
    await picture(page, 'migration');
    expect(complaints).toEqual([]);
    await close();
  });

  test.each([
    ['no catalogue', { services: [], places: [] }, 'Nothing is known of services but their requests'],
    ['an empty one', { services: [], places }, 'The catalogue holds no service.'],
    [
      'one that cannot be read',
      {
        services: [],
        places: [{ ...places[0]!, error: { code: 'forbidden', message: 'it refuses us', hint: null } }],
      },
      'kubernetes berlin cannot be read: it refuses us. What it told last stays.',
    ],
    [
      'one of which a part cannot be read',
      {
        services: [],
        places: [
          {
            ...places[0]!,
            lacks: [
              {
                part: 'peerauthentications',
                unknown: 'which services refuse plain text',
                error: { code: 'forbidden', message: 'it refuses us', hint: 'add a line to the ClusterRole' },
              },
            ],
          },
        ],
      },
      'peerauthentications of kubernetes berlin cannot be read: it refuses us (add a line to the ClusterRole). Nobody knows which services refuse plain text.',
    ],
  ] as const)('says so where there is %s', async (_what, migration, text) => {
    const { page, close } = await chromium().open({ path: '/migration', world: (api) => (api.migration = migration) });
    await page.getByText(text).waitFor();
    await close();
  });
});
