import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { AccessFiles } from '../../../src/scrape/http/access.js';

let folder: string;
let secret: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshslo-access-'));
  secret = join(folder, 'secret');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a token is read from its file, and again when the file has changed', async () => {
  const files = new AccessFiles({ authorization: { kind: 'bearer', tokenFile: secret } });
  writeFileSync(secret, 'first\n');
  await files.refresh();
  const first = files.access;
  expect(first.authorization).toBe('Bearer first');
  await files.refresh();
  expect(files.access).toBe(first);

  writeFileSync(secret, 'a-longer-second\n');
  await files.refresh();
  expect(files.access.authorization).toBe('Bearer a-longer-second');
  expect(files.access.version).toBeGreaterThan(first.version);
});

test('a password becomes basic authentication', async () => {
  writeFileSync(secret, 'open sesame\n');
  const files = new AccessFiles({ authorization: { kind: 'basic', username: 'ali', passwordFile: secret } });
  await files.refresh();
  // printf 'ali:open sesame' | base64
  expect(files.access.authorization).toBe('Basic YWxpOm9wZW4gc2VzYW1l');
});

test('without a file there is no access, and the reason names the file', async () => {
  const files = new AccessFiles({ authorization: { kind: 'bearer', tokenFile: secret } });
  await files.refresh();
  expect(() => files.access).toThrow(`cannot read ${secret}: ENOENT`);
});

test('a file that has gone leaves the last good token in use, and says so', async () => {
  const files = new AccessFiles({ authorization: { kind: 'bearer', tokenFile: secret } });
  writeFileSync(secret, 'token');
  await files.refresh();
  rmSync(secret);
  await files.refresh();
  expect(files.access.authorization).toBe('Bearer token');
  expect(files.trouble?.code).toBe('file-unreadable');
});

test('a token of several lines is refused without being repeated: it would become headers', async () => {
  writeFileSync(secret, 'token\r\nX-Evil: yes');
  const files = new AccessFiles({ authorization: { kind: 'bearer', tokenFile: secret } });
  await files.refresh();
  expect(files.trouble?.message).toBe(`${secret} holds no token on one line`);
});
