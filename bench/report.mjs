/**
 * One week's reports of 4,000 and of 10,000 SLOs, read from a ledger with 5 weeks of 5-minute slots: how long each part
 * takes, and for how long at most nothing else had its turn: `npm run bench:report [-- --json]`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isoWeekRange, parseIsoWeek } from '../dist/domain/iso-week.js';
import { sloId, usualAlerts } from '../dist/domain/slo.js';
import { Ledger } from '../dist/ledger/ledger.js';
import { renderReport } from '../dist/report/render-report.js';
import { readWeek } from '../dist/report/week-book.js';
import { show } from './table.mjs';

const week = parseIsoWeek('2026-W24');
const zone = 'Europe/Berlin';
const { from, to } = isoWeekRange(week, zone);
const slotSeconds = 300;
const teams = 50;

export async function bench({ json }) {
  const runs = [];
  for (const count of [4000, 10_000]) runs.push(await measured(count));
  show({
    title: 'Weekly reports, 5 weeks of 5-minute slots',
    columns: ['what', ...runs.map(({ slos }) => `${slos} SLOs`), 'goal'],
    rows: Object.entries(texts).map(([name, [text, goal]]) => [
      text,
      ...runs.map((run) => run[name].toFixed(run[name] < 10 ? 1 : 0)),
      goal,
    ]),
    figures: runs,
    json,
  });
}

const texts = {
  readMs: ['a week is read from the ledger, ms', ''],
  organisationMs: ['report of the organisation is cut from it, ms', ''],
  teamsMs: [`reports of all ${teams} teams, ms`, ''],
  htmlMs: ['HTML with pictures and CSV, ms', ''],
  textMs: ['plain text, ms', ''],
  htmlKilobytes: ['HTML without pictures, kB', '<= 100'],
  longestWaitMs: ['longest that others had to wait, ms', '<= 250'],
};

async function measured(count) {
  const folder = mkdtempSync(join(tmpdir(), 'meshslo-bench-'));
  const ledger = Ledger.open(join(folder, 'ledger.db'));
  try {
    const slos = Array.from({ length: count }, (_, number) => sloOf(number));
    ledger.declare(slos, from - 35 * 86_400);
    ledger.import(slots(slos.map(sloId)), { origin: 'bench' });
    const reader = Ledger.open(ledger.path, { readOnly: true });
    const source = { ledger: reader, slos, now: to + 3600 };
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const [book, readMs] = await timed(() => readWeek(source, week, zone));
    const [report, organisationMs] = await timed(() => book.report({ kind: 'organisation' }));
    const [, teamsMs] = await timed(async () => {
      for (const owner of book.owners) await book.report({ kind: 'team', owner });
    });
    const [html, htmlMs] = await timed(() => renderReport(report, 'html'));
    const [, textMs] = await timed(() => renderReport(report, 'text'));
    delay.disable();
    reader.close();
    const htmlKilobytes = Buffer.byteLength(html.body) / 1000;
    const longestWaitMs = delay.max / 1e6;
    return { slos: count, readMs, organisationMs, teamsMs, htmlMs, textMs, htmlKilobytes, longestWaitMs };
  } finally {
    ledger.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function timed(work) {
  const began = performance.now();
  const result = await work();
  return [result, performance.now() - began];
}

function sloOf(number) {
  return {
    service: { cluster: 'bench', namespace: `team-${number % teams}`, name: `service-${number >> 1}` },
    mesh: 'istio',
    name: number % 2 ? 'latency' : 'availability',
    indicator: number % 2 ? { kind: 'latency', thresholdSeconds: 0.25 } : { kind: 'availability' },
    perspective: 'server',
    filter: {},
    objective: 0.999,
    window: { kind: 'rolling', seconds: 30 * 86_400 },
    budgeting: { method: 'occurrences' },
    alerts: usualAlerts,
    owner: `team-${number % teams}`,
    tier: 'standard',
    origin: 'default',
  };
}

/** Five weeks; a day's traffic of each SLO is drawn once, and one in fifty has a bad hour in the week. */
function* slots(ids) {
  let state = 42;
  const random = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  const typical = ids.map(() => Math.round(10 ** (1 + random() * 3)));
  const badHour = ids.map(() => (random() < 0.02 ? from + Math.floor(random() * 160) * 3600 : -1));
  for (let at = from - 35 * 86_400; at < to; at += slotSeconds) {
    const events = ids.map((slo, index) => {
      const total = typical[index];
      const isBad = at >= badHour[index] && at < badHour[index] + 3600;
      const bad = isBad ? Math.floor(total / 5) : random() < 0.0005 * total ? 1 : 0;
      return { slo, total, bad, coverage: 1 };
    });
    const facts = { caller: 'storefront', callerCluster: 'bench', version: 'v1', method: '', flags: 'UF', code: '503' };
    const breakdown = events.filter(({ bad }) => bad > 1).map(({ slo, bad }) => ({ slo, facts, bad }));
    yield { slotStart: at, slotSeconds, events, unplaced: [], breakdown, signals: [], unseen: [], checkpoints: [] };
  }
}
