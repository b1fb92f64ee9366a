import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { describeWith } from '../../support/programs.js';
import { PrometheusStore } from '../../support/prometheus/metric-store.js';
import { recordRules } from '../../support/prometheus/record-rules.js';
import { budgetError, judge, type Judgement } from '../../support/truth/judgement.js';
import { type ServiceStory, trafficClasses } from '../../support/truth/service-story.js';
import { storyOf } from '../../support/truth/stories.js';
import { tellFleet, type ToldFleet } from '../../support/truth/told-fleet.js';
import type { TruthSli } from '../../support/truth/told-service.js';
import { fleetRules, recordedEvents } from './fleet-rules.js';

const hour = 3600;
const day = 24 * hour;
const to = 1_774_915_200; // 2026-03-31
const span = { from: to - 2 * day, to };
const objective = 0.999;
const availability: TruthSli = { perspective: 'server', kind: 'availability' };

/** One caller instead of six: what is exact for 23 series of a service is so for 138. One has them all. */
const stories: readonly ServiceStory[] = [
  ...trafficClasses.map((traffic) => storyOf(traffic, span, { callers: 1 })),
  storyOf('restarts', span, { number: 1 }),
  storyOf('late first error', span, { number: 2, name: 'namesake', callers: 1 }),
  storyOf('uneven days', span, { number: 3, name: 'namesake', namespace: 'stock', callers: 1 }),
  storyOf('rare requests', span, { number: 4, name: 'namesake', cluster: 'west', callers: 1 }),
];

/** Old processes and gaps of hours are no class of the promise; what they miss is bad and good alike. */
function hasGaps({ traffic }: ServiceStory): boolean {
  return ['gaps', 'old process', 'long gap'].includes(traffic);
}

describeWith('prometheus', 'recorded events of two days', () => {
  const folder = mkdtempSync(join(tmpdir(), 'meshslo-truth-'));
  const store = new PrometheusStore(join(folder, 'data'));
  let fleet: ToldFleet;

  beforeAll(async () => {
    fleet = tellFleet(
      store,
      stories,
      { ...span, cellSeconds: 15, scrapeSeconds: 60 },
      { boundsMs: [], slis: [availability] },
    );
    await store.settle();
    const times = { fromSeconds: span.from, toSeconds: to };
    await recordRules(store, fleetRules([availability]), times, 'those that others read');
  }, 240_000);

  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const judged = (
    windowSeconds: number,
    from: 'minutes' | 'five minutes',
    at = to - 300,
  ): Promise<readonly Judgement[]> =>
    judge(store, fleet, 0, at, windowSeconds, recordedEvents(availability, windowSeconds, from));

  describe.each([
    { window: '5m', windowSeconds: 300 },
    { window: '1h', windowSeconds: hour },
    { window: '6h', windowSeconds: 6 * hour },
  ])('over $window', ({ windowSeconds }) => {
    test('are those that a perfect reader of the same scrapes has seen, to the event', async () => {
      for (const { story, recorded, seen } of await judged(windowSeconds, 'minutes')) {
        expect({ service: story.name, ...recorded }).toEqual({ service: story.name, ...seen });
      }
    });
  });

  test('of a budget hold what came out of gaps, too: to the event, but for a gap of hours', async () => {
    for (const { story, recorded, seen } of await judged(day + 18 * hour, 'five minutes')) {
      if (story.traffic === 'long gap') continue;
      if (story.traffic === 'restarts') {
        // A counter that held one event before a restart, and holds one again a minute later, has not moved for any rule.
        expect(Math.abs(recorded.total! - seen.total)).toBeLessThanOrEqual(3);
        expect(Math.abs(recorded.bad! - seen.bad)).toBeLessThanOrEqual(3);
      } else expect({ service: story.name, ...recorded }).toEqual({ service: story.name, ...seen });
    }
  });

  test('move a budget by less than the promise, whatever no scrape can see', async () => {
    for (const judgement of await judged(day + 18 * hour, 'five minutes')) {
      const { story, recorded, happened } = judgement;
      if (story.traffic === 'rare requests') {
        expect(Math.abs(recorded.total! - happened.total)).toBeLessThanOrEqual(1);
        expect(Math.abs(recorded.bad! - happened.bad)).toBeLessThanOrEqual(1);
        continue;
      }
      const promise = hasGaps(story) ? 0.02 : 0.005;
      expect(Math.abs(budgetError(judgement, objective))).toBeLessThanOrEqual(promise);
    }
  });

  test('of minutes have nothing of a gap: catching up is no burst', async () => {
    const gaps = stories.find(({ traffic }) => traffic === 'gaps')!;
    for (const { to: end } of gaps.outages) {
      const at = Math.ceil((end + 180) / 60) * 60;
      const [judgement] = (await judged(600, 'minutes', at)).filter(({ story }) => story === gaps);
      // Ten minutes of at most eight requests a second.
      expect(judgement!.recorded.total!).toBeLessThanOrEqual(600 * 8);
    }
  });

  test('of an old process begin with its second minute: its past is no burst', async () => {
    const old = stories.find(({ traffic }) => traffic === 'old process')!;
    const found = Math.max(...old.pods.map(({ scrapedFrom }) => scrapedFrom));
    const [judgement] = (await judged(hour, 'minutes', Math.ceil(found / 60) * 60 + 600)).filter(
      ({ story }) => story === old,
    );
    expect(judgement!.recorded).toEqual(judgement!.seen);
    expect(judgement!.recorded.total!).toBeLessThan(hour * 10);
  });

  test('are nothing before there is traffic, and never NaN or below zero', async () => {
    const before = await judged(hour, 'minutes', to - day);
    const young = before.find(({ story }) => story.traffic === 'began yesterday');
    expect(young!.recorded).toEqual({ total: undefined, bad: undefined });
    for (const metric of [
      'service_sli:events:delta1m',
      'service_sli:bad_events:delta1m',
      'service_sli:bad_events:delta5m',
    ]) {
      expect(await store.instant(`count(count_over_time(${metric}[2d]))`, to)).toHaveLength(1);
      expect(
        await store.instant(
          `min_over_time(${metric}[2d]) < 0 or max_over_time(${metric}[2d]) != max_over_time(${metric}[2d])`,
          to,
        ),
      ).toEqual([]);
    }
  });

  test('are there wherever there is traffic, bad ones as zero before the first', async () => {
    const late = stories.find(({ traffic }) => traffic === 'late first error')!;
    const [judgement] = (await judged(hour, 'minutes', to - day)).filter(({ story }) => story === late);
    expect(judgement!.recorded.bad).toBe(0);
    expect(judgement!.recorded.total).toBeGreaterThan(0);
  });
});
