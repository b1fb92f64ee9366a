import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type MetricStore, PrometheusStore } from '../../support/prometheus/metric-store.js';
import { remoteWrite, type WrittenSeries } from '../../support/prometheus/remote-write.js';
import { type EvaluationTimes, recordRules } from '../../support/prometheus/record-rules.js';
import type { RuleGroup } from '../../support/prometheus/rule-file.js';
import { VictoriaStore } from '../../support/prometheus/victoria-store.js';
import { minuteSettlesSeconds } from '../../../src/generate/rules/settling.js';
import { describeWith } from '../../support/programs.js';
import { judge, type Judgement } from '../../support/truth/judgement.js';
import type { ServiceStory } from '../../support/truth/service-story.js';
import { storyOf } from '../../support/truth/stories.js';
import { tellFleet, type ToldFleet } from '../../support/truth/told-fleet.js';
import type { TruthSli } from '../../support/truth/told-service.js';
import { delaySeconds, fleetRules, recordedEvents } from './fleet-rules.js';

const hour = 3600;
const day = 24 * hour;
const to = 1_774_915_200; // 2026-03-31
const span = { from: to - day, to };
const availability: TruthSli = { perspective: 'server', kind: 'availability' };
const everySli: readonly TruthSli[] = [
  availability,
  { perspective: 'server', kind: 'latency' },
  { perspective: 'mesh-failures', kind: 'availability' },
  { perspective: 'client', kind: 'availability' },
  { perspective: 'client', kind: 'latency' },
  { perspective: 'union', kind: 'availability' },
  { perspective: 'union', kind: 'latency' },
];
const steady = storyOf('evictions', span, { callers: 2 });
const restarting = storyOf('restarts', span, { callers: 2 });
/** Four hours, in which everything that these tests are about happens. */
const watched: EvaluationTimes = { fromSeconds: to - 5 * hour, toSeconds: to };

const folders: string[] = [];

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'meshslo-truth-'));
  folders.push(folder);
  return join(folder, 'data');
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function tell(
  store: MetricStore,
  stories: readonly ServiceStory[],
  slis: readonly TruthSli[],
  scrapeSeconds = 60,
): ToldFleet {
  return tellFleet(store, stories, { ...span, cellSeconds: 15, scrapeSeconds }, { boundsMs: [100, 250, 1000], slis });
}

function expectSeen(judgements: readonly Judgement[]): void {
  for (const { story, recorded, seen } of judgements) {
    expect(seen.total).toBeGreaterThan(0);
    expect({ service: story.name, ...recorded }).toEqual({ service: story.name, ...seen });
  }
}

describeWith('prometheus', 'every SLI', () => {
  const store = new PrometheusStore(newFolder());
  let fleet: ToldFleet;

  beforeAll(async () => {
    fleet = tell(store, [steady, restarting], everySli);
    await store.settle();
    await recordRules(store, fleetRules(everySli), watched, 'those that others read');
  });

  afterAll(() => store.close());

  test.each(everySli.map((sli, place) => ({ sli, place, name: `${sli.perspective} ${sli.kind}` })))(
    '$name: three hours are what a perfect reader has seen, to the event',
    async ({ sli, place }) => {
      const events = recordedEvents(sli, 3 * hour, 'minutes');
      expectSeen(await judge(store, fleet, place, to, 3 * hour, events));
    },
  );
});

describeWith('prometheus', 'evaluation', () => {
  const stores: PrometheusStore[] = [];

  afterAll(async () => {
    for (const store of stores) await store.close();
  });

  async function recorded(
    stories: readonly ServiceStory[],
    times: Partial<EvaluationTimes>,
    scrapeSeconds = 60,
  ): Promise<{ readonly store: PrometheusStore; readonly fleet: ToldFleet }> {
    const store = new PrometheusStore(newFolder());
    stores.push(store);
    const fleet = tell(store, stories, [availability], scrapeSeconds);
    await store.settle();
    await recordRules(store, fleetRules([availability]), { ...watched, ...times }, 'those that others read');
    return { store, fleet };
  }

  /** The budget's sum of three hours at an evaluation of five minutes. @param phase of the evaluations of minutes */
  const ofThreeHours = (store: PrometheusStore, fleet: ToldFleet, at: number, phase = 0) => {
    const lastMinuteAt = Math.floor((at - minuteSettlesSeconds - phase) / 60) * 60 + phase;
    return judge(store, fleet, 0, at, 3 * hour, {
      ...recordedEvents(availability, 3 * hour, 'five minutes'),
      delaySeconds: delaySeconds + at - lastMinuteAt,
    });
  };

  test.each([
    { why: 'whole minutes', ofMinutes: 0, ofFiveMinutes: 0 },
    { why: 'any second that a group may have of its own', ofMinutes: 45, ofFiveMinutes: 165 },
  ])('at $why counts every minute once', async ({ ofMinutes, ofFiveMinutes }) => {
    const phaseOf = ({ intervalSeconds }: RuleGroup): number => (intervalSeconds === 60 ? ofMinutes : ofFiveMinutes);
    const { store, fleet } = await recorded([steady], { phaseOf });
    const at = to - 600 + ofFiveMinutes;
    expectSeen(await ofThreeHours(store, fleet, at, ofMinutes));
  });

  test.each([15, 30])(
    'of scrapes every %s s counts all that they saw, but what came in the minute of a restart in place before it',
    async (scrapeSeconds) => {
      const { store, fleet } = await recorded([restarting], {}, scrapeSeconds);
      const [judgement] = await ofThreeHours(store, fleet, to);
      // The restart of this stretch is at 22:45. What had grown since the minute before is not worth a look at every series.
      const most = 60 * 12;
      expect(judgement!.recorded.total).toBeLessThanOrEqual(judgement!.seen.total);
      expect(judgement!.recorded.total).toBeGreaterThan(judgement!.seen.total - most);
      expect(most / judgement!.seen.total).toBeLessThan(0.006);
    },
  );

  test('after Prometheus and its rules were away for 18 minutes misses the last minutes before, and none of the 18', async () => {
    const [from, until] = [to - 2 * hour, to - 2 * hour + 18 * 60];
    const away = { ...steady, outages: [{ from, to: until, kind: 'nobody' as const }] };
    const isAway = (at: number): boolean => at >= from && at < until;
    const { store, fleet } = await recorded([away], { isAway });
    const [{ recorded: budget, seen }] = (await ofThreeHours(store, fleet, to)) as [Judgement];
    // What nobody had evaluated yet when it went: a minute and its delay of raw samples, or five minutes of recorded ones.
    const perMinute = 120;
    expect(budget.total).toBeLessThanOrEqual(seen.total);
    expect(budget.total).toBeGreaterThanOrEqual(seen.total - 6 * perMinute);
    const minutes = recordedEvents(availability, 1800, 'minutes');
    const [after] = await judge(store, fleet, 0, until + 1500, 1800, minutes);
    expect(after!.recorded.total).toBeLessThanOrEqual(25 * perMinute);
  });

  test('by two replicas, deduplicated: every change from one to the other costs five minutes at most', async () => {
    const ofReplica = (minutes: number, fives: number) => ({
      phaseOf: ({ intervalSeconds }: RuleGroup): number => (intervalSeconds === 60 ? minutes : fives),
    });
    const one = await recorded([steady], ofReplica(0, 0));
    const other = await recorded([steady], ofReplica(30, 150));
    const merged = new PrometheusStore(newFolder());
    stores.push(merged);
    // The store takes the first replica's samples, for an hour in between the second's.
    const changes = [to - 2 * hour, to - hour];
    const name = 'service_sli:events:delta5m';
    const spliced = new Map<number, number>();
    for (const [{ store }, from, until] of [
      [one, to - 4 * hour, changes[0]!],
      [other, changes[0]! + 150, changes[1]! + 150],
      [one, changes[1]! + 300, to],
    ] as const) {
      const [series] = await store.range(name, from, until, 300);
      series!.timesSeconds.forEach((at, index) => spliced.set(at, series!.values[index]!));
    }
    const times = Float64Array.from([...spliced.keys()].sort((a, b) => a - b));
    merged.add(
      { __name__: name, service: steady.name },
      times.map((at) => at * 1000),
      times.map((at) => spliced.get(at)!),
    );
    await merged.settle();
    const [sum] = await merged.instant(`sum_over_time(${name}[2h59m59s999ms])`, to);
    const seen = one.fleet.get(steady)![0]!.seen.between(to - 3 * hour - delaySeconds, to - delaySeconds);
    expect(Math.abs(sum!.value - seen.total)).toBeLessThanOrEqual(changes.length * 300 * 2);
  });

  test.each([
    { lateSeconds: 10, ownDelay: delaySeconds, why: 'a usual scrape' },
    { lateSeconds: 50, ownDelay: 60, why: 'remote write, with a longer delay' },
  ])('of samples that come $lateSeconds s late ($why) misses none', async ({ lateSeconds, ownDelay }) => {
    expect(await countedOf(lateSeconds, ownDelay)).toBe('all');
  });

  test('of samples that come later than the delay misses some: the delay is there for a reason', async () => {
    expect(await countedOf(50, delaySeconds)).toBe('some');
  });

  /** Lets 40 minutes pass, in which every sample arrives late, and rules are evaluated every minute without it. */
  async function countedOf(lateSeconds: number, ownDelay: number): Promise<'all' | 'some'> {
    const store = new PrometheusStore(newFolder());
    stores.push(store);
    const series: WrittenSeries[] = [];
    const kept = {
      add: (
        labels: WrittenSeries['labels'],
        times: Float64Array,
        values: Float64Array,
        length = times.length,
      ): void => {
        series.push({ labels, times: times.slice(0, length), values: values.slice(0, length) });
      },
    };
    const fleet = tellFleet(
      kept,
      [steady],
      { ...span, cellSeconds: 15, scrapeSeconds: 60 },
      { boundsMs: [], slis: [availability] },
    );
    await store.settle();
    const url = `${store.prometheus.address}/api/v1/write`;
    const rules = fleetRules([availability], { delaySeconds: ownDelay })
      .flatMap(({ rules }) => rules)
      .filter(({ record }) => /^service_target:(good|bad)_events:held$/.test(record!));
    const arrived = async (from: number, until: number): Promise<void> => {
      const some = series.map(({ labels, times, values }) => {
        const [first, end] = [from, until].map((at) => times.findIndex((time) => time > at * 1000));
        const range = [first! < 0 ? times.length : first!, end! < 0 ? times.length : end!] as const;
        return { labels, times: times.slice(...range), values: values.slice(...range) };
      });
      await remoteWrite(
        url,
        some.filter(({ times }) => times.length > 0),
      );
    };
    const begin = to - 2400;
    await arrived(begin - 600, begin - lateSeconds);
    let counted = 0;
    for (let at = begin + 60; at <= to; at += 60) {
      await arrived(at - 60 - lateSeconds, at - lateSeconds);
      for (const { expr } of rules) {
        for (const { labels, value } of await store.instant(expr, at)) {
          const { moment } = labels;
          if (moment !== 'at') counted += moment === 'now' ? value : -value;
        }
      }
    }
    const { total } = fleet.get(steady)![0]!.seen.between(begin - ownDelay, to - ownDelay);
    return counted === total ? 'all' : 'some';
  }
});

describeWith('victoria-metrics', 'VictoriaMetrics, whose ranges are open on the left as those of Prometheus 3', () => {
  let store: VictoriaStore;
  let fleet: ToldFleet;

  beforeAll(async () => {
    store = await VictoriaStore.start(newFolder());
    fleet = tell(store, [steady, restarting], [availability]);
    await store.settle();
    await recordRules(store, fleetRules([availability]), watched, 'those that others read');
  });

  afterAll(() => store.close());

  test('records the same, to the event', async () => {
    for (const from of ['minutes', 'five minutes'] as const) {
      expectSeen(await judge(store, fleet, 0, to, 3 * hour, recordedEvents(availability, 3 * hour, from)));
    }
  });
});
