import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { connectLive } from '../../src/cli/live-check.js';
import { showStatus } from '../../src/cli/status.js';
import type { SloList } from '../../src/server/api-types/slo.js';
import type { Authentication } from '../../src/server/authentication.js';
import type { RunningServer } from '../../src/server/start-server.js';
import { MadeUpReader, slo, status, steadily, target } from '../server/made-up-reader.js';
import { startMadeUp } from '../server/running.js';

const burning = status({ slo: slo(), total: 10_000_000, bad: 5000, recent: steadily(20, 0.02) });
const missed = status({ slo: slo({ serviceName: 'export', perspective: 'client' }), total: 10_000, bad: 35 });
const fine = status({
  slo: slo({ serviceName: 'search', owner: 'discovery', indicator: { kind: 'latency', thresholdSeconds: 0.25 } }),
  total: 1_000_000,
  bad: 1,
  coverage: 0.9,
  imported: 7,
});
const silent = status({ slo: slo({ serviceName: 'idle', owner: undefined }), total: 0, bad: 0, coverage: 0 });

let server: RunningServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function run(
  statuses: MadeUpReader['current'],
  options: object = {},
  color = false,
  authentication?: Authentication,
) {
  server = await startMadeUp(new MadeUpReader(statuses), authentication ? { authentication } : {});
  let printed = '';
  const terminal = { write: (text: string) => void (printed += text), color };
  const code = await showStatus({ url: server.url, output: 'text', ...options }, terminal);
  return { code, printed };
}

describe('meshslo status', () => {
  test('prints what burns first, and explains its signs below', async () => {
    const { code, printed } = await run([fine, silent, missed, burning]);
    expect(code).toBe(1);
    expect(printed).toBe(
      [
        '4 SLOs: 1 burning, 1 missed, 1 no data, 1 healthy',
        '',
        'STATE      SERVICE, SLO, NAMESPACE      OWNER      OBJECTIVE        BUDGET LEFT      BURN RATE, 1H',
        '▲ burning  checkout availability shop   payments   99.9% 30d        ███░░░      50%  20x: spent in 18h',
        '✗ missed   export availability ‡ shop   payments   99.9% 30d        ░░░░░░    -250%  unknown',
        '– no data  idle availability shop       nobody     99.9% 30d        ······  unknown  unknown',
        '● healthy  search availability *† shop  discovery  99.9% 250ms 30d  █████▉    99.9%  unknown',
        '',
        '* not all of the time was observed; the least is 90 %',
        '† holds imported history',
        "‡ not as the service's own proxy saw it: client",
        '',
      ].join('\n'),
    );
  });

  test('however long the names are, no line is longer than 120 columns', async () => {
    const long = { serviceName: 'n'.repeat(4096), owner: 'o'.repeat(200), name: 'x'.repeat(60) };
    const { printed } = await run([
      status({ slo: slo(long), total: 10_000_000, bad: 5000, recent: steadily(20, 0.02) }),
    ]);
    expect(Math.max(...printed.split('\n').map((line) => Array.from(line).length))).toBe(120);
    expect(printed).toContain('n…  ooo');
  });

  test('a filter that fits nothing is no good news', async () => {
    expect(await run([fine, silent], { filter: 'serach' })).toEqual({
      code: 1,
      printed: 'None of 2 SLOs has every word of "serach".\n',
    });
  });

  test('all fine is exit code 0, and so is nothing to show', async () => {
    expect((await run([fine, silent])).code).toBe(0);
    await server!.close();
    expect(await run([])).toEqual({ code: 0, printed: 'No SLO to show.\n' });
  });

  test('where nothing can be judged all is not fine, and whose silence that is stands above', async () => {
    const reader = new MadeUpReader([silent]);
    reader.seen = [target({ up: false }), target()];
    server = await startMadeUp(reader);
    let printed = '';
    const terminal = { write: (text: string) => void (printed += text), color: false };
    expect(await showStatus({ url: server.url, output: 'text' }, terminal)).toBe(1);
    expect(printed).toMatch(/^1 of 2 targets answer\n1 SLO: 1 no data\n/);
  });

  test.each([
    [1, 0, '1 page fires'],
    [0, 1, '1 ticket fires'],
    [1, 2, '1 page and 2 tickets fire'],
  ])('%d pages and %d tickets stand above the table', async (pages, tickets, line) => {
    const reader = new MadeUpReader([fine]);
    const { alerting } = reader.watcher;
    reader.watcher = { ...reader.watcher, alerting: { ...alerting, firing: { pages, tickets } } };
    server = await startMadeUp(reader);
    let printed = '';
    const terminal = { write: (text: string) => void (printed += text), color: false };
    await showStatus({ url: server.url, output: 'text' }, terminal);
    expect(printed.split('\n').slice(0, 2)).toEqual([line, '1 SLO: 1 healthy']);
  });

  test('the filter decides about output and exit code; JSON is the API’s', async () => {
    const { code, printed } = await run([fine, burning], { filter: 'Discovery search', output: 'json' });
    expect(code).toBe(0);
    expect((JSON.parse(printed) as SloList).slos.map(({ service }) => service)).toEqual(['search']);
  });

  test('colour is for terminals only', async () => {
    expect((await run([burning])).printed).not.toContain('\u001b');
    await server!.close();
    expect((await run([burning], {}, true)).printed).toContain('\u001b[1;31m▲ burning\u001b[0m');
  });

  test('a name cannot write on the terminal', async () => {
    const { printed } = await run([status({ slo: slo({ serviceName: '\u001b[2J\u202e\nx' }), total: 0, bad: 0 })]);
    expect(printed).not.toMatch(/[\u001b\u202e]/);
    expect(printed.split('\n')).toHaveLength(5);
    await server!.close();
    const serviceName = '\u009b2J\u202ex';
    const json = (await run([status({ slo: slo({ serviceName }), total: 0, bad: 0 })], { output: 'json' })).printed;
    expect(json).not.toMatch(/[\u009b\u202e]/);
    expect((JSON.parse(json) as SloList).slos[0]?.service).toBe(serviceName);
  });

  test('a token is read from its file; without one, or with a wrong one, the way in is told', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'meshslo-token-'));
    const [good, bad] = [join(folder, 'good'), join(folder, 'bad')];
    writeFileSync(good, 'a-token-of-some-length\n');
    writeFileSync(bad, 'another');
    const token = { name: 'me', token: 'a-token-of-some-length', role: 'viewer' } as const;
    const authentication = { kind: 'tokens', tokens: () => [token] } as const;
    expect((await run([fine], { tokenFile: good }, false, authentication)).code).toBe(0);
    const silentTerminal = { write: () => undefined, color: false };
    for (const options of [{}, { tokenFile: bad }]) {
      const asked = showStatus({ url: server!.url, output: 'text', ...options }, silentTerminal);
      await expect(asked).rejects.toMatchObject({
        code: 'unauthenticated',
        hint: expect.stringContaining('--token-file'),
      });
    }
    const missing = showStatus({ url: server!.url, output: 'text', tokenFile: join(folder, 'none') }, silentTerminal);
    await expect(missing).rejects.toMatchObject({ code: 'file-unreadable' });
  });

  test('nobody there, somebody else there, and no address at all are told apart', async () => {
    const terminal = { write: () => undefined, color: false };
    const other = createServer((_request, response) => response.end('<h1>hello</h1>')).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    await expect(showStatus({ url, output: 'text' }, terminal)).rejects.toMatchObject({ code: 'service-unreachable' });
    for (const body of ['null', '[]', '{"slos":[{}]}', '{"slos":[null]}', '{"slos":{}}']) {
      other.removeAllListeners('request').on('request', (_request, response) => response.end(body));
      await expect(showStatus({ url, output: 'text' }, terminal)).rejects.toMatchObject({
        code: 'service-unreachable',
        hint: expect.stringContaining('--url'),
      });
    }
    other.close();
    await once(other, 'close');
    await expect(showStatus({ url, output: 'text' }, terminal)).rejects.toMatchObject({
      code: 'service-unreachable',
      message: `no meshslo answers at ${url}: connection refused`,
      hint: expect.stringContaining('meshslo serve'),
    });
    await expect(showStatus({ url: 'ftp://me:secret@x', output: 'text' }, terminal)).rejects.toMatchObject({
      code: 'bad-arguments',
      message: '--url ftp://***@x is no HTTP address',
    });
    await expect(connectLive('--prometheus', 'ftp://me:secret@x', {})).rejects.toMatchObject({
      code: 'bad-arguments',
      message: '--prometheus ftp://***@x is no HTTP address',
    });
  });
});
