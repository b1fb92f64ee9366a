import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { buildSync } from 'esbuild';

interface Ready {
  readonly discovery: string;
  readonly istiod: string;
  readonly history: string;
  readonly events: string;
}

let folder: string;
let program: string;
const children = new Set<ChildProcess>();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshslo-simulator-'));
  program = join(folder, 'main.mjs');
  const entry = join(import.meta.dirname, '../../src/simulator/main.ts');
  buildSync({ entryPoints: [entry], outfile: program, bundle: true, platform: 'node', format: 'esm' });
});

afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
});

afterAll(() => rmSync(folder, { recursive: true }));

function start(...options: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [program, ...options], { stdio: ['pipe', 'pipe', 'pipe'] });
  children.add(child);
  return child;
}

async function ready(child: ChildProcess): Promise<Ready> {
  const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
  return JSON.parse(line) as Ready;
}

/** Start and length of every step that a history tells of, each once, in its order. */
function stepsOf(history: string): readonly { readonly at: number; readonly seconds: number }[] {
  const found = history.matchAll(/"at":(\d+),"seconds":(\d+)/g);
  return [...new Map(Array.from(found, ([, at, seconds]) => [Number(at), Number(seconds)]))].map(([at, seconds]) => ({
    at,
    seconds,
  }));
}

async function json(url: string): Promise<readonly { readonly targets: readonly string[] }[]> {
  return (await (await fetch(url)).json()) as readonly { readonly targets: readonly string[] }[];
}

describe('the simulator as a process', () => {
  test('says where everything is, answers there, and ends when its standard input does', async () => {
    const child = start('--state', join(folder, 'state'), '--history-days', '1');
    const { discovery, istiod, history, events } = await ready(child);

    const sidecars = await json(discovery);
    expect(sidecars.length).toBeGreaterThanOrEqual(25);
    const sidecar = await fetch(`http://${sidecars[0]!.targets[0]!}/stats/prometheus`);
    expect(await sidecar.text()).toContain('istio_build{component="proxy"');

    const { targets: istiods } = (await json(istiod))[0]!;
    expect(istiods.length).toBe(2);
    expect(await (await fetch(`http://${istiods[0]!}/metrics`)).text()).toContain('pilot_xds{version="1.24.3"}');
    const synced = await Promise.all(istiods.map((address) => json(`http://${address}/debug/syncz`)));
    expect(synced.flat()).toHaveLength(sidecars.length);

    const steps = stepsOf(await (await fetch(history)).text());
    for (const [index, { at }] of steps.slice(1).entries()) expect(at).toBe(steps[index]!.at + steps[index]!.seconds);
    // It begins at a quarter of an hour and ends at a minute, so less than 16 minutes of the day are missing.
    const last = steps.at(-1)!;
    expect(last.at + last.seconds - steps[0]!.at).toBeGreaterThan(86_400 - 900 - 60);
    expect(readFileSync(events, 'utf8')).toContain('"what":"started"');

    child.stdin!.end();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('ends cleanly on SIGTERM, in the middle of a history too', async () => {
    const child = start('--state', join(folder, 'state'));
    const { history } = await ready(child);
    await fetch(history);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('says in a line that its folder cannot be had', async () => {
    const child = start('--state', program);
    const [message] = (await once(child.stderr!, 'data')) as [Buffer];
    expect(String(message)).toBe(`the simulated mesh cannot start: EEXIST: file already exists, mkdir '${program}'\n`);
    expect(await once(child, 'exit')).toEqual([2, null]);
  });

  test.each([
    { options: [], why: 'no folder for its state' },
    { options: ['--state', 'x', '--mesh', 'linkerd'], why: 'a mesh that it cannot be' },
    { options: ['--state', 'x', '--port', 'high'], why: 'no number' },
    { options: ['--stat', 'x'], why: 'no such option' },
  ])('refuses $options with its usage: $why', async ({ options }) => {
    const child = start(...options);
    const [message] = (await once(child.stderr!, 'data')) as [Buffer];
    expect(String(message)).toMatch(/^usage: /);
    expect(await once(child, 'exit')).toEqual([2, null]);
  });
});
