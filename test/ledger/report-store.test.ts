import { expect, test } from '@jest/globals';
import { Ledger } from '../../src/ledger/ledger.js';
import type { NewLetter } from '../../src/ledger/letter-store.js';
import type { NewReport, ReportStore } from '../../src/ledger/report-store.js';
import { monday, withPath } from './support.js';

function report(id: string, changes: Partial<NewReport> = {}): NewReport {
  const [week, scope = ''] = id.split('.') as [string, string?];
  const subject = `the report ${id}`;
  return { id, week, scope, revision: 1, subject, madeAt: monday, model: '{"a":1}', mail: '{"html":"x"}', ...changes };
}

function letter(recipient: string, of = '2026-W22'): NewLetter {
  return { messageId: `<${of}.${recipient}>`, way: 'mail', recipient };
}

function withStore(work: (store: ReportStore, again: () => ReportStore) => void): void {
  withPath((path) => {
    let ledger = Ledger.open(path);
    const again = (): ReportStore => {
      ledger.close();
      ledger = Ledger.open(path);
      return ledger.reports;
    };
    try {
      work(ledger.reports, again);
    } finally {
      ledger.close();
    }
  });
}

test('a report is archived with its letters, and what it said is there after a restart', () =>
  withStore((store, again) => {
    store.archive(report('2026-W22'), [letter('ada'), letter('bob')]);
    const later = again();
    expect(later.get('2026-W22')).toEqual({
      id: '2026-W22',
      week: '2026-W22',
      scope: '',
      revision: 1,
      subject: 'the report 2026-W22',
      madeAt: monday,
    });
    expect(later.model('2026-W22')).toBe('{"a":1}');
    expect(later.letters.due(monday, 10).map(({ recipient, state, attempts }) => [recipient, state, attempts])).toEqual(
      [
        ['ada', 'queued', 0],
        ['bob', 'queued', 0],
      ],
    );
  }));

test('a report that is there already is not archived a second time, nor are its letters', () =>
  withStore((store) => {
    store.archive(report('2026-W22'), [letter('ada')]);
    expect(() => store.archive(report('2026-W22'), [letter('bob')])).toThrow(RangeError);
    expect(store.letters.of('2026-W22')).toHaveLength(1);
  }));

test('what is mailed is kept until nobody waits for it, what it says for good', () =>
  withStore((store) => {
    store.archive(report('2026-W22'), [letter('ada'), letter('bob')]);
    store.letters.sent('<2026-W22.ada>', monday + 1);
    expect(store.mail('2026-W22')).toBe('{"html":"x"}');
    store.letters.refused('<2026-W22.bob>', monday + 2, '550 no such user');
    expect(store.mail('2026-W22')).toBeUndefined();
    expect(store.model('2026-W22')).toBe('{"a":1}');
    expect(store.letters.of('2026-W22')).toMatchObject([
      { state: 'sent', settledAt: monday + 1, reason: undefined },
      { state: 'refused', settledAt: monday + 2, reason: '550 no such user' },
    ]);
  }));

test('a letter that is put off waits until it is due', () =>
  withStore((store) => {
    store.archive(report('2026-W22'), [letter('ada')]);
    store.letters.begun('<2026-W22.ada>');
    store.letters.later('<2026-W22.ada>', monday + 60, '451 later');
    expect(store.letters.due(monday + 59, 10)).toEqual([]);
    expect(store.letters.nextDueAt()).toBe(monday + 60);
    expect(store.letters.due(monday + 60, 10)).toMatchObject([{ attempts: 1, reason: '451 later' }]);
  }));

test('asking again queues what was refused and who is new, and tries at once what waits; who has it is left alone', () =>
  withStore((store) => {
    store.archive(report('2026-W22'), [letter('ada'), letter('bob'), letter('eve')]);
    store.letters.sent('<2026-W22.ada>', monday);
    store.letters.refused('<2026-W22.bob>', monday, '550');
    store.letters.later('<2026-W22.eve>', monday + 1800, '451');
    const all = ['ada', 'bob', 'eve', 'new'].map((name) => letter(name));
    expect(store.queue('2026-W22', '{"html":"y"}', all, monday + 9)).toBe(3);
    expect(store.letters.due(monday + 9, 10).map(({ recipient }) => recipient)).toEqual(['eve', 'bob', 'new']);
    expect(store.mail('2026-W22')).toBe('{"html":"y"}');
  }));

test('a mailbox that is written in other letters by now is the same recipient', () =>
  withStore((store) => {
    const [before, now] = [letter('Ada'), { ...letter('ada'), messageId: '<2026-W22.Ada>' }];
    store.archive(report('2026-W22'), [before]);
    expect(store.queue('2026-W22', '{}', [now], monday)).toBe(1);
    expect(store.letters.due(monday, 10)).toMatchObject([{ messageId: before.messageId, recipient: 'Ada' }]);
    store.letters.refused(before.messageId, monday, '550');
    expect(store.queue('2026-W22', '{}', [now], monday)).toBe(1);
    expect(store.letters.due(monday, 10)).toMatchObject([{ messageId: before.messageId, recipient: 'ada' }]);
  }));

test('whoever is offered a report again waits for what holds it now, not for what was refused before', () =>
  withStore((store) => {
    store.archive(report('2026-W22'), [letter('ada')]);
    store.letters.refused('<2026-W22.ada>', monday, '550 no such user');
    store.queue('2026-W22', '{}', [letter('ada')], monday);
    store.letters.held('mail', monday + 60, 'self-signed certificate');
    expect(store.letters.due(monday + 60, 10)).toMatchObject([{ reason: 'self-signed certificate' }]);
  }));

test('only the last word counts on whom reports do not reach', () =>
  withStore((store) => {
    store.archive(report('2026-W21', { madeAt: monday - 7 * 86_400 }), [letter('ada', 'old'), letter('bob', 'old')]);
    store.letters.refused('<old.ada>', monday, '550');
    store.letters.refused('<old.bob>', monday, '550');
    store.archive(report('2026-W22'), [letter('ada')]);
    store.letters.sent('<2026-W22.ada>', monday);
    expect(store.letters.refusedSince(0).map(({ recipient }) => recipient)).toEqual(['bob']);
    expect(store.letters.refusedSince(monday)).toEqual([]);
  }));

test('the archive lists newest weeks first, the organisation before its teams, page by page', () =>
  withStore((store) => {
    for (const id of ['2026-W21', '2026-W22.team-b', '2026-W22', '2026-W22.team-a']) store.archive(report(id), []);
    const second = report('2026-W22', { id: '2026-W22~2', revision: 2 });
    store.archive(second, [letter('ada', second.id)]);
    const first = store.find({ limit: 3 });
    expect(first.reports.map(({ id }) => id)).toEqual(['2026-W22~2', '2026-W22', '2026-W22.team-a']);
    expect(first.reports[0]!.letters).toEqual({ queued: 1, sent: 0, refused: 0 });
    const rest = store.find({ limit: 3, cursor: first.next! });
    expect(rest.reports.map(({ id }) => id)).toEqual(['2026-W22.team-b', '2026-W21']);
    expect(rest.next).toBeUndefined();
    expect(store.find({ limit: 9, scope: '' }).reports.map(({ id }) => id)).toEqual([
      '2026-W22~2',
      '2026-W22',
      '2026-W21',
    ]);
    expect(store.latest('2026-W22', '')).toMatchObject({ id: '2026-W22~2' });
    expect(() => store.find({ limit: 1, cursor: 'x' })).toThrow(expect.objectContaining({ code: 'bad-arguments' }));
  }));

test('since when reports are sent by themselves is noted once', () =>
  withStore((store, again) => {
    expect(store.scheduledSince()).toBeUndefined();
    store.scheduleFrom(monday);
    store.scheduleFrom(monday + 1);
    expect(again().scheduledSince()).toBe(monday);
  }));
