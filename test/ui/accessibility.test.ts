import { expect, test } from '@jest/globals';
import { reportList, reportView } from './made-up-reports.js';
import { controlPlaneView } from '../../src/server/control-plane-view.js';
import { madeUpIstio, madeUpRegistrySync } from '../server/made-up-control-planes.js';
import { barriers, describePage, picture, until } from './browser.js';
import type { MadeUpApi } from './made-up-api.js';
import { alert, finding, migrating, noon, service, watcher } from './made-up-world.js';

const serviceAddress = '/services/berlin/shop/recommendations';
const longName = 'a-service-with-a-name-as-long-as-kubernetes-allows-it-to-be-0123456';

function night(api: MadeUpApi): void {
  api.services = [
    service({ service: 'recommendations', urgency: 'burning', alerts: { pages: 1, tickets: 1 } }),
    service({ service: longName, namespace: longName, owner: longName, urgency: 'missed', coverage: 0.4 }),
    service({ service: 'checkout', urgency: 'at-risk' }),
    service({ service: 'reports', urgency: 'insufficient' }),
    service({ service: 'legacy', urgency: 'no-data', traffic: [], owner: null }),
    service({ service: 'batch', urgency: 'no-traffic', cluster: 'paris' }),
    service({ service: 'search' }),
  ];
  api.active = [
    alert({ labels: { service: longName.repeat(4) } }),
    alert({ id: 'e2', severity: 'ticket', service: longName, inhibited: true }),
    alert({ id: 'e3', acknowledged: { by: 'ada', atSeconds: noon, note: longName.repeat(3) } }),
  ];
  api.looks = [
    { source: 'kubernetes berlin', everySeconds: 15, lookedSeconds: noon, error: null, leftOut: 3 },
    {
      source: longName,
      everySeconds: 15,
      lookedSeconds: null,
      error: { code: 'forbidden', message: 'Consul refuses', hint: 'node:read is needed' },
      leftOut: 0,
    },
  ];
  api.findings = [
    finding(),
    finding({ id: 'f2', subject: { service: longName, address: longName.repeat(3) }, summary: longName.repeat(5) }),
    finding({ id: 'f3', kind: 'RegistryFlapping', severity: 'warning', owner: longName }),
    finding({ id: 'f4', kind: 'NoOwner', severity: 'info', owner: null }),
  ];
  api.migration = {
    services: [migrating(), migrating({ id: 'a/b/c', service: longName, owner: longName, isThere: true })],
    places: [
      { place: 'kubernetes berlin', currentSeconds: noon, error: null, lacks: [] },
      {
        place: longName,
        currentSeconds: null,
        error: { code: 'forbidden', message: 'it refuses us', hint: null },
        lacks: [],
      },
    ],
  };
  const long = { ...controlPlaneView(madeUpIstio), name: longName, cluster: longName, owner: longName };
  api.controlPlanes = {
    controlPlanes: [controlPlaneView(madeUpIstio), long],
    configured: 3,
    registries: [madeUpRegistrySync],
  };
  api.reportList = reportList();
  api.reports = [reportView()];
  api.ended = [alert({ id: 'e0', endedSeconds: noon - 60, noise: { by: 'ada', atSeconds: noon, note: 'test' } })];
}

const scenes: readonly {
  readonly name: string;
  readonly path: string;
  readonly world?: (api: MadeUpApi) => void;
}[] = [
  { name: 'list', path: '/' },
  { name: 'service', path: serviceAddress },
  { name: 'alerts', path: '/alerts' },
  { name: 'alert', path: '/alerts/e1' },
  { name: 'empty', path: '/', world: (api) => (api.services = []) },
  { name: 'no filter fits', path: '/?q=zzz' },
  {
    name: 'stale',
    path: '/',
    world: (api) => (api.watcher = watcher({ lagSeconds: 700, identity: { name: 'eve', role: 'viewer' } })),
  },
  { name: 'unreachable', path: '/', world: (api) => (api.failing = 503) },
  { name: 'no such service', path: serviceAddress, world: (api) => (api.detail = () => undefined) },
  { name: 'no such alert', path: '/alerts/none' },
  { name: 'findings', path: '/findings' },
  { name: 'control planes', path: '/control-plane' },
  { name: 'one finding', path: '/findings/f1' },
  { name: 'no findings', path: '/findings', world: (api) => (api.findings = []) },
  { name: 'migration', path: '/migration' },
  { name: 'reports', path: '/reports' },
  { name: 'report', path: '/reports/2026-W09~2' },
  { name: 'no such report', path: '/reports/2026-W01' },
  { name: 'no such page', path: '/services/a' },
];

const views = [
  { view: 'light', width: 1400, colorScheme: 'light' },
  { view: 'dark', width: 1400, colorScheme: 'dark' },
  { view: 'phone', width: 360, colorScheme: 'light' },
] as const;

describePage('everybody can use', (chromium) => {
  test.each(scenes)('$name: by light, in the dark and on a phone', async ({ name, path, world }) => {
    const { page, close } = await chromium().open({
      path,
      world: (api) => {
        night(api);
        world?.(api);
      },
    });
    if (name === 'service') await page.locator('.uplot canvas').last().waitFor();
    await page
      .locator(world && path === '/' ? '.banner, .note' : 'main h1')
      .first()
      .waitFor();
    for (const { view, width, colorScheme } of views) {
      // Without the fading of colours from one scheme to the other.
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height: 900 });
      await page.evaluate('for (const each of document.querySelectorAll("details")) each.open = true');
      expect({ view, barriers: await barriers(page) }).toEqual({ view, barriers: [] });
      // Charts are drawn anew a moment after the width has changed.
      await until(page, `document.documentElement.scrollWidth <= ${width}`);
      await picture(page, `${name} ${view}`);
    }
    await close();
  });

  test('the help on keys', async () => {
    const { page, close } = await chromium().open({ world: night });
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    expect(await barriers(page)).toEqual([]);
    await close();
  });

  test('in the dark it is dark, and so are the charts', async () => {
    const { page, close } = await chromium().open({ world: night, path: serviceAddress });
    await page.locator('.uplot canvas').last().waitFor();
    const drawn = 'document.querySelector(".uplot canvas").toDataURL()';
    const before = await page.evaluate(drawn);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(20, 23, 28)');
    await page.locator('.uplot canvas').last().waitFor();
    expect(await page.evaluate(drawn)).not.toBe(before);
    await close();
  });

  test('whoever does not see the page hears where a link has led', async () => {
    const { page, close } = await chromium().open({ world: night });
    await page.getByRole('link', { name: 'checkout', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'recommendations' }).waitFor();
    await until(page, 'document.activeElement.tagName === "H1"');
    expect(await page.title()).toBe('checkout · meshslo');
    await close();
  });

  test('on paper nothing is left out that was there, and nothing is dark', async () => {
    const { page, close } = await chromium().open({ world: night, path: serviceAddress });
    await page.emulateMedia({ media: 'print' });
    await page.getByText('It is the service').waitFor();
    expect(await page.locator('main nav').first().isVisible()).toBe(false);
    expect((await page.pdf()).length).toBeGreaterThan(20_000);
    await close();
  });
});
