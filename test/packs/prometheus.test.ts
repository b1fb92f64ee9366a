import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Indicator, Perspective, RequestFilter } from '../../src/domain/slo.js';
import type { SeriesInterpreter } from '../../src/domain/series-meaning.js';
import { seriesInterpreter } from '../../src/packs/interpreter.js';
import { loadPacks } from '../../src/packs/load-packs.js';
import type { SignedSelector } from '../../src/packs/selectors.js';
import { selectorsOf } from '../../src/packs/selectors.js';
import type { SignalPack } from '../../src/packs/signal-pack.js';
import { unitsPerSecond } from '../../src/packs/signal-pack.js';
import type { RuleSettings } from '../../src/generate/rules/rule-settings.js';
import { namedServices, rawServiceLabels } from '../../src/generate/rules/named-services.js';
import { signedSum, sumBy } from '../../src/promql/expression.js';
import { printExpression } from '../../src/promql/printer.js';
import { describeWith } from '../support/programs.js';
import { freePort } from '../support/prometheus/free-port.js';
import { until } from '../support/until.js';
import { labelSetsOf } from './generated-series.js';

/** One label set with its counters: requests, and those of them that took at most the middle two bounds, ever. */
interface Row {
  readonly labels: Readonly<Record<string, string>>;
  readonly requests: number;
  readonly within: readonly [number, number, number];
  /** Prometheus 3 and some proxies write whole bounds with a fraction. */
  readonly le: readonly string[];
}

/** What a proxy of one mesh prints, and how its pack reads it. */
interface Printed {
  readonly pack: SignalPack;
  readonly rows: readonly Row[];
  readonly interpreter: SeriesInterpreter;
  /** The threshold: the second bound that is printed. */
  readonly thresholdSeconds: number;
}

/** A pack that a user wrote is held to the same. */
const ownPack = 'examples/own-pack/haproxy.yaml';

const printed = [...loadPacks([ownPack]).packs.values()].map((pack): Printed => {
  const middle = Math.floor((pack.latency?.boundsSeconds.length ?? 0) / 2);
  const bounds = (pack.latency?.boundsSeconds ?? []).slice(middle, middle + 2);
  return {
    pack,
    rows: sampleRows(pack, bounds),
    interpreter: seriesInterpreter(pack, { cluster: 'eu-1', clusterAliases: new Map() }),
    thresholdSeconds: bounds[1] ?? NaN,
  };
});

function sampleRows(pack: SignalPack, bounds: readonly number[]): readonly Row[] {
  const unit = unitsPerSecond[pack.latency?.unit ?? 'seconds'];
  const texts = bounds.map((bound) => String(Number((bound * unit).toPrecision(12))));
  const sets = fc.sample(
    fc.uniqueArray(labelSetsOf(pack), { minLength: 400, maxLength: 400, selector: (one) => JSON.stringify(one) }),
    { numRuns: 1, seed: 7 },
  )[0]!;
  return sets.map((labels, index) => {
    const requests = 1 + ((index * 7919) % 1000);
    const fast = requests % 17;
    return {
      labels,
      requests,
      within: [fast, Math.floor((fast + requests) / 2), requests],
      le: [...texts.map((text) => (index % 2 === 0 || text.includes('.') ? text : `${text}.0`)), '+Inf'],
    };
  });
}

function exposition({ pack, rows }: Printed): string {
  const line = (name: string, labels: Readonly<Record<string, string>>, value: number): string => {
    const pairs = Object.entries(labels).map(([key, text]) => {
      const escaped = text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
      return `${key}="${escaped}"`;
    });
    return `${name}{${pairs.join(',')}} ${value}\n`;
  };
  const counters = pack.requests.families.map(
    (family) => `# TYPE ${family} counter\n${rows.map((row) => line(family, row.labels, row.requests)).join('')}`,
  );
  const histograms = (pack.latency?.families ?? []).map((family) => {
    const lines = rows.flatMap((row) => [
      ...row.le.map((le, index) => line(`${family}_bucket`, { ...row.labels, le }, row.within[index]!)),
      line(`${family}_count`, row.labels, row.requests),
    ]);
    return `# TYPE ${family} histogram\n${lines.join('')}`;
  });
  return [...counters, ...histograms].join('');
}

/** The same sums from the interpreter, with the definition of a bad event written out again. */
function interpreted(
  { pack, rows, interpreter }: Printed,
  perspective: Perspective,
  indicator: Indicator,
  filter: RequestFilter,
): { total: number; bad: number } {
  const sum = { total: 0, bad: 0 };
  const isLatency = indicator.kind === 'latency';
  const names = isLatency ? pack.latency!.families.map((family) => `${family}_count`) : pack.requests.families;
  for (const name of names) {
    for (const { labels, requests, within } of rows) {
      const found = interpreter.meaning(name, new Map(Object.entries(labels)));
      if (found?.kind !== 'requests' && found?.kind !== 'latency-count') continue;
      if (Object.entries(filter).some(([key, value]) => found.facts[key as 'caller'] !== value)) continue;
      const slow = isLatency ? requests - within[1] : 0;
      for (const { verdict } of found.views.filter((view) => view.perspective === perspective)) {
        if (verdict === 'left-out') {
          sum.total += slow;
          sum.bad += slow;
        } else {
          sum.total += requests;
          sum.bad += verdict === 'bad' ? requests : slow;
        }
      }
    }
  }
  return sum;
}

const ruleSettings: RuleSettings = {
  cluster: 'eu-1',
  clusterLabel: undefined,
  clusterAliases: new Map(),
  targetLabels: ['instance'],
  alertFiles: 'tier',
  delaySeconds: 0,
};

const cases = printed.flatMap((one) => {
  const { pack, thresholdSeconds } = one;
  const latency: readonly Indicator[] = pack.latency ? [{ kind: 'latency', thresholdSeconds }] : [];
  const filters: readonly RequestFilter[] = [
    {},
    ...(pack.facts.caller ? [{ caller: 'web' }] : []),
    ...(pack.facts.version && pack.facts.method ? [{ version: 'v1', method: 'web' }] : []),
  ];
  const indicators: readonly Indicator[] = [{ kind: 'availability' }, ...latency];
  return [...new Set(pack.views.map(({ perspective }) => perspective))].flatMap((perspective) =>
    indicators.flatMap((indicator) =>
      filters.map((filter) => ({ one, mesh: pack.name, perspective, indicator, filter, kind: indicator.kind })),
    ),
  );
});

describeWith('prometheus', 'a real Prometheus counts what the interpreter counts', (program) => {
  const folder = mkdtempSync(join(tmpdir(), 'meshslo-prometheus-'));
  const targets: Server[] = [];
  let prometheus: ChildProcess | undefined;
  let address = '';

  beforeAll(async () => {
    for (const one of printed)
      targets.push(await listening((server) => server.listen(0, '127.0.0.1'), exposition(one)));
    const port = await freePort();
    address = `http://127.0.0.1:${port}`;
    const config = {
      scrape_configs: printed.map(({ pack }, index) => ({
        job_name: pack.name,
        scrape_interval: '1s',
        static_configs: [{ targets: [`127.0.0.1:${(targets[index]!.address() as AddressInfo).port}`] }],
      })),
    };
    writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config));
    prometheus = spawn(
      program,
      [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      { stdio: 'ignore' },
    );
    await until(async () => (await value('count(up == 1)')) === printed.length);
  });

  afterAll(async () => {
    if (prometheus !== undefined) {
      const ended = new Promise((resolve) => prometheus!.once('exit', resolve));
      prometheus.kill();
      await ended;
    }
    for (const target of targets) {
      target.close();
      target.closeAllConnections();
    }
    rmSync(folder, { recursive: true, force: true });
  });

  async function value(query: string): Promise<number | undefined> {
    return (await vector(query))[0]?.value;
  }

  async function vector(query: string): Promise<readonly { metric: Record<string, string>; value: number }[]> {
    const url = `${address}/api/v1/query?query=${encodeURIComponent(query)}`;
    const answer = await fetch(url)
      .then((response) => response.json())
      .catch(() => undefined);
    const { error, data } = (answer ?? {}) as {
      error?: string;
      data?: { result: { metric: Record<string, string>; value: [number, string] }[] };
    };
    if (error !== undefined && !/not ready|starting/i.test(error)) throw new Error(`${error}: ${query}`);
    return (data?.result ?? []).map(({ metric, value: [, text] }) => ({ metric, value: Number(text) }));
  }

  /** Two packs read metrics of one name: each asks for its own proxy's. */
  const ofMesh = (mesh: string, terms: readonly SignedSelector[]): string => {
    const job = { label: 'job', operator: '=', value: mesh } as const;
    const own = terms.map(({ sign, selector }) => ({
      sign,
      selector: { ...selector, matchers: [...selector.matchers, job] },
    }));
    return printExpression(signedSum(own));
  };

  test.each(cases)(
    '$mesh, $perspective $kind, filter $filter',
    async ({ one, mesh, perspective, indicator, filter }) => {
      const { total, bad } = selectorsOf(one.pack, perspective, indicator, filter);
      const expected = interpreted(one, perspective, indicator, filter);
      expect(await value(ofMesh(mesh, total))).toBe(expected.total);
      expect(await value(ofMesh(mesh, bad))).toBe(expected.bad);
    },
  );

  test.each(printed.map((one) => ({ one, mesh: one.pack.name })))('$mesh names its services alike', async ({ one }) => {
    const { perspective } = one.pack.views[0]!;
    const { total } = selectorsOf(one.pack, perspective, { kind: 'availability' });
    const named = total.map(({ selector, view }) => {
      const matchers = [...selector.matchers, { label: 'job', operator: '=', value: one.pack.name } as const];
      const sums = sumBy(rawServiceLabels(view.service, ruleSettings), { ...selector, matchers });
      return printExpression(namedServices(sums, view.service, ruleSettings));
    });
    const found = new Map<string, number>();
    for (const query of named) {
      for (const { metric, value: counted } of await vector(query)) {
        const key = `${metric['cluster']}/${metric['namespace']}/${metric['service']}`;
        found.set(key, (found.get(key) ?? 0) + counted);
      }
    }
    const expected = new Map<string, number>();
    for (const name of one.pack.requests.families) {
      for (const { labels, requests } of one.rows) {
        const meaning = one.interpreter.meaning(name, new Map(Object.entries(labels)));
        const views = meaning?.kind === 'requests' ? meaning.views : [];
        for (const view of views.filter((each) => each.perspective === perspective && each.verdict !== 'left-out')) {
          const key = `${view.service.cluster}/${view.service.namespace}/${view.service.name}`;
          expected.set(key, (expected.get(key) ?? 0) + requests);
        }
      }
    }
    expect(found).toEqual(expected);
    expect(expected.size).toBeGreaterThan(1);
  });

  test.each(printed.map((one) => ({ one, mesh: one.pack.name })))('$mesh has good events and bad ones', ({ one }) => {
    const { total, bad } = interpreted(one, one.pack.views[0]!.perspective, { kind: 'availability' }, {});
    expect(bad).toBeGreaterThan(100);
    expect(total - bad).toBeGreaterThan(100);
  });
});

async function listening(listen: (server: Server) => void, body: string): Promise<Server> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8');
    response.end(body);
  });
  await new Promise<void>((resolve) => {
    server.once('listening', resolve);
    listen(server);
  });
  return server;
}
