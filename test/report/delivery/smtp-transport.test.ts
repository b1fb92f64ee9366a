import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { SmtpSettings } from '../../../src/config/reports.js';
import { SmtpTransport } from '../../../src/report/delivery/smtp-transport.js';
import { type Rudeness, RudeSmtpServer, type SmtpStep } from './rude-smtp-server.js';

let server: RudeSmtpServer;
let transport: SmtpTransport;
beforeEach(async () => {
  server = await RudeSmtpServer.start();
  transport = connect();
});
afterEach(async () => {
  transport.close();
  await server.close();
});

function connect(changes: Partial<SmtpSettings> = {}): SmtpTransport {
  const settings: SmtpSettings = {
    kind: 'smtp',
    host: '127.0.0.1',
    port: server.port,
    encryption: 'none',
    login: undefined,
    caFile: undefined,
    serverName: undefined,
    timeoutSeconds: 60,
    connections: 1,
    ...changes,
  };
  return new SmtpTransport(settings, { PASSWORD: 'hunter2' });
}

function send(to = 'ada@example.com', size = 10, by = transport) {
  const bytes = Buffer.from(`Message-ID: <1@example.com>\r\nSubject: x\r\n\r\n${'0123456789\r\n'.repeat(size)}`);
  return by.send({ messageId: '<1@example.com>', from: 'slo@example.com', to, bytes });
}

test('a mail arrives byte by byte as it was, and a few go over one connection', async () => {
  expect(await send('ada@example.com', 20_000)).toEqual({ kind: 'sent' });
  expect(await send('bob@example.com')).toEqual({ kind: 'sent' });
  expect(server.mails.map(({ to }) => to)).toEqual(['ada@example.com', 'bob@example.com']);
  expect(server.mails[0]!.text).toHaveLength(
    'Message-ID: <1@example.com>\r\nSubject: x\r\n\r\n'.length + 20_000 * 12 - 2,
  );
  expect(server.connections).toBe(1);
});

test('a conversation with a server that hangs ends when it is called off, and can be taken up another time', async () => {
  server.rudeness = { MAIL: 'hang' };
  const sending = send();
  while (server.connections === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  transport.abort();
  expect(await sending).toMatchObject({ kind: 'failed', waitsFor: 'server', unanswered: false });
});

const later = { kind: 'failed', waitsFor: 'letter', unanswered: false };
const serverTrouble = { kind: 'failed', waitsFor: 'server', unanswered: false };
const operator = { kind: 'failed', waitsFor: 'operator', unanswered: false };

describe('what a server says', () => {
  test.each<[SmtpStep, Rudeness, object, string]>([
    ['greeting', '421 too busy', serverTrouble, 'another time'],
    ['greeting', '554 no service for you', operator, 'it refuses us, no letter'],
    ['EHLO', '421 too busy', serverTrouble, 'another time'],
    ['EHLO', '502 what?', { kind: 'sent' }, 'an old server is asked in the old way'],
    ['AUTH', '454 temporary trouble', serverTrouble, 'another time'],
    ['AUTH', '535 wrong password', operator, 'somebody must mend the password; asking often locks accounts'],
    ['MAIL', '451 later', later, 'this letter, another time'],
    ['MAIL', '550 no such sender', { kind: 'refused' }, 'never'],
    ['MAIL', '503 wrong order', later, 'a muddle of this conversation'],
    ['RCPT', '450 greylisted', later, 'this letter, another time'],
    ['RCPT', '452 mailbox full', later, 'this letter, another time'],
    ['RCPT', '550 no such user', { kind: 'refused' }, 'never'],
    ['RCPT', '421 shutting down', serverTrouble, 'the connection is over'],
    ['DATA', '451 later', later, 'this letter, another time'],
    ['DATA', '554 no valid recipients', { kind: 'refused' }, 'never'],
    ['message', '451 disk full', later, 'an answer: they have it not'],
    ['message', '552 too large', { kind: 'refused' }, 'never'],
    ['message', '554 spam', { kind: 'refused' }, 'never'],
    ['message', '421 shutting down', { ...serverTrouble, unanswered: true }, 'they may have it'],
    ['RCPT', { inPieces: '550-no\r\n550 such user' }, { kind: 'refused' }, 'never, a byte at a time'],
    ['message', { inPieces: '250-taken\r\n250 with thanks' }, { kind: 'sent' }, 'taken, a byte at a time'],
    ['EHLO', { inPieces: '250-rude\r\n250-AUTH PLAIN\r\n250 SIZE 1000000' }, { kind: 'sent' }, 'in pieces, and well'],
  ])('%s %j: %j (%s)', async (step, rudeness, outcome) => {
    if (step === 'AUTH')
      transport = connect({ login: { username: 'u', password: { kind: 'environment', variable: 'PASSWORD' } } });
    server.rudeness = { [step]: rudeness };
    expect(await send()).toMatchObject(outcome);
  });

  test.each<[SmtpStep, Rudeness, boolean]>([
    ['greeting', 'drop', false],
    ['greeting', 'reset', false],
    ['greeting', 'nonsense', false],
    ['EHLO', 'drop', false],
    ['MAIL', 'drop', false],
    ['RCPT', 'reset', false],
    ['DATA', 'drop', false],
    ['message', 'drop', true],
    ['message', 'reset', true],
  ])('%s, then %s: tried again; may they have it? %s', async (step, rudeness, unanswered) => {
    server.rudeness = { [step]: rudeness };
    expect(await send()).toMatchObject({ kind: 'failed', unanswered });
    expect(server.mails).toHaveLength(unanswered ? 1 : 0);
  });

  test('one that hangs at any step is left after the time-out', async () => {
    // A busy machine takes its time for the steps before.
    const left = await leaving(['greeting', 'EHLO', 'RCPT', 'DATA', 'message'], 'hang', 3);
    expect(left).toEqual({ greeting: false, EHLO: false, RCPT: false, DATA: false, message: true });
  });

  test('one that never comes to an end of a step is left, too', async () => {
    expect(await leaving(['EHLO', 'message'], { endlessly: '250-and' }, 0.5)).toEqual({ EHLO: false, message: true });
  });

  /** Servers that are rude at one step each, side by side: whether they may have the mail when they are left. */
  async function leaving(steps: readonly SmtpStep[], rudeness: Rudeness, timeoutSeconds: number) {
    const left = steps.map(async (step) => {
      const rude = await RudeSmtpServer.start();
      rude.rudeness = { [step]: rudeness };
      const own = connect({ port: rude.port, timeoutSeconds });
      const outcome = await send(undefined, undefined, own);
      own.close();
      await rude.close();
      expect(outcome).toMatchObject({ kind: 'failed', waitsFor: 'server' });
      return [step, outcome.kind === 'failed' && outcome.unanswered] as const;
    });
    return Object.fromEntries(await Promise.all(left));
  }

  test('a refused recipient is no trouble for the next one', async () => {
    server.rudeness = {
      RCPT: (to) => (to === 'gone@example.com' ? '550 5.1.1 gone@example.com: no such user' : undefined),
    };
    expect(await send('gone@example.com')).toEqual({
      kind: 'refused',
      reason: 'RCPT TO: 550 5.1.1 gone@example.com: no such user',
    });
    expect(await send('ada@example.com')).toEqual({ kind: 'sent' });
    expect(server.connections).toBe(1);
  });

  test('what it says is told without what would move a cursor, and not at any length', async () => {
    server.rudeness = { RCPT: `550 \u001b[31mred\u202e ${'long '.repeat(200)}` };
    const outcome = await send();
    const { reason } = outcome as { reason: string };
    expect(reason).not.toMatch(/[\u001b\u202e]/);
    expect(reason.length).toBeLessThanOrEqual(300);
  });

  test('no server at all', async () => {
    transport = connect({ port: 1 });
    expect(await send()).toEqual({ ...serverTrouble, reason: 'connection refused' });
  });
});

describe('what is asked for and not there', () => {
  test('a server that offers no login is not sent anything without one', async () => {
    transport = connect({ login: { username: 'u', password: { kind: 'environment', variable: 'PASSWORD' } } });
    server.rudeness = { EHLO: '250 rude.example', AUTH: '502 what?' };
    expect(await send()).toMatchObject(operator);
    expect(server.mails).toEqual([]);
  });

  test('a server that offers no encryption is not sent anything where it was asked for', async () => {
    transport = connect({ encryption: 'starttls' });
    expect(await send()).toMatchObject(operator);
    expect(server.mails).toEqual([]);
  });

  test('a password that is not there is said, and not tried without', async () => {
    transport = connect({ login: { username: 'u', password: { kind: 'environment', variable: 'ABSENT' } } });
    expect(await send()).toEqual({ ...operator, reason: 'environment variable ABSENT is not set' });
    transport = connect({ login: { username: 'u', password: { kind: 'file', file: '/nowhere/password' } } });
    expect(await send()).toMatchObject({
      ...operator,
      reason: '/nowhere/password cannot be read: no such file or directory',
    });
    expect(server.connections).toBe(0);
  });
});
