import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer as createPlain } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type TlsOptions } from 'node:tls';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { AccessSettings, TlsSettings } from '../../../src/config/access-settings.js';
import { ScrapeSource } from '../../../src/scrape/scrape-source.js';
import { ListedSlos } from '../../sli/directory.js';
import { Certificates } from '../../support/certificates.js';
import { describeWith } from '../../support/programs.js';
import { sidecarText } from '../sidecar-text.js';
import { TestClock } from '../test-clock.js';
import { staticTargets, testJob } from '../test-job.js';

describeWith('openssl', 'scraping over TLS', (openssl) => {
  let folder: string;
  let server: { close(): unknown; address(): unknown };
  const file = (name: string): string => join(folder, name);

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'meshslo-tls-'));
    const certificates = new Certificates(openssl, folder);
    certificates.makeAuthority('ca');
    certificates.makeAuthority('stranger');
    certificates.makeCertificate('server', 'ca', 'sidecar.mesh');
    certificates.makeCertificate('client', 'ca', 'meshslo');
    certificates.makeCertificate('foreign', 'stranger', 'meshslo');
  });

  afterEach(() => {
    server.close();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('a certificate of the named authority is trusted', async () => {
    await listen({});
    expect(await scrape({ caFile: file('ca.crt'), serverName: 'sidecar.mesh' })).toEqual({ up: true });
  });

  test.each([
    { why: 'of an unknown authority', tls: {}, message: 'unknown authority' },
    { why: 'for another name', tls: { caFile: 'ca.crt' }, message: 'another name' },
    {
      why: 'of another authority than the named one',
      tls: { caFile: 'stranger.crt', serverName: 'sidecar.mesh' },
      message: 'no trust',
    },
  ])('a certificate $why is not', async ({ tls, message }) => {
    await listen({});
    const settings = 'caFile' in tls ? { ...tls, caFile: file(tls.caFile) } : tls;
    expect(await scrape(settings)).toMatchObject({
      code: 'target-untrusted',
      message: expect.stringContaining(message) as unknown as string,
    });
  });

  test('any certificate will do where that is asked for', async () => {
    await listen({});
    expect(await scrape({ insecureSkipVerify: true })).toEqual({ up: true });
  });

  test('a target that wants a client certificate gets the one of the job', async () => {
    await listen({ requestCert: true, rejectUnauthorized: true, ca: readFileSync(file('ca.crt')) });
    const server = { caFile: file('ca.crt'), serverName: 'sidecar.mesh' };
    expect(await scrape({ ...server, certFile: file('client.crt'), keyFile: file('client.key') })).toEqual({
      up: true,
    });
    expect(await scrape(server)).toMatchObject({ up: false });
    expect(await scrape({ ...server, certFile: file('foreign.crt'), keyFile: file('foreign.key') })).toMatchObject({
      up: false,
    });
  });

  test('a target that does not speak TLS is told from one that is not trusted', async () => {
    const plain = createPlain((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await new Promise<void>((done) => plain.listen(0, '127.0.0.1', done));
    server = plain;
    expect(await scrape({ insecureSkipVerify: true })).toMatchObject({
      code: 'target-unreachable',
      message: 'it does not speak TLS',
    });
  });

  async function listen(options: TlsOptions): Promise<void> {
    const own = { cert: readFileSync(file('server.crt')), key: readFileSync(file('server.key')) };
    const body = sidecarText({ uptime: 60, requests: { 200: 1 } });
    const secure = createServer({ ...own, ...options }, (socket) => {
      socket.on('error', () => undefined);
      socket.on('data', () => socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`));
    });
    secure.on('tlsClientError', () => undefined);
    await new Promise<void>((done) => secure.listen(0, '127.0.0.1', done));
    server = secure;
  }

  async function scrape(tls: TlsSettings): Promise<unknown> {
    const access: AccessSettings = { tls };
    const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const jobs = [testJob([staticTargets(address)], { scheme: 'https', access })];
    const clock = new TestClock(1_800_014_400);
    const source = new ScrapeSource({ jobs, directory: new ListedSlos([]), clock, concurrency: 1, pace: 'manual' });
    await source.start([]);
    clock.pass(15);
    await source.tick();
    const { up, failure } = source.targets[0]!;
    await source.stop();
    return failure ? { up, ...failure } : { up };
  }
});
