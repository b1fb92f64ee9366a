import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { buildSync } from 'esbuild';
import { Ledger } from '../../../src/ledger/ledger.js';
import { withPath } from '../../ledger/support.js';
import { RudeSmtpServer } from './rude-smtp-server.js';

const script = `.cache/sending-process-${process.pid}.mjs`;
let server: RudeSmtpServer;

beforeAll(() => {
  buildSync({
    entryPoints: ['test/report/delivery/sending-process.ts'],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
});
afterAll(() => rmSync(script, { force: true }));
beforeEach(async () => {
  server = await RudeSmtpServer.start();
});
afterEach(() => server.close());

interface Ended {
  readonly isDone: boolean;
}

/** Runs until it ends by itself, or is killed by what it is given. */
async function send(path: string, killedBy?: (kill: () => void) => void): Promise<Ended> {
  const child = spawn(process.execPath, [script, path, String(server.port)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (printed += chunk));
  const closed = once(child, 'close');
  killedBy?.(() => child.kill('SIGKILL'));
  await closed;
  return { isDone: printed.includes('done') };
}

function copies(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { to } of server.mails) counts[to] = (counts[to] ?? 0) + 1;
  return counts;
}

test(
  'killed when a server has taken a mail and before it says so: that one comes a second time, no other, and none is lost',
  () =>
    withPath(async (path) => {
      const victims: string[] = [];
      for (let round = 0; round < 3; round++) {
        let taken = 0;
        await send(path, (kill) => {
          server.rudeness = {
            message: (to) => {
              taken += 1;
              if (taken !== 3) return undefined;
              victims.push(to);
              kill();
              return 'hang';
            },
          };
        });
      }
      server.rudeness = {};
      expect(await send(path)).toEqual({ isDone: true });
      const counts = copies();
      expect(Object.keys(counts)).toHaveLength(10);
      expect(victims.map((victim) => counts[victim])).toEqual([2, 2, 2]);
      // Two mails are on their way at a time: a victim's neighbour may be taken at the same moment.
      expect(Math.max(...Object.values(counts))).toBe(2);
      expect(server.mails.length).toBeLessThanOrEqual(10 + 3 * 2);
      const ids = server.mails.map(({ to, text }) => `${to} ${/^Message-ID: (.*)$/m.exec(text)![1]}`);
      expect(new Set(ids).size).toBe(10);
    }),
  180_000,
);

test(
  'killed at any other moment, nobody gets it twice, and everybody gets it',
  () =>
    withPath(async (path) => {
      const steps = ['greeting', 'EHLO', 'MAIL', 'RCPT', 'DATA'] as const;
      for (const step of steps) {
        await send(path, (kill) => {
          server.rudeness = {
            [step]: () => {
              kill();
              return 'hang';
            },
          };
        });
      }
      expect(server.mails).toEqual([]);
      server.rudeness = {};
      expect(await send(path)).toEqual({ isDone: true });
      expect(Object.values(copies())).toEqual(Array.from({ length: 10 }, () => 1));
      const ledger = Ledger.open(path, { readOnly: true });
      expect(ledger.reports.letters.of('2026-W47').every(({ state }) => state === 'sent')).toBe(true);
      ledger.close();
    }),
  180_000,
);

test(
  'killed again and again at random, a report is archived once, and each kill costs at most a copy for each connection',
  () =>
    withPath(async (path) => {
      let kills = 0;
      for (let isDone = false; !isDone && kills < 12;) {
        const ended = await send(path, (kill) => setTimeout(kill, 150 + Math.random() * 250).unref());
        isDone = ended.isDone;
        if (!isDone) kills += 1;
      }
      expect(await send(path)).toEqual({ isDone: true });
      const counts = copies();
      expect(Object.keys(counts)).toHaveLength(10);
      expect(server.mails.length).toBeLessThanOrEqual(10 + 2 * kills);
      const ledger = Ledger.open(path);
      expect(ledger.reports.find({ limit: 9 }).reports).toHaveLength(1);
      expect(ledger.verify()).toEqual([]);
      ledger.close();
    }),
  180_000,
);
