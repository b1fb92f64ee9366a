import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { demoCommand } from '../../src/cli/demo.js';
import { serveCommand } from '../../src/cli/serve.js';
import { WriterLock } from '../../src/ledger/writer-lock.js';
import { failureKinds } from '../../src/domain/failure.js';
import type { Failure } from '../../src/domain/failure.js';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshslo-serve-'));
  writeFileSync(join(folder, 'bad.yaml'), 'cluster: 1\n');
});

afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  { file: 'absent.yaml', exitCode: 2, why: 'there is none, so meshslo could not look' },
  { file: '.', exitCode: 2, why: 'no file' },
  { file: 'bad.yaml', exitCode: 1, why: 'it is there, and bad' },
])('serve refuses $file with exit code $exitCode, as check does: $why', async ({ file, exitCode }) => {
  const serving = serveCommand().parseAsync(['--config', join(folder, file)], { from: 'user' });
  const failure = await serving.then(
    () => undefined,
    (error: unknown) => error as Failure,
  );
  expect(failureKinds[failure!.code].exitCode).toBe(exitCode);
});

test('demo looks at its folder before it starts anything there', async () => {
  const state = join(folder, 'bad.yaml');
  await expect(demoCommand().parseAsync(['--state', state], { from: 'user' })).rejects.toMatchObject({
    code: 'file-unreadable',
    message: `${state} cannot be written: file already exists`,
  });
});

test('a second demo in the folder of one that runs leaves its configuration alone', async () => {
  const state = mkdtempSync(join(folder, 'demo-'));
  const config = join(state, 'meshslo.yaml');
  writeFileSync(config, 'followed by the first');
  const lock = new WriterLock(join(state, 'ledger.db'));
  await expect(demoCommand().parseAsync(['--state', state], { from: 'user' })).rejects.toMatchObject({
    code: 'ledger-locked',
    message: expect.stringContaining(`a demo runs in ${state} already`) as unknown,
  });
  lock.release();
  expect(readFileSync(config, 'utf8')).toBe('followed by the first');
});
