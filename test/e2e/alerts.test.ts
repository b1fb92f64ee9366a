import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sloAlerts } from '../../src/alerting/slo-alerts.js';
import { SloJudge } from '../../src/alerting/slo-judge.js';
import type { ActiveAlert } from '../../src/domain/alert.js';
import type { JudgedSlo } from '../../src/domain/burn-verdict.js';
import { loadAlertPolicies } from '../../src/packs/load-alert-policies.js';
import type { Degradation } from '../../src/simulator/mesh-model.js';
import { smallEdge, smallMesh, smallService } from '../simulator/small-mesh.js';
import { disagreements } from './disagreements.js';
import { ObservedMesh } from './observed-mesh.js';
import { referenceAlerts } from './reference-alerts.js';

const start = 1_795_168_800; // a whole hour
const minute = 60;
/** Windows of an hour are full when trouble begins. */
const calm = 60;
const minutes = calm + 80;

/** A delay of a scrape may move events into the next minute, and a minute is what everybody looks at. */
const mostShift = 2;

/** Trouble from a minute after the calm on, for so many minutes. */
function trouble(from: number, lasts: number, share: number, every?: number): Degradation {
  const when = { firstSeconds: start + (calm + from) * minute, lastsSeconds: lasts * minute };
  return {
    ...when,
    ...(every !== undefined && { everySeconds: every * minute }),
    shares: { 'server-error': share },
    slowdown: 1,
  };
}

/** One service for every kind of incident. */
const incidents: Readonly<Record<string, { readonly rate: number; readonly troubles: readonly Degradation[] }>> = {
  calm: { rate: 20, troubles: [] },
  outage: { rate: 10, troubles: [trouble(20.6, 10, 1)] },
  partial: { rate: 10, troubles: [trouble(20.2, 20, 0.1)] },
  slow: { rate: 30, troubles: [trouble(5, 40, 0.02)] },
  blip: { rate: 10, troubles: [trouble(20.5, 1, 0.5)] },
  rare: { rate: 0.1, troubles: [trouble(15, 20, 1)] },
  flapping: { rate: 10, troubles: [trouble(15, 5, 0.1, 25)] },
  unseen: { rate: 10, troubles: [trouble(15, 25, 1)] },
};
const services = Object.keys(incidents);

const model = smallMesh(undefined, {
  services: services.map((name) => smallService(name, { versions: [{ version: 'v1', replicas: 1 }] })),
  edges: Object.entries(incidents).map(([name, { rate, troubles }]) =>
    smallEdge(undefined, `shop/${name}`, {
      requestsPerSecond: rate,
      shares: { 'server-error': 0.0003 },
      degradations: troubles,
    }),
  ),
});

type Firing = Readonly<Record<'page' | 'ticket', (boolean | undefined)[]>>;

describe('alerts from the ledger, over incidents of every kind', () => {
  const observed = new ObservedMesh(model, start, 11);
  const firing = new Map<string, Firing>(services.map((name) => [name, { page: [], ticket: [] }]));
  /** When each service first paged in the middle of a minute, in seconds from the end of the calm. */
  const earlyPages = new Map<string, number>();
  let texts: readonly ActiveAlert[] = [];

  beforeAll(async () => {
    const policy = loadAlertPolicies().policies.get('standard')!;
    let judge = new SloJudge(() => policy);
    let last: readonly ActiveAlert[] = [];
    let judged: readonly JudgedSlo[] = [];
    /** Lets a minute pass, with looks into it; services that begin to page before it is over. */
    const liveAMinute = async (at: number): Promise<ReadonlySet<string>> => {
      const early = new Set<string>();
      for (let second = 5; second <= minute; second += 5) {
        await observed.live(5);
        if (second === minute) break;
        for (const status of judge.lookEarly(judged, observed.openMinute())) {
          const { name } = status.slo.service;
          judged = judged.map((before) => (before.id === status.id ? status : before));
          early.add(name);
          if (!earlyPages.has(name)) earlyPages.set(name, at * minute + second);
        }
      }
      return early;
    };
    await observed.open('service: shop/calm\n');
    await observed.startMeshslo();
    await observed.list();
    const podOf = (service: string): string => observed.mesh.pods.find((pod) => pod.service.name === service)!.name;
    for (let at = -calm; at < minutes - calm; at++) {
      if (at === 20) await observed.servers.setFault(podOf('unseen'), 'refuse');
      if (at === 30) await observed.servers.setFault(podOf('unseen'), undefined);
      // Dies in the middle of incidents, and is back four minutes later.
      if (at === 33) await observed.killMeshslo();
      const early = await liveAMinute(at);
      if (at === 36) {
        await observed.startMeshslo();
        judge = new SloJudge(() => policy);
        judge.resume(last);
      }
      if (at >= 33 && at <= 36) {
        for (const each of firing.values()) for (const list of [each.page, each.ticket]) list.push(undefined);
        continue;
      }
      const now = observed.clock.now();
      const slos = observed.ledger.slos().map(({ epochs }) => epochs.at(-1)!.slo);
      judged = judge.look(
        observed.ledger,
        slos.filter(({ name }) => name === 'availability'),
        now,
      );
      const links = { page: undefined, runbooks: undefined, dashboards: undefined };
      last = sloAlerts(judged, { links, knownUntil: now, watchedRatio: 1 });
      if (at === 22) texts = last;
      for (const [name, { page, ticket }] of firing) {
        const fires = (alert: string): boolean =>
          last.some((one) => one.name === alert && one.labels['service'] === name);
        page.push(fires('ErrorBudgetBurnFast') || early.has(name));
        ticket.push(fires('ErrorBudgetBurnSlow'));
      }
    }
  }, 300_000);

  afterAll(() => observed.close());

  test.each(services.flatMap((name) => (['page', 'ticket'] as const).map((severity) => ({ name, severity }))))(
    '$name: the $severity fires when the log of requests says so, give or take two minutes',
    ({ name, severity }) => {
      const expected = referenceAlerts(observed.log, `shop/${name}`, start, minutes)[severity];
      const actual = firing.get(name)![severity];
      expect(disagreements(actual, expected, mostShift)).toEqual([]);
    },
  );

  test('every kind of incident pages but the calm and the blip', () => {
    const paged = services.filter((name) => firing.get(name)!.page.includes(true));
    expect(paged).toEqual(['outage', 'partial', 'slow', 'rare', 'flapping', 'unseen']);
  });

  test('an outage pages within two minutes, a tenth within seven', () => {
    expect(firing.get('outage')!.page.indexOf(true)).toBeLessThanOrEqual(calm + 22);
    expect(firing.get('partial')!.page.indexOf(true)).toBeLessThanOrEqual(calm + 27);
  });

  test('an outage pages before its second minute is over, a blip not even in the middle of one', () => {
    // 1.548 % of an hour's 36,000 requests are 557, at 10 a second 56 seconds' worth; a scrape is 15 s late at most, a look 5.
    expect(earlyPages.get('outage')! - 20.6 * minute).toBeGreaterThan(50);
    expect(earlyPages.get('outage')! - 20.6 * minute).toBeLessThanOrEqual(76);
    expect([...earlyPages.keys()]).not.toContain('blip');
  });

  test('ten minutes in which nobody saw the service end no page', () => {
    expect(firing.get('unseen')!.page.slice(calm + 20, calm + 30)).toEqual(Array.from({ length: 10 }, () => true));
  });

  test('the text of the page says what the log says', () => {
    const page = texts.find(({ name, labels }) => name === 'ErrorBudgetBurnFast' && labels['service'] === 'outage');
    expect(page!.annotations['summary']).toMatch(/^shop\/outage availability burns \d+x as fast as it may \(last /);
  });
});
