import { expect, test } from '@jest/globals';
import { describePage, picture } from './browser.js';
import { noon, service, watcher } from './made-up-world.js';

describePage('what the page says when it cannot be believed', (chromium) => {
  test('nothing seen yet is said, with where to look', async () => {
    const { page, close } = await chromium().open({
      world: (api) => {
        api.watcher = watcher({ countedUntilSeconds: null, lagSeconds: null, targets: { up: 0, down: 0, unknown: 0 } });
      },
    });
    await page.getByText('No service has been seen yet.').waitFor();
    await page.getByText('There is no target to read.').waitFor();
    await picture(page, 'empty');
    await close();
  });

  test('a watcher that sees nothing does not say that nothing burns', async () => {
    const { page, close } = await chromium().open({
      world: (api) => {
        api.services = [service({ urgency: 'no-data' })];
        api.watcher = watcher({ targets: { up: 0, down: 3, unknown: 0 } });
      },
    });
    await page.getByText('Nothing can be said about any service; 0 of 3 targets answer.').waitFor();
    await page.getByText('No target answers.').waitFor();
    expect(await page.getByText('Nothing burns').count()).toBe(0);
    await close();
  });

  test.each([
    { lagSeconds: 75, isStale: false, why: 'the next minute is not over yet' },
    { lagSeconds: 119, isStale: false, why: 'one minute may be late' },
    { lagSeconds: 180, isStale: true, why: 'three minutes are missing' },
  ])('after $lagSeconds s without news stale is $isStale: $why', async ({ lagSeconds, isStale }) => {
    const { page, close } = await chromium().open({
      world: (api) => {
        api.services = [service()];
        api.watcher = watcher({ lagSeconds });
      },
    });
    await page.waitForSelector('.services');
    expect(await page.getByText('Nothing new since 12:00').count()).toBe(isStale ? 1 : 0);
    expect(await page.locator('.freshness').textContent()).toMatch(isStale ? /^stale for 3 minutes/ : /^live/);
    await close();
  });

  test('a page that is left open sees by its own clock that no news come, whatever the clocks say', async () => {
    const { page, close } = await chromium().open({
      world: (api) => {
        api.services = [service()];
        // The server's clock is a year ahead.
        api.watcher = watcher({ countedUntilSeconds: noon + 365 * 86_400, lagSeconds: 10 });
      },
    });
    await page.waitForSelector('.freshness.live');
    await page.clock.setFixedTime((noon + 12 + 111) * 1000);
    await page.waitForSelector('.freshness.doubtful');
    await close();
  });

  test('a stream that is open and tells nothing is not believed: the server is asked', async () => {
    const { page, api, close } = await chromium().open({ world: (made) => (made.services = [service()]) });
    await page.waitForSelector('.freshness.live');
    // As after a frozen process, or a network that changed: nothing closes the stream.
    api.failing = 503;
    await page.clock.setFixedTime((noon + 12 + 90) * 1000);
    await page.getByText('Not connected: made to fail with 503. Trying again. These numbers end at 12:00.').waitFor();
    await close();
  });

  test('a server that went away is said so, and the last numbers stay with their time', async () => {
    const { page, api, close } = await chromium().open({ world: (made) => (made.services = [service()]) });
    await page.waitForSelector('.services');
    api.failing = 503;
    api.announce();
    await page.getByText('Not connected: made to fail with 503. Trying again. These numbers end at 12:00.').waitFor();
    expect(await page.locator('.services tbody tr').count()).toBe(1);
    api.failing = undefined;
    api.announce();
    await page.getByText('not connected', { exact: true }).waitFor({ state: 'detached' });
    await close();
  });

  test('a page that finds no server says so, and goes on when there is one', async () => {
    const { page, api, close } = await chromium().open({
      world: (made) => {
        made.failing = 502;
        made.services = [service()];
      },
    });
    await page.getByText('Not connected: made to fail with 502. Trying again.').waitFor();
    api.failing = undefined;
    api.announce();
    // The stream of events could not be opened either; the page asks by itself.
    await page.evaluate('dispatchEvent(new Event("online"))');
    await page.waitForSelector('.services');
    await close();
  });

  test('whoever is logged out keeps the numbers, and gets back to the same place', async () => {
    const { page, api, close } = await chromium().open({
      path: '/?q=cart',
      world: (made) => (made.services = [service()]),
    });
    await page.waitForSelector('.services');
    api.failing = 401;
    api.announce();
    await page.getByText('You are no longer logged in. These numbers end at 12:00.').waitFor();
    const login = page.getByRole('link', { name: 'Log in again' });
    expect(await login.getAttribute('href')).toBe('/login?next=%2F%3Fq%3Dcart');
    expect(await page.locator('.services tbody tr').count()).toBe(1);
    await close();
  });

  test('what was lost, imported or refused is said once for the page', async () => {
    const { page, close } = await chromium().open({
      world: (api) => {
        api.services = [service()];
        api.watcher = watcher({
          gaps: [{ fromSeconds: noon - 7200, toSeconds: noon - 3600 }],
          unseen: { processes: 3, seconds: 120 },
          importedOrigins: ['simulated history'],
          places: [
            {
              job: 'sidecars',
              kind: 'file',
              place: 'targets.json',
              lastSuccessSeconds: noon - 60,
              targets: 4,
              error: { code: 'file-unreadable', message: 'it is not there', hint: null },
            },
            {
              job: 'sidecars',
              kind: 'http',
              place: 'http://sd/sidecars',
              lastSuccessSeconds: null,
              targets: 0,
              error: { code: 'target-status', message: 'http://sd/sidecars: answered with status 404', hint: null },
            },
          ],
          refusedConfiguration: { sinceSeconds: noon, mistakes: 2 },
          alerting: {
            ...watcher().alerting,
            alertmanagers: [
              {
                url: 'http://alertmanager:9093',
                lastSuccessSeconds: noon - 900,
                troubleSinceSeconds: noon - 840,
                error: { code: 'service-unreachable', message: 'connection refused', hint: null },
                refused: 0,
                waiting: 0,
              },
            ],
          },
        });
      },
    });
    const notes = await page.locator('footer').innerText();
    expect(notes).toContain('31 of 31 targets read · nobody looked from 10:00 to 11:00');
    expect(notes).toContain(
      'proxies restarted or went away 3 times: requests between the last look and the end are not counted (2 minutes in all)',
    );
    expect(notes).toContain('holds imported figures: simulated history');
    expect(await page.locator('.banner.doubtful').allInnerTexts()).toEqual([
      expect.stringMatching(/is refused \( ?2 mistakes/),
      'The targets of sidecars from targets.json cannot be read: it is not there. The 4 of its last good list stay.',
      'The targets of sidecars cannot be read: http://sd/sidecars: answered with status 404. None of its targets is known.',
    ]);
    expect(await page.locator('.banner.missed').innerText()).toBe(
      'http://alertmanager:9093 takes no alerts since 11:46: connection refused. Whoever waits for it hears nothing.',
    );
    await close();
  });

  test('an address that is none says so', async () => {
    const { page, close } = await chromium().open({ path: '/services/only-two/parts' });
    await page.getByText('There is no such page.').waitFor();
    await close();
  });
});
