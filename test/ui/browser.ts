import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll } from '@jest/globals';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { describeWith } from '../support/programs.js';
import { builtPage } from './built-page.js';
import { MadeUpApi } from './made-up-api.js';
import { noon } from './made-up-world.js';

/** How long a browser may take for what it shows; a busy machine takes seconds. Whoever waits so long has found a fault. */
export const patience = { timeout: 60_000 };

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

/** A Chromium for all tests of a file, and the built page. */
export class PageBrowser {
  readonly folder: string;
  readonly browser: Browser;
  readonly #worlds = new Set<MadeUpApi>();

  private constructor(folder: string, browser: Browser) {
    this.folder = folder;
    this.browser = browser;
  }

  static async start(executablePath: string): Promise<PageBrowser> {
    const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
    const args = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-quic', ...quiet];
    return new PageBrowser(builtPage(), await chromium.launch({ executablePath, args, ...patience }));
  }

  async stop(): Promise<void> {
    await this.browser.close();
    // Those of tests that failed.
    for (const api of this.#worlds) await api.close();
  }

  /** Opens a page of a new world, and waits for what it tells. */
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
    await until(page, `![...document.querySelectorAll('main .note')].some((note) => note.textContent === 'Reading …')`);
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
    });
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
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe.source);
  return page.evaluate(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ target, any }) =>
      id + ': ' + target.join(' ') + (any[0] ? ' (' + any[0].message + ')' : ''))))`);
}
