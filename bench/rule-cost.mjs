/** What one evaluation of each design costs: samples read, and CPU of the program that answers. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { addRecorded } from './earlier-recordings.mjs';
import { fleetRuleFiles, isConstant } from './fleet-rule-set.mjs';
import { pyrraRules, slothRules } from './peer-rules.mjs';
import { inMinutes, tellInTurn } from './telling.mjs';

const minute = 60;
const day = 86_400;
const availability = { perspective: 'server', kind: 'availability' };
const mixed = ['uneven days', 'rare requests', 'evictions', 'late first error', 'gaps'];

/** One service in twenty-five has new pods every day: thousands of series that nobody prints any more. */
function trafficOf(number) {
  return number % 25 === 7 ? 'restarts' : mixed[number % mixed.length];
}

/** Our rules and those of peers for so many services, by name of the design. */
export function designs(tools, services, { windowDays, objective }) {
  const about = { windowDays, objective };
  const ours = fleetRuleFiles(services, about)
    .flatMap(tools.readRuleFile)
    .flatMap(({ rules, intervalSeconds }) => rules.map((rule) => ({ ...rule, intervalSeconds })));
  const forEach = (rules) => services.flatMap(rules);
  return {
    'ours, alerts and all': ours,
    Sloth: forEach((service) => slothRules(service, about)),
    Pyrra: forEach((service) => pyrraRules(service, about)),
    'Pyrra, performance mode': forEach((service) => pyrraRules(service, { ...about, performance: true })),
  };
}

/** Rules by whether they depend on what happens. */
export function ruleCounts(rules) {
  const constant = rules.filter(isConstant).length;
  return { rules: rules.length - constant, constant };
}

/** Rows of `{ design, rules, constant, samples, cpuPercent }`: of one core, each rule at its own interval. */
export async function measureCost(tools, options) {
  const { folder, to, services: count, windowDays, objective, kind, say } = options;
  const days = Math.max(windowDays, 5);
  const span = { from: to - days * day, to };
  const stories = Array.from({ length: count }, (_, number) => tools.storyOf(trafficOf(number), span, { number }));
  const storage = join(folder, `cost-${kind}`);
  const store =
    kind === 'prometheus'
      ? new tools.PrometheusStore(storage, { recentFromSeconds: to - 2 * 3600 })
      : await tools.VictoriaStore.start(storage);
  const fleet = tellInTurn(
    tools,
    store,
    stories,
    { ...span, cellSeconds: 15, scrapeSeconds: 60 },
    { boundsMs: [], slis: [availability] },
    { say },
  );
  const all = designs(tools, stories, { windowDays, objective });
  addRecorded(tools, store, fleet, Object.values(all).flat(), { ...span, windowDays });
  await store.settle();
  const program = store.program ?? store.prometheus.program;
  const size = store.seriesCount ? `, ${store.seriesCount} series, ${(store.samples / 1e6).toFixed(0)} M samples` : '';
  say(`${count} services${size}`);

  const cpuOfNothing = await cpuOf(store, program, Array(200).fill('vector(1)'), to, 5);
  const rows = [];
  for (const [design, rules] of Object.entries(all)) {
    const row = { design, ...ruleCounts(rules), samples: 0, cpuPercent: 0 };
    const intervals = [...new Set(rules.map(({ intervalSeconds }) => intervalSeconds))];
    for (const interval of intervals) {
      const expressions = rules.filter(({ intervalSeconds }) => intervalSeconds === interval).map(({ expr }) => expr);
      const most = Math.max(2, Math.min(20, Math.round(1000 / expressions.length)));
      const cpu = await cpuOf(store, program, expressions, to, most, (seconds) => {
        if (seconds > 15) say(`${design}, every ${interval} s: about ${inMinutes(seconds)} a round`);
      });
      row.cpuPercent += (100 * Math.max(0, cpu - (cpuOfNothing * expressions.length) / 200)) / interval;
      if (kind !== 'prometheus') continue;
      for (const expr of expressions) row.samples += await store.prometheus.samplesRead(expr, to);
    }
    rows.push(row);
    say(`${design}: ${row.cpuPercent.toFixed(3)} % of a core`);
  }
  const { seriesCount } = store;
  await store.close();
  rmSync(storage, { recursive: true });
  return { rows, seriesCount };
}

/** Samples that the rules of a minute read, for growing numbers of services. */
export async function measureSlope(tools, { folder, to, objective, windowDays }) {
  const points = [];
  for (const count of [5, 10, 20]) {
    const span = { from: to - day, to };
    const stories = Array.from({ length: count }, (_, number) => tools.storyOf('late first error', span, { number }));
    const storage = join(folder, `slope-${count}`);
    const store = new tools.PrometheusStore(storage);
    tools.tellFleet(store, stories, { ...span, cellSeconds: 15, scrapeSeconds: 60 }, { boundsMs: [], slis: [] });
    await store.settle();
    const rules = designs(tools, stories, { windowDays, objective })['ours, alerts and all'];
    let samples = 0;
    for (const { expr, intervalSeconds } of rules) {
      if (intervalSeconds === minute) samples += await store.prometheus.samplesRead(expr, to - 3600);
    }
    points.push({ services: count, series: store.seriesCount, samples });
    await store.close();
    rmSync(storage, { recursive: true });
  }
  const [first, last] = [points[0], points.at(-1)];
  return { points, samplesPerSeries: (last.samples - first.samples) / (last.series - first.series) };
}

/** Waits until a program has done with what it does by itself after it took so much. */
async function settled(program) {
  for (let quiet = 0, tries = 0; quiet < 3 && tries < 60; tries++) {
    const before = program.cpuSeconds();
    await sleep(1000);
    quiet = program.cpuSeconds() - before < 0.05 ? quiet + 1 : 0;
  }
}

/** CPU seconds of one round of all expressions: of two minutes of rounds, and of two rounds at least; tells how long the first took. */
async function cpuOf(store, program, expressions, to, most, told = () => undefined) {
  const began = Date.now();
  // Once for everything that is kept after the first time.
  for (const expression of expressions) await store.instant(expression, to);
  const firstSeconds = (Date.now() - began) / 1000;
  told(firstSeconds);
  const rounds = Math.max(2, Math.min(most, Math.floor(120 / firstSeconds)));
  await settled(program);
  const before = program.cpuSeconds();
  for (let round = 0; round < rounds; round++) {
    for (const expression of expressions) await store.instant(expression, to - round * minute);
  }
  return (program.cpuSeconds() - before) / rounds;
}
