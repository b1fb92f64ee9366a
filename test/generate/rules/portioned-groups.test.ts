import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ruleSet } from '../../../src/generate/rules/rule-set.js';
import { minuteSettlesSeconds } from '../../../src/generate/rules/settling.js';
import { sliName } from '../../../src/generate/rules/sli.js';
import { loadPacks } from '../../../src/packs/load-packs.js';
import { describeWith } from '../../support/programs.js';
import { PrometheusStore } from '../../support/prometheus/metric-store.js';
import { recordRules } from '../../support/prometheus/record-rules.js';
import type { RuleGroup } from '../../support/prometheus/rule-file.js';
import { judge } from '../../support/truth/judgement.js';
import { storyOf } from '../../support/truth/stories.js';
import { tellFleet, type ToldFleet } from '../../support/truth/told-fleet.js';
import type { TruthSli } from '../../support/truth/told-service.js';
import { delaySeconds, fleetRules, recordedEvents, sliOf } from './fleet-rules.js';
import { day, everySlo, madeUpSlo, partsOf } from './made-up-slos.js';

const hour = 3600;
const to = 1_774_915_200; // 2026-03-31
const span = { from: to - day, to };
const slis: readonly TruthSli[] = [
  { perspective: 'server', kind: 'availability' },
  { perspective: 'server', kind: 'latency' },
  { perspective: 'mesh-failures', kind: 'availability' },
  { perspective: 'client', kind: 'availability' },
  { perspective: 'union', kind: 'availability' },
];
const stories = (['evictions', 'restarts', 'gaps', 'old process', 'rare requests'] as const).map((traffic, number) =>
  storyOf(traffic, span, { callers: 1, number }),
);
const rulesPerGroup = 20;

/** Seconds of its own for every group, as a Prometheus has them by a hash of the name; whole cells of the truth. */
function phaseOf({ name, intervalSeconds }: Pick<RuleGroup, 'name' | 'intervalSeconds'>): number {
  return 15 * (createHash('sha256').update(name).digest().readUInt16BE() % (intervalSeconds / 15));
}

describe('groups of twenty rules', () => {
  const slos = [
    ...everySlo,
    madeUpSlo({ name: 'other', mesh: 'linkerd2' }),
    madeUpSlo({ name: 'week', window: { kind: 'rolling', seconds: 7 * day } }),
  ];
  const files = ruleSet(partsOf(slos, { rulesPerGroup }));
  const groups = files.flatMap((file) => file.groups);

  test('have nineteen and the one that says whose they are, and names of their own', () => {
    for (const { name, rules } of groups) expect([name, rules.length < rulesPerGroup]).toEqual([name, true]);
    expect(new Set(groups.map(({ name }) => name)).size).toBe(groups.length);
  });

  test('record and tell all that larger ones do', () => {
    const told = (all: typeof groups) =>
      new Set(all.flatMap(({ rules }) => rules.map((rule) => ('record' in rule ? rule.record : rule.alert))));
    expect(told(groups)).toEqual(told(ruleSet(partsOf(slos)).flatMap((file) => file.groups)));
  });
});

test('sums of many windows, and what is seen of many meshes, stand in as many groups as it takes', () => {
  const meshes = [...loadPacks().packs.keys()];
  const slos = meshes.map((mesh) => madeUpSlo({ mesh, name: `of-${mesh}` }));
  const { policies, ...parts } = partsOf(slos, { rulesPerGroup });
  const [standard] = [...policies.values()];
  const [step] = standard!.steps;
  // Between three hours and three days, where sums are made every two minutes.
  const steps = Array.from({ length: 12 }, (_, index) => {
    const longSeconds = (4 + 5 * index) * hour;
    return { ...step!, name: `s${index}`, longSeconds, shortSeconds: 5 * 60 };
  });
  const own = new Map([[standard!.name, { ...standard!, steps }]]);
  const file = ruleSet({ ...parts, policies: own }).find(({ name }) => name === 'meshslo-recording')!;
  const sizes = file.groups.map(({ name, rules }) => ({ name, rules: rules.length }));
  expect(sizes.filter(({ rules }) => rules >= rulesPerGroup)).toEqual([]);
  expect(sizes.map(({ name }) => name)).toContain('meshslo:two-minutes:2');
});

describeWith('prometheus', 'such groups, each evaluated at seconds of its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'meshslo-portions-'));
  const store = new PrometheusStore(join(folder, 'data'));
  const groups = fleetRules(slis, { rulesPerGroup });
  let fleet: ToldFleet;

  beforeAll(async () => {
    fleet = tellFleet(
      store,
      stories,
      { ...span, cellSeconds: 15, scrapeSeconds: 60 },
      { boundsMs: [100, 250, 1000], slis },
    );
    await store.settle();
    await recordRules(store, groups, { fromSeconds: span.from, toSeconds: to, phaseOf }, 'those that others read');
  }, 240_000);

  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** When the group that counts an SLI is evaluated. */
  function minutePhase(sli: TruthSli): number {
    const group = groups.find(
      ({ intervalSeconds, rules }) =>
        intervalSeconds === 60 &&
        rules.some(
          ({ record, labels }) => record?.endsWith(':held') === true && labels?.['sli'] === sliName(sliOf(sli)),
        ),
    );
    return phaseOf(group!);
  }

  test('are several of minutes, at different seconds', () => {
    expect(new Set(slis.map(minutePhase)).size).toBeGreaterThan(1);
  });

  describe.each(slis.map((sli, place) => ({ sli, place, name: `${sli.perspective} ${sli.kind}` })))(
    '$name',
    ({ sli, place }) => {
      test('minutes are what a perfect reader has seen, to the event', async () => {
        const at = to - 600 + minutePhase(sli);
        for (const { story, recorded, seen } of await judge(
          store,
          fleet,
          place,
          at,
          6 * hour,
          recordedEvents(sli, 6 * hour, 'minutes'),
        )) {
          if (story.traffic === 'gaps') continue;
          expect({ service: story.traffic, ...recorded }).toEqual({ service: story.traffic, ...seen });
        }
      });

      test('budgets are, too, with what came out of gaps', async () => {
        const at = to - 600 + phaseOf(groups.find(({ name }) => name === 'meshslo:five-minutes')!);
        const phase = minutePhase(sli);
        const lastMinuteAt = Math.floor((at - minuteSettlesSeconds - phase) / 60) * 60 + phase;
        const events = {
          ...recordedEvents(sli, 18 * hour, 'five minutes'),
          delaySeconds: delaySeconds + at - lastMinuteAt,
        };
        for (const { story, recorded, seen } of await judge(store, fleet, place, at, 18 * hour, events)) {
          expect({ service: story.traffic, ...recorded }).toEqual({ service: story.traffic, ...seen });
        }
      });
    },
  );
});
