/** Runs `npm start` as a newcomer would: it must be ready in time, show budgets and scraped targets, and stop cleanly. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const readyWithinSeconds = 60; // The promise is 15 s on a quiet machine; this one may be busy.
const port = 18_080;
const state = mkdtempSync(join(tmpdir(), 'meshslo-smoke-'));
const began = Date.now();
const child = spawn('npm', ['start', '--silent', '--', '--port', String(port), '--state', state], {
  stdio: ['ignore', 'pipe', 'inherit'],
  detached: true,
});
let printed = '';
child.stdout.on('data', (chunk) => (printed += chunk));
const ended = new Promise((resolve) => child.on('exit', resolve));

async function get(path) {
  try {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}

try {
  let ready;
  while (!(ready = await get('/readyz')) && Date.now() - began < readyWithinSeconds * 1000) await sleep(200);
  if (!ready) throw new Error(`not ready within ${readyWithinSeconds} s; it printed:\n${printed}`);
  console.log(`ready after ${((Date.now() - began) / 1000).toFixed(1)} s, build included`);
  const { slos } = await get('/api/v1/slos');
  if (slos.length < 10) throw new Error(`only ${slos.length} SLOs`);
  await sleep(7000);
  const { targets } = await get('/api/v1/targets');
  const up = targets.filter((target) => target.up).length;
  if (up < 10) throw new Error(`only ${up} of ${targets.length} targets were scraped`);
  console.log(`${slos.length} SLOs, ${up} of ${targets.length} targets up`);
} finally {
  process.kill(-child.pid, 'SIGINT');
  // npm itself dies of the signal; that meshslo ended in order is what it prints last.
  const timedOut = await Promise.race([ended.then(() => false), sleep(15_000, true)]);
  const clean = !timedOut && printed.includes('the ledger is safe');
  console.log(`Ctrl-C: ${clean ? 'stopped cleanly' : `did not stop in order; it printed:\n${printed}`}`);
  if (!clean) process.exitCode = 1;
  rmSync(state, { recursive: true, force: true });
}
