import { expect, test } from '@jest/globals';
import type { ReportSettings } from '../../../src/config/reports.js';
import { type IsoWeek, isoWeekName } from '../../../src/domain/iso-week.js';
import { Ledger } from '../../../src/ledger/ledger.js';
import type { ReportStore } from '../../../src/ledger/report-store.js';
import { ReportDesk } from '../../../src/report/delivery/report-desk.js';
import { reportFindings } from '../../../src/report/delivery/report-findings.js';
import { type ArchivedScope, parseReportId, scopeKey } from '../../../src/domain/report-id.js';
import { wellFormed } from '../../../src/domain/well-formed.js';
import type { SloWeek } from '../../../src/report/slo-week.js';
import { slo, withPath } from '../../ledger/support.js';
import { hostileNames } from '../hostile-report.js';
import { madeUpMail, madeUpReport, mondayAtEight, settings, to, week47 } from './made-up-report.js';

const day = 86_400;

/** A desk over a ledger that knows everything since 2026-01-01, and a clock that is moved by hand. */
class Desk {
  now = mondayAtEight - day;
  owners: readonly string[] = [];
  settings: ReportSettings | undefined;
  /** Bad events of the one SLO. */
  bad = 80;
  knownSince = Date.UTC(2026, 0, 1) / 1000;
  read: string[] = [];
  /** Throws what it is given at the first report of this scope. */
  failAt: string | undefined;
  readonly store: ReportStore;
  readonly desk: ReportDesk;

  constructor(ledger: Ledger, reports: ReportSettings | undefined = settings(1)) {
    this.settings = reports;
    this.store = ledger.reports;
    this.desk = new ReportDesk({
      store: ledger.reports,
      courier: { wake: () => undefined },
      settings: () => this.settings,
      readWeek: (week) => Promise.resolve(this.#week(week)),
      mailOf: (report) => Promise.resolve(madeUpMail(report.headline)),
      knownSince: () => this.knownSince,
      clock: { now: () => this.now },
      onFailure: () => undefined,
      onArchived: () => undefined,
      onBug: (error) => {
        throw error;
      },
    });
  }

  async pass(seconds: number): Promise<void> {
    this.now += seconds;
    await this.desk.look();
  }

  get archived(): readonly string[] {
    return this.store
      .find({ limit: 99 })
      .reports.map(({ id, letters: { queued, sent, refused } }) => `${id} ${queued + sent + refused}`);
  }

  #week(week: IsoWeek) {
    this.read.push(isoWeekName(week));
    return {
      owners: this.owners,
      report: (scope: ArchivedScope) => {
        if (this.failAt === scopeKey(scope)) return Promise.reject(new Error('killed'));
        const one = { id: 'x', slo: slo('cart'), state: 'met', week: { total: 1000, bad: this.bad } };
        return Promise.resolve(madeUpReport({ scope, slos: [one as unknown as SloWeek] }));
      },
    };
  }
}

function withDesk(work: (desk: Desk, again: () => Desk) => Promise<void>): Promise<void> {
  return withPath(async (path) => {
    let ledger = Ledger.open(path);
    const again = (): Desk => {
      ledger.close();
      ledger = Ledger.open(path);
      return new Desk(ledger);
    };
    try {
      await work(new Desk(ledger), again);
    } finally {
      ledger.close();
    }
  });
}

test('the report of a week is made when it is due, once', () =>
  withDesk(async (desk) => {
    await desk.pass(0);
    await desk.pass(day - 1);
    expect(desk.archived).toEqual([]);
    await desk.pass(1);
    await desk.pass(30);
    expect(desk.archived).toEqual(['2026-W47 2']);
    expect(desk.read).toEqual(['2026-W47']);
    await desk.pass(7 * day);
    expect(desk.archived).toEqual(['2026-W48 2', '2026-W47 2']);
  }));

test('what was due before anybody asked for reports surprises nobody', () =>
  withDesk(async (desk) => {
    await desk.pass(3 * day);
    await desk.pass(3600);
    expect(desk.archived).toEqual([]);
  }));

test('what was missed while nothing ran is caught up at the next start: the newest is sent, older ones are archived', () =>
  withDesk(async (desk, again) => {
    await desk.pass(0);
    const later = again();
    later.now = mondayAtEight + 23 * day;
    await later.pass(0);
    expect(later.archived).toEqual(['2026-W50 2', '2026-W49 0', '2026-W48 0', '2026-W47 0']);
    await later.pass(60);
    expect(later.archived).toHaveLength(4);
  }));

test('after a year without it, only the last eight weeks are caught up', () =>
  withDesk(async (desk, again) => {
    await desk.pass(0);
    const later = again();
    later.now = mondayAtEight + 52 * 7 * day;
    await later.pass(0);
    expect(later.archived).toHaveLength(8);
  }));

test('weeks of which nothing is known are not reported', () =>
  withDesk(async (desk) => {
    await desk.pass(0);
    desk.knownSince = mondayAtEight + day;
    await desk.pass(day);
    expect(desk.archived).toEqual([]);
  }));

test('each team gets its own, by the first pattern that fits; one without an address goes to the default', () =>
  withDesk(async (desk) => {
    desk.settings = settings(1, {
      teams: [
        { owner: 'team-shop', ...to('shop@example.com') },
        { owner: 'team-*', ...to('teams@example.com', 'leads@example.com') },
      ],
      fallback: to('platform@example.com'),
    });
    desk.owners = ['ops', 'team-pay', 'team-shop'];
    await desk.pass(0);
    await desk.pass(day);
    expect(desk.archived).toEqual(['2026-W47 2', '2026-W47.ops 1', '2026-W47.team-pay 2', '2026-W47.team-shop 1']);
    const recipients = (id: string) => desk.store.letters.of(id).map(({ recipient }) => recipient);
    expect(recipients('2026-W47.ops')).toEqual(['platform@example.com']);
    expect(recipients('2026-W47.team-shop')).toEqual(['shop@example.com']);
  }));

test('owners whose names mean something elsewhere have reports of their own', () =>
  withDesk(async (desk) => {
    desk.owners = [...hostileNames, '..', '~2', ' '].map(wellFormed);
    await desk.pass(0);
    await desk.pass(day);
    const names = desk.store.find({ limit: 99 }).reports.map(({ id }) => parseReportId(id)!.scope);
    const owners = names.flatMap((scope) => (scope.kind === 'team' ? [scope.owner] : []));
    expect(owners.sort()).toEqual([...desk.owners].sort());
  }));

test('nothing is made for whoever asks while it is being stopped', () =>
  withDesk(async (desk) => {
    desk.now = mondayAtEight;
    desk.owners = ['a', 'b'];
    const first = desk.desk.send(week47);
    const stopped = desk.desk.stop();
    await expect(first).rejects.toMatchObject({ code: 'service-unreachable' });
    await stopped;
    await expect(desk.desk.send(week47)).rejects.toMatchObject({ code: 'service-unreachable' });
    expect(desk.archived).toEqual([]);
  }));

test('what broke off in the middle of a week is finished by the next start, and nothing is made twice', () =>
  withDesk(async (desk, again) => {
    await desk.pass(0);
    desk.owners = ['a', 'b', 'c'];
    desk.failAt = 'team/b';
    await expect(desk.pass(day)).rejects.toThrow('killed');
    expect(desk.archived).toEqual(['2026-W47.a 0']);
    const later = again();
    later.now = desk.now;
    later.owners = desk.owners;
    await later.pass(1);
    expect(later.archived).toEqual(['2026-W47 2', '2026-W47.a 0', '2026-W47.b 0', '2026-W47.c 0']);
  }));

test('sending again what has not changed sends nothing to those who have it, and again to those who refused', () =>
  withDesk(async (desk) => {
    desk.now = mondayAtEight;
    expect(await desk.desk.send(week47)).toEqual([{ id: '2026-W47', is: 'new', queued: 2 }]);
    const [ada, bob] = desk.store.letters.of('2026-W47');
    desk.store.letters.sent(ada!.messageId, desk.now);
    desk.store.letters.refused(bob!.messageId, desk.now, '550');
    expect(await desk.desk.send(week47)).toEqual([{ id: '2026-W47', is: 'known', queued: 1 }]);
    expect(desk.store.letters.due(desk.now, 9).map(({ messageId }) => messageId)).toEqual([bob!.messageId]);
  }));

test('figures that have changed since are a revision that says what is different, for everybody', () =>
  withDesk(async (desk) => {
    desk.now = mondayAtEight;
    await desk.desk.send(week47);
    desk.bad = 20;
    expect(await desk.desk.send(week47)).toEqual([{ id: '2026-W47~2', is: 'revised', queued: 2 }]);
    const { revision } = JSON.parse(desk.store.model('2026-W47~2')) as { revision: unknown };
    expect(revision).toEqual({
      number: 2,
      changes: ['eu/shop/cart availability: 20 of 1,000 bad, before it was 80 of 1,000.'],
    });
    const ids = ['2026-W47', '2026-W47~2'].flatMap((id) => desk.store.letters.of(id).map(({ messageId }) => messageId));
    expect(new Set(ids).size).toBe(4);
  }));

test.each([
  ['a week that is not over', { year: 2026, week: 48 }, undefined, 'bad-arguments'],
  ['a week of which nothing is known', { year: 2025, week: 1 }, undefined, 'not-found'],
  ['a team that is none', week47, { kind: 'team', owner: 'x' } as const, 'not-found'],
])('%s cannot be sent', (_what, week, scope, code) =>
  withDesk(async (desk) => {
    desk.now = mondayAtEight;
    await expect(desk.desk.send(week, scope)).rejects.toMatchObject({ code });
  }),
);

test('nobody can be sent anything where nobody is named', () =>
  withDesk(async (desk) => {
    desk.now = mondayAtEight;
    desk.settings = undefined;
    await desk.pass(0);
    await expect(desk.desk.send(week47)).rejects.toMatchObject({ code: 'bad-arguments' });
    expect(desk.archived).toEqual([]);
  }));

test('who is not reached, and whose report reaches nobody, is a finding until that is over', () =>
  withDesk(async (desk) => {
    desk.now = mondayAtEight;
    desk.settings = settings(1, { teams: [{ owner: 'team-shop', ...to('shop@example.com') }] });
    const source = reportFindings({
      store: desk.store,
      settings: () => desk.settings,
      owners: () => ['team-pay', 'team-shop'],
      clock: { now: () => desk.now },
    });
    await desk.desk.send(week47, { kind: 'organisation' });
    const [ada, bob] = desk.store.letters.of('2026-W47');
    desk.store.letters.refused(ada!.messageId, desk.now, '550 no such user');
    desk.store.letters.sent(bob!.messageId, desk.now);
    const { findings, judged } = await source.look(new AbortController().signal);
    expect(judged).toEqual(['ReportRefused']);
    expect(findings).toMatchObject([
      {
        subject: { way: 'mail', recipient: 'ada@example.com' },
        summary: 'the mail with report 2026-W47 did not reach ada@example.com: 550 no such user',
        action: expect.stringContaining('meshslo report --send --week 2026-W47') as unknown,
      },
      { subject: { owner: 'team-pay' }, owner: 'team-pay' },
    ]);
    await desk.desk.send(week47, { kind: 'organisation' });
    desk.store.letters.sent(ada!.messageId, desk.now);
    desk.settings = settings(1, { teams: [{ owner: 'team-*', ...to('teams@example.com') }] });
    expect((await source.look(new AbortController().signal)).findings).toEqual([]);
  }));
