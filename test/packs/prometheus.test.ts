import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Indicator, Perspective, RequestFilter } from '../../src/domain/slo.js';
import { perspectives } from '../../src/domain/slo.js';
import { seriesInterpreter } from '../../src/packs/interpreter.js';
import { loadPacks, packFor } from '../../src/packs/load-packs.js';
import { selectorsOf } from '../../src/packs/selectors.js';
import { signedSum } from '../../src/promql/expression.js';
import { printExpression } from '../../src/promql/printer.js';
import { describeWith } from '../support/programs.js';
import { labelSets } from './generated-series.js';
import type { Labels } from './generated-series.js';

/** One label set with its counters: requests, and those of them that took at most 100 ms, 250 ms, ever. */
interface Row {
  readonly labels: Labels;
  readonly requests: number;
  readonly within: readonly [number, number, number];
  /** Prometheus 3 and some proxies write whole bounds with a fraction. */
  readonly le: readonly ['100', '250', '+Inf'] | readonly ['100.0', '250.0', '+Inf'];
}

const rows: readonly Row[] = sampleRows();
const duration = 'istio_request_duration_milliseconds';
const istio = packFor(loadPacks().packs, 'istio')!;
const interpreter = seriesInterpreter(istio, { cluster: 'eu-1', clusterAliases: new Map() });

function sampleRows(): readonly Row[] {
  const sets = fc.sample(
    fc.uniqueArray(labelSets, { minLength: 400, maxLength: 400, selector: (one) => JSON.stringify(one) }),
    {
      numRuns: 1,
      seed: 7,
    },
  )[0]!;
  return sets.map((labels, index) => {
    const requests = 1 + ((index * 7919) % 1000);
    const fast = requests % 17;
    return {
      labels,
      requests,
      within: [fast, Math.floor((fast + requests) / 2), requests],
      le: index % 2 === 0 ? ['100', '250', '+Inf'] : ['100.0', '250.0', '+Inf'],
    };
  });
}

function exposition(): string {
  const line = (name: string, labels: Readonly<Record<string, string>>, value: number): string => {
    const pairs = Object.entries(labels).map(([key, text]) => {
      const escaped = text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
      return `${key}="${escaped}"`;
    });
    return `${name}{${pairs.join(',')}} ${value}\n`;
  };
  const requests = rows.map((row) => line('istio_requests_total', row.labels, row.requests));
  const durations = rows.flatMap((row) => [
    ...row.le.map((le, index) => line(`${duration}_bucket`, { ...row.labels, le }, row.within[index]!)),
    line(`${duration}_count`, row.labels, row.requests),
  ]);
  return `# TYPE istio_requests_total counter\n${requests.join('')}# TYPE ${duration} histogram\n${durations.join('')}`;
}

/** The same sums from the interpreter, with the definition of a bad event written out again. */
function interpreted(
  perspective: Perspective,
  indicator: Indicator,
  filter: RequestFilter,
): { total: number; bad: number } {
  const sum = { total: 0, bad: 0 };
  for (const { labels, requests, within } of rows) {
    const found = interpreter.meaning('istio_requests_total', new Map(Object.entries(labels)));
    if (found?.kind !== 'requests') continue;
    if (Object.entries(filter).some(([key, value]) => found.facts[key as 'caller'] !== value)) continue;
    const slow = indicator.kind === 'latency' ? requests - within[1] : 0;
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
  return sum;
}

const indicators: readonly Indicator[] = [{ kind: 'availability' }, { kind: 'latency', thresholdSeconds: 0.25 }];
const filters: readonly RequestFilter[] = [{}, { caller: 'web' }, { version: 'v1', method: 'Get' }];
const cases = perspectives.flatMap((perspective) =>
  indicators.flatMap((indicator) =>
    filters.map((filter) => ({ perspective, indicator, filter, kind: indicator.kind })),
  ),
);

describeWith('prometheus', 'a real Prometheus counts what the interpreter counts', (program) => {
  const folder = mkdtempSync(join(tmpdir(), 'meshslo-prometheus-'));
  let target: Server | undefined;
  let prometheus: ChildProcess | undefined;
  let address = '';

  beforeAll(async () => {
    target = await listening((server) => server.listen(0, '127.0.0.1'));
    const port = await freePort();
    address = `http://127.0.0.1:${port}`;
    const scraped = `127.0.0.1:${(target.address() as AddressInfo).port}`;
    const config = {
      scrape_configs: [{ job_name: 'sidecars', scrape_interval: '1s', static_configs: [{ targets: [scraped] }] }],
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
    while ((await value(`count(${duration}_count)`)) !== rows.length) await sleep(100);
  });

  afterAll(async () => {
    if (prometheus !== undefined) {
      const ended = new Promise((resolve) => prometheus!.once('exit', resolve));
      prometheus.kill();
      await ended;
    }
    target?.close();
    target?.closeAllConnections();
    rmSync(folder, { recursive: true, force: true });
  });

  async function value(query: string): Promise<number | undefined> {
    const url = `${address}/api/v1/query?query=${encodeURIComponent(query)}`;
    const answer = await fetch(url)
      .then((response) => response.json())
      .catch(() => undefined);
    const { error, data } = (answer ?? {}) as { error?: string; data?: { result: { value: [number, string] }[] } };
    if (error !== undefined && !/not ready|starting/i.test(error)) throw new Error(`${error}: ${query}`);
    const [first] = data?.result ?? [];
    return first === undefined ? undefined : Number(first.value[1]);
  }

  test.each(cases)('$perspective $kind, filter $filter', async ({ perspective, indicator, filter }) => {
    const { total, bad } = selectorsOf(istio, perspective, indicator, filter);
    const expected = interpreted(perspective, indicator, filter);
    expect(await value(printExpression(signedSum(total)))).toBe(expected.total);
    expect(await value(printExpression(signedSum(bad)))).toBe(expected.bad);
  });

  test('the cases hold events of every verdict', () => {
    const { total, bad } = interpreted('union', { kind: 'latency', thresholdSeconds: 0.25 }, {});
    expect(bad).toBeGreaterThan(100);
    expect(total - bad).toBeGreaterThan(100);
  });
});

async function listening(listen: (server: Server) => void): Promise<Server> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8');
    response.end(exposition());
  });
  await new Promise<void>((resolve) => {
    server.once('listening', resolve);
    listen(server);
  });
  return server;
}

async function freePort(): Promise<number> {
  const server = await listening((one) => one.listen(0, '127.0.0.1'));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
