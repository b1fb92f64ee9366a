/** Runs `npm start` as a newcomer would: it must be ready in time, show budgets and scraped targets, and stop cleanly. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The promise is 15 s on a quiet machine; this one may be as busy and as slow as it likes. */
const patienceSeconds = 240;
const state = mkdtempSync(join(tmpdir(), 'meshslo-smoke-'));
const began = Date.now();
const child = spawn('npm', ['start', '--silent', '--', '--port', '0', '--state', state], {
  stdio: ['ignore', 'pipe', 'inherit'],
  detached: true,
});
let printed = '';
child.stdout.on('data', (chunk) => (printed += chunk));
const ended = new Promise((resolve) => child.on('exit', resolve));

/** Asks until there is an answer that will do; what was asked for names it. */
async function until(what, find) {
  for (;;) {
    const found = await find().catch(() => undefined);
    if (found) return found;
    const seconds = (Date.now() - began) / 1000;
    if (seconds > patienceSeconds || child.exitCode !== null)
      throw new Error(`${what}: not after ${seconds.toFixed(0)} s; it printed:\n${printed}`);
    await sleep(200);
  }
}

async function get(path) {
  const url = /^meshslo .* is at (http:\S+)$/m.exec(printed)?.[1];
  return url && (await fetch(new URL(path, url))).json();
}

try {
  await until('ready', async () => (await get('/readyz')).ready);
  console.log(`ready after ${((Date.now() - began) / 1000).toFixed(1)} s, build included`);
  const slos = await until('ten SLOs', async () => {
    const { slos } = await get('/api/v1/slos');
    return slos.length >= 10 && slos.length;
  });
  const targets = await until('every target up', async () => {
    const { targets } = await get('/api/v1/targets');
    return targets.length >= 10 && targets.every(({ up }) => up) && targets.length;
  });
  console.log(`${slos} SLOs, ${targets} of ${targets} targets up`);
} finally {
  process.kill(-child.pid, 'SIGINT');
  // npm itself dies of the signal; that meshslo ended in order is what it prints last.
  const timedOut = await Promise.race([ended.then(() => false), sleep(60_000, true, { ref: false })]);
  const clean = !timedOut && printed.includes('the ledger is safe');
  console.log(`Ctrl-C: ${clean ? 'stopped cleanly' : `did not stop in order; it printed:\n${printed}`}`);
  if (!clean) process.exitCode = 1;
  rmSync(state, { recursive: true, force: true });
}
