/**
 * Are our rules exact and cheap? Beside the shapes of Sloth's and Pyrra's rules, in a real Prometheus and VictoriaMetrics:
 * `npm run bench:rules [-- --full] [-- --json]`.
 *
 * `--full` takes 30 days and 100 services, and its errors are of three callers each, so of more than 100 series a service.
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

/** Each table is shown when it is measured: who stops a long run has what came before. */
export async function bench({ json, full }) {
  const tools = await testTools();
  if (tools.findProgram('prometheus') === undefined) throw new Error('this bench needs prometheus');
  const victoria = tools.findProgram('victoria-metrics') !== undefined;
  const folder = mkdtempSync(join(tmpdir(), 'meshslo-bench-'));
  const started = Date.now();
  const say = (text) => console.error(`${((Date.now() - started) / 1000).toFixed(0).padStart(5)} s  ${text}`);
  const windowDays = full ? 30 : 7;
  const services = full ? 100 : 12;
  const about = { folder, to, objective, windowDays, say };
  const figures = { windowDays, services };
  const measured = (name, value, table) => {
    figures[name] = value;
    if (!json) table(value, figures);
  };
  try {
    const counts = [10, 100].map((many) => countsFor(tools, many, about));
    measured('counts', counts, showCounts);
    measured('slope', await measureSlope(tools, about), showSlope);
    const cost = await measureCost(tools, { ...about, services, kind: 'prometheus' });
    measured('cost', cost, (value) => {
      showCost(
        `Prometheus: one evaluation for ${services} services, ${value.seriesCount} series, ${windowDays} d`,
        value,
      );
    });
    if (victoria) {
      const other = { ...about, services: 12, windowDays: 7, kind: 'victoria' };
      measured('onVictoria', await measureCost(tools, other), (value) => {
        showCost('VictoriaMetrics: one evaluation for 12 services, 7 d', value);
      });
    }
    const errors = await measureErrors(tools, { ...about, callers: full ? 3 : 1, victoria });
    measured('errors', errors, showErrors);
    if (json) show({ figures, json });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function countsFor(tools, services, about) {
  const named = Array.from({ length: services }, (_, number) => ({ name: `service-${number}`, namespace: 'shop' }));
  const rules = Object.entries(designs(tools, named, about)).map(([design, own]) => ({ design, ...ruleCounts(own) }));
  return { services, rules };
}

function showCounts(counts) {
  show({
    title: 'Rules, and constants beside them',
    columns: ['design', ...counts.map((count) => `${count.services} services`)],
    rows: counts[0].rules.map(({ design }, place) => [
      design,
      ...counts.map((count) => `${count.rules[place].rules} + ${count.rules[place].constant}`),
    ]),
  });
}

function showSlope(slope) {
  show({
    title: `Samples that our rules of a minute read: ${slope.samplesPerSeries.toFixed(2)} for every further series`,
    columns: ['services', 'series', 'samples'],
    rows: slope.points.map((point) => [point.services, point.series, point.samples]),
  });
}

function showErrors(errors, { windowDays }) {
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

function showCost(title, { rows }) {
  const sloth = rows.find(({ design }) => design === 'Sloth').cpuPercent;
  show({
    title,
    columns: ['design', 'rules', 'samples read', 'CPU, % of a core', `of Sloth's (goal ${goal})`],
    rows: rows.map((row) => [
      row.design,
      row.rules,
      row.samples || '',
      row.cpuPercent.toFixed(3),
      (row.cpuPercent / sloth).toFixed(3),
    ]),
  });
}
