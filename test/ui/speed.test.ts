import { expect, test } from '@jest/globals';
import { describePage, until } from './browser.js';
import { service } from './made-up-world.js';

const urgencies = ['burning', 'missed', 'at-risk', 'healthy', 'healthy', 'healthy', 'healthy'] as const;
const words = ['cart', 'checkout', 'ledger', 'search', 'mail', 'fraud', 'stock', 'price'];

/** Types into the search box, and tells after how many milliseconds what was found was painted; one number a letter. */
const typing = (text: string) => `(async () => {
  const box = document.getElementById('search');
  const setValue = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
  const spent = [];
  for (const letter of ${JSON.stringify(text)}) {
    await new Promise((done) => setTimeout(done, 60));
    const began = performance.now();
    setValue.call(box, box.value + letter);
    box.dispatchEvent(new InputEvent('input', { bubbles: true }));
    // The frame that shows it has been handed over when a task after the next frame runs.
    await new Promise((done) => requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = done;
      port2.postMessage(null);
    }));
    spent.push(performance.now() - began);
  }
  return spent;
})()`;

describePage('the list of many services', (chromium) => {
  test.each([1000, 5000])('of %i services finds one by its name; how fast is printed', async (count) => {
    const { page, close } = await chromium().open({
      world: (api) => {
        api.services = Array.from({ length: count }, (_, index) =>
          service({
            service: `${words[index % words.length]!}-${index}`,
            owner: `team-${index % 40}`,
            urgency: urgencies[index % urgencies.length]!,
          }),
        );
      },
    });
    await page.waitForSelector('.services');
    const spent = await page.evaluate<number[]>(typing(`team-7 stock-${count - 2}`));
    await until(page, `document.querySelectorAll('.services tbody tr').length <= 2`);
    const sorted = [...spent].sort((a, b) => a - b);
    const show = (milliseconds: number) => `${milliseconds.toFixed(1)} ms`;
    console.log(
      `${count} services, a letter typed to painted: median ${show(sorted[Math.floor(sorted.length / 2)]!)}, worst ${show(sorted.at(-1)!)}`,
    );
    expect(spent).toHaveLength(`team-7 stock-${count - 2}`.length);
    await close();
  });
});
