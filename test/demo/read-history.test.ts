import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { loadConfig } from '../../src/config/load-config.js';
import { readHistory } from '../../src/demo/read-history.js';
import { Ledger } from '../../src/ledger/ledger.js';
import { CurrentSlos } from '../../src/service/current-slos.js';
import { history } from '../../src/simulator/history.js';
import { historyText } from '../../src/simulator/history-text.js';
import { smallMesh } from '../simulator/small-mesh.js';

const day = 86_400;
const from = 20_000 * day;
const range = { fromSeconds: from, toSeconds: from + 5 * day, stepSeconds: 900 };

const folder = mkdtempSync(join(tmpdir(), 'meshslo-history-'));
let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer(
    (_, response) => void Readable.from(historyText(history(smallMesh(), 1, range))).pipe(response),
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

function read(name: string, onDay: () => void) {
  const file = join(folder, 'meshslo.yaml');
  const targets = 'targets: [{ static: [127.0.0.1:15090] }]';
  writeFileSync(file, `cluster: demo\nscrape: { jobs: [{ name: sidecars, mesh: istio, ${targets} }] }\n`);
  const { config } = loadConfig(file);
  const ledger = Ledger.open(join(folder, name));
  const slos = new CurrentSlos(config!.slos);
  const sums = () => {
    const traffic = ledger.traffic({ from: range.fromSeconds, to: range.toSeconds });
    return traffic.flatMap(({ traffic: slot }) => slot).reduce((sum, { requests }) => sum + requests, 0);
  };
  const reading = readHistory({ config: config!, ledger, slos, url, origin: 'simulated history', onDay });
  return { reading, sums, ledger };
}

test('a history that was interrupted is whole once it is read again, and nothing of it counts twice', async () => {
  const whole = read('whole.db', () => undefined);
  await whole.reading;
  const stop = new Error('stop');
  const cut = read('cut.db', () => {
    throw stop;
  });
  await expect(cut.reading).rejects.toBe(stop);
  expect(cut.sums()).toBeGreaterThan(0);
  expect(cut.sums()).toBeLessThan(whole.sums());
  cut.ledger.close();
  const again = read('cut.db', () => undefined);
  expect((await again.reading).repeated).toBeGreaterThan(0);
  expect(again.ledger.lastObservedSlot()).toBeUndefined();
  expect(again.sums()).toBe(whole.sums());
  again.ledger.close();
  whole.ledger.close();
});
