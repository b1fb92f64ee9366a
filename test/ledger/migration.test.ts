import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import Libsql from 'libsql';
import { expect, test } from '@jest/globals';
import { Ledger } from '../../src/ledger/ledger.js';
import { cart, cartBatch, cartId, episode, monday, withPath } from './support.js';

const web = { caller: 'web "1"', callerCluster: '', version: 'v1', method: '', flags: 'UF,URX', code: '503' };
const bytes = { ...web, caller: 'kä\n7', flags: '-' };

/** Makes a ledger what the first schema made of it: facts by position. */
function madeOld(path: string): void {
  const database = new Libsql(path);
  const positional = [web, bytes].map((facts) => JSON.stringify(Object.values(facts)));
  positional.forEach((text, index) =>
    database.prepare('UPDATE facts SET facts = ? WHERE ordinal = ?').run([text, index + 1]),
  );
  database.exec(
    'DELETE FROM signal; DROP TABLE alert; DROP TABLE finding; DROP TABLE event; DROP TABLE report; DROP TABLE letter; DROP TABLE report_schedule; DROP TABLE service; DROP TABLE latency_bounds; DROP TABLE signal_hour; DROP INDEX unplaced_by_slo; PRAGMA user_version = 1; PRAGMA wal_checkpoint(TRUNCATE)',
  );
  database.close();
}

function oldLedger(path: string): void {
  const ledger = Ledger.open(path);
  ledger.declare([cart], monday);
  const breakdown = [
    { slo: cartId, facts: web, bad: 3 },
    { slo: cartId, facts: bytes, bad: 2 },
  ];
  ledger.commit(cartBatch(monday, 100, 5, { breakdown }));
  ledger.close();
  madeOld(path);
}

test('a ledger of the first schema is brought up to date by the writer: old rows and new ones of the same facts are one', () =>
  withPath((path) => {
    oldLedger(path);
    const ledger = Ledger.open(path);
    ledger.commit(
      cartBatch(monday + 60, 100, 4, { breakdown: [web, bytes].map((facts) => ({ slo: cartId, facts, bad: 2 })) }),
    );
    const { rows } = ledger.breakdown(cartId, { from: monday, to: monday + 300 });
    expect(rows).toEqual([
      { facts: web, bad: 5 },
      { facts: bytes, bad: 4 },
    ]);
    expect(ledger.verify()).toEqual([]);
    ledger.close();
    const reader = Ledger.open(path, { readOnly: true });
    expect(reader.breakdown(cartId, { from: monday, to: monday + 300 }).rows).toEqual(rows);
    reader.close();
  }));

test('a reader says so instead of misreading an older ledger', () =>
  withPath((path) => {
    oldLedger(path);
    expect(() => Ledger.open(path, { readOnly: true })).toThrow(
      expect.objectContaining({
        code: 'file-unreadable',
        message: expect.stringContaining(`${path} was written by an older meshslo (schema 1, not `),
      }),
    );
  }));

test('a migration that fails changes nothing', () =>
  withPath((path) => {
    oldLedger(path);
    const database = new Libsql(path);
    database.exec("INSERT INTO facts VALUES (99, 'no JSON'); PRAGMA wal_checkpoint(TRUNCATE)");
    database.close();
    expect(() => Ledger.open(path)).toThrow();
    const after = new Libsql(path);
    expect(after.prepare('PRAGMA user_version').raw().get([])).toEqual([1]);
    expect(after.prepare('SELECT facts FROM facts WHERE ordinal = 1').raw().get([])).toEqual([
      JSON.stringify(Object.values(web)),
    ]);
    after.close();
  }));

/** Written by the last meshslo whose ledgers had schema 2: 61 minutes of 100 requests, 1 of them bad. */
const schema2 = join(import.meta.dirname, '..', 'fixtures', 'ledger', 'schema-2.db.gz');

test('a real ledger of the second schema keeps all it holds and takes alerts; until the writer came, readers refuse it', () =>
  withPath((path) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, gunzipSync(readFileSync(schema2)));
    expect(() => Ledger.open(path, { readOnly: true })).toThrow(/schema 2, not \d+/);
    const ledger = Ledger.open(path);
    const { total, bad } = ledger.sums({ from: monday, to: monday + 7200 }, { unplaced: 'ending-inside' }).of(cartId);
    expect([total, bad]).toEqual([6100, 61]);
    expect(Buffer.from(ledger.checkpoints()[0]!.state!).toString()).toBe('60');
    expect(ledger.alerts.ongoing()).toEqual([]);
    ledger.alerts.save([episode('first', monday + 60)]);
    expect(ledger.verify()).toEqual([]);
    ledger.close();
    const reader = Ledger.open(path, { readOnly: true });
    expect(reader.alerts.ongoing()).toEqual([episode('first', monday + 60)]);
    reader.close();
  }));
