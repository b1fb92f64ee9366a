import { expect, test } from '@jest/globals';
import type { CertificateState } from '../../src/controlplane/control-plane-state.js';
import { controlPlaneView } from '../../src/server/control-plane-view.js';
import { madeUpIstio, madeUpRegistrySync } from '../server/made-up-control-planes.js';
import { describePage, picture } from './browser.js';
import { finding } from './made-up-world.js';

describePage('the page of control planes', (chromium) => {
  test('says how instances, sync, versions, certificates and pushes are, with the way to their findings', async () => {
    const { page, close, complaints } = await chromium().open({
      path: '/control-plane',
      world: (api) =>
        (api.controlPlanes = {
          controlPlanes: [controlPlaneView(madeUpIstio)],
          configured: 1,
          registries: [madeUpRegistrySync],
        }),
    });
    await page.getByRole('heading', { level: 2, name: 'Istio istio-berlin' }).waitFor();
    const facts = await page.locator('.signal').allInnerTexts();
    expect(facts).toEqual([
      expect.stringMatching(
        /^In sync\s+15 of 21 proxies; nothing was sent to 1 yet; nobody can tell of 3\.\s+2 out of sync: team-shop 2$/,
      ),
      expect.stringMatching(
        /^Versions of proxies\s+1\.24\.3: 14, 1\.23\.5: 3\s+Wanted: 1\.24\.3\s+3 to restart: nobody 3$/,
      ),
      expect.stringMatching(/root: 10 days left\s+workload of team-shop: ended 1 minute ago/),
      expect.stringMatching(/Half within 50 ms, 99 % within 400 ms; 3\.5 a second\.\s+1 refused/),
      expect.stringContaining('Not known: no addresses of proxies are configured'),
      expect.stringMatching(
        /^consul dc1\s+12 changes were known by an Envoy: half within 4 s, 99 % within 110 s\.\s+Each may be off by up to 13 s/,
      ),
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

  test('a certificate ends soon when it has less time left than the configuration wants, and no sooner', async () => {
    const { told } = madeUpIstio.certificates as { readonly told: readonly CertificateState[] };
    const needing = (neededSeconds: number) => ({
      ...madeUpIstio,
      name: `istio-${neededSeconds}`,
      // Ten days are left.
      certificates: { told: [{ ...told[0]!, neededSeconds }] },
    });
    const { page, close } = await chromium().open({
      path: '/control-plane',
      world: (api) => {
        const controlPlanes = [needing(9 * 86_400), needing(11 * 86_400)].map(controlPlaneView);
        api.controlPlanes = { controlPlanes, configured: 2, registries: [] };
      },
    });
    await page.getByRole('heading', { level: 2 }).first().waitFor();
    const facts = await page.locator('.signal', { hasText: 'Certificates' }).all();
    const isBad = facts.map(async (fact) => [
      (await fact.getAttribute('class'))!.includes('critical'),
      await fact.innerText(),
    ]);
    expect(await Promise.all(isBad)).toEqual([
      [false, expect.not.stringContaining('end soon')],
      [true, expect.stringContaining('Those that end soon')],
    ]);
    await close();
  });

  test('a trouble has the colour and the shape that the page of findings gives its severity', async () => {
    const { page, close } = await chromium().open({
      path: '/control-plane',
      world: (api) => {
        api.controlPlanes = { controlPlanes: [controlPlaneView(madeUpIstio)], configured: 1, registries: [] };
        api.findings = [
          finding({ kind: 'SidecarOutOfSync', severity: 'critical' }),
          finding({ id: 'f2', kind: 'VersionDrift', severity: 'warning' }),
        ];
      },
    });
    const looks = (selector: string): Promise<string[]> =>
      page.evaluate(
        `[...document.querySelectorAll('${selector}')].map((one) => getComputedStyle(one, '::before')).map((look) => look.content + look.color)`,
      );
    await page.locator('.signal').first().waitFor();
    const [sync, versions] = await looks('.signal dt');
    await page.getByRole('link', { name: '3 to restart' }).click();
    await page.getByRole('heading', { level: 2, name: 'Warning' }).waitFor();
    expect(await looks('main h2')).toEqual([versions]);
    await page.goBack();
    await page.getByRole('link', { name: '2 out of sync' }).click();
    await page.getByRole('heading', { level: 2, name: 'Critical' }).waitFor();
    expect(await looks('main h2')).toEqual([sync]);
    expect([sync, versions]).toEqual([expect.stringContaining('▲'), expect.stringContaining('△')]);
    await close();
  });

  test('without a control plane it says what to configure', async () => {
    const { page, close } = await chromium().open({ path: '/control-plane' });
    await page.getByText('No control plane is configured.').waitFor();
    await close();
  });
});
