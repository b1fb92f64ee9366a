import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { FolderTransport } from '../../../src/report/delivery/folder-transport.js';
import { madeUpMail } from './made-up-report.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshslo-outbox-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function send(to: string, id = '2026-W47', outbox = join(folder, 'outbox')) {
  const mail = { messageId: '<1@example.com>', from: 'slo@example.com', to, bytes: Buffer.from(`To: ${to}\r\n\r\nx`) };
  return new FolderTransport(outbox).send(mail, { id, mail: madeUpMail() });
}

test('mails lie in a folder: one for each recipient, and one page for the browser', async () => {
  expect(await send('ada@example.com')).toEqual({ kind: 'sent' });
  await send('bob@example.com');
  await send('bob@example.com');
  expect(readdirSync(join(folder, 'outbox')).sort()).toEqual([
    '2026-W47 to ada@example.com.eml',
    '2026-W47 to bob@example.com.eml',
    '2026-W47.html',
  ]);
  expect(readFileSync(join(folder, 'outbox', '2026-W47 to ada@example.com.eml'), 'utf8')).toBe(
    'To: ada@example.com\r\n\r\nx',
  );
  expect(readFileSync(join(folder, 'outbox', '2026-W47.html'), 'utf8')).toBe('<p>Week 47</p>');
});

test('no name leads out of the folder, and names that look alike there stay two', async () => {
  await send('../../etc@example.com', '2026-W47.%2E%2E%2Fx');
  await send('.._.._etc@example.com', '2026-W47');
  expect(readdirSync(folder)).toEqual(['outbox']);
  expect(readdirSync(join(folder, 'outbox'))).toHaveLength(4);
});

test('a folder that cannot be one waits for somebody', async () => {
  writeFileSync(join(folder, 'file'), '');
  expect(await send('ada@example.com', '2026-W47', join(folder, 'file', 'outbox'))).toMatchObject({
    kind: 'failed',
    waitsFor: 'operator',
    unanswered: false,
  });
});
