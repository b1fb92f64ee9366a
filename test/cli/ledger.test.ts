import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { ledgerCommand } from '../../src/cli/ledger.js';
import { Failure } from '../../src/domain/failure.js';
import { Ledger } from '../../src/ledger/ledger.js';
import { cart, cartBatch, monday, withPath } from '../ledger/support.js';

afterEach(() => {
  process.exitCode = undefined;
});

function run(...words: readonly string[]): string {
  let printed = '';
  const terminal = { write: (text: string) => (printed += text), color: false };
  ledgerCommand(terminal).parse(words, { from: 'user' });
  return printed;
}

function smallLedger(path: string): void {
  const ledger = Ledger.open(path);
  ledger.declare([cart], monday);
  ledger.commit(cartBatch(monday, 10, 1));
  ledger.close();
}

test('verify says that a ledger is sound', () =>
  withPath((path) => {
    smallLedger(path);
    expect(run('verify', '--ledger', path)).toBe(`${path} is sound\n`);
    expect(JSON.parse(run('verify', '--ledger', path, '--output', 'json'))).toEqual({
      path,
      sound: true,
      findings: [],
    });
    expect(process.exitCode).toBeUndefined();
  }));

test('verify fails on a file that is no ledger, and leaves it alone', () =>
  withPath((path) => {
    smallLedger(path);
    writeFileSync(path, 'no ledger at all');
    expect(() => run('verify', '--ledger', path)).toThrow(expect.objectContaining({ code: 'ledger-damaged' }));
    expect(readFileSync(path, 'utf8')).toBe('no ledger at all');
  }));

test('compact tells sizes, and makes no ledger where there is none', () =>
  withPath((path) => {
    expect(() => run('compact', '--ledger', path)).toThrow(expect.objectContaining({ code: 'not-found' }));
    expect(existsSync(path)).toBe(false);
    smallLedger(path);
    expect(run('compact', '--ledger', path)).toMatch(/MB before, .* MB now/);
  }));

test('compact says why a ledger has not become smaller', () =>
  withPath((path) => {
    smallLedger(path);
    run('compact', '--ledger', path);
    expect(run('compact', '--ledger', path)).toMatch(/MB before, .* MB now\nThere was nothing to give back/);
  }));

test.each([['verify'], ['compact'], ['backup', 'copy.db']])(
  '%s leaves nothing beside a file that is no ledger',
  (...words) =>
    withPath((path) => {
      mkdirSync(dirname(path));
      writeFileSync(path, 'no ledger at all');
      expect(() => run(...words, '--ledger', path)).toThrow(Failure);
      expect(readdirSync(dirname(path))).toEqual([basename(path)]);
    }),
);

test('a backup makes no folder: it may be a disk that is not mounted', () =>
  withPath((path) => {
    smallLedger(path);
    const missing = join(dirname(path), 'disk');
    expect(() => run('backup', join(missing, 'monday.db'), '--ledger', path)).toThrow(
      expect.objectContaining({ code: 'bad-arguments', message: `there is no folder ${missing} for the backup` }),
    );
    expect(existsSync(missing)).toBe(false);
  }));

test('backup copies while the ledger is being written', () =>
  withPath((path) => {
    smallLedger(path);
    const writer = Ledger.open(path);
    expect(run('backup', `${path}.copy`, '--ledger', path)).toContain('copied from');
    writer.close();
    const copy = Ledger.open(`${path}.copy`, { readOnly: true });
    expect(copy.lastObservedSlot()).toBe(monday);
    copy.close();
  }));
