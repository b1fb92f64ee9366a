import { describe, expect, test } from '@jest/globals';
import type { KeptFinding } from '../../src/domain/finding.js';
import type { FindingKind } from '../../src/domain/finding-kinds.js';
import { parseIsoWeek } from '../../src/domain/iso-week.js';
import { type Slo, sloId } from '../../src/domain/slo.js';
import type { TimeRange } from '../../src/domain/window.js';
import { Ledger } from '../../src/ledger/ledger.js';
import { readWeek } from '../../src/report/week-book.js';
import type { WeekReport } from '../../src/report/week-report.js';
import { episode, slo, withPath } from '../ledger/support.js';
import { fill, madeUpPast, shop, sourceOf } from './made-up-weeks.js';
import { Oracle } from './oracle.js';

const at = (iso: string): number => Date.parse(iso) / 1000;
const hour = 3600;
const day = 24 * hour;

/** Edges of weeks as calendars show them: worked out by hand, from the offsets of the zones. */
const weeks = [
  {
    name: '2026-W13',
    zone: 'Europe/Berlin',
    // +01:00 until Sunday 02:00, +02:00 from then on: 167 hours.
    from: at('2026-03-22T23:00Z'),
    to: at('2026-03-29T22:00Z'),
    monthFrom: at('2026-02-28T23:00Z'),
    why: 'clocks go forward',
  },
  {
    name: '2026-W44',
    zone: 'Europe/Berlin',
    from: at('2026-10-25T23:00Z'),
    to: at('2026-11-01T23:00Z'),
    // November began on the Sunday of the week.
    monthFrom: at('2026-10-31T23:00Z'),
    why: 'the month begins within it, and the week before has 169 hours',
  },
  {
    name: '2026-W24',
    zone: 'Asia/Kolkata',
    from: at('2026-06-07T18:30Z'),
    to: at('2026-06-14T18:30Z'),
    monthFrom: at('2026-05-31T22:00Z'),
    why: 'weeks begin at half past of UTC',
  },
] as const;

describe.each(weeks)('week $name in $zone ($why)', ({ name, zone, from, to, monthFrom }) => {
  const burst = { from: from + 2 * day + 14 * hour + 300, to: from + 2 * day + 14 * hour + 2400 };
  const past = madeUpPast({ from, to, burst });
  const oracle = new Oracle(past);

  async function read(now: number, scope: WeekReport['scope'] = { kind: 'organisation' }): Promise<WeekReport> {
    return withPath(async (path) => {
      const ledger = Ledger.open(path);
      fill(ledger, past);
      const book = await readWeek(sourceOf(ledger, now), parseIsoWeek(name)!, zone);
      const report = await book.report(scope);
      ledger.close();
      return report;
    });
  }
  const report = read(to + hour);
  const of = async (slo: Slo) => (await report).slos.find(({ id }) => id === sloId(slo))!;

  test('begins and ends with its calendar', async () => {
    expect((await report).period).toEqual({ week: name, timeZone: zone, from, to, knownUntil: to, isFinished: true });
  });

  test.each(['cart', 'cartLatency', 'search', 'silent'] as const)('has the events of %s', async (which) => {
    const slo = shop[which];
    const { week, lastWeek, fourWeeks } = await of(slo);
    const weekBefore = name === '2026-W44' ? from - 169 * hour : from - 168 * hour;
    // The four weeks before W24 and W13 are 672 hours long, those before W44 one more.
    const fourBefore = name === '2026-W44' ? from - 673 * hour : from - 672 * hour;
    expect(week).toMatchObject(oracle.events(slo, from, to));
    expect(lastWeek).toMatchObject(oracle.events(slo, weekBefore, from));
    expect(fourWeeks).toMatchObject(oracle.events(slo, fourBefore, from));
    expect(week.coverage).toBeCloseTo(oracle.coverage(slo, from, to), 12);
    expect(fourWeeks.coverage).toBeCloseTo(oracle.coverage(slo, fourBefore, from), 12);
  });

  test.each(['cart', 'cartLatency', 'search'] as const)('has the budget of %s', async (which) => {
    const slo = shop[which];
    const begin = slo.window.kind === 'rolling' ? to - 30 * day : monthFrom;
    const { total, bad } = oracle.events(slo, begin, to);
    const week = oracle.events(slo, Math.max(begin, from), to);
    const { window, budget, state } = await of(slo);
    const allowed = total * (1 - slo.objective);
    expect(window).toMatchObject({ total, bad, state: bad > allowed ? 'missed' : 'met' });
    expect(state).toBe(window.state);
    expect(budget!.allowedEvents).toBeCloseTo(allowed, 6);
    expect(budget!.remainingRatio).toBeCloseTo(1 - bad / allowed, 9);
    expect(budget!.spentThisWeekBad).toBe(week.bad);
    expect(budget!.spentThisWeekRatio).toBeCloseTo(week.bad / allowed, 9);
    expect(budget!.beganAt).toBe(slo.window.kind === 'calendar' && monthFrom > from ? monthFrom : undefined);
  });

  test('says what another week like it would leave', async () => {
    const [whole, week] = [oracle.events(shop.cart, to - 30 * day, to), oracle.events(shop.cart, from, to)];
    const gone = oracle.events(shop.cart, to - 30 * day, to - 23 * day);
    const [total, bad] = [whole.total - gone.total + week.total, whole.bad - gone.bad + week.bad];
    expect((await of(shop.cart)).budget!.nextRemainingRatio).toBeCloseTo(1 - bad / (total * 0.001), 9);
  });

  test('keeps apart what was not asked for and what nobody saw', async () => {
    expect(await of(shop.silent)).toMatchObject({ state: 'no-traffic', week: { state: 'no-traffic', coverage: 1 } });
    expect(await of(shop.gone)).toMatchObject({ state: 'no-data', week: { state: 'no-data', coverage: 0, total: 0 } });
  });

  test('tells of the burst: when, what it cost, and what it was', async () => {
    const { burnEvents } = await report;
    const event = burnEvents.told[0]!;
    const { total, bad } = oracle.events(shop.cart, burst.from, burst.to);
    const { allowedEvents } = (await of(shop.cart)).budget!;
    expect({ from: event.from, to: event.to }).toEqual(burst);
    expect(event.costs).toEqual([
      { id: sloId(shop.cart), slo: 'availability', total, bad, costRatio: bad / allowedEvents },
    ]);
    expect(event.cause).toEqual({
      bad,
      shares: [
        { fact: 'flags', value: '-', bad },
        { fact: 'code', value: '503', bad },
        { fact: 'caller', value: 'storefront', bad },
        { fact: 'version', value: 'v3', bad },
        { fact: 'callerCluster', value: 'eu', bad },
      ],
    });
  });

  test('names the hours in which most went', async () => {
    const { worstHours } = await report;
    const { allowedEvents } = (await of(shop.cart)).budget!;
    const hours = Array.from({ length: (to - from) / hour + 1 }, (_, number) => {
      const begin = Math.max(from, (Math.floor(from / hour) + number) * hour);
      const end = Math.min(to, (Math.floor(from / hour) + number + 1) * hour);
      return { from: begin, to: end, ...oracle.events(shop.cart, begin, Math.max(begin, end)) };
    });
    const worst = hours.reduce((most, one) => (one.bad > most.bad ? one : most));
    expect(worstHours[0]).toMatchObject({ ...worst, id: sloId(shop.cart), costRatio: worst.bad / allowedEvents });
  });

  test('draws budgets that go down by what went, and end with what is left', async () => {
    const { curves } = await report;
    for (const slo of [shop.cart, shop.cartLatency, shop.search]) {
      const { points } = curves.find(({ id }) => id === sloId(slo))!;
      const { budget } = await of(slo);
      const [first, last] = [points[0]!, points.at(-1)!];
      expect(first.at).toBe(budget!.beganAt ?? from);
      expect(last.at).toBe(to);
      expect(last.remainingRatio).toBeCloseTo(budget!.remainingRatio, 9);
      expect(first.remainingRatio - last.remainingRatio).toBeCloseTo(budget!.spentThisWeekRatio, 9);
      expect(
        points.every(({ remainingRatio }, index) => index === 0 || remainingRatio <= points[index - 1]!.remainingRatio),
      ).toBe(true);
    }
  });

  test('adds up what was asked of all services', async () => {
    const [cart, silent] = [shop.cart, shop.silent].map((slo) => oracle.events(slo, from, to));
    expect((await report).requests!.week).toEqual({ total: cart!.total + silent!.total, bad: cart!.bad + silent!.bad });
  });

  test('is the same when it is read again a month later', async () => {
    expect(await read(to + 30 * day)).toEqual(await report);
  });

  test('has the same figures for a team and a service as for everybody', async () => {
    const team = await read(to + hour, { kind: 'team', owner: 'team-shop' });
    const service = await read(to + hour, { kind: 'service', service: shop.cart.service });
    const everybody = (await report).slos.filter(({ slo }) => slo.service.name === 'cart');
    expect(team.slos).toEqual(everybody);
    expect(service.slos).toEqual(everybody);
    expect(team.burnEvents.told).toEqual((await report).burnEvents.told);
  });
});

test('what went before a month began within the week is a share of the budget of the month that ended', async () => {
  const { from, to, monthFrom } = weeks[1];
  const october = at('2026-09-30T22:00Z');
  const burst = { from: from + 2 * day, to: from + 2 * day + hour };
  const past = madeUpPast({ from, to, burst });
  const slots = past.slots.map((one) =>
    one.slo === sloId(shop.cartLatency) && one.at >= burst.from && one.at < burst.to ? { ...one, bad: one.total } : one,
  );
  const oracle = new Oracle({ ...past, slots });
  await withPath(async (path) => {
    const ledger = Ledger.open(path);
    fill(ledger, { ...past, slots });
    const book = await readWeek(sourceOf(ledger, to + hour), parseIsoWeek('2026-W44')!, 'Europe/Berlin');
    const { burnEvents, worstHours } = await book.report({ kind: 'organisation' });
    ledger.close();
    const { bad } = oracle.events(shop.cartLatency, burst.from, burst.to);
    const costRatio = bad / (oracle.events(shop.cartLatency, october, monthFrom).total * 0.01);
    const isLatency = ({ id }: { readonly id: string }): boolean => id === sloId(shop.cartLatency);
    expect(burnEvents.told.flatMap(({ costs }) => costs.filter(isLatency))[0]!.costRatio).toBeCloseTo(costRatio, 9);
    expect(worstHours.find(isLatency)!.costRatio).toBeCloseTo(costRatio, 9);
  });
});

test('what a stretch cost every SLO of a service is of the whole stretch, however long each of them burnt', async () => {
  const { from, to } = weeks[0];
  const burst = { from: from + 2 * day, to: from + 2 * day + 1800 };
  const latency = { from: burst.from - hour, to: burst.to };
  const past = madeUpPast({ from, to, burst });
  const slots = past.slots.map((one) =>
    one.slo === sloId(shop.cartLatency) && one.at >= latency.from && one.at < latency.to
      ? { ...one, bad: one.total }
      : one,
  );
  const oracle = new Oracle({ ...past, slots });
  await withPath(async (path) => {
    const ledger = Ledger.open(path);
    fill(ledger, { ...past, slots });
    const book = await readWeek(sourceOf(ledger, to + hour), parseIsoWeek('2026-W13')!, 'Europe/Berlin');
    const { burnEvents } = await book.report({ kind: 'organisation' });
    ledger.close();
    const event = burnEvents.told[0]!;
    expect({ from: event.from, to: event.to }).toEqual(latency);
    expect(event.costs).toHaveLength(2);
    for (const slo of [shop.cart, shop.cartLatency]) {
      const { total, bad } = oracle.events(slo, event.from, event.to);
      expect(event.costs.find(({ id }) => id === sloId(slo))).toMatchObject({ total, bad });
    }
  });
});

test('what was first promised after a week is none of its promises, and nobody reads that it cannot be judged', async () => {
  const [from, to] = [at('2026-03-22T23:00Z'), at('2026-03-29T22:00Z')];
  const past = madeUpPast({ from, to, burst: { from, to: from } });
  await withPath(async (path) => {
    const ledger = Ledger.open(path);
    fill(ledger, past);
    const late = slo('late');
    ledger.declare([late], to + hour);
    const source = { ...sourceOf(ledger, to + 2 * hour), slos: [...past.slos, late] };
    const names = async (week: string) =>
      (await readWeek(source, parseIsoWeek(week)!, 'Europe/Berlin')).services.map(({ name }) => name);
    expect(await names('2026-W13')).not.toContain('late');
    expect(await names('2026-W14')).toContain('late');
    ledger.close();
  });
});

test('a burst is told with the alerts, the findings and the deploys of its time, and with none of other places', async () => {
  const { from, to } = weeks[0];
  const burst = { from: from + 2 * day, to: from + 2 * day + 1800 };
  const past = madeUpPast({ from, to, burst });
  const found = (id: string, kind: FindingKind, subject: KeptFinding['subject'], firstSeen: number): KeptFinding => {
    const texts = { owner: 'team-shop', summary: id, evidence: {}, action: 'Look.', since: undefined };
    return { id, kind, subject, ...texts, firstSeen, lastSeen: burst.to, resolvedAt: undefined };
  };
  const all = [
    found('the whole cluster', 'ControlPlaneDown', { mesh: 'istio', cluster: 'eu' }, burst.from - 60),
    found('of the cart', 'SidecarOutOfSync', { cluster: 'eu', namespace: 'shop', service: 'cart' }, burst.from),
    found('another cluster', 'ControlPlaneDown', { mesh: 'istio', cluster: 'us' }, burst.from),
    found('another service', 'SidecarOutOfSync', { cluster: 'eu', namespace: 'shop', service: 'stock' }, burst.from),
    found('no cause', 'NoOwner', { cluster: 'eu', namespace: 'shop', service: 'cart' }, burst.from),
  ];
  const deploy = {
    kind: 'deploy',
    at: burst.from - 600,
    service: shop.cart.service,
    summary: 'v3',
    facts: {},
  } as const;
  const elsewhere = { ...deploy, service: shop.search.service };
  const within = ({ at }: { readonly at: number }, range: TimeRange): boolean => at >= range.from && at < range.to;
  const findings = {
    during: (range: TimeRange) => all.filter(({ firstSeen }) => firstSeen < range.to),
    events: (range: TimeRange) => [deploy, elsewhere].filter((event) => within(event, range)),
  };
  await withPath(async (path) => {
    const ledger = Ledger.open(path);
    fill(ledger, past);
    ledger.alerts.save([
      episode('paged', burst.from + 60, { endedAt: burst.to + 300 }),
      episode('later', burst.to + day, { endedAt: burst.to + day + 300 }),
    ]);
    const source = sourceOf(ledger, to + hour, { findings });
    const { burnEvents } = await (
      await readWeek(source, parseIsoWeek('2026-W13')!, 'Europe/Berlin')
    ).report({ kind: 'organisation' });
    ledger.close();
    const event = burnEvents.told.find((one) => one.service.name === 'cart' && one.from <= burst.from)!;
    expect(event.alerts.map(({ id }) => id)).toEqual(['paged']);
    expect(event.findings.map(({ id }) => id)).toEqual(['of the cart', 'the whole cluster']);
    expect(event.events).toEqual([deploy]);
  });
});
