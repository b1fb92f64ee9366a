import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
  closeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import Libsql from 'libsql';
import { Failure } from '../../src/domain/failure.js';
import { Ledger } from '../../src/ledger/ledger.js';
import { batch, cart, cartBatch, cartId, monday, slo, withPath } from './support.js';

function failureOf(work: () => unknown): Failure {
  try {
    work();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

function hash(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

/** A ledger of two hours and 200 SLOs: about a hundred pages of every kind. */
function filled(path: string): void {
  const slos = Array.from({ length: 200 }, (_, number) => slo(`s${number}`));
  const ledger = Ledger.open(path);
  ledger.declare(slos, monday);
  for (let minute = 0; minute < 130; minute++) {
    const events = slos.map(({ service }, index) => ({
      slo: `eu/shop/${service.name}/availability`,
      total: 1000 + index * minute,
      bad: index % 7,
      coverage: 1,
    }));
    ledger.commit(batch(monday + minute * 60, { events }));
  }
  ledger.close();
}

function overwrite(path: string, at: number, bytes: Uint8Array): void {
  const file = openSync(path, 'r+');
  writeSync(file, bytes, 0, bytes.length, at);
  closeSync(file);
}

describe('a damaged file is refused and left untouched', () => {
  test.each<[string, (path: string) => void]>([
    ['empty', (path) => truncateSync(path, 0)],
    ['a text', (path) => writeFileSync(path, 'once upon a time '.repeat(100))],
    ['cut in half', (path) => truncateSync(path, Math.floor(statSync(path).size / 2))],
    ['cut within a page', (path) => truncateSync(path, statSync(path).size - 5000)],
    ['with its first page overwritten', (path) => overwrite(path, 100, Buffer.alloc(4000, 7))],
  ])('%s', (_why, damage) =>
    withPath((path) => {
      filled(path);
      damage(path);
      const before = hash(path);
      const failure = failureOf(() => Ledger.open(path));
      expect(failure.code).toBe('ledger-damaged');
      expect(failure.message).toContain(path);
      expect(hash(path)).toBe(before);
    }),
  );

  test('whichever page of slots, hours and sums is overwritten', () =>
    withPath((path) => {
      filled(path);
      const pages = statSync(path).size / 8192;
      const good = readFileSync(path);
      let accepted = 0;
      for (let page = 1; page < pages; page += 3) {
        writeFileSync(path, good);
        overwrite(path, page * 8192, Buffer.alloc(8192, 0xa5));
        const before = hash(path);
        try {
          Ledger.open(path).close();
          accepted += 1;
        } catch (error) {
          expect(error).toMatchObject({ code: 'ledger-damaged' });
          expect(hash(path)).toBe(before);
        }
      }
      // Free pages hold nothing that could be damaged.
      const database = new Libsql(path);
      const free = (database.prepare('PRAGMA freelist_count').raw().get([]) as number[])[0]!;
      expect(accepted).toBeLessThanOrEqual(free);
    }));

  test('also when a log of the last writes stands beside it', () =>
    withPath((path) => {
      const ledger = Ledger.open(path);
      ledger.declare([cart], monday);
      ledger.commit(cartBatch(monday, 1, 0));
      const copy = `${path}-copy`;
      copyFileSync(path, copy);
      copyFileSync(`${path}-wal`, `${copy}-wal`);
      ledger.close();
      overwrite(copy, 0, Buffer.alloc(200, 7));
      overwrite(`${copy}-wal`, 0, Buffer.alloc(32, 7));
      const before = [hash(copy), hash(`${copy}-wal`)];
      expect(failureOf(() => Ledger.open(copy)).code).toBe('ledger-damaged');
      expect([hash(copy), hash(`${copy}-wal`)]).toEqual(before);
    }));
});

test.each<[string, (path: string) => void, string]>([
  ['a folder', (path) => mkdirSync(path, { recursive: true }), 'is no ledger: it is a folder'],
  ['eight letters', (path) => makeFile(path, 'whatever'), 'is no ledger: it does not begin as a SQLite file does'],
  [
    'a long text',
    (path) => makeFile(path, 'once '.repeat(999)),
    'is no ledger: it does not begin as a SQLite file does',
  ],
  ['an empty file', (path) => makeFile(path, ''), 'is no ledger: it is not a ledger of meshslo'],
])('%s is no ledger, for readers and writers', (_why, make, message) =>
  withPath((path) => {
    make(path);
    for (const readOnly of [true, false]) {
      expect(failureOf(() => Ledger.open(path, { readOnly })).message).toBe(`${path} ${message}`);
    }
    expect(existsSync(`${path}-lock`)).toBe(false);
  }),
);

test('damage is told once, with what is damaged', () =>
  withPath((path) => {
    filled(path);
    const database = new Libsql(path);
    database.exec(`UPDATE hour SET sums = x'0011223344' WHERE start = ${monday}; PRAGMA wal_checkpoint(TRUNCATE)`);
    database.close();
    const { message, hint } = failureOf(() => Ledger.open(path));
    expect(message).toBe(`${path} is damaged: the roll-up of an hour is not as it was written`);
    expect(hint).toContain('restore a backup');
  }));

test('a reader is told what is in the way', () =>
  withPath((path) => {
    writeFileSync(dirname(path), 'a file where a folder should be');
    const { code, message } = failureOf(() => Ledger.open(path, { readOnly: true }));
    expect(code).toBe('file-unreadable');
    expect(message).toBe(`the ledger ${path} cannot be opened: not a directory (the folder ${dirname(path)})`);
  }));

function makeFile(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

test('a ledger of a newer meshslo is refused', () =>
  withPath((path) => {
    filled(path);
    const database = new Libsql(path);
    database.exec('PRAGMA user_version = 99; PRAGMA wal_checkpoint(TRUNCATE)');
    database.close();
    const before = hash(path);
    expect(failureOf(() => Ledger.open(path)).code).toBe('ledger-newer');
    expect(failureOf(() => Ledger.open(path, { readOnly: true })).code).toBe('ledger-newer');
    expect(hash(path)).toBe(before);
  }));

test('a SQLite file of somebody else is refused', () =>
  withPath((path) => {
    Ledger.open(`${path}-other`).close();
    const database = new Libsql(path);
    database.exec('CREATE TABLE recipes (name TEXT)');
    database.close();
    expect(failureOf(() => Ledger.open(path)).message).toContain('not a ledger');
  }));

test('a second writer is refused, with the first one named; a reader is not', () =>
  withPath((path) => {
    const writer = Ledger.open(path);
    writer.declare([cart], monday);
    const failure = failureOf(() => Ledger.open(path));
    expect(failure.code).toBe('ledger-locked');
    expect(failure.message).toContain(`process ${process.pid}`);
    const reader = Ledger.open(path, { readOnly: true });
    writer.declare([slo('later')], monday);
    writer.commit(cartBatch(monday, 12, 0));
    expect(reader.sums({ from: monday, to: monday + 60 }, { unplaced: 'ending-inside' }).of(cartId).total).toBe(12);
    expect(reader.slos().map(({ id }) => id)).toEqual([cartId, 'eu/shop/later/availability']);
    expect(() => reader.commit(cartBatch(monday + 60, 1, 0))).toThrow();
    reader.close();
    writer.close();
    Ledger.open(path).close();
  }));

test('a reader does not make a ledger where there is none', () =>
  withPath((path) => {
    expect(failureOf(() => Ledger.open(path, { readOnly: true })).code).toBe('not-found');
    expect(existsSync(dirname(path))).toBe(false);
  }));

test('a full disk refuses the slot as a whole, and takes it once there is room', () =>
  withPath((path) => {
    const slos = Array.from({ length: 2000 }, (_, number) => slo(`s${number}`));
    const events = slos.map(({ service }, number) => ({
      slo: `eu/shop/${service.name}/availability`,
      total: 1_000_000 + number,
      bad: number,
      coverage: 1,
    }));
    let ledger = Ledger.open(path, { mostBytes: 2_000_000 });
    ledger.declare(slos, monday);
    const committed: number[] = [];
    const failure = failureOf(() => {
      for (let minute = 0; minute < 1000; minute++) {
        const checkpoints = [{ key: 'at', state: Buffer.from(String(minute)) }];
        ledger.commit(batch(monday + minute * 60, { events, checkpoints }));
        committed.push(minute);
      }
    });
    expect(failure.code).toBe('disk-full');
    expect(failure.hint).toContain(dirname(path));
    expect(committed.length).toBeGreaterThan(10);
    const held = ledger.sums({ from: 0, to: monday * 2 }, { unplaced: 'ending-inside' }).of(events[5]!.slo);
    expect(held.total).toBe(committed.length * 1_000_005);
    expect(Buffer.from(ledger.checkpoints()[0]!.state!).toString()).toBe(String(committed.at(-1)));
    ledger.close();
    ledger = Ledger.open(path);
    ledger.commit(batch(monday + committed.length * 60, { events }));
    expect(ledger.verify()).toEqual([]);
    ledger.close();
  }));

test('a backup is a ledger of its own and overwrites nothing', () =>
  withPath((path) => {
    filled(path);
    const reader = Ledger.open(path, { readOnly: true });
    const copy = `${path}-backup`;
    reader.backup(copy);
    expect(failureOf(() => reader.backup(copy)).code).toBe('bad-arguments');
    reader.close();
    const restored = Ledger.open(copy);
    expect(restored.extent()).toEqual({ from: monday, to: monday + 130 * 60 });
    expect(restored.verify()).toEqual([]);
    restored.close();
    expect(readdirSync(dirname(path)).filter((name) => name.includes('backup-new'))).toEqual([]);
  }));

test('a place where nothing can be written is named, with the reason', () =>
  withPath((path) => {
    const folder = dirname(path);
    writeFileSync(folder, 'a file where a folder should be');
    const { code, message } = failureOf(() => Ledger.open(path));
    expect(code).toBe('file-unreadable');
    expect(message).toBe(`the ledger ${path} cannot be written: file already exists (the folder ${folder})`);
  }));

test('verify tells which sum differs from its parts', () =>
  withPath((path) => {
    filled(path);
    const database = new Libsql(path);
    database.exec(
      `UPDATE hour SET sums = (SELECT sums FROM hour WHERE start = ${monday}) WHERE start = ${monday + 3600}`,
    );
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    database.close();
    const ledger = Ledger.open(path, { readOnly: true });
    expect(ledger.verify().map(({ code }) => code)).toContain('hour-differs');
    ledger.close();
  }));
