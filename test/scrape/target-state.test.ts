import { describe, expect, test } from '@jest/globals';
import { parseYaml } from '../../src/documents/yaml-document.js';
import { checkPack } from '../../src/packs/load-packs.js';
import type { SignalPack } from '../../src/packs/signal-pack.js';
import { makeTarget } from '../../src/scrape/discovery/target.js';
import { TargetState } from '../../src/scrape/target-state.js';
import { Introductions } from '../../src/sli/introductions.js';
import { Tally } from '../../src/sli/tally.js';
import { cart, ListedSlos, slo } from '../sli/directory.js';
import { requestSeries } from './sidecar-text.js';
import { testJob } from './test-job.js';

/** 12:00:00 of some day. */
const noon = 1_800_014_400;

/** One target and what is counted of it, a scrape every 15 s; the wall clock may be wrong by some seconds. */
class ScrapedTarget {
  readonly tally: Tally;
  readonly state: TargetState;
  #scrapes = 0;

  constructor(slos: ListedSlos, pack?: SignalPack, labels: Readonly<Record<string, string>> = {}) {
    this.tally = new Tally(slos);
    const job = testJob([], pack && { pack });
    const target = makeTarget(job, '10.0.0.1:4191', labels);
    const introductions = new Introductions(slos);
    this.state = new TargetState({
      target,
      job,
      introductions,
      tally: this.tally,
      ownService: () => job.ownService(target.labels),
      absentAt: undefined,
      saved: undefined,
    });
  }

  scrape(body: string, clockErrorSeconds = 0) {
    const at = 15 * this.#scrapes++;
    const wall = noon + at + clockErrorSeconds;
    const times = { startedAt: wall, startedMonotonic: at, endedAt: wall, endedMonotonic: at };
    const content = this.state.observe(Buffer.from(body), times);
    this.state.attempted(true);
    this.state.closeSlot();
    return { content, ...this.tally.take() };
  }
}

describe('a histogram, through a whole scrape', () => {
  const fast = slo({ name: 'latency', indicator: { kind: 'latency', thresholdSeconds: 0.25 } });
  const family = 'istio_request_duration_milliseconds';

  /** Lines of one histogram; the count stands where the test wants it. */
  function histogram(counts: Readonly<Record<string, number>>, countGoes: 'first' | 'last'): string {
    const series = requestSeries('200').slice('istio_requests_total'.length, -1);
    const buckets = Object.entries(counts).map(([le, value]) => `${family}_bucket${series},le="${le}"} ${value}\n`);
    const count = `${family}_count${series}} ${counts['+Inf']!}\n`;
    return (countGoes === 'first' ? [count, ...buckets] : [...buckets, count]).join('');
  }

  test.each(['first', 'last'] as const)('with its count line %s, tells slow requests by the bucket', (place) => {
    const pod = new ScrapedTarget(new ListedSlos([fast]));
    pod.scrape(histogram({ 100: 0, 250: 0, '+Inf': 0 }, place));
    const { events, content } = pod.scrape(histogram({ 100: 5, 250: 9, '+Inf': 10 }, place));
    expect(events).toMatchObject([{ total: 10, bad: 1, coverage: 1 }]);
    expect(content.unmeasured).toEqual([]);
  });

  test.each(['first', 'last'] as const)(
    'with its count line %s and without the bucket, counts for nothing',
    (place) => {
      const pod = new ScrapedTarget(new ListedSlos([fast]));
      pod.scrape(histogram({ 100: 0, 500: 0, '+Inf': 0 }, place));
      const { events, content } = pod.scrape(histogram({ 100: 5, 500: 9, '+Inf': 10 }, place));
      expect(events).toMatchObject([{ total: 0, bad: 0, coverage: 0 }]);
      expect(content.unmeasured).toEqual(['eu1/shop/cart/latency']);
    },
  );

  test('all requests slow is all requests bad: a bucket that does not grow is a bucket', () => {
    const pod = new ScrapedTarget(new ListedSlos([fast]));
    pod.scrape(histogram({ 250: 3, '+Inf': 3 }, 'first'));
    expect(pod.scrape(histogram({ 250: 3, '+Inf': 8 }, 'first')).events).toMatchObject([{ total: 5, bad: 5 }]);
  });

  test('a new process with other buckets is not judged by those of the former one, and the other way round', () => {
    const pod = new ScrapedTarget(new ListedSlos([fast]));
    const up = (seconds: number): string => `envoy_server_uptime ${seconds}\n`;
    pod.scrape(up(3600) + histogram({ 250: 3, '+Inf': 3 }, 'first'));
    expect(pod.scrape(up(2) + histogram({ 300: 4, '+Inf': 4 }, 'first')).events).toMatchObject([{ total: 0, bad: 0 }]);
    const back = pod.scrape(up(1) + histogram({ 250: 6, '+Inf': 7 }, 'first'));
    expect(back.events).toMatchObject([{ total: 7, bad: 1, coverage: 1 }]);
  });
});

/** Like Linkerd 2: the service stands in the labels of the target, and the process tells when it began. */
const linkerdLike = pack(`pack: linkerd-like
title: A mesh like Linkerd 2
detect: [{ family: response_total }]
target: { path: /metrics }
requests: { families: [response_total] }
process:
  start_time_seconds: process_start_time_seconds
  memory_bytes: process_resident_memory_bytes
  connections: { family: tcp_open_connections, where: { direction: inbound } }
services: { own: { name: { labels: [app] }, namespace: { labels: [namespace] } } }
classes: { all: [{ name: failed, verdict: bad, where: { classification: failure } }, { name: rest, verdict: good }] }
views: [{ perspective: server, where: { direction: inbound }, service: own, classes: all }]
`);

function pack(text: string): SignalPack {
  const { value, diagnostics } = checkPack(parseYaml('pack.yaml', Buffer.from(text)).documents[0]!);
  expect(diagnostics).toEqual([]);
  return value!;
}

describe('a mesh whose series do not name the service', () => {
  const labels = { namespace: 'shop', app: 'cart' };
  const slos = (): ListedSlos => new ListedSlos([slo({ mesh: 'linkerd-like' })]);
  const answered = (count: number, more = ''): string =>
    `process_start_time_seconds ${noon - 3600}\nresponse_total{direction="inbound"${more}} ${count}\n`;

  test('has it from the labels of the target', () => {
    const pod = new ScrapedTarget(slos(), linkerdLike, labels);
    pod.scrape(answered(100));
    expect(pod.scrape(answered(130)).events).toMatchObject([{ slo: 'eu1/shop/cart/availability', total: 30 }]);
  });

  test('what a series says under the name of a target’s label does not count: nobody can pass for another', () => {
    const pod = new ScrapedTarget(slos(), linkerdLike, labels);
    pod.scrape(answered(100, ',namespace="bank"'));
    expect(pod.scrape(answered(130, ',namespace="bank"')).events).toMatchObject([{ total: 30 }]);
  });

  test('after a change of the SLOs it has them again', () => {
    const directory = slos();
    const pod = new ScrapedTarget(directory, linkerdLike, labels);
    pod.scrape(answered(100));
    directory.replace([slo({ mesh: 'linkerd-like', name: 'stricter' })]);
    expect(pod.scrape(answered(130)).events).toMatchObject([{ slo: 'eu1/shop/cart/stricter', total: 30 }]);
  });

  test('tells a restart by its start time, however wrong our clock becomes meanwhile', () => {
    const pod = new ScrapedTarget(slos(), linkerdLike, labels);
    pod.scrape(answered(100));
    expect(pod.scrape(answered(130), -1800).events).toMatchObject([{ total: 30 }]);
    const restarted = answered(200).replace(String(noon - 3600), String(noon + 25));
    const { events, content } = pod.scrape(restarted);
    expect(events).toMatchObject([{ total: 200 }]);
    expect(content.unseen).toEqual({ from: noon + 15, to: noon + 25 });
  });

  test('adds the gauges of its resources up, but for series that the pack does not mean', () => {
    const pod = new ScrapedTarget(slos(), linkerdLike, labels);
    const gauges = `process_resident_memory_bytes 700
tcp_open_connections{direction="inbound",peer="src"} 3
tcp_open_connections{direction="inbound",peer="dst"} 4
tcp_open_connections{direction="outbound",peer="src"} 50
`;
    expect(pod.scrape(gauges + answered(100)).signals).toMatchObject([
      { service: cart, memoryBytes: 700, connections: 7, proxies: 1 },
    ]);
  });
});

describe('a proxy that several services share', () => {
  const shared = pack(`pack: shared
title: A proxy in front of many
detect: [{ family: requests_total }]
target: { path: /metrics }
requests: { families: [requests_total] }
process: { memory_bytes: memory_bytes }
services: { named: { name: { labels: [service] }, namespace: { constant: shop } } }
classes: { all: [{ name: all, verdict: good }] }
views: [{ perspective: server, service: named, classes: all }]
`);
  const one = (name: string) => slo({ service: { ...cart, name }, mesh: 'shared' });
  const body = (names: readonly string[], count: number): string =>
    `memory_bytes 1000\n${names.map((name) => `requests_total{service="${name}"} ${count}\n`).join('')}`;

  test.each([
    { names: ['cart'], memory: [1000], why: 'it is the only one’s' },
    { names: ['cart', 'web'], memory: [undefined, undefined], why: 'it is nobody’s' },
  ])('its memory, in front of $names: $why', ({ names, memory }) => {
    const proxy = new ScrapedTarget(new ListedSlos(names.map(one)), shared);
    proxy.scrape(body(names, 1));
    const { signals } = proxy.scrape(body(names, 5));
    expect(signals.map(({ memoryBytes }) => memoryBytes)).toEqual(memory);
  });
});
