import { expect, test } from '@jest/globals';
import { controlPlaneView } from '../../src/server/control-plane-view.js';
import { madeUpIstio } from '../server/made-up-control-planes.js';
import { describePage, picture } from './browser.js';

describePage('the page of control planes', (chromium) => {
  test('says how instances, sync, versions, certificates and pushes are, with the way to their findings', async () => {
    const { page, close, complaints } = await chromium().open({
      path: '/control-plane',
      world: (api) => (api.controlPlanes = { controlPlanes: [controlPlaneView(madeUpIstio)], configured: 1 }),
    });
    await page.getByRole('heading', { level: 2, name: 'Istio istio-berlin' }).waitFor();
    const facts = await page.locator('.signal').allInnerTexts();
    expect(facts).toEqual([
      expect.stringMatching(/^In sync\s+15 of 17 proxies\.\s+2 out of sync: team-shop 2$/),
      expect.stringMatching(
        /^Versions of proxies\s+1\.24\.3: 14, 1\.23\.5: 3\s+Wanted: 1\.24\.3\s+3 to restart: nobody 3$/,
      ),
      expect.stringMatching(/root: 10 days left\s+workload of team-shop: ended 1 minute ago/),
      expect.stringMatching(/Half within 50 ms, 99 % within 400 ms; 3\.5 a second\.\s+1 refused/),
      expect.stringContaining('Not known: no addresses of proxies are configured'),
    ]);
    expect(await page.getByRole('link', { name: '2 out of sync' }).getAttribute('href')).toBe(
      '/findings?kind=SidecarOutOfSync',
    );
    await page.getByText('connection refused').waitFor();
    await page.getByText('Its instances differ in the number of services.').waitFor();
    await picture(page, 'control-plane');
    expect(complaints).toEqual([]);
    await close();
  });

  test('without a control plane it says what to configure', async () => {
    const { page, close } = await chromium().open({ path: '/control-plane' });
    await page.getByText('No control plane is configured.').waitFor();
    await close();
  });
});
