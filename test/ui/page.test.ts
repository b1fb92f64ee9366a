import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import type { RunningServer } from '../../src/server/start-server.js';
import { MadeUpReader, noon, slo, status, steadily, target } from '../server/made-up-reader.js';
import { startMadeUp } from '../server/running.js';
import { describeWith } from '../support/programs.js';

const hostile = '<img src=x onerror="document.title=\'owned\'">';
const month = 20 * 30 * 86_400;

const burning = status({ slo: slo(), total: month, bad: 41_000, recent: steadily(20, 0.02) });
const fine = status({
  slo: slo({ serviceName: 'search', owner: 'discovery' }),
  total: month,
  bad: 4000,
  recent: steadily(20, 0.0001),
  imported: 900_000,
});
const all = [
  fine,
  status({ slo: slo({ serviceName: 'legacy-billing', owner: undefined }), total: 0, bad: 0, coverage: 0 }),
  status({
    slo: slo({ serviceName: 'reports', window: { kind: 'calendar', period: 'month', timeZone: 'Europe/Berlin' } }),
    total: 120,
    bad: 0,
    coverage: 0.43,
  }),
  status({ slo: slo({ serviceName: hostile, owner: '"><script>1</script>' }), total: 0, bad: 0 }),
  status({
    slo: slo({
      serviceName: 'inventory',
      name: 'latency',
      indicator: { kind: 'latency', thresholdSeconds: 0.25 },
      objective: 0.99,
    }),
    total: 1_000_000,
    bad: 8100,
    recent: steadily(2, 0.004),
    coverage: 0.9312,
  }),
  status({
    slo: slo({ serviceName: 'ledger-export', perspective: 'mesh-failures' }),
    total: 900_000,
    bad: 2100,
    recent: steadily(0.5, 0.0007),
  }),
  burning,
];

/** How long a browser may take for what it shows; a busy machine takes seconds. */
const patience = { timeout: 20_000 };

describeWith('chromium', 'the page', (executablePath) => {
  const uiFolder = mkdtempSync(join(tmpdir(), 'meshslo-ui-'));
  let browser: Browser;
  let server: RunningServer;
  let reader: MadeUpReader;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    // In a process of its own: Vite's native part does not take objects from jest's realm.
    const vite = [
      'node_modules/vite/bin/vite.js',
      'build',
      '--logLevel',
      'error',
      '--outDir',
      uiFolder,
      '--emptyOutDir',
    ];
    execFileSync(process.execPath, vite, { stdio: 'inherit' });
    const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-quic', ...quiet],
    });
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    rmSync(uiFolder, { recursive: true });
  });

  beforeEach(() => {
    complaints = [];
  });

  /** Opens the page of a new server; what the browser complains about is kept. */
  async function open(
    given: {
      path?: string;
      width?: number;
      dark?: boolean;
      statuses?: typeof all;
      seen?: MadeUpReader['seen'];
      watcher?: Partial<MadeUpReader['watcher']>;
    } = {},
  ) {
    reader = new MadeUpReader(given.statuses ?? all);
    reader.seen = given.seen ?? [target()];
    reader.watcher = { ...reader.watcher, ...given.watcher };
    server = await startMadeUp(reader, { uiFolder });
    page = await browser.newPage({
      viewport: { width: given.width ?? 1400, height: 900 },
      colorScheme: given.dark ? 'dark' : 'light',
    });
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(server.url + (given.path ?? '/'));
    await page.waitForSelector('tbody tr, .note:not(:empty)', patience);
  }

  async function close(): Promise<void> {
    await page.close();
    await server.close();
    expect(complaints).toEqual([]);
  }

  /** A picture for people, where one is asked for. */
  async function picture(name: string): Promise<void> {
    const folder = process.env['PICTURES'];
    if (folder) await page.screenshot({ path: join(folder, `${name}.png`) });
  }

  const services = () => page.locator('.slos tr:not([hidden]) .service').allTextContents();

  test('shows every SLO, most urgent first, each state in a word, and says how many burn', async () => {
    await open();
    await page.waitForSelector('.slos', patience);
    expect(await services()).toEqual([
      'checkout',
      'ledger-export',
      'inventory',
      'reports',
      'legacy-billing',
      hostile,
      'search',
    ]);
    expect(await page.locator('.slos .mark').allTextContents()).toEqual([
      'Burning',
      'Missed',
      'At risk',
      'Too little data',
      'No data',
      'No traffic',
      'Healthy',
    ]);
    expect(await page.locator('.banner').textContent()).toBe(
      '1 SLO burns fast enough to wake somebody. 1 has missed the objective.',
    );
    const first = await page.locator('.slos tr.burning').innerText();
    expect(first).toContain('99.9 % · 30 d');
    expect(await page.locator('.slos tr.burning .objective span').getAttribute('title')).toBe(
      '99.9 % of requests succeed over 30 days',
    );
    expect(first).toMatch(/20x: spent in \d+ hours/);
    expect(first).toContain('payments');
    await page.waitForSelector('.freshness', patience);
    await picture('light');
    await close();
  });

  test('a watcher that sees nothing does not say that nothing burns', async () => {
    const blind = status({ slo: slo(), total: 0, bad: 0, coverage: 0 });
    await open({ statuses: [blind], seen: [target({ up: false })] });
    await page.getByText('Nothing can be said about the only SLO; 0 of 1 targets answer.').waitFor(patience);
    await page.getByText(/^no target answers/).waitFor(patience);
    await close();
  });

  test('what was lost, imported or refused is said once for the page', async () => {
    const failure = { code: 'file-unreadable', message: 'it is not there', hint: undefined } as const;
    await open({
      seen: [target(), target()],
      watcher: {
        gaps: [{ from: noon - 7200, to: noon - 3600 }],
        unseen: { processes: 3, seconds: 120 },
        importedOrigins: ['simulated history'],
        places: [{ job: 'sidecars', place: 'targets.json', targets: 4, failure }],
        refusedConfiguration: { at: noon, mistakes: 2 },
      },
    });
    const notes = await page.locator('.watcher-notes').innerText();
    expect(notes).toMatch(/^2 of 2 targets read · counted but for Mar 2, .* – Mar 2, /);
    expect(notes).toContain('the ends of 3 processes (2 minutes) went unseen');
    expect(notes).toContain('holds imported figures: simulated history');
    expect(await page.locator('.banner.doubtful').allInnerTexts()).toEqual([
      expect.stringMatching(/is refused \( ?2 mistakes/),
      'The targets of sidecars from targets.json cannot be read: it is not there. The 4 of its last good list stay.',
    ]);
    await picture('troubles');
    await close();
  });

  test('names from the network are text', async () => {
    await open();
    expect(await page.locator('.slos img, .slos script').count()).toBe(0);
    expect(await page.title()).toBe('meshslo');
    await page.getByText(hostile).click();
    await page.waitForSelector('.detail h2', patience);
    expect(await page.locator('.detail h2').textContent()).toContain(hostile);
    await close();
  });

  test('the filter finds words of service and team, by keyboard; a chip shows one state', async () => {
    await open();
    await page.waitForSelector('.slos', patience);
    await page.keyboard.press('/');
    await page.keyboard.type('discov');
    await page.waitForFunction(
      'document.querySelectorAll(".slos tr:not([hidden]) .service").length === 1',
      undefined,
      patience,
    );
    expect(await services()).toEqual(['search']);
    await page.keyboard.type('zzz');
    await page.getByText('No SLO fits this filter.').waitFor(patience);
    await page.getByRole('searchbox').fill('');
    await page.getByRole('button', { name: /Missed/ }).click();
    expect(await services()).toEqual(['ledger-export']);
    expect(await page.getByRole('button', { name: /Missed/ }).getAttribute('aria-pressed')).toBe('true');
    await page.getByRole('searchbox').fill('export');
    await page.getByLabel('Group').selectOption('team');
    expect(new URL(page.url()).search).toBe('?q=export&state=missed&group=team');
    await page.reload();
    await page.waitForSelector('.slos', patience);
    expect(await services()).toEqual(['ledger-export']);
    expect(await page.getByRole('searchbox').inputValue()).toBe('export');
    await close();
  });

  test('a committed slot changes the page without a reload', async () => {
    await open();
    await page.waitForSelector('.freshness', patience);
    reader.current = [fine];
    reader.watcher = { ...reader.watcher, lastSlot: { start: noon, seconds: 60 } };
    // The stream may open a moment after the first list is there.
    const asking = setInterval(() => server.slotCounted(), 100);
    await page.getByText('Nothing burns.').waitFor(patience);
    clearInterval(asking);
    expect(await services()).toEqual(['search']);
    await close();
  });

  test('a server that went away is said so, and the last numbers stay', async () => {
    await open();
    await page.waitForSelector('.slos', patience);
    await server.close();
    await page.getByText(/^not live|^stale|^offline/).waitFor(patience);
    expect(await services()).toHaveLength(7);
    await page.close();
  });

  test('an SLO’s details have an address of their own, with numbers, chart and what failed', async () => {
    await open({ path: `/#slo=${encodeURIComponent(burning.id)}` });
    const detail = page.locator('.detail');
    await detail.locator('h2').waitFor(patience);
    const text = await detail.innerText();
    expect(text).toContain('51,840,000'); // 20/s for 30 d
    expect(text).toContain('41,000, 51,840 allowed');
    expect(text).toMatch(/mobile-gateway\s+500\s+-\s+v2\s+204/);
    expect(text).toMatch(/all others\s+7/);
    expect(await detail.locator('.chart .unseen').count()).toBe(12);
    expect(await detail.locator('.chart .over').count()).toBeGreaterThan(0);
    await picture('detail');
    await page.keyboard.press('Escape');
    await detail.waitFor({ state: 'detached', ...patience });
    expect(await page.evaluate('document.activeElement.textContent')).toBe('checkout availability');
    await close();
  });

  test('nothing seen yet is said, with where to look', async () => {
    await open({ statuses: [] });
    await page.getByText('No service has been seen yet').waitFor(patience);
    await picture('empty');
    await close();
  });

  test.each([
    { width: 360, name: 'phone' },
    { width: 800, name: 'tablet' },
  ])('at the width of a $name nothing runs over the edge', async ({ width, name }) => {
    await open({ width });
    await page.waitForSelector('.slos', patience);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    await picture(name);
    await page.locator('.slos a').first().click();
    await page.locator('.detail h2').waitFor(patience);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    await picture(`${name}-detail`);
    await close();
  });

  test('in the dark it is dark', async () => {
    await open({ dark: true });
    await page.waitForSelector('.slos', patience);
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(20, 23, 28)');
    await picture('dark');
    await close();
  });

  test('two thousand SLOs are all there, and one of them is found', async () => {
    const many = Array.from({ length: 2000 }, (_, index) =>
      status({ slo: slo({ serviceName: `service-${index}` }), total: 1_000_000, bad: index % 700 }),
    );
    await open({ statuses: many });
    await page.waitForSelector('.slos', patience);
    expect(await page.locator('.slos .service').count()).toBe(2000);
    await page.getByRole('searchbox').fill('service-1234');
    await page.waitForFunction(
      'document.querySelectorAll(".slos tr:not([hidden]) .service").length === 1',
      undefined,
      patience,
    );
    await close();
  });

  test('with tokens a browser logs in by the form, and a wrong token is told', async () => {
    const token = { name: 'me', token: 'a-token-of-some-length', role: 'viewer' } as const;
    reader = new MadeUpReader(all);
    server = await startMadeUp(reader, { uiFolder, authentication: { kind: 'tokens', tokens: () => [token] } });
    page = await browser.newPage();
    await page.goto(server.url);
    await page.getByLabel('Token').fill('wrong');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByText('This token is not valid').waitFor(patience);
    await picture('login');
    await page.getByLabel('Token').fill(token.token);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.locator('.slos').waitFor(patience);
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByLabel('Token').waitFor(patience);
    await close();
  });
});
