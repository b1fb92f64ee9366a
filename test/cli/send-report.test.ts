import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { report, type ReportOptions } from '../../src/cli/report.js';
import { Ledger } from '../../src/ledger/ledger.js';
import { leastConfig } from '../config/workspace.js';
import { burst, week } from '../report/made-up-report.js';
import { fill, madeUpPast } from '../report/made-up-weeks.js';
import { MadeUpReader } from '../server/made-up-reader.js';
import { noReports } from '../server/made-up-reports.js';
import { startMadeUp } from '../server/running.js';

let folder: string;
const tuesday = week.to + 36 * 3600;

const reports = `reports:
  time_zone: ${week.zone}
  from: slo@example.com
  transport: { folder: outbox }
  organisation: { to: ['Ada <ada@example.com>', leads@lists.example.com] }
  teams: [{ owner: team-shop, to: shop@example.com }]
`;

function configure(rest: string): void {
  writeFileSync(join(folder, 'meshslo.yaml'), `${leastConfig}ledger: ledger.db\n${rest}`);
}

async function run(options: Partial<ReportOptions>): Promise<{ code: number; text: string }> {
  let text = '';
  const terminal = { color: false, write: (part: string) => void (text += part) };
  const given = { config: join(folder, 'meshslo.yaml'), output: 'text', ...options } as const;
  return { code: await report(given, terminal, tuesday), text };
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshslo-send-'));
  const ledger = Ledger.open(join(folder, 'ledger.db'));
  fill(ledger, madeUpPast({ ...week, burst }));
  ledger.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

test('one command shows what would be mailed, and sends nothing', async () => {
  configure(reports);
  const { text } = await run({ preview: true, out: join(folder, 'preview') });
  expect(text).toContain('report-2026-W47-organisation.html');
  expect(readdirSync(folder)).not.toContain('outbox');
  expect(readFileSync(join(folder, 'preview', 'report-2026-W47-organisation.html'), 'utf8')).toContain('shop/cart');
});

test('sent by itself where no service runs: to everybody once, however often it is asked for', async () => {
  configure(reports);
  const first = await run({ send: true });
  expect(first).toEqual({
    code: 0,
    text:
      '2026-W47.team-search: archived; nobody is named for it\n' +
      '2026-W47.team-shop: archived; for 1 recipient\n' +
      '2026-W47: archived; for 2 recipients\n' +
      'All of them have it.\n',
  });
  expect(
    readdirSync(join(folder, 'outbox'))
      .filter((name) => name.endsWith('.eml'))
      .sort(),
  ).toEqual([
    '2026-W47 to ada@example.com.eml',
    '2026-W47 to leads@lists.example.com.eml',
    '2026-W47.team-shop to shop@example.com.eml',
  ]);
  const again = await run({ send: true, week: '2026-W47', team: 'team-shop' });
  expect(again.text).toBe('2026-W47.team-shop: given before, and nothing has changed since; nobody waits for it\n');
});

test('what is sent does not say that nothing was found where nothing looks', async () => {
  configure(reports);
  await run({ send: true });
  const ledger = Ledger.open(join(folder, 'ledger.db'), { readOnly: true });
  expect(JSON.parse(ledger.reports.model('2026-W47'))).not.toHaveProperty('findings');
  ledger.close();
});

test('whoever is not reached is named, and the exit code says so', async () => {
  configure(reports.replace('folder: outbox', 'smtp: { server: "127.0.0.1:1", encryption: none }'));
  expect(await run({ send: true, week: '2026-W46', team: 'team-shop' })).toEqual({
    code: 1,
    text:
      '2026-W46.team-shop: archived; for 1 recipient\n' +
      '2026-W46.team-shop to shop@example.com waits for meshslo serve, or for another --send: connection refused\n',
  });
});

test.each([
  [{ service: 'cart' }, 'bad-arguments'],
  [{ week: 'this' }, 'bad-arguments'],
  [{ team: 'nobody' }, 'not-found'],
])('%j is not sent: %s', async (options, code) => {
  configure(reports);
  await expect(run({ send: true, ...options })).rejects.toMatchObject({ code });
});

test('nobody is sent anything where nobody is named, and no ledger is begun where there is none', async () => {
  configure('');
  await expect(run({ send: true })).rejects.toMatchObject({ code: 'bad-arguments' });
  writeFileSync(join(folder, 'meshslo.yaml'), `${leastConfig}ledger: elsewhere.db\n${reports}`);
  await expect(run({ send: true })).rejects.toMatchObject({ code: 'not-found' });
  expect(readdirSync(folder)).not.toContain('elsewhere.db');
});

test('a service that runs has the ledger, and is asked to send', async () => {
  const ledger = Ledger.open(join(folder, 'ledger.db'));
  const asked: unknown[] = [];
  const server = await startMadeUp(new MadeUpReader([]), {
    reports: {
      shelf: noReports.shelf,
      desk: {
        send: (...order) => {
          asked.push(order);
          return Promise.resolve([{ id: '2026-W47', is: 'new', queued: 2 }]);
        },
      },
    },
  });
  try {
    configure(`listen: { port: ${new URL(server.url).port} }\n${reports}`);
    expect(await run({ send: true })).toEqual({
      code: 0,
      text: '2026-W47: archived; for 2 recipients\nThe running service hands them over.\n',
    });
    expect(asked).toEqual([[{ year: 2026, week: 47 }, undefined]]);
  } finally {
    await server.close();
    ledger.close();
  }
});
