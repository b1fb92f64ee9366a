import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { AlertName } from '../../src/domain/alert-names.js';
import { smallEdge, smallMesh, smallService } from '../simulator/small-mesh.js';
import { describeWith } from '../support/programs.js';
import { disagreements } from './disagreements.js';
import { TwoWatchers } from './two-watchers.js';

/** Coverage is looked at over six hours. */
const minutes = 420;

/** Minutes: a delay, and a minute that is not summed up yet. */
const mostShift = 2;

/** Proxies of a service, those of them that do not answer, and from when to when; minutes. */
const services = {
  calm: { proxies: 1 },
  // 130 minutes without three of four are 97.5 of 360: 72.9 %. Known for six hours at 360, and less than 90 missing from 390 on.
  early: { proxies: 4, silent: 3, from: 20, until: 150 },
  // 90 of 360 minutes are missing when three of four have not answered for 120.
  late: { proxies: 4, silent: 3, from: 250, until: Infinity },
  // No data at all is another alert.
  gone: { proxies: 1, silent: 1, from: 150, until: Infinity },
  // Half of it, but it has not been there for six hours.
  young: { proxies: 2, silent: 1, from: 206, until: Infinity },
} as const;
type Service = keyof typeof services;
const names = Object.keys(services) as readonly Service[];
const youngFrom = 200;

const alerts = ['CoverageLow', 'SliDataMissing', 'ScrapeTargetLost'] as const satisfies readonly AlertName[];

describeWith('prometheus', 'hours of a mesh of which a part is unseen, watched by both', () => {
  const watchers = new TwoWatchers({
    model: smallMesh(undefined, {
      services: names.map((name) =>
        smallService(name, { versions: [{ version: 'v1', replicas: services[name].proxies }] }),
      ),
      edges: names.map((name) => smallEdge(undefined, `shop/${name}`, { requestsPerSecond: 1 })),
    }),
    start: 1_795_168_800, // a whole hour
    services: names,
    scrapeSeconds: 60,
    alerts,
  });
  let answers: ReadonlyMap<string, number> = new Map();

  beforeAll(async () => {
    await watchers.open();
    const { observed } = watchers;
    const all = observed.listed;
    observed.listed = all.filter(({ labels }) => !labels['pod']!.startsWith('young'));
    for (let at = 0; at < minutes; at++) {
      if (at === youngFrom) observed.listed = all;
      for (const name of names) {
        const one = services[name];
        if (!('silent' in one) || (at !== one.from && at !== one.until)) continue;
        for (let place = 0; place < one.silent; place++) {
          await observed.servers.setFault(watchers.podOf(name, place), at === one.from ? 'refuse' : undefined);
        }
      }
      await watchers.minute();
      if (at === 400) answers = await watchers.askRunbook('CoverageLow', 'late');
    }
  }, 300_000);

  afterAll(() => watchers.close());

  const firing = (all: readonly ReadonlySet<string>[], alert: AlertName, service: Service): readonly boolean[] =>
    all.map((set) => set.has(`${alert} ${service}`));

  test.each(names.flatMap((service) => alerts.map((alert) => ({ service, alert }))))(
    '$service: $alert fires in the same minutes of both',
    ({ service, alert }) => {
      const [generated, embedded] = [watchers.generated, watchers.embedded].map((all) => firing(all, alert, service));
      expect(disagreements(generated!, embedded!, mostShift)).toEqual([]);
    },
  );

  test('CoverageLow fires where less than three quarters of six hours were seen, and for nobody else', () => {
    const low = names.map((name) => {
      const fires = firing(watchers.embedded, 'CoverageLow', name);
      return { name, from: fires.indexOf(true), minutes: fires.filter(Boolean).length };
    });
    expect(low.map(({ name, minutes: many }) => [name, many > 0])).toEqual([
      ['calm', false],
      ['early', true],
      ['late', true],
      ['gone', false],
      ['young', false],
    ]);
    // The first minute ends at 1.
    const [, early, late] = low;
    expect(Math.abs(early!.from - 359)).toBeLessThanOrEqual(mostShift);
    expect(Math.abs(early!.minutes - 30)).toBeLessThanOrEqual(mostShift);
    expect(Math.abs(late!.from - 369)).toBeLessThanOrEqual(mostShift);
  });

  test('every query of its runbook has an answer while it fires', () => {
    expect(answers.size).toBeGreaterThan(0);
    expect([...answers].filter(([, series]) => series === 0)).toEqual([]);
  });
});
