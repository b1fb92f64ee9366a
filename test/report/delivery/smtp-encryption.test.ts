import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { SmtpSettings } from '../../../src/config/reports.js';
import { SmtpTransport } from '../../../src/report/delivery/smtp-transport.js';
import { Certificates } from '../../support/certificates.js';
import { describeWith } from '../../support/programs.js';

describeWith('openssl', 'mail over TLS', (openssl) => {
  let folder: string;
  let server: SMTPServer;
  let transport: SmtpTransport;
  const file = (name: string): string => join(folder, name);
  const taken: { readonly to: string; readonly secure: boolean; readonly user: unknown }[] = [];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'meshslo-smtp-'));
    const certificates = new Certificates(openssl, folder);
    certificates.makeAuthority('ca');
    certificates.makeAuthority('stranger');
    certificates.makeCertificate('server', 'ca', 'mail.example');
    writeFileSync(file('password'), 'hunter2\n');
  });
  afterEach(async () => {
    transport.close();
    taken.length = 0;
    await new Promise<void>((done) => server.close(done));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(['starttls', 'tls'] as const)('%s, with a login from a file', async (encryption) => {
    await listen({ secure: encryption === 'tls' });
    connect({ encryption });
    expect(await send()).toEqual({ kind: 'sent' });
    expect(taken).toEqual([{ to: 'ada@example.com', secure: true, user: 'meshslo' }]);
  });

  test('a server that has no encryption any more gets no password', async () => {
    await listen({ disabledCommands: ['STARTTLS'], allowInsecureAuth: true });
    connect({ encryption: 'starttls' });
    expect(await send()).toMatchObject({ kind: 'failed', waitsFor: 'operator' });
    expect(taken).toEqual([]);
  });

  test('a wrong password waits for somebody who mends it, and the mended one is taken up', async () => {
    await listen({});
    writeFileSync(file('changing'), 'wrong');
    connect({ login: { username: 'meshslo', password: { kind: 'file', file: file('changing') } } });
    const outcome = await send();
    expect(outcome).toMatchObject({ kind: 'failed', waitsFor: 'operator', unanswered: false });
    expect(JSON.stringify(outcome)).not.toContain('wrong');
    writeFileSync(file('changing'), 'hunter2');
    expect(await send()).toEqual({ kind: 'sent' });
  });

  test.each([
    { why: 'of an unknown authority', changes: { caFile: undefined } },
    { why: 'of another authority than the named one', changes: { caFile: 'stranger.crt' } },
    { why: 'for another name', changes: { serverName: 'other.example' } },
  ])('a certificate $why is not trusted', async ({ changes }) => {
    for (const encryption of ['starttls', 'tls'] as const) {
      await listen({ secure: encryption === 'tls' });
      const caFile = 'caFile' in changes ? changes.caFile && file(changes.caFile) : file('ca.crt');
      connect({ encryption, ...changes, caFile });
      expect(await send()).toMatchObject({ kind: 'failed', waitsFor: 'operator', unanswered: false });
      expect(taken).toEqual([]);
      if (encryption === 'starttls') {
        transport.close();
        await new Promise<void>((done) => server.close(done));
      }
    }
  });

  async function listen(options: SMTPServerOptions): Promise<void> {
    server = new SMTPServer({
      cert: readFileSync(file('server.crt')),
      key: readFileSync(file('server.key')),
      onAuth: ({ username, password }, _session, done) =>
        password === 'hunter2' ? done(null, { user: username }) : done(new Error('no')),
      onData: (stream, { envelope, secure, user }, done) => {
        stream.resume().on('end', () => {
          for (const { address } of envelope.rcptTo) taken.push({ to: address, secure, user });
          done();
        });
      },
      ...options,
    });
    server.on('error', () => undefined);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', () => done()));
  }

  function connect(changes: Partial<SmtpSettings>): void {
    const settings: SmtpSettings = {
      kind: 'smtp',
      host: '127.0.0.1',
      port: (server.server.address() as AddressInfo).port,
      encryption: 'starttls',
      login: { username: 'meshslo', password: { kind: 'file', file: file('password') } },
      caFile: file('ca.crt'),
      serverName: 'mail.example',
      timeoutSeconds: 60,
      connections: 2,
      ...changes,
    };
    transport = new SmtpTransport(settings, {});
  }

  function send() {
    const bytes = Buffer.from('Subject: x\r\n\r\nHello\r\n');
    return transport.send({ messageId: '<1@example.com>', from: 'slo@example.com', to: 'ada@example.com', bytes });
  }
});
