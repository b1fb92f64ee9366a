import { describe, expect, test } from '@jest/globals';
import Libsql from 'libsql';
import type { AlertEpisode } from '../../src/domain/alert.js';
import { type AlertQuery, fitsQuery } from '../../src/ledger/alert-query.js';
import { Ledger } from '../../src/ledger/ledger.js';
import { cart, cartBatch, episode, monday, passTime, withPath } from './support.js';

function withLedger(work: (ledger: Ledger, path: string) => void): void {
  withPath((path) => {
    const ledger = Ledger.open(path);
    try {
      work(ledger, path);
    } finally {
      ledger.close();
    }
  });
}

const labels = (service: string): AlertEpisode['labels'] => ({ ...episode('', 0).labels, service });
const mark = { by: 'ada', at: monday + 90, note: 'the database is being moved' };

describe('an episode', () => {
  test('is the same after it was saved again, has ended, and the ledger was closed', () =>
    withPath((path) => {
      const ledger = Ledger.open(path);
      const ticket = episode('b', monday + 60, { severity: 'ticket', name: 'ErrorBudgetBurnSlow', inhibited: true });
      ledger.alerts.save([episode('a', monday), ticket]);
      ledger.alerts.save([{ ...ticket, inhibited: false }, episode('a', monday, { endedAt: monday + 300 })]);
      ledger.close();
      const again = Ledger.open(path);
      expect(again.alerts.ongoing()).toEqual([{ ...ticket, inhibited: false }]);
      expect(again.alerts.get('a')).toEqual(episode('a', monday, { endedAt: monday + 300 }));
      expect(again.alerts.endedSince(monday + 300).map(({ id }) => id)).toEqual(['a']);
      expect(again.alerts.endedSince(monday + 301)).toEqual([]);
      again.close();
    }));

  test('goes on once at a time: one that begins ends the one before, whether or not anybody has', () =>
    withLedger(({ alerts }) => {
      alerts.save([episode('a', monday)]);
      alerts.save([episode('b', monday + 120), episode('a', monday, { endedAt: monday + 60 })]);
      expect(alerts.ongoing().map(({ id }) => id)).toEqual(['b']);
      alerts.save([episode('c', monday + 180)]);
      expect(alerts.ongoing().map(({ id }) => id)).toEqual(['c']);
      expect(['a', 'b'].map((id) => alerts.get(id)!.endedAt)).toEqual([monday + 60, monday + 180]);
    }));

  test('keeps what people said of it when it is saved again, until they take it back', () =>
    withLedger(({ alerts }) => {
      alerts.save([episode('a', monday)]);
      expect(alerts.mark('a', 'acknowledged', mark)).toEqual(episode('a', monday, { acknowledged: mark }));
      alerts.mark('a', 'noise', mark);
      alerts.save([episode('a', monday, { endedAt: monday + 120 })]);
      expect(alerts.get('a')).toEqual(episode('a', monday, { endedAt: monday + 120, acknowledged: mark, noise: mark }));
      expect(alerts.mark('a', 'noise', undefined).noise).toBeUndefined();
      expect(() => alerts.mark('z', 'noise', mark)).toThrow(expect.objectContaining({ code: 'not-found' }));
    }));

  test('holds 4 KB of every character in a label, and is found by it', () =>
    withLedger((ledger) => {
      const every = Array.from({ length: 0x800 }, (_, code) => String.fromCharCode(code + 1)).join('');
      const service = `${every}"\\'%_;--😀`.padEnd(4096, 'é');
      const wild = episode('a', monday, { labels: labels(service), annotations: { summary: service } });
      ledger.alerts.save([wild, episode('b', monday)]);
      expect(ledger.alerts.find({ service, limit: 10 }).episodes).toEqual([wild]);
      expect(ledger.verify()).toEqual([]);
    }));
});

describe('the history is found', () => {
  const rows = [
    episode('a', monday, { endedAt: monday + 600, acknowledged: mark }),
    episode('b', monday + 600, {
      name: 'ErrorBudgetBurnSlow',
      severity: 'ticket',
      inhibited: true,
      endedAt: monday + 900,
    }),
    episode('c', monday + 1200, { labels: labels('stock') }),
    episode('d', monday + 1200, {
      labels: { alertmanager: 'http://am' },
      name: 'MeshsloNotificationsFailing',
      noise: mark,
    }),
  ];

  test.each<[string, Omit<AlertQuery, 'limit'>, string[]]>([
    ['newest first, and by id at one moment', {}, ['d', 'c', 'b', 'a']],
    ['by service', { service: 'cart' }, ['b', 'a']],
    ['by name', { name: 'ErrorBudgetBurnSlow' }, ['b']],
    ['by severity and cluster', { severity: 'page', cluster: 'eu' }, ['c', 'a']],
    ['while it goes on', { state: 'active' }, ['d', 'c']],
    ['once it has ended', { state: 'ended' }, ['b', 'a']],
    ['by what people said', { acknowledged: true }, ['a']],
    ['by what nobody said', { noise: false }, ['c', 'b', 'a']],
    ['inhibited', { inhibited: true }, ['b']],
    ['within a range, which its end does not touch', { range: { from: monday + 600, to: monday + 1200 } }, ['b']],
    ['before a range, where it goes on', { range: { from: monday + 9000, to: monday + 9060 } }, ['d', 'c']],
    ['not at all where nothing fits', { service: 'cart', slo: "x' OR TRUE --" }, []],
  ])('%s', (_why, query, ids) =>
    withLedger(({ alerts }) => {
      alerts.save(rows);
      expect(alerts.find({ ...query, limit: 10 }).episodes.map(({ id }) => id)).toEqual(ids);
      const fitting = rows.filter((row) => fitsQuery(row, { ...query, limit: 10 }));
      expect(fitting.map(({ id }) => id).reverse()).toEqual(ids);
    }),
  );

  test('page by page, nothing twice and nothing missed', () =>
    withLedger(({ alerts }) => {
      alerts.save(rows);
      const found: string[] = [];
      for (let cursor: string | undefined, pages = 0; pages < 3; pages++) {
        const { episodes, next } = alerts.find({ limit: 2, ...(cursor !== undefined && { cursor }) });
        found.push(...episodes.map(({ id }) => id));
        cursor = next;
        if (cursor === undefined) break;
      }
      expect(found).toEqual(['d', 'c', 'b', 'a']);
      expect(() => alerts.find({ limit: 2, cursor: 'x' })).toThrow(expect.objectContaining({ code: 'bad-arguments' }));
    }));
});

test('alerts that ended two years ago are dropped, those that go on never', () =>
  withLedger((ledger) => {
    ledger.declare([cart], monday);
    ledger.commit(cartBatch(monday, 1, 0));
    ledger.alerts.save([
      episode('old', monday, { endedAt: monday + 60 }),
      episode('later', monday, { endedAt: monday + 50 * 86_400 }),
      episode('ongoing', monday + 60),
    ]);
    passTime(ledger, monday + 2 * 366 * 86_400 + 86_400);
    expect(ledger.alerts.find({ limit: 10 }).episodes.map(({ id }) => id)).toEqual(['ongoing', 'later']);
  }));

test('nothing of a save is kept when the disk is full', () =>
  withPath((path) => {
    const ledger = Ledger.open(path, { mostBytes: 400 * 1024 });
    const many = Array.from({ length: 5000 }, (_, number) =>
      episode(`a${number}`, monday, { labels: labels(`s${number}`) }),
    );
    expect(() => ledger.alerts.save(many)).toThrow(expect.objectContaining({ code: 'disk-full' }));
    expect(ledger.alerts.ongoing()).toEqual([]);
    ledger.alerts.save(many.slice(0, 10));
    expect(ledger.alerts.ongoing()).toHaveLength(10);
    ledger.close();
  }));

test('verification names episodes that make no sense', () =>
  withPath((path) => {
    const ledger = Ledger.open(path);
    ledger.declare([cart], monday);
    ledger.alerts.save(['a', 'b', 'c', 'd'].map((id) => episode(id, monday, { labels: labels(id) })));
    ledger.close();
    const database = new Libsql(path);
    database.exec(`UPDATE alert SET ends = 5 WHERE id = 'a'; UPDATE alert SET severity = 'ticket' WHERE id = 'b';
      UPDATE alert SET annotations = '{' WHERE id = 'c'`);
    database.close();
    const after = Ledger.open(path);
    expect(after.verify()).toEqual([
      { code: 'alert-unsound', message: 'alert a ends before it begins' },
      { code: 'alert-unsound', message: 'alert b is not the one that it says it is' },
      { code: 'alert-unsound', message: 'alert c cannot be read' },
    ]);
    after.close();
  }));
