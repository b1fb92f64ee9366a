import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { slackMessage } from '../../../src/report/delivery/slack-message.js';
import { postOnce } from '../../../src/report/delivery/web-door.js';
import type { AttentionItem } from '../../../src/report/week-report.js';
import { madeUpReport } from './made-up-report.js';

let server: Server;
let folder: string;
let url: string;
const bodies: string[] = [];
let answer: RequestListener;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'meshslo-web-door-'));
  bodies.length = 0;
  answer = (_request, response) => response.end('ok');
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      bodies.push(body);
      answer(request, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/T0/secret`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

function post(timeoutSeconds = 60) {
  const file = join(folder, 'url');
  writeFileSync(file, `${url}\n`);
  return postOnce({ url: { kind: 'file', file }, timeoutSeconds, access: {} }, '{"a":1}');
}

test('JSON goes to the address that stands in a file', async () => {
  expect(await post()).toEqual({ kind: 'sent' });
  expect(bodies).toEqual(['{"a":1}']);
});

test.each([
  [429, { 'retry-after': '120' }, { kind: 'failed', waitsFor: 'server', unanswered: false, retryAfterSeconds: 120 }],
  [
    429,
    { date: 'Mon, 23 Nov 2026 07:00:00 GMT', 'retry-after': 'Mon, 23 Nov 2026 07:05:00 GMT' },
    { kind: 'failed', waitsFor: 'server', unanswered: false, retryAfterSeconds: 300 },
  ],
  [503, {}, { kind: 'failed', waitsFor: 'server', unanswered: false }],
  [400, {}, { kind: 'refused', reason: 'answered with status 400: invalid_payload' }],
  [403, {}, { kind: 'refused', reason: 'answered with status 403: invalid_payload' }],
  [404, {}, { kind: 'refused' }],
  [410, {}, { kind: 'refused' }],
  [302, { location: 'http://127.0.0.1:1/' }, { kind: 'refused' }],
])('status %i %j: %j', async (status, headers, outcome) => {
  answer = (_request, response) => response.writeHead(status, headers).end('invalid_payload');
  expect(await post()).toMatchObject(outcome);
  expect(bodies).toHaveLength(1);
});

test('a login that is refused waits for somebody who mends it', async () => {
  answer = (_request, response) => response.writeHead(401).end();
  const place = { url: { kind: 'open' as const, url }, timeoutSeconds: 60, access: {} };
  expect(await postOnce(place, '{}')).toMatchObject({ kind: 'failed', waitsFor: 'operator' });
});

test('whoever reads it all and hangs up, or says nothing, may have it', async () => {
  answer = (request) => request.socket.destroy();
  expect(await post()).toMatchObject({ kind: 'failed', unanswered: true });
  answer = () => undefined;
  expect(await post(0.3)).toMatchObject({ kind: 'failed', unanswered: true });
});

test('whoever is not there has it not', async () => {
  server.close();
  expect(await post()).toEqual({ kind: 'failed', reason: 'connection refused', waitsFor: 'server', unanswered: false });
});

test('an address that cannot be read, or is none, is said without being repeated', async () => {
  const file = join(folder, 'bad');
  const place = { url: { kind: 'file' as const, file }, timeoutSeconds: 60, access: {} };
  expect(await postOnce(place, '{}')).toMatchObject({ reason: `${file} cannot be read: no such file or directory` });
  writeFileSync(file, 'hooks.example/T0/secret');
  const outcome = await postOnce(place, '{}');
  expect(outcome).toMatchObject({ kind: 'failed', waitsFor: 'operator' });
  expect(JSON.stringify(outcome)).not.toContain('T0/secret');
});

describe('a message of Slack', () => {
  const item: AttentionItem = {
    kind: 'broken',
    title: 'shop/<!channel> *cart*',
    why: 'a'.repeat(5000),
    action: 'see <https://evil.example|here>',
    owner: 'team & co',
    service: undefined,
  };

  test('is bounded, and nothing in it mentions anybody, links or shouts', () => {
    const report = madeUpReport({ attention: Array.from({ length: 40 }, () => item), headline: 'x'.repeat(400) });
    const text = JSON.stringify(
      slackMessage({ report, subject: 'Week 47', address: 'https://meshslo.example/reports/1' }),
    );
    const { blocks } = JSON.parse(text) as { blocks: { type: string; text?: { text: string } }[] };
    expect(blocks.length).toBeLessThanOrEqual(50);
    expect(blocks[0]!.text!.text.length).toBeLessThanOrEqual(150);
    for (const block of blocks) expect(block.text?.text.length ?? 0).toBeLessThanOrEqual(3000);
    expect(text).not.toMatch(/<[!@#h]|\*cart\*/);
    // Else Slack makes links and mentions of plain text.
    expect(text.match(/"mrkdwn"/g)).toHaveLength(text.match(/"verbatim":true/g)!.length);
    expect(text).toContain('&lt;!channel&gt;');
    expect(text).toContain('And 35 more.');
    expect(text).toContain('"url":"https://meshslo.example/reports/1"');
  });

  test('a quiet week is told as one, and without an address there is no button', () => {
    const message = JSON.stringify(slackMessage({ report: madeUpReport(), subject: 'Week 47', address: undefined }));
    expect(message).toContain('Nothing needs attention next week.');
    expect(message).not.toContain('button');
  });
});
