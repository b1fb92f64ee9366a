import { describe, expect, test } from '@jest/globals';
import { AlertmanagerSender, type Posted } from '../../../src/alerting/delivery/alertmanager-sender.js';
import { Announcements } from '../../../src/alerting/delivery/announcements.js';
import type { AlertEpisode } from '../../../src/domain/alert.js';
import { Failure } from '../../../src/domain/failure.js';
import { TestClock } from '../../scrape/test-clock.js';
import { byKey, episodeOf, monday, page, ticket } from '../alerts.js';
import { PretendedAlertmanager } from './pretended-alertmanager.js';

const unreachable = (): Failure => new Failure('target-unreachable', 'connection refused');

/** One Alertmanager and its sender on a clock that passes only when told to. */
class Line {
  readonly clock = new TestClock(monday);
  readonly announcements = new Announcements(this.clock);
  readonly alertmanager = new PretendedAlertmanager(() => this.clock.now() + this.leadSeconds);
  readonly posted: Posted[] = [];
  readonly sender = new AlertmanagerSender({
    url: 'http://am:9093',
    client: this.alertmanager,
    announcements: this.announcements,
    page: () => 'https://meshslo.example',
    clock: this.clock,
    chance: () => 0,
    onPosted: (posted) => this.posted.push(posted),
  });
  leadSeconds = 0;

  announce(firing: readonly AlertEpisode[], ended: readonly AlertEpisode[] = []): void {
    this.announcements.update(byKey(firing), ended, (announcement) => this.sender.isHeard(announcement));
  }

  /** Lets time pass as the loop would: work when it is due, rest until then. */
  async run(seconds: number): Promise<void> {
    const until = this.clock.monotonic() + seconds;
    for (;;) {
      if (this.sender.restSeconds === 0) await this.sender.work();
      const rest = Math.max(0.05, this.sender.restSeconds);
      if (this.clock.monotonic() + rest > until) break;
      this.clock.pass(rest);
    }
    this.clock.pass(until - this.clock.monotonic());
  }
}

const cart = episodeOf(page('cart'), 'c', monday);
const stock = episodeOf(ticket('stock'), 's', monday);
const heartbeat = episodeOf({ ...page('m'), name: 'MeshsloWatchdog', severity: 'heartbeat', labels: {} }, 'w', monday);
const ended = (episode: AlertEpisode, at: number): AlertEpisode => ({ ...episode, endedAt: at });

describe('an Alertmanager that is well', () => {
  test('is told at once, pages first, and every minute again, with an end five minutes ahead', async () => {
    const line = new Line();
    line.announce([stock, cart]);
    await line.run(1);
    expect(line.alertmanager.told).toEqual(['cart', 'stock']);
    expect(line.alertmanager.known('cart')).toEqual({
      labels: { ...cart.labels, alertname: 'ErrorBudgetBurnFast', severity: 'page' },
      annotations: { summary: 'cart burns' },
      startsAt: '2026-06-01T00:00:00.000Z',
      endsAt: '2026-06-01T00:05:00.000Z',
      generatorURL: 'https://meshslo.example/alerts/c',
    });
    await line.run(600);
    expect(line.alertmanager.posts).toHaveLength(11);
    expect(line.alertmanager.firing).toEqual(['cart', 'stock']);
    expect(line.sender.health).toEqual({
      url: 'http://am:9093',
      lastSuccessAt: monday + 600,
      failure: undefined,
      refused: undefined,
      troubleSince: undefined,
      troubleSeconds: 0,
      waiting: 0,
    });
  });

  test('hears of an end at once, and for a quarter of an hour again', async () => {
    const line = new Line();
    line.announce([cart]);
    await line.run(30);
    line.announce([], [ended(cart, monday + 30)]);
    await line.run(3600);
    expect(line.alertmanager.known('cart')!.endsAt).toBe('2026-06-01T00:00:30.000Z');
    // Once firing, then at once and each of the next 14 minutes.
    expect(line.alertmanager.posts).toHaveLength(16);
    line.announce([], []);
    expect([...line.announcements.all()]).toEqual([]);
  });

  test('hears of an alert that fires again as of a new one, and no more of its former end', async () => {
    const line = new Line();
    line.announce([cart]);
    await line.run(1);
    line.announce([], [ended(cart, monday + 1)]);
    line.announce([episodeOf(page('cart'), 'c2', monday + 60)]);
    await line.run(1);
    expect(line.alertmanager.known('cart')).toMatchObject({ generatorURL: 'https://meshslo.example/alerts/c2' });
    expect(line.alertmanager.firing).toEqual(['cart']);
  });

  test('resolves everything by itself when we die', async () => {
    const line = new Line();
    line.announce([cart]);
    await line.run(1);
    line.clock.pass(298);
    expect(line.alertmanager.firing).toEqual(['cart']);
    line.clock.pass(2);
    expect(line.alertmanager.firing).toEqual([]);
  });

  test('is told within a minute what it has lost in a restart', async () => {
    const line = new Line();
    line.announce([cart]);
    await line.run(10);
    line.alertmanager.forget();
    await line.run(60);
    expect(line.alertmanager.firing).toEqual(['cart']);
  });
});

describe('an Alertmanager that is away', () => {
  test('for an hour: it is asked with patience, nothing piles up, and it hears of all that goes on or has ended', async () => {
    const line = new Line();
    line.announce([cart, stock]);
    await line.run(59);
    line.alertmanager.mood = unreachable;
    line.alertmanager.posts.length = 0;
    await line.run(1800);
    const late = episodeOf(page('late'), 'l', monday + 1860);
    line.announce([cart, late], [ended(stock, monday + 1860)]);
    await line.run(600);
    line.announce([cart], [ended(late, monday + 2460)]);
    expect(line.sender.health).toMatchObject({
      failure: { code: 'target-unreachable' },
      troubleSince: monday + 60,
      lastSuccessAt: monday,
    });
    await line.run(1200);
    // Patience of 1, 2, 4, 8, 16 and then 30 seconds: some 120 attempts in an hour, in one request each.
    expect(line.alertmanager.posts.length).toBeLessThanOrEqual(126);
    expect(line.sender.health.waiting).toBe(2);
    line.alertmanager.mood = () => 200;
    await line.run(31);
    expect(line.alertmanager.firing).toEqual(['cart']);
    expect(line.alertmanager.known('stock')!.endsAt).toBe('2026-06-01T00:31:00.000Z');
    expect(line.alertmanager.known('late')!.endsAt).toBe('2026-06-01T00:41:00.000Z');
    expect(line.sender.health).toMatchObject({ failure: undefined, troubleSince: undefined, waiting: 0 });
  });

  test('for days: ends that it has not heard are forgotten after one, for it has ended them itself', () => {
    const line = new Line();
    line.alertmanager.mood = unreachable;
    line.announce([], [ended(cart, monday)]);
    line.clock.pass(86_399);
    line.announce([]);
    expect([...line.announcements.all()]).toHaveLength(1);
    line.clock.pass(1);
    line.announce([]);
    expect([...line.announcements.all()]).toHaveLength(0);
  });

  test('costs a bounded memory: of too many ends, the oldest are forgotten', () => {
    const line = new Line();
    line.alertmanager.mood = unreachable;
    const long = 'x'.repeat(100_000);
    const many = Array.from({ length: 400 }, (_, number) =>
      ended(episodeOf(page(`s${number}`, { annotations: { long } }), `e${number}`, monday), monday),
    );
    line.announce([], many);
    const kept = [...line.announcements.all()].map(({ episode }) => episode.id);
    expect(kept.length).toBeLessThan(320);
    expect(kept).toContain('e399');
    expect(kept).not.toContain('e0');
  });

  test.each([
    ['a server that fails', 503, 'answered with status 503: it says why', undefined],
    ['a wrong address', 404, 'answered with status 404: it says why', /api\/v2\/alerts/],
    ['a missing login', 401, 'answered with status 401: it says why', /token or password/],
    ['a redirect', 302, 'answered with status 302: it says why', /final address/],
  ])('%s is no fault of the alerts: they are not taken apart', async (_why, status, message, hint) => {
    const line = new Line();
    line.alertmanager.mood = () => status;
    line.announce([cart, stock]);
    await line.run(0.5);
    expect(line.alertmanager.posts).toHaveLength(1);
    expect(line.sender.health).toMatchObject({ failure: { code: 'target-status', message }, waiting: 2 });
    if (hint) expect(line.sender.health.failure!.hint).toMatch(hint);
    expect(line.posted).toMatchObject([{ outcome: 'target-status', alerts: 2 }]);
  });

  test('one that asks for patience gets it, up to a minute', async () => {
    const line = new Line();
    line.alertmanager.mood = () => 429;
    line.alertmanager.retryAfterSeconds = 40;
    line.announce([cart]);
    await line.run(39);
    expect(line.alertmanager.posts).toHaveLength(1);
    line.alertmanager.retryAfterSeconds = 86_400;
    await line.run(2);
    expect(line.alertmanager.posts).toHaveLength(2);
    line.alertmanager.mood = () => 200;
    await line.run(61);
    expect(line.alertmanager.firing).toEqual(['cart']);
  });
});

describe('a batch that is refused', () => {
  const many = Array.from({ length: 100 }, (_, number) => episodeOf(page(`s${number}`), `e${number}`, monday));
  const refusing =
    (...services: readonly string[]) =>
    (alerts: readonly { labels: Readonly<Record<string, string>> }[]) =>
      alerts.some(({ labels }) => services.includes(labels['service']!)) ? 400 : 200;

  test('is taken apart: one bad alert harms no other, is told, and is offered again ten minutes later', async () => {
    const line = new Line();
    line.alertmanager.mood = refusing('s37');
    line.announce(many);
    await line.run(1);
    expect(line.alertmanager.knows).toBe(99);
    expect(line.sender.health).toMatchObject({
      failure: undefined,
      refused: { alerts: 1, reason: 'it says why' },
      troubleSince: monday,
      waiting: 0,
    });
    // Halves of 100 until one is left: at most two requests for each of seven halvings, and the first.
    expect(line.alertmanager.posts.length).toBeLessThanOrEqual(15);
    const before = line.alertmanager.posts.length;
    await line.run(540);
    expect(line.alertmanager.posts).toHaveLength(before + 9);
    line.alertmanager.mood = () => 200;
    await line.run(61);
    expect(line.alertmanager.knows).toBe(100);
    expect(line.sender.health).toMatchObject({ refused: undefined, troubleSince: undefined });
  });

  test('for being too large is halved as well', async () => {
    const line = new Line();
    line.alertmanager.mood = (alerts) => (alerts.length > 30 ? 413 : 200);
    line.announce(many);
    await line.run(1);
    expect(line.alertmanager.knows).toBe(100);
  });

  test('whatever is in it costs a bounded number of requests, and is a failure', async () => {
    const line = new Line();
    line.alertmanager.mood = () => 400;
    line.announce(many);
    await line.run(0.5);
    expect(line.alertmanager.posts.length).toBeLessThanOrEqual(150);
    expect(line.sender.health).toMatchObject({ failure: { code: 'target-status' } });
  });

  test('down to the last alert is no fault of theirs: everything is offered again within half a minute', async () => {
    const line = new Line();
    line.announce([cart, stock, heartbeat]);
    await line.run(1);
    line.alertmanager.mood = () => 400;
    await line.run(300);
    expect(line.sender.health).toMatchObject({
      failure: { code: 'target-status', message: 'answered with status 400: it says why' },
      refused: undefined,
    });
    line.alertmanager.mood = () => 200;
    await line.run(31);
    expect(line.sender.health).toMatchObject({ failure: undefined, refused: undefined, waiting: 0 });
    expect(line.alertmanager.firing).toEqual(['cart', 'MeshsloWatchdog', 'stock']);
  });

  test('for its heartbeat alone is a failure, too', async () => {
    const line = new Line();
    line.alertmanager.mood = () => 400;
    line.announce([heartbeat]);
    await line.run(60);
    line.alertmanager.mood = () => 200;
    await line.run(31);
    expect(line.alertmanager.firing).toEqual(['MeshsloWatchdog']);
  });

  test('after a server that failed is told instead of the former failure', async () => {
    const line = new Line();
    line.alertmanager.mood = () => 503;
    line.announce([cart]);
    await line.run(1);
    line.alertmanager.mood = () => 400;
    await line.run(60);
    expect(line.sender.health).toMatchObject({ failure: undefined, refused: { alerts: 1 } });
  });
});

test('10,000 alerts at once go in requests of less than a megabyte; pages come first', async () => {
  const line = new Line();
  const summary = 'x'.repeat(500);
  const alerts = Array.from({ length: 10_000 }, (_, number) => {
    const kind = number < 9900 ? ticket(`s${number}`) : page(`s${number}`);
    return episodeOf({ ...kind, annotations: { summary } }, `e${number}`, monday);
  });
  line.announce(alerts);
  await line.run(1);
  expect(line.alertmanager.knows).toBe(10_000);
  expect(Math.max(...line.alertmanager.posts.map(({ bytes }) => bytes))).toBeLessThan(1e6);
  expect(line.alertmanager.told.slice(0, 100)).toEqual(alerts.slice(9900).map(({ labels }) => labels['service']));
});

test('a batch that fails keeps those behind it from nothing: what was not heard comes first next time', async () => {
  const line = new Line();
  const big = Array.from({ length: 3 }, (_, number) =>
    episodeOf(page(`s${number}`, { annotations: { summary: 'x'.repeat(600_000) } }), `e${number}`, monday + number),
  );
  let requests = 0;
  line.alertmanager.mood = () => (++requests === 2 ? 503 : 200);
  line.announce(big);
  await line.run(2);
  expect(line.alertmanager.told).toEqual(['s0', 's1', 's2']);
});

describe('clocks', () => {
  test.each([
    ['its clock is an hour ahead', 3600],
    ['its clock is an hour behind', -3600],
  ])('%s: what fires is firing there, what has ended has not', async (_why, lead) => {
    const line = new Line();
    line.leadSeconds = lead;
    line.announce([cart, stock]);
    await line.run(1);
    expect(line.alertmanager.firing).toEqual(['cart', 'stock']);
    line.announce([cart], [ended(stock, line.clock.now())]);
    await line.run(1);
    expect(line.alertmanager.firing).toEqual(['cart']);
    const { startsAt } = line.alertmanager.known('cart')!;
    expect(Date.parse(startsAt) / 1000).toBeLessThanOrEqual(line.clock.now() + Math.min(0, lead));
  });

  test.each([
    ['is set back', -7200],
    ['jumps ahead', 7200],
  ])('our clock %s: nothing begins in the future, and nothing is over that is not', async (_why, jump) => {
    const line = new Line();
    line.leadSeconds = 0;
    line.announce([cart]);
    await line.run(30);
    line.clock.jump(jump);
    line.leadSeconds = -jump;
    for (let minutes = 0; minutes < 10; minutes++) {
      line.announce([cart]);
      await line.run(60);
      expect(line.alertmanager.firing).toEqual(['cart']);
    }
    const { startsAt } = line.alertmanager.known('cart')!;
    expect(Date.parse(startsAt) / 1000).toBeLessThanOrEqual(line.clock.now() + line.leadSeconds);
    line.announce([], [ended(cart, Math.max(cart.startedAt, line.clock.now()))]);
    await line.run(1);
    expect(line.alertmanager.firing).toEqual([]);
  });

  test('one that tells another time with every answer is not asked without end', async () => {
    const line = new Line();
    line.announce([cart]);
    line.alertmanager.mood = () => {
      line.leadSeconds = line.leadSeconds === 0 ? 1000 : 0;
      return 200;
    };
    await line.run(600);
    expect(line.alertmanager.posts.length).toBeLessThanOrEqual(25);
  });
});
