import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import PostalMime from 'postal-mime';
import type { ReportSettings } from '../../../src/config/reports.js';
import { Failure } from '../../../src/domain/failure.js';
import type { Letter } from '../../../src/ledger/letter-store.js';
import { Ledger } from '../../../src/ledger/ledger.js';
import { Courier } from '../../../src/report/delivery/courier.js';
import type { DeliveryOutcome } from '../../../src/report/delivery/delivery-outcome.js';
import { Doors } from '../../../src/report/delivery/doors.js';
import { lettersOf } from '../../../src/report/delivery/letters.js';
import { reportFindings } from '../../../src/report/delivery/report-findings.js';
import { withPath } from '../../ledger/support.js';
import { madeUpMail, madeUpReport, mondayAtEight, settings, to } from './made-up-report.js';
import { RudeSmtpServer } from './rude-smtp-server.js';

let server: RudeSmtpServer;
beforeEach(async () => {
  server = await RudeSmtpServer.start();
});
afterEach(() => server.close());

/** A courier with letters of one report, and a clock that is moved by hand. */
class Post {
  now = mondayAtEight;
  reports: ReportSettings;
  readonly failures: (Failure | undefined)[] = [];
  readonly #doors: Doors;
  readonly courier: Courier;
  readonly ledger: Ledger;

  constructor(ledger: Ledger, recipients: readonly string[], deliver?: (letter: Letter) => Promise<DeliveryOutcome>) {
    this.ledger = ledger;
    const reports = settings(server.port, { organisation: to(...recipients) });
    this.reports = reports;
    const { reports: store } = ledger;
    this.#doors = new Doors({ store, settings: () => this.reports, page: () => undefined, environment: {} });
    this.courier = new Courier({
      store,
      doors: (way) => (deliver ? { concurrency: 2, deliver } : this.#doors.door(way)),
      clock: { now: () => this.now },
      chance: () => 0,
      onAttempt: () => undefined,
      onFailure: (failure) => this.failures.push(failure),
    });
    if (store.get('2026-W47')) return;
    const entry = { id: '2026-W47', week: '2026-W47', scope: '', revision: 1, subject: 'Week 47', madeAt: this.now };
    const contents = { model: JSON.stringify(madeUpReport()), mail: JSON.stringify(madeUpMail()) };
    store.archive({ ...entry, ...contents }, lettersOf('2026-W47', reports.organisation, reports.mail));
  }

  async pass(seconds: number): Promise<void> {
    this.now += seconds;
    await this.courier.work();
  }

  get states(): readonly string[] {
    return this.ledger.reports.letters
      .of('2026-W47')
      .map(({ recipient, state }) => `${recipient.split('@')[0]} ${state}`);
  }

  letter(name: string): Letter {
    return this.ledger.reports.letters.of('2026-W47').find(({ recipient }) => recipient.startsWith(name))!;
  }

  close(): void {
    this.#doors.close();
    this.ledger.close();
  }
}

function withPost(
  recipients: readonly string[],
  work: (post: Post) => Promise<void>,
  deliver?: (letter: Letter) => Promise<DeliveryOutcome>,
): Promise<void> {
  return withPath(async (path) => {
    const post = new Post(Ledger.open(path), recipients, deliver);
    try {
      await work(post);
    } finally {
      post.close();
    }
  });
}

const both = ['ada@example.com', 'bob@example.com'];

test('everybody gets a mail of their own, once, with an id that stays', () =>
  withPost(both, async (post) => {
    await post.pass(0);
    await post.pass(3600);
    const read = await Promise.all(server.mails.map(({ text }) => PostalMime.parse(text)));
    expect(read.map(({ to: [one] = [] }) => one?.address).sort()).toEqual(both);
    expect(read.map(({ messageId }) => messageId).sort()).toEqual(
      both.map((name) => post.letter(name.slice(0, 3)).messageId).sort(),
    );
    expect(read[0]).toMatchObject({ subject: 'Week 47', date: '2026-11-23T07:00:00.000Z' });
    expect(post.states).toEqual(['ada sent', 'bob sent']);
  }));

test('a refused recipient is told as such, once, and stops nobody', () =>
  withPost(both, async (post) => {
    server.rudeness = { RCPT: (who) => (who.startsWith('ada') ? '550 no such user' : undefined) };
    await post.pass(0);
    await post.pass(86_400);
    expect(post.states).toEqual(['ada refused', 'bob sent']);
    expect(post.letter('ada')).toMatchObject({ attempts: 1, reason: 'RCPT TO: 550 no such user' });
  }));

test('4xx is tried again after 30 s, 1, 2, 4 minutes and so on, up to half an hour, with the same bytes', () =>
  withPost(['ada@example.com'], async (post) => {
    const dues: number[] = [];
    server.rudeness = { message: '451 try later' };
    for (let attempt = 0; attempt < 9; attempt++) {
      await post.pass(attempt === 0 ? 0 : dues.at(-1)!);
      dues.push(post.letter('ada').dueAt - post.now);
    }
    expect(dues).toEqual([30, 60, 120, 240, 480, 960, 1800, 1800, 1800]);
    await post.pass(dues.at(-1)! - 1);
    expect(post.letter('ada').attempts).toBe(9);
    server.rudeness = {};
    await post.pass(1);
    expect(post.states).toEqual(['ada sent']);
    expect(new Set(server.mails.map(({ text }) => text)).size).toBe(1);
  }));

test('a server in trouble is asked once for all of its letters', () =>
  withPost(
    Array.from({ length: 40 }, (_, number) => `r${number}@example.com`),
    async (post) => {
      server.rudeness = { greeting: '421 too busy' };
      await post.pass(0);
      // Two connections were being made.
      expect(server.connections).toBeLessThanOrEqual(2);
      expect(post.states.every((state) => state.endsWith('queued'))).toBe(true);
      server.rudeness = {};
      await post.pass(60);
      expect(post.states.every((state) => state.endsWith('sent'))).toBe(true);
      expect(server.connections).toBeLessThanOrEqual(4);
    },
  ));

test('a server in trouble is not asked for further letters meanwhile, however many wait', () => {
  let asked = 0;
  return withPost(
    Array.from({ length: 250 }, (_, number) => `r${number}@example.com`),
    async (post) => {
      for (const seconds of [0, 0, 29]) await post.pass(seconds);
      expect(asked).toBe(2);
      await post.pass(1);
      expect(asked).toBe(4);
    },
    () => {
      asked += 1;
      return Promise.resolve({ kind: 'failed', reason: 'connection refused', waitsFor: 'server', unanswered: false });
    },
  );
});

test('letters that end every conversation keep none of the others waiting', () => {
  const poison = new Set<string>();
  return withPost(
    ['ada', 'bob', 'eve', 'joe'].map((name) => `${name}@example.com`),
    async (post) => {
      for (const seconds of [0, 30]) await post.pass(seconds);
      expect(post.states.filter((state) => state.endsWith('sent'))).toHaveLength(2);
    },
    ({ messageId }) => {
      // Two at a time are handed over.
      if (poison.size < 2) poison.add(messageId);
      if (!poison.has(messageId)) return Promise.resolve({ kind: 'sent' });
      return Promise.resolve({ kind: 'failed', reason: 'reset', waitsFor: 'server', unanswered: false });
    },
  );
});

test('a wrong password is tried every quarter of an hour only', () =>
  withPost(
    ['ada@example.com'],
    async (post) => {
      await post.pass(0);
      expect(post.letter('ada')).toMatchObject({ state: 'queued', dueAt: post.now + 900, reason: '535 no' });
    },
    () => Promise.resolve({ kind: 'failed', reason: '535 no', waitsFor: 'operator', unanswered: false }),
  ));

test('whoever takes it whole without a word gets it a second time, and no third time', () =>
  withPost(both, async (post) => {
    server.rudeness = { message: (who) => (who.startsWith('ada') ? 'drop' : undefined) };
    for (let attempt = 0; attempt < 6; attempt++) await post.pass(3600);
    expect(server.mails.map(({ to: who }) => who).sort()).toEqual([
      'ada@example.com',
      'ada@example.com',
      'bob@example.com',
    ]);
    expect(post.states).toEqual(['ada refused', 'bob sent']);
    expect(post.letter('ada').reason).toContain('handed over whole 2 times without an answer');
  }));

test('after three days a letter is given up, and says so', () =>
  withPost(['ada@example.com'], async (post) => {
    server.rudeness = { RCPT: '452 mailbox full' };
    await post.pass(0);
    await post.pass(3 * 86_400 - 1);
    expect(post.states).toEqual(['ada queued']);
    await post.pass(1800);
    expect(post.states).toEqual(['ada refused']);
    expect(post.letter('ada').reason).toBe('given up after three days: RCPT TO: 452 mailbox full');
  }));

test('a restart goes on with what waits, and sends nothing twice', () =>
  withPath(async (path) => {
    const first = new Post(Ledger.open(path), both);
    server.rudeness = { RCPT: (who) => (who.startsWith('ada') ? '451 later' : undefined) };
    await first.pass(0);
    first.close();
    server.rudeness = {};
    const second = new Post(Ledger.open(path), both);
    await second.pass(60);
    expect(second.states).toEqual(['ada sent', 'bob sent']);
    expect(server.mails.map(({ to: who }) => who)).toEqual(['bob@example.com', 'ada@example.com']);
    second.close();
  }));

test('whoever is taken out of the configuration is not sent what was queued before', () =>
  withPost(both, async (post) => {
    server.rudeness = { RCPT: '451 later' };
    await post.pass(0);
    server.rudeness = {};
    post.reports = settings(server.port, { organisation: to('BOB@example.com'), fallback: to('ada@example.com') });
    await post.pass(60);
    expect(server.mails.map(({ to: who }) => who)).toEqual(['bob@example.com']);
    expect(post.states).toEqual(['ada refused', 'bob sent']);
    expect(post.letter('ada').reason).toBe('the configuration names them no longer');
    const source = reportFindings({
      store: post.ledger.reports,
      settings: () => post.reports,
      owners: () => [],
      clock: { now: () => post.now },
    });
    // Nothing is to be mended.
    expect((await source.look(new AbortController().signal)).findings).toEqual([]);
  }));

test('a report that the ledger holds no longer whole is refused, and said', () =>
  withPost(both, async (post) => {
    post.ledger.reports.mail = () => {
      throw new Failure('ledger-damaged', 'the mail of report 2026-W47 is not as it was written');
    };
    await post.pass(0);
    expect(post.states).toEqual(['ada refused', 'bob refused']);
    expect(post.letter('ada').reason).toContain('not as it was written');
  }));

describe('a full disk', () => {
  test('what was taken is remembered until it can be written, and not sent again', () =>
    withPost(both, async (post) => {
      const { letters } = post.ledger.reports;
      const write = letters.sent.bind(letters);
      letters.sent = () => {
        throw new Failure('disk-full', 'the disk is full');
      };
      await post.pass(0);
      await post.pass(60);
      expect(server.mails).toHaveLength(2);
      expect(post.failures.at(-1)).toMatchObject({ code: 'disk-full' });
      letters.sent = write;
      await post.pass(60);
      expect(server.mails).toHaveLength(2);
      expect(post.states).toEqual(['ada sent', 'bob sent']);
      expect(post.failures.at(-1)).toBeUndefined();
    }));

  test('what is being handed over comes to its end before anything is taken up again', () =>
    withPost(
      both,
      async (post) => {
        const { letters } = post.ledger.reports;
        const begun = letters.begun.bind(letters);
        let isFull = false;
        letters.begun = (messageId) => {
          if (isFull) throw new Failure('disk-full', 'the disk is full');
          isFull = true;
          begun(messageId);
        };
        await post.pass(0);
        expect(post.failures.at(-1)).toMatchObject({ code: 'disk-full' });
        expect(post.states.map((state) => state.split(' ')[1]).sort()).toEqual(['queued', 'sent']);
      },
      () => new Promise((resolve) => setImmediate(() => resolve({ kind: 'sent' }))),
    ));

  test('nothing is sent that could not be noted', () =>
    withPost(both, async (post) => {
      post.ledger.reports.letters.begun = () => {
        throw new Failure('disk-full', 'the disk is full');
      };
      await post.pass(0);
      expect(server.mails).toEqual([]);
    }));
});
