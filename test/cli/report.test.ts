import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { report, type ReportOptions } from '../../src/cli/report.js';
import { failureOf } from '../../src/domain/failure.js';
import { Ledger } from '../../src/ledger/ledger.js';
import type { WeekReport } from '../../src/report/week-report.js';
import { leastConfig } from '../config/workspace.js';
import { burst, week } from '../report/made-up-report.js';
import { fill, madeUpPast } from '../report/made-up-weeks.js';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshslo-report-'));
  writeFileSync(join(folder, 'meshslo.yaml'), `${leastConfig}ledger: ledger.db\n`);
});

afterAll(() => rmSync(folder, { recursive: true }));

/** The Tuesday after the week. */
const tuesday = week.to + 36 * 3600;

async function run(options: Partial<ReportOptions> = {}, now = tuesday): Promise<{ code: number; text: string }> {
  let text = '';
  const terminal = { color: false, write: (part: string) => void (text += part) };
  const zone = options.send ? {} : { timeZone: week.zone };
  const given = { config: join(folder, 'meshslo.yaml'), output: 'text', ...zone, ...options } as const;
  return { code: await report(given, terminal, now), text };
}

async function refusal(options: Partial<ReportOptions>) {
  try {
    await run(options);
    return undefined;
  } catch (error) {
    const { code, message, hint } = failureOf(error);
    return { code, message, hint };
  }
}

describe('meshslo report, of a ledger that goes on being written', () => {
  let ledger: Ledger;

  beforeAll(() => {
    ledger = Ledger.open(join(folder, 'ledger.db'));
    fill(ledger, madeUpPast({ ...week, burst }));
  });

  afterAll(() => ledger.close());

  test('tells of the last whole week, by itself', async () => {
    const { text } = await run();
    expect(text).toMatch(/^Week 47 of 2026, 16 to 22 November 2026 · the organisation\n/);
    expect(text).toContain('shop/cart');
  });

  test('exits with 0 where promises were kept, 1 where one was broken, and 1 where none can be judged', async () => {
    const outcome = async (service: string, name: string = week.name) => {
      const { code, text } = await run({ service, week: name, output: 'json' });
      const { counts } = JSON.parse(text) as WeekReport;
      return { code, met: counts.met, missed: counts.missed };
    };
    expect(await outcome('cart', '2026-W46')).toEqual({ code: 0, met: 2, missed: 0 });
    expect(await outcome('search')).toEqual({ code: 1, met: 0, missed: 1 });
    expect(await outcome('silent')).toEqual({ code: 1, met: 0, missed: 0 });
  });

  test('tells of a named week, and of the one that goes on', async () => {
    expect((await run({ week: '2026-W46' })).text).toMatch(/^Week 46 of 2026, 9 to 15 November 2026/);
    expect((await run({ week: 'this' })).text).toContain('The week is not over: figures until Tue 24 November, 12:00.');
  });

  test('tells of a team and of a service', async () => {
    const reports = await Promise.all(
      [{ team: 'team-search' }, { service: 'cart' }, { service: 'shop/cart' }, { service: 'eu/shop/cart' }].map(
        async (scope) => JSON.parse((await run({ ...scope, output: 'json' })).text) as WeekReport,
      ),
    );
    const services = reports.map(({ slos }) => [...new Set(slos.map(({ slo }) => slo.service.name))].sort());
    expect(services).toEqual([['search', 'silent'], ['cart'], ['cart'], ['cart']]);
  });

  test('writes files that stand by themselves', async () => {
    const out = join(folder, 'reports');
    for (const output of ['html', 'md', 'json', 'text'] as const) await run({ output, out });
    expect(readdirSync(out).sort()).toEqual([
      'report-2026-W47-organisation.html',
      'report-2026-W47-organisation.json',
      'report-2026-W47-organisation.md',
      'report-2026-W47-organisation.txt',
    ]);
    const html = readFileSync(join(out, 'report-2026-W47-organisation.html'), 'utf8');
    expect(html).toContain('src="data:image/png;base64,');
    expect(html).not.toContain('cid:');
  });

  test('writes reports of several teams and services beside each other', async () => {
    const out = join(folder, 'teams');
    for (const scope of [{ team: 'team-shop' }, { team: 'team-search' }, { service: 'cart' }])
      await run({ ...scope, out });
    expect(readdirSync(out).sort()).toEqual([
      expect.stringMatching(/^report-2026-W47-service-eu_shop_cart-[0-9a-f]{6}\.txt$/),
      'report-2026-W47-team-team-search.txt',
      'report-2026-W47-team-team-shop.txt',
    ]);
  });

  test('says what it could not tell of, and what there is', async () => {
    expect(await refusal({ team: 'team-shp' })).toEqual({
      code: 'not-found',
      message: 'there is no team "team-shp" in this week',
      hint: 'there is, for example, team-shop',
    });
    expect(await refusal({ service: 'till' })).toMatchObject({ code: 'not-found' });
    expect(await refusal({ team: 'team-shop', service: 'cart' })).toMatchObject({ code: 'bad-arguments' });
    expect(await refusal({ week: '2026-47' })).toMatchObject({
      code: 'bad-arguments',
      message: '"2026-47" is no week',
    });
    expect(await refusal({ week: '2026-W49' })).toMatchObject({
      code: 'bad-arguments',
      message: 'week 2026-W49 has not begun',
      hint: 'the present one is 2026-W48',
    });
    expect(await refusal({ timeZone: 'Berlin' })).toMatchObject({ code: 'bad-arguments' });
    expect(await refusal({ send: true, out: 'x', open: true })).toMatchObject({
      message: '--send writes no files: --open, --out cannot be given with it',
    });
    // The last week of one zone may be the present one of another.
    expect(await refusal({ send: true, timeZone: week.zone })).toMatchObject({ hint: 'leave it out' });
    expect(await refusal({ out: '/proc/meshslo' })).toMatchObject({ code: 'file-unreadable' });
    expect(await refusal({ tokenFile: 'x' })).toMatchObject({ code: 'bad-arguments' });
  });
});

test('all that is wrong with what is asked for is told at once', async () => {
  const asked = { week: '2026-W54', timeZone: 'Mars', team: 'a', service: 'b', send: true, preview: true };
  expect(await refusal(asked)).toEqual({
    code: 'bad-arguments',
    message: '6 things that are asked for cannot be',
    hint: `
    "2026-W54" is no week: write it as 2026-W48, or as this
    there is no time zone "Mars": take a name such as Europe/Berlin
    --team and --service cannot be given together: leave one of them out
    reports of the organisation and of teams are sent, none of a service: leave --service out, or print it without --send
    the weeks that are sent are those of reports.time_zone: --time-zone cannot be given with --send: leave it out
    --send writes no files: --preview cannot be given with it: write them with a command of their own`,
  });
});

test('meshslo report makes no ledger where there is none', async () => {
  writeFileSync(join(folder, 'none.yaml'), `${leastConfig}ledger: none.db\n`);
  expect(await refusal({ config: join(folder, 'none.yaml') })).toMatchObject({ code: 'not-found' });
  expect(existsSync(join(folder, 'none.db'))).toBe(false);
});
