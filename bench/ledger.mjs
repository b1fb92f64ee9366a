/**
 * The ledger at 4,000 SLOs and 30 days of 5-minute slots, beside a plain table with one row per SLO and slot:
 * `npm run bench:ledger [-- --json]`.
 *
 * Traffic is drawn from a fixed seed: most SLOs have a few to a few thousand requests in five minutes, few of them bad.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Libsql from 'libsql';
import { sloId } from '../dist/domain/slo.js';
import { Ledger } from '../dist/ledger/ledger.js';
import { sloStatuses } from '../dist/ledger/slo-status.js';
import { median, show } from './table.mjs';

const sloCount = 4000;
const days = 30;
const slotSeconds = 300;
const slotsPerDay = 86_400 / slotSeconds;
const from = Date.UTC(2026, 4, 1) / 1000;
const to = from + days * 86_400;
const sliceSeconds = 300;

export function bench({ json }) {
  const folder = mkdtempSync(join(tmpdir(), 'meshslo-bench-'));
  try {
    const slos = Array.from({ length: sloCount }, (_, number) => sloOf(number));
    const ids = slos.map(sloId);
    const drawn = drawSlots(ids);
    const figures = {
      ...measureMonth(join(folder, 'month', 'ledger.db'), slos, drawn),
      ...measureMinutes(join(folder, 'minutes.db'), slos, drawn),
      ...sideBySide(folder, slos, drawn),
    };
    const goals = {
      writtenPerSecond: '>= 5 M',
      sumsMs: '<= 400',
      oddSumsMs: '<= 400',
      seriesMs: '<= 5',
      megabytes: '< 200',
    };
    show({
      title: `Ledger: ${sloCount} SLOs, ${days} d of 5-minute slots (${((sloCount * days * slotsPerDay) / 1e6).toFixed(2)} M slot values)`,
      columns: ['what', 'figure', 'goal'],
      rows: Object.entries(figures).map(([name, figure]) => [texts[name], readable(figure), goals[name] ?? '']),
      figures,
      json,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const texts = {
  writtenPerSecond: 'slot values written a second',
  sumsMs: '30 d sums of all SLOs, ms',
  oddSumsMs: '30 d sums of all SLOs, 00:25 to 23:35, ms',
  seriesMs: '30 d series of one SLO, ms',
  statusMs: 'status of all SLOs (budget and 6 burn rates), ms',
  rejudgedMs: 'counting slices of 5 min of all SLOs anew, ms',
  slicedStatusMs: 'status of all SLOs when their budgets count slices, ms',
  megabytes: 'on disk, MB',
  commitMs: 'commit of one minute, median, ms',
  slowestCommitMs: 'commit of one minute, slowest of 180 (hours close), ms',
  liveStatusMs: 'status of all SLOs over 3 h of minutes, ms',
  fasterWritten: 'one day: times faster written than a row per SLO and slot',
  fasterSummed: 'one day: times faster summed than a row per SLO and slot',
  smaller: 'one day: times smaller than a row per SLO and slot',
};

function measureMonth(path, slos, drawn) {
  const ledger = Ledger.open(path);
  ledger.declare(slos, from);
  const write = secondsOf(() => ledger.import(batches(drawn, days * slotsPerDay), { origin: 'bench' }));
  const sums = (range) => ledger.sums(range, { unplaced: 'ending-inside' });
  let next = 0;
  const sliced = slos.map((slo) => ({
    ...slo,
    budgeting: { method: 'time-slices', sliceSeconds, sliceObjective: 0.99 },
  }));
  const figures = {
    writtenPerSecond: (sloCount * days * slotsPerDay) / write,
    sumsMs: millisecondsOf(15, () => sums({ from, to })),
    oddSumsMs: millisecondsOf(15, () => sums({ from: from + 1500, to: to - 1500 })),
    seriesMs: millisecondsOf(101, () => ledger.series(sloId(slos[(next += 97) % sloCount]), { from, to }, slotSeconds)),
    statusMs: millisecondsOf(9, () => sloStatuses(ledger, slos, to)),
    rejudgedMs: millisecondsOf(1, () => ledger.declare(sliced, to)),
    slicedStatusMs: millisecondsOf(9, () => sloStatuses(ledger, sliced, to)),
  };
  ledger.compact();
  ledger.close();
  return { ...figures, megabytes: sizeOf(dirname(path)) / 1e6 };
}

/** As in service: minute after minute, hours closing in between. */
function measureMinutes(path, slos, drawn) {
  const ledger = Ledger.open(path);
  ledger.declare(slos, from);
  const commits = Array.from(batches(drawn, 180, 60), (batch) => 1000 * secondsOf(() => ledger.commit(batch)));
  const liveStatusMs = millisecondsOf(9, () => sloStatuses(ledger, slos, from + 180 * 60));
  ledger.close();
  return { commitMs: median(commits), slowestCommitMs: Math.max(...commits), liveStatusMs };
}

/** The plain table holds one day: 30 would take minutes. */
function sideBySide(folder, slos, drawn) {
  const [path, plainPath] = [join(folder, 'day', 'ledger.db'), join(folder, 'plain', 'plain.db')];
  mkdirSync(dirname(plainPath));
  const plain = plainTable(plainPath, drawn);
  const ledger = Ledger.open(path);
  ledger.declare(slos, from);
  const write = secondsOf(() => ledger.import(batches(drawn, slotsPerDay), { origin: 'bench' }));
  const day = { from, to: from + 86_400 };
  const sumsMs = millisecondsOf(15, () => ledger.sums(day, { unplaced: 'ending-inside' }));
  ledger.close();
  return {
    fasterWritten: plain.write / write,
    fasterSummed: plain.sumsMs / sumsMs,
    smaller: sizeOf(dirname(plainPath)) / sizeOf(dirname(path)),
  };
}

function sloOf(number) {
  return {
    service: { cluster: 'bench', namespace: `team-${number % 50}`, name: `service-${number >> 1}` },
    name: number % 2 ? 'latency' : 'availability',
    indicator: number % 2 ? { kind: 'latency', thresholdSeconds: 0.25 } : { kind: 'availability' },
    perspective: 'server',
    filter: {},
    objective: 0.999,
    window: { kind: 'rolling', seconds: 30 * 86_400 },
    budgeting: { method: 'occurrences' },
    owner: undefined,
    tier: 'standard',
    origin: 'default',
  };
}

/** An hour of slots; the whole span repeats it, so that drawing costs nothing while writing is timed. */
function drawSlots(ids) {
  let state = 42;
  const random = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  const typical = ids.map(() => 10 ** (random() * 4));
  return Array.from({ length: 12 }, () =>
    ids.map((slo, index) => {
      const total = Math.round(typical[index] * (0.5 + random()));
      return { slo, total, bad: random() < 0.1 ? Math.round(total * 0.01 * random()) : 0, coverage: 1 };
    }),
  );
}

function* batches(drawn, count, width = slotSeconds) {
  for (let slot = 0; slot < count; slot++) {
    const rest = { unplaced: [], breakdown: [], signals: [], unseen: [], checkpoints: [] };
    yield { slotStart: from + slot * width, slotSeconds: width, events: drawn[slot % drawn.length], ...rest };
  }
}

function plainTable(path, drawn) {
  const database = new Libsql(path);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  database.exec(
    'CREATE TABLE events (slot INTEGER, slo INTEGER, total INTEGER, bad INTEGER, PRIMARY KEY (slot, slo)) WITHOUT ROWID',
  );
  const insert = database.prepare('INSERT INTO events VALUES (?, ?, ?, ?)');
  const write = secondsOf(() => {
    for (let slot = 0; slot < slotsPerDay; slot++) {
      database.exec('BEGIN');
      drawn[slot % drawn.length].forEach(({ total, bad }, slo) => insert.run(slot, slo, total, bad));
      database.exec('COMMIT');
    }
  });
  const sum = database.prepare(
    'SELECT slo, sum(total), sum(bad) FROM events WHERE slot >= ? AND slot < ? GROUP BY slo',
  );
  const sumsMs = millisecondsOf(3, () => sum.raw().all(0, slotsPerDay));
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
  return { write, sumsMs };
}

function sizeOf(folder) {
  return readdirSync(folder).reduce((bytes, name) => bytes + statSync(join(folder, name)).size, 0);
}

function secondsOf(work) {
  const began = performance.now();
  work();
  return (performance.now() - began) / 1000;
}

function millisecondsOf(times, work) {
  return 1000 * median(Array.from({ length: times }, () => secondsOf(work)));
}

function readable(figure) {
  return figure >= 1e6 ? `${(figure / 1e6).toFixed(1)} M` : figure.toPrecision(3);
}
