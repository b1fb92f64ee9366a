/** What one evaluation of each design costs: samples read, and CPU of the program that answers. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fleetRuleFiles, isConstant } from './fleet-rule-set.mjs';
import { pyrraRules, slothRules } from './peer-rules.mjs';

const minute = 60;
const day = 86_400;
const availability = { perspective: 'server', kind: 'availability' };
const mixed = ['uneven days', 'rare requests', 'evictions', 'late first error', 'gaps'];
/** Eight of Envoy's nineteen, in milliseconds: enough to have series as Istio has. */
const someBounds = [5, 25, 100, 250, 500, 1000, 2500, 10000];

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
  const { folder, to, services: count, windowDays, objective, histograms, kind, say } = options;
  const days = Math.max(windowDays, 5);
  const span = { from: to - days * day, to };
  const stories = Array.from({ length: count }, (_, number) => tools.storyOf(trafficOf(number), span, { number }));
  const storage = join(folder, `cost-${kind}`);
  const store =
    kind === 'prometheus'
      ? new tools.PrometheusStore(storage, { recentFromSeconds: to - 2 * 3600 })
      : await tools.VictoriaStore.start(storage);
  const fleet = tools.tellFleet(
    store,
    stories,
    { ...span, cellSeconds: 15, scrapeSeconds: 60 },
    { boundsMs: histograms ? someBounds : [], slis: [availability] },
  );
  const all = designs(tools, stories, { windowDays, objective });
  addRecorded(tools, store, fleet, Object.values(all).flat(), { ...span, windowDays });
  await store.settle();
  const program = store.program ?? store.prometheus.program;
  say(`${count} services, ${store.seriesCount ?? ''} series, ${((store.samples ?? 0) / 1e6).toFixed(0)} M samples`);

  const cpuOfNothing = await cpuOf(store, program, Array(200).fill('vector(1)'), to, 5);
  const rows = [];
  for (const [design, rules] of Object.entries(all)) {
    const row = { design, ...ruleCounts(rules), samples: 0, cpuPercent: 0 };
    const intervals = [...new Set(rules.map(({ intervalSeconds }) => intervalSeconds))];
    for (const interval of intervals) {
      const expressions = rules.filter(({ intervalSeconds }) => intervalSeconds === interval).map(({ expr }) => expr);
      const rounds = Math.max(2, Math.min(20, Math.round(1000 / expressions.length)));
      const cpu = await cpuOf(store, program, expressions, to, rounds);
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

/** CPU seconds of one round of all expressions. */
async function cpuOf(store, program, expressions, to, rounds) {
  // Once for everything that is kept after the first time.
  for (const expression of expressions) await store.instant(expression, to);
  await settled(program);
  const before = program.cpuSeconds();
  for (let round = 0; round < rounds; round++) {
    for (const expression of expressions) await store.instant(expression, to - round * minute);
  }
  return (program.cpuSeconds() - before) / rounds;
}

/**
 * What earlier evaluations would have recorded, so far as it is read: taken from the truth, as its cost is the same.
 */
function addRecorded(tools, store, fleet, rules, { from, to, windowDays }) {
  const known = new Set();
  const series = (labels, start, step, valueAt) => {
    // Pyrra's two modes share what they record.
    const key = JSON.stringify(labels);
    if (known.has(key)) return;
    known.add(key);
    const length = Math.floor((to - start) / step) + 1;
    const times = Float64Array.from({ length }, (_, index) => (start + index * step) * 1000);
    store.add(
      labels,
      times,
      Float64Array.from(times, (time) => valueAt(time / 1000)),
      length,
    );
  };
  const windows = rules.flatMap(({ record, intervalSeconds }) => {
    const [, name] = /^service_sli:(?:bad_events:(?=max)|events:(?=sum))(\w+)$/.exec(record ?? '') ?? [];
    if (name === undefined) return [];
    // Longer windows are put together of this one, at any time of three days.
    const isPiece = rules.some(({ expr }) => expr.includes(`:${name}[`));
    return [{ name, intervalSeconds, since: isPiece ? Math.max(from, to - 3 * day) : to - 10 * minute }];
  });
  const recent = to - 10 * minute;
  for (const { record, expr, labels, intervalSeconds } of rules) {
    if (record !== undefined && isConstant({ expr })) {
      series({ __name__: record, ...labels }, recent, intervalSeconds, () => 0.999);
    } else if (
      /^(slo:sli_error|slo:period|istio_requests:burnrate)/.test(record ?? '') &&
      !/ratio_rate5m/.test(record)
    ) {
      const named = { destination_service_name: labels.slo ?? '' };
      series({ __name__: record, ...named, ...labels }, recent, intervalSeconds, () => 0.0005);
    }
  }
  for (const [{ name, namespace, pods, callers }, [{ seen }]] of fleet) {
    const ofService = { cluster: 'bench', namespace, service: name };
    const within = (at, seconds) => seen.between(Math.max(from, at - seconds), Math.max(from, at));
    const edge = (at) => Math.floor((at - from) / minute) * minute + from;
    for (const [kind, pick] of [
      ['events', 'total'],
      ['bad_events', 'bad'],
    ]) {
      const labels = { ...ofService, sli: 'istio/server' };
      series(
        { __name__: `service_sli:${kind}:delta1m`, ...labels },
        Math.max(from, to - 3 * day - minute),
        minute,
        (at) => within(at, minute)[pick],
      );
      series(
        { __name__: `service_sli:${kind}:delta5m`, ...labels },
        from,
        5 * minute,
        (at) => within(at, 5 * minute)[pick],
      );
      for (const window of windows) {
        series(
          { __name__: `service_sli:${kind}:${window.name}`, ...labels },
          window.since,
          window.intervalSeconds,
          (at) => within(at, windowDays * day)[pick],
        );
      }
    }
    for (const pod of pods.filter(({ goneAt }) => goneAt > to)) {
      const { job, instance } = tools.targetLabels(namespace, `${name}-${pod.name}`);
      for (const kind of ['good_events', 'bad_events']) {
        for (const moment of ['now', 'before']) {
          const held = { __name__: `service_target:${kind}:held`, ...ofService, sli: 'istio/server', job, instance };
          series({ ...held, moment }, to - 70 * minute, minute, (at) => Math.floor((at - from) / minute));
        }
      }
    }
    for (const { record, intervalSeconds } of rules.filter(({ record }) =>
      /^service_dependency:\w*calls:/.test(record),
    )) {
      for (let caller = 0; caller < callers; caller++) {
        const ofCaller = { cluster: 'bench', namespace: 'callers', service: `caller-${caller}`, mesh: 'istio' };
        const called = Object.entries(ofService).map(([label, value]) => [`dependency_${label}`, value]);
        const labels = { __name__: record, ...ofCaller, ...Object.fromEntries(called) };
        series(labels, Math.max(from, to - 3 * day), intervalSeconds, (at) => within(at, 5 * minute).total);
      }
    }
    const sloth = {
      sloth_id: `${name}-availability`,
      sloth_service: name,
      sloth_slo: 'availability',
      sloth_window: '5m',
    };
    series({ __name__: 'slo:sli_error:ratio_rate5m', ...sloth }, from, 30, (at) => {
      const { total, bad } = within(edge(at), 5 * minute);
      return total === 0 ? Number.NaN : bad / total;
    });
    for (const response_code of ['200', '201', '404', '500', '503', '0']) {
      const labels = { slo: name, destination_service_name: name, response_code };
      series(
        { __name__: 'istio_requests:increase5m', ...labels },
        from,
        30,
        (at) => within(edge(at), 5 * minute).total / 6,
      );
    }
  }
}
