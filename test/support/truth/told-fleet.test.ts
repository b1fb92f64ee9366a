import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { PrometheusStore } from '../prometheus/metric-store.js';
import { describeWith } from '../programs.js';
import { type ServiceStory, steadyPod } from './service-story.js';
import { storyOf } from './stories.js';
import { tellFleet, type ToldFleet } from './told-fleet.js';
import type { Truth } from './told-service.js';

const day = 86_400;
const to = 1_774_915_200; // 2026-03-31
const span = { from: to - 2 * day, to };
const noon = span.from + day / 2;

/** One request a second for a day and a half, then none; the one pod restarts at noon, and is not scraped for a while. */
const simple: ServiceStory = {
  name: 'simple',
  namespace: 'shop',
  cluster: 'eu-1',
  traffic: 'restarts',
  requestsPerSecond: (at) => (at < span.from + 1.5 * day ? 1 : 0),
  momentAt: () => ({ bad: 0.1, slow: 0, aborted: 0, meshFailures: 0 }),
  callers: 1,
  pods: [steadyPod('only', span.from, { restartsAt: [noon] })],
  outages: [{ from: noon + 3600, to: noon + 4200, kind: 'failing' }],
  lostScrapes: 0,
};

describeWith('prometheus', 'told stories', () => {
  const folder = mkdtempSync(join(tmpdir(), 'meshslo-truth-'));
  const steady = storyOf('uneven days', span);
  let fleet: ToldFleet;
  const prometheus = new PrometheusStore(join(folder, 'data'));

  beforeAll(async () => {
    fleet = tellFleet(
      prometheus,
      [simple, steady],
      { ...span, cellSeconds: 15, scrapeSeconds: 60 },
      {
        boundsMs: [100, 250, 1000],
        slis: [
          { perspective: 'server', kind: 'availability' },
          { perspective: 'server', kind: 'latency' },
        ],
      },
    );
    await prometheus.settle();
  });

  afterAll(async () => {
    await prometheus.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const truthOf = (story: ServiceStory): Truth => fleet.get(story)![0]!;
  const requests = (story: ServiceStory, more = ''): string =>
    `istio_requests_total{reporter="destination",destination_service_name="${story.name}"${more}}`;

  test('happen as they were told: one request a second is 129,600 in a day and a half, a tenth of them bad', () => {
    const { total, bad } = truthOf(simple).happened.between(span.from, to);
    // Every ending draws its own share, and may keep up to one request back or have one too many.
    expect(Math.abs(total - 129_600)).toBeLessThanOrEqual(8);
    expect(Math.abs(bad - 12_960)).toBeLessThanOrEqual(4);
    expect(truthOf(simple).happened.between(span.from + 1.5 * day, to)).toEqual({ total: 0, bad: 0 });
  });

  test('show a perfect reader all but the last moments of a process', () => {
    const { happened, seen } = truthOf(simple);
    const lost = happened.between(span.from, to).total - seen.between(span.from, to).total;
    expect(lost).toBeGreaterThan(0);
    expect(lost).toBeLessThanOrEqual(60);
    expect(seen.between(noon + 3600, noon + 4200).total).toBe(0);
    const catchUp = seen.between(noon + 4200, noon + 4260).total;
    expect(Math.abs(catchUp - 660)).toBeLessThanOrEqual(60);
  });

  test('count in a real Prometheus what the book says', async () => {
    const [sum] = await prometheus.instant(`sum(${requests(steady, ',response_flags!="DC"')})`, to);
    expect(sum?.value).toBe(truthOf(steady).seen.between(span.from, to).total);
    const [bad] = await prometheus.instant(
      `sum(${requests(steady, ',response_code=~"0|5..",response_flags!="DC"')} or ${requests(steady, ',grpc_response_status="14"')})`,
      to,
    );
    expect(bad?.value).toBe(truthOf(steady).seen.between(span.from, to).bad);
    const duration = requests(steady).replace('istio_requests_total', 'istio_request_duration_milliseconds_bucket');
    const slow = duration.replace('}', ',response_code=~"2..",le="250",grpc_response_status=""}');
    const [within] = await prometheus.instant(`sum(${slow.replace('250', '+Inf')}) - sum(${slow})`, to);
    const late = fleet.get(steady)![1]!.seen.between(span.from, to);
    expect(within?.value).toBeGreaterThan(0);
    expect(within?.value).toBeLessThan(late.bad);
  });

  test('start again from zero after a restart, and the uptime tells', async () => {
    const [before] = await prometheus.instant(`sum(${requests(simple)})`, noon);
    const [after] = await prometheus.instant(`sum(${requests(simple)})`, noon + 120);
    expect(before!.value).toBeGreaterThan(43_000);
    expect(after!.value).toBeLessThanOrEqual(120);
    const [uptime] = await prometheus.instant('envoy_server_uptime{pod="simple-only"}', noon + 120);
    expect(uptime!.value).toBeLessThanOrEqual(120);
  });

  test('end series with a marker where scrapes fail: they are gone at once, and up is 0', async () => {
    expect(await prometheus.instant(`count(${requests(simple)})`, noon + 3660)).toEqual([]);
    const [up] = await prometheus.instant('up{pod="simple-only"}', noon + 3660);
    expect(up?.value).toBe(0);
    expect(await prometheus.instant(`count(${requests(simple)})`, noon + 4320)).toHaveLength(1);
  });

  test('have a hundred series per service and more', async () => {
    const [count] = await prometheus.instant(
      `count({__name__="istio_requests_total",destination_service_name="${steady.name}"})`,
      to,
    );
    expect(count!.value).toBeGreaterThanOrEqual(100);
  });
});
