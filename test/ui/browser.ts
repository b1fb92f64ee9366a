import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll } from '@jest/globals';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { describeWith } from '../support/programs.js';
import { MadeUpApi } from './made-up-api.js';
import { noon } from './made-up-world.js';

/** How long a browser may take for what it shows; a busy machine takes seconds. */
export const patience = { timeout: 20_000 };

/** How a page is opened. */
interface Opening {
  readonly path?: string;
  readonly width?: number;
  readonly isDark?: boolean;
  /** Says what there is to be seen. */
  readonly world?: (api: MadeUpApi) => void;
  /** Whether the page's clock runs; else it stands at the world's. */
  readonly isRunning?: boolean;
}

/** An open page, the world that it shows, and what the browser complained about. */
export interface Opened {
  readonly page: Page;
  readonly api: MadeUpApi;
  readonly url: string;
  readonly complaints: readonly string[];
  readonly close: () => Promise<void>;
}

/** A Chromium and the page, built once for all tests of a file. */
export class PageBrowser {
  readonly folder: string;
  readonly browser: Browser;
  readonly #worlds = new Set<MadeUpApi>();

  private constructor(folder: string, browser: Browser) {
    this.folder = folder;
    this.browser = browser;
  }

  static async start(executablePath: string): Promise<PageBrowser> {
    const folder = mkdtempSync(join(tmpdir(), 'meshslo-ui-'));
    // In a process of its own: Vite's native part does not take objects from jest's realm.
    const vite = ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'error', '--outDir', folder, '--emptyOutDir'];
    execFileSync(process.execPath, vite, { stdio: 'inherit' });
    const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
    const args = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-quic', ...quiet];
    return new PageBrowser(folder, await chromium.launch({ executablePath, args }));
  }

  async stop(): Promise<void> {
    await this.browser.close();
    // Those of tests that failed.
    for (const api of this.#worlds) await api.close();
    rmSync(this.folder, { recursive: true });
  }

  /** Opens a page of a new world. */
  async open({ path = '/', width = 1400, isDark = false, world, isRunning = false }: Opening = {}): Promise<Opened> {
    const api = new MadeUpApi(this.folder);
    world?.(api);
    this.#worlds.add(api);
    const url = await api.start();
    const page = await this.browser.newPage({
      viewport: { width, height: 900 },
      colorScheme: isDark ? 'dark' : 'light',
      timezoneId: 'UTC',
    });
    page.setDefaultTimeout(patience.timeout);
    const complaints = complaintsOf(page);
    if (!isRunning) await page.clock.setFixedTime((noon + 12) * 1000);
    await page.goto(url + path);
    await page.waitForSelector('main :is(tbody tr, .note, h1:not(.unseen-text), .banner)', patience);
    return {
      page,
      api,
      url,
      complaints,
      close: async () => {
        await page.close();
        await api.close();
        this.#worlds.delete(api);
      },
    };
  }
}

/** A `describe` over the page: its tests share one Chromium, which is there once they run. */
export function describePage(title: string, tests: (chromium: () => PageBrowser) => void): void {
  describeWith('chromium', title, (executablePath) => {
    let chromium: PageBrowser;
    beforeAll(async () => {
      chromium = await PageBrowser.start(executablePath);
    }, 60_000);
    afterAll(() => chromium.stop());
    tests(() => chromium);
  });
}

/** Waits until an expression is true; not by the page's own `eval`, which its content policy forbids. */
export async function until(page: Page, expression: string): Promise<void> {
  const givenUp = Date.now() + patience.timeout;
  while (!(await page.evaluate(expression))) {
    if (Date.now() > givenUp) throw new Error(`never true: ${expression}`);
    await sleep(30);
  }
}

/** What the browser complains about, as it comes. */
export function complaintsOf(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return complaints;
}

/** A picture for people, where one is asked for. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['PICTURES'];
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

/** What keeps somebody out who does not see, or does not see well; each as a line of text. */
export async function barriers(page: Page): Promise<readonly string[]> {
  // Run by the debugger's own channel: the page's content policy lets no foreign script in.
  await page.evaluate(axe.source);
  return page.evaluate(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ target, any }) =>
      id + ': ' + target.join(' ') + (any[0] ? ' (' + any[0].message + ')' : ''))))`);
}
