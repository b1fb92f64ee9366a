import { afterAll, beforeAll, expect, test } from '@jest/globals';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { renderReport } from '../../src/report/render-report.js';
import { standaloneHtml } from '../../src/report/render/standalone-html.js';
import { describeWith } from '../support/programs.js';
import { hostileReport } from './hostile-report.js';
import { madeUpReport } from './made-up-report.js';

const reports = { organisation: madeUpReport(), 'hostile names': hostileReport() };

describeWith('chromium', 'a mail in a browser', (executablePath) => {
  let browser: Browser;
  beforeAll(async () => {
    const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
    const args = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-quic', ...quiet];
    browser = await chromium.launch({ executablePath, args });
  });
  afterAll(() => browser.close());

  test.each(
    Object.keys(reports).flatMap((name) =>
      [600, 360].flatMap((width) => [false, true].map((isDark) => ({ name, width, isDark }))),
    ),
  )('shows $name at $width px, dark: $isDark', async ({ name, width, isDark }) => {
    const rendered = await renderReport(await reports[name as keyof typeof reports], 'html');
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme: isDark ? 'dark' : 'light' });
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith('data:')) complaints.push(request.url());
    });
    await page.setContent(standaloneHtml(rendered));
    expect(complaints).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    expect(await unloadedPictures(page)).toEqual([]);
    expect(await barriers(page)).toEqual([]);
    const ground = await page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(ground).toBe(isDark ? 'rgb(18, 22, 27)' : 'rgb(238, 241, 244)');
    await page.close();
  });
});

/** Texts of pictures that are not there, or not drawn twice as fine as they are shown. */
function unloadedPictures(page: Page): Promise<unknown> {
  return page.evaluate(`Array.from(document.images)
    .filter((image) => !image.complete || image.naturalWidth !== 2 * Number(image.getAttribute('width')))
    .map((image) => image.alt)`);
}

/** What keeps people from reading it: contrast, names, order of headings. A mail is shown within a page that has landmarks. */
async function barriers(page: Page): Promise<unknown> {
  await page.evaluate(axe.source);
  return page.evaluate(`axe
    .run(document, { rules: { 'landmark-one-main': { enabled: false }, region: { enabled: false } } })
    .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ').slice(0, 300)))`);
}
