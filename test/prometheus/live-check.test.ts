import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Config } from '../../src/config/config.js';
import { Failure } from '../../src/domain/failure.js';
import type { LiveFinding } from '../../src/prometheus/live-check/finding.js';
import { runLiveCheck } from '../../src/prometheus/live-check/run-live-check.js';
import type { InstantSample, PrometheusApi } from '../../src/prometheus/prometheus-api.js';
import { leastConfig, Workspace } from '../config/workspace.js';

const now = 1_800_000_000;
const day = 86_400;

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
});
afterEach(() => {
  workspace.remove();
});

function configured(text = '', slos = ''): Config {
  const files = {
    'meshslo.yaml': `${leastConfig}${text}slos: [slos.yaml]\n`,
    'slos.yaml': slos || 'service: shop/web\n',
  };
  const { config, diagnostics } = workspace.load(files);
  expect(diagnostics).toEqual([]);
  return config!;
}

/** A server that has everything, but for what a test says: the first pattern that fits a query gives its samples. */
function server(own: Partial<PrometheusApi> = {}, answers: readonly (readonly [RegExp, Answer])[] = []): PrometheusApi {
  const usual: readonly (readonly [RegExp, Answer])[] = [
    ...answers,
    [/^time\(\) - max\(timestamp/, [sample(10)]],
    [/^vector\(time\(\)\)/, (at) => [sample(at)]],
    [/^max\(count_over_time\(.*\[10m\]/, [sample(40)]],
    [/^count by \(job\)/, [sample(100, { job: 'sidecars' })]],
    [/^count by \(instance\)/, [sample(10, { instance: '10.0.0.1:15090' })]],
    [/^count by \(le\)/, [sample(100, { le: '1000' })]],
    [/^count by \(cluster\)/, [sample(100)]],
    [/^count\(.*(job|instance)=""/, []],
    [/^(count|vector)/, [sample(100)]],
  ];
  return {
    address: 'http://made.up',
    clockAheadSeconds: 0.5,
    instant: (query, at = now) => {
      const found = usual.find(([pattern]) => pattern.test(query));
      if (found === undefined) throw new RangeError(`nobody said what ${query} gives`);
      const [, answer] = found;
      return Promise.resolve(typeof answer === 'function' ? answer(at, query) : answer);
    },
    metricNames: () => Promise.resolve([]),
    version: () => Promise.resolve('2.42.0'),
    flags: () => Promise.resolve({ 'storage.tsdb.retention.time': '35d', 'storage.tsdb.retention.size': '0B' }),
    seriesCount: () => Promise.resolve(5000),
    ...own,
  };
}

type Answer = readonly InstantSample[] | ((at: number, query: string) => readonly InstantSample[]);

function sample(value: number, labels: Record<string, string> = {}): InstantSample {
  return { labels, value };
}

async function look(api: PrometheusApi, config = configured()): Promise<readonly LiveFinding[]> {
  return (await runLiveCheck(api, config, { now: () => now, monotonic: () => 0 })).findings;
}

/** What is not good, as `verdict code`. */
async function troubles(api: PrometheusApi, config = configured()): Promise<readonly string[]> {
  return (await look(api, config))
    .filter(({ verdict }) => verdict !== 'good')
    .map(({ verdict, code }) => `${verdict} ${code}`);
}

test('a server that has everything has nothing to be said against it', async () => {
  const findings = await look(server());
  expect(findings.map(({ verdict, code }) => `${verdict} ${code}`)).toEqual([
    'good clock',
    'good moment',
    ...Array<string>(3).fill('good metric'),
    ...Array<string>(2).fill('good perspective'),
    'good bucket',
    'good interval',
    'good samples-fresh',
    'good series',
    'good retention',
    'good history',
    'good thresholds',
  ]);
});

describe('metrics', () => {
  test('that are not there are named, with what was probably renamed', async () => {
    const api = server({ metricNames: () => Promise.resolve(['istio_request_total', 'istio_tcp_sent_bytes_total']) }, [
      [/istio_requests_total/, []],
    ]);
    const findings = await look(api);
    expect(findings.find(({ code }) => code === 'metric-absent')).toEqual({
      verdict: 'error',
      code: 'metric-absent',
      message: 'istio_requests_total is not there',
      hint: 'it has istio_request_total: undo the renaming, or write a signal pack that reads it so',
    });
    expect(findings.map(({ code }) => code)).not.toContain('perspective');
  });

  test('of one side only are a warning: nothing may have been scraped there, or the label was dropped', async () => {
    const api = server({}, [[/reporter="source"/, []]]);
    const findings = await look(api);
    expect(findings.filter(({ verdict }) => verdict === 'warning')).toEqual([
      {
        verdict: 'warning',
        code: 'perspective-absent',
        message:
          'no requests of istio as the proxies of clients see them on their way: nothing for mesh of tier standard',
        hint: 'is that side of the mesh scraped, or are its labels dropped on the way in?',
      },
    ]);
  });

  test('are looked for in the tiers that are in use, and in files', async () => {
    const tiers = 'tiers: [{ tier: critical, namespace: payments }]\n';
    const slos =
      'service: shop/web\nslos: { latency: { objective: 99%, threshold: 250ms }, slow: { objective: 95%, threshold: 2500ms } }\n';
    const asked: string[] = [];
    const api = server({}, [
      [
        /^count by \(le\) \(istio_request_duration_milliseconds_bucket\{le/,
        (_, query) => {
          asked.push(/le=~"([^"]*)"/.exec(query)![1]!);
          return [sample(1, { le: '1' })];
        },
      ],
    ]);
    await look(api, configured(tiers, slos));
    expect(asked).toEqual(['250(\\\\.0)?', '500(\\\\.0)?', '1000(\\\\.0)?', '2500(\\\\.0)?']);
  });
});

describe('buckets', () => {
  test('in both spellings are one bucket', async () => {
    const both = [sample(60, { le: '1000' }), sample(40, { le: '1000.0' })];
    const findings = await look(server({}, [[/^count by \(le\)/, both]]));
    expect(findings.find(({ code }) => code === 'bucket')?.message).toBe(
      '1s is a bucket of istio_request_duration_milliseconds_bucket (le="1000" and le="1000.0")',
    );
  });

  test('that are missing are told with the ones beside them, and whose they are', async () => {
    const there = ['100', '500.0', '2500', '+Inf'].map((le) => sample(10, { le }));
    const api = server({}, [
      [/^count by \(le\) \(.*le=~/, []],
      [/^count by \(le\)/, there],
    ]);
    expect((await look(api)).find(({ code }) => code === 'bucket-absent')).toEqual({
      verdict: 'error',
      code: 'bucket-absent',
      message: 'istio_request_duration_milliseconds_bucket has no bucket of 1s: nothing for latency of tier standard',
      hint: 'it has 500ms or 2s500ms; take one of these as threshold, or keep the bucket on the way in',
    });
  });
});

describe('retention', () => {
  test.each([
    { flags: { time: '15d', size: '0B' }, is: ['error retention-too-short'], why: '30 d are asked for' },
    { flags: { time: '0s', size: '0B' }, is: ['error retention-too-short'], why: 'nobody said: 15 d' },
    { flags: { time: '30d', size: '0B' }, is: [], why: 'exactly as long' },
    { flags: { time: '1y', size: '0B' }, is: [], why: 'years' },
    { flags: { time: '4w2d', size: '512MB' }, is: [], why: 'both limits: the time is at least said' },
    { flags: { time: '0s', size: '512MB' }, is: ['unknown retention-by-size'], why: 'by size only' },
  ])('$flags.time, $flags.size: $is ($why)', async ({ flags: { time, size }, is }) => {
    const flags = { 'storage.tsdb.retention.time': time, 'storage.tsdb.retention.size': size };
    expect(await troubles(server({ flags: () => Promise.resolve(flags) }))).toEqual(is);
  });

  test('of a calendar window, or of slices of time, asks for nothing: the ledger alone keeps them', async () => {
    for (const terms of [
      'window: { calendar: quarter }',
      'window: 90d, budgeting: { time_slices: 5m, slice_objective: 95% }',
    ]) {
      const slos = `service: shop/web\nslos: { availability: { objective: 99.9%, ${terms} } }\n`;
      const findings = await look(server(), configured('', slos));
      expect(findings.find(({ code }) => code === 'retention')?.message).toMatch(/the longest window is 30d/);
    }
  });

  test('is unknown where the server does not tell: Thanos, Mimir, VictoriaMetrics', async () => {
    expect(await troubles(server({ flags: () => Promise.resolve(undefined) }))).toEqual(['unknown retention-unknown']);
  });

  test.each([
    { begins: 6 * day, is: '3d18h', why: 'an eighth of 30 d was there, a quarter was not' },
    { begins: 16 * day, is: '15d', why: 'half of it' },
  ])('a history that began $begins s ago reaches back $is: $why', async ({ begins, is }) => {
    const api = server({}, [[/^count\(istio_requests_total\)/, (at) => (at < now - begins ? [] : [sample(1)])]]);
    expect((await look(api)).find(({ code }) => code === 'history-short')?.message).toBe(
      `istio_requests_total reaches back ${is}, and not twice as long`,
    );
  });
});

describe('the scrape interval', () => {
  test.each([
    { age: 3600, samples: 40, is: [], why: '15 s' },
    { age: 3600, samples: 20, is: [], why: '30 s' },
    {
      age: 3600,
      samples: 10,
      is: ['warning interval-long'],
      why: 'one scrape in the policy’s shortest window of 1 min',
    },
    { age: 3600, samples: 5, is: ['error interval-too-long'], why: '2 min' },
    { age: 150, samples: 6, is: [], why: '20 s, counted over the 2 min that the target is old' },
    { age: 5, samples: 5, is: ['unknown interval-unknown'], why: 'it began just now' },
  ])('of $samples scrapes of a target that is $age s old: $is, $why', async ({ age, samples, is }) => {
    const asked: string[] = [];
    const api = server({}, [
      [/^count\(.*instance="10/, (at) => (at < now - age ? [] : [sample(1)])],
      [
        /^max\(count_over_time/,
        (_, query) => {
          asked.push(query);
          return [sample(samples)];
        },
      ],
    ]);
    expect(await troubles(api)).toEqual(is);
    const range = age > 600 ? '10m' : age > 120 ? '2m' : undefined;
    expect(asked.map((query) => /\[(\w+)\]/.exec(query)![1])).toEqual(range === undefined ? [] : [range]);
  });
});

describe('clocks and ages', () => {
  test.each([
    { ahead: 3, is: [], why: 'the date of an answer is no better' },
    { ahead: -20, is: ['warning clock-skew'], why: 'behind' },
    { ahead: 90, is: ['error clock-skew'], why: 'in another minute' },
    { ahead: undefined, is: ['unknown clock-unknown'], why: 'no date' },
  ])('$ahead s: $is, $why', async ({ ahead, is }) => {
    const api = server({ clockAheadSeconds: ahead });
    expect(await troubles(api)).toEqual(is);
  });

  test('samples that arrive minutes late are told', async () => {
    const api = server({ clockAheadSeconds: 0 }, [[/^time\(\) - max\(timestamp/, [sample(200)]]]);
    expect((await look(api)).find(({ verdict }) => verdict === 'warning')?.message).toBe(
      'the newest sample of istio_requests_total is 3m20s old; rules wait 15s',
    );
  });
});

test('a server that looks at another moment than it is asked about is told what to change', async () => {
  const api = server({ clockAheadSeconds: 0 }, [[/^vector\(time\(\)\)/, [sample(now - 30.3)]]]);
  expect((await look(api)).find(({ code }) => code === 'moment-moved')).toMatchObject({
    verdict: 'warning',
    message: expect.stringContaining('it looks at 30s before'),
    hint: expect.stringContaining('-search.latencyOffset=1ms'),
  });
});

describe('labels', () => {
  test('of several clusters in one store ask for the one that tells them apart', async () => {
    const both = [sample(60, { cluster: 'eu-1' }), sample(40, { cluster: 'us-2' })];
    const api = server({}, [[/^count by \(cluster\)/, both]]);
    expect((await look(api)).find(({ code }) => code === 'several-clusters')).toEqual({
      verdict: 'warning',
      code: 'several-clusters',
      message: 'istio_requests_total is there of 2 clusters (eu-1 and us-2), and rules may add them up',
      hint: 'write rules: { cluster_label: cluster }',
    });
    const told = configured('rules: { cluster_label: cluster }\n');
    expect((await look(api, told)).find(({ code }) => code === 'clusters')?.verdict).toBe('good');
    const some = server({}, [[/^count by \(cluster\)/, [...both, sample(7)]]]);
    expect(await troubles(some, told)).toEqual(['warning cluster-label-absent']);
  });

  test('that name targets must be there', async () => {
    const api = server({}, [[/^count\(.*instance=""/, [sample(7)]]]);
    expect(await troubles(api)).toEqual(['error target-label-absent']);
  });
});

test('more series than a core can read every minute are a warning', async () => {
  const api = server({}, [[/^count\(istio_requests_total\{(?!job|instance)/, [sample(2_000_000)]]]);
  expect(await troubles(api)).toEqual(['warning many-series']);
});

test('an SLO that nothing can ever page for is told', async () => {
  // 2.5 % of 30 d in 3 h is 6 times the budget, and of 20 % that is more than all requests.
  const slos = 'service: shop/web\nslos: { rough: { objective: 80% } }\n';
  const findings = await look(server(), configured('', slos));
  expect(findings.find(({ code }) => code === 'threshold-out-of-reach')).toMatchObject({
    verdict: 'warning',
    message: expect.stringMatching(/^no page can ever come for rough of shop\/web: more than all requests/),
  });
});

test('one question that is refused says nothing of the others', async () => {
  const refuse = (): never => {
    throw new Failure('target-status', 'too many samples');
  };
  const api = server({}, [[/^count by \(le\)/, refuse]]);
  expect(await troubles(api)).toEqual(['unknown not-told']);
});

test('a server that lets nobody in is no finding but a failure', async () => {
  const locked = server({ version: () => Promise.reject(new Failure('unauthenticated', 'asks for a login')) });
  await expect(look(locked)).rejects.toMatchObject({ code: 'unauthenticated' });
});
