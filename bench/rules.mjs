/**
 * Are our rules exact and cheap? Beside the shapes of Sloth's and Pyrra's rules, in a real Prometheus and VictoriaMetrics:
 * `npm run bench:rules [-- --full] [-- --json]`.
 *
 * `--full` takes 30 days, 100 services and 200,000 series; it needs most of an hour, and 15 GB of disk.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { designs, measureCost, measureSlope, ruleCounts } from './rule-cost.mjs';
import { measureErrors } from './rule-error.mjs';
import { show } from './table.mjs';
import { testTools } from './test-tools.mjs';

const to = Date.UTC(2026, 2, 31) / 1000;
const objective = 0.999;
/** CPU of ours beside Sloth's, at 100 services. */
const goal = 1 / 25;

export async function bench({ json, full }) {
  const tools = await testTools();
  if (tools.findProgram('prometheus') === undefined) throw new Error('this bench needs prometheus');
  const victoria = tools.findProgram('victoria-metrics') !== undefined;
  const folder = mkdtempSync(join(tmpdir(), 'meshslo-bench-'));
  const started = Date.now();
  const say = (text) => console.error(`${((Date.now() - started) / 1000).toFixed(0).padStart(5)} s  ${text}`);
  const windowDays = full ? 30 : 7;
  const about = { folder, to, objective, windowDays, say };
  try {
    const counts = [10, 100].map((services) => countsFor(tools, services, about));
    const slope = await measureSlope(tools, about);
    const size = { services: full ? 100 : 12, histograms: full };
    const cost = await measureCost(tools, { ...about, ...size, kind: 'prometheus' });
    const onVictoria = victoria
      ? await measureCost(tools, { ...about, services: 12, histograms: false, windowDays: 7, kind: 'victoria' })
      : undefined;
    const errors = await measureErrors(tools, { ...about, callers: full ? 6 : 1, victoria });
    report({ json, counts, slope, cost, onVictoria, errors, windowDays, services: size.services });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function countsFor(tools, services, about) {
  const named = Array.from({ length: services }, (_, number) => ({ name: `service-${number}`, namespace: 'shop' }));
  const rules = Object.entries(designs(tools, named, about)).map(([design, own]) => ({ design, ...ruleCounts(own) }));
  return { services, rules };
}

function report({ json, counts, slope, cost, onVictoria, errors, windowDays, services }) {
  const figures = { counts, slope, cost, onVictoria, errors, windowDays, services };
  if (json) {
    show({ figures, json });
    return;
  }
  show({
    title: 'Rules, and constants beside them',
    columns: ['design', ...counts.map((count) => `${count.services} services`)],
    rows: counts[0].rules.map(({ design }, place) => [
      design,
      ...counts.map((count) => `${count.rules[place].rules} + ${count.rules[place].constant}`),
    ]),
  });
  show({
    title: `Samples that our rules of a minute read: ${slope.samplesPerSeries.toFixed(2)} for every further series`,
    columns: ['services', 'series', 'samples'],
    rows: slope.points.map((point) => [point.services, point.series, point.samples]),
  });
  showCost(
    `Prometheus: one evaluation for ${services} services, ${cost.seriesCount} series, ${windowDays} d`,
    cost,
    goal,
  );
  if (onVictoria) showCost('VictoriaMetrics: one evaluation for 12 services, 7 d', onVictoria, goal);
  const percent = (value) => (value === undefined ? '' : value.toFixed(2));
  show({
    title: `Off by percent of the budget, over ${windowDays} d`,
    columns: [
      'traffic',
      'consumed',
      'ours',
      'VictoriaMetrics',
      'Sloth',
      'Pyrra raw',
      'Pyrra performance',
      'events off',
    ],
    rows: errors.map((row) => [
      row.traffic,
      ...[row.consumed, row.ours, row.oursOnVictoria, row.sloth, row.pyrra, row.pyrraPerformance].map(percent),
      row.events,
    ]),
  });
}

function showCost(title, { rows }, least) {
  const sloth = rows.find(({ design }) => design === 'Sloth').cpuPercent;
  show({
    title,
    columns: ['design', 'rules', 'samples read', 'CPU, % of a core', `of Sloth's (goal ${least})`],
    rows: rows.map((row) => [
      row.design,
      row.rules,
      row.samples || '',
      row.cpuPercent.toFixed(3),
      (row.cpuPercent / sloth).toFixed(3),
    ]),
  });
}
