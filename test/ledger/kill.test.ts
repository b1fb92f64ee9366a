import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { buildSync } from 'esbuild';
import { Ledger } from '../../src/ledger/ledger.js';
import { cartId, monday, withPath } from './support.js';

const kills = 20;
const whole = { from: monday, to: monday + 400 * 86_400 };

test(
  'kill -9 at 20 random moments loses no committed slot and counts none twice; a reader looks on undisturbed',
  () =>
    withPath(async (path) => {
      const script = `.cache/committing-process-${process.pid}.mjs`;
      buildSync({
        entryPoints: ['test/ledger/committing-process.ts'],
        outfile: script,
        bundle: true,
        platform: 'node',
        format: 'esm',
        packages: 'external',
      });
      try {
        let acknowledged = -1;
        for (let round = 0; round < kills; round++) {
          acknowledged = Math.max(acknowledged, await commitUntilKilled(script, path, Math.random() * 80));
          const reader = Ledger.open(path, { readOnly: true });
          const last = (reader.lastObservedSlot()! - monday) / 60;
          expect(last).toBeGreaterThanOrEqual(acknowledged);
          expect(reader.gaps({ from: monday, to: monday + last * 60 })).toEqual([]);
          const { total, bad } = reader.sums(whole, { unplaced: 'ending-inside' }).of(cartId);
          // 0 + 1 + ... + last; the remainders by 3 repeat 0, 1, 2.
          expect(total).toBe((last * (last + 1)) / 2);
          expect(bad).toBe(Math.floor((last + 1) / 3) * 3 + ((last + 1) % 3 === 2 ? 1 : 0));
          expect(Buffer.from(reader.checkpoints()[0]!.state!).toString()).toBe(String(last));
          const alerts = acknowledged < 0 ? [] : [reader.alerts.get(`minute ${acknowledged}`)];
          expect(alerts).not.toContain(undefined);
          expect(reader.alerts.ongoing().length).toBeLessThanOrEqual(1);
          reader.close();
        }
        const ledger = Ledger.open(path);
        expect(ledger.verify()).toEqual([]);
        ledger.close();
      } finally {
        rmSync(script, { force: true });
      }
    }),
  180_000,
);

/** The last minute that the process said was safe; it is killed so long after its first word. */
async function commitUntilKilled(script: string, path: string, milliseconds: number): Promise<number> {
  const child = spawn(process.execPath, [script, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (printed += chunk));
  try {
    await Promise.race([once(child.stdout, 'data'), closed]);
    const reader = Ledger.open(path, { readOnly: true });
    expect(reader.sums(whole, { unplaced: 'ending-inside' }).of(cartId).total).toBeGreaterThanOrEqual(0);
    reader.close();
    await sleep(milliseconds);
  } finally {
    child.kill('SIGKILL');
    await closed;
  }
  const lines = printed.split('\n');
  return Number(lines.at(-2));
}
