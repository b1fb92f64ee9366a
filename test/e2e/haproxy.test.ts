import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inspectBody } from '../../src/cli/inspection.js';
import { loadConfig } from '../../src/config/load-config.js';
import { SloCatalogue } from '../../src/config/slo-catalogue.js';
import type { Clock } from '../../src/domain/clock.js';
import { Ledger } from '../../src/ledger/ledger.js';
import { scrapeJob } from '../../src/scrape/scrape-job.js';
import { ScrapeSource } from '../../src/scrape/scrape-source.js';
import { describeWith } from '../support/programs.js';
import { freePort } from '../support/prometheus/free-port.js';
import { until } from '../support/until.js';

const pack = join(import.meta.dirname, '..', '..', 'examples', 'own-pack', 'haproxy.yaml');

/** HAProxy tells its age in real seconds, so time is real here. */
const clock: Clock = { now: () => Date.now() / 1000, monotonic: () => performance.now() / 1000 };

/** A service that does what its address asks for. */
function application(): Server {
  return createServer((asked, response) => {
    const { searchParams } = new URL(asked.url!, 'http://app');
    if (searchParams.has('reset')) asked.socket.destroy();
    else if (!searchParams.has('hang')) response.writeHead(Number(searchParams.get('code') ?? 200)).end('answer');
  });
}

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

describeWith('haproxy', 'a pack of one’s own, with a real HAProxy under real traffic', (program) => {
  const folder = mkdtempSync(join(tmpdir(), 'meshslo-haproxy-'));
  const app = application();
  let proxy: ChildProcess;
  let front = 0;
  let metrics = 0;
  let source: ScrapeSource;
  let ledger: Ledger;

  beforeAll(async () => {
    const closed = await freePort();
    [front, metrics] = [await freePort(), await freePort()];
    writeFileSync(
      join(folder, 'haproxy.cfg'),
      `global
  nbthread 1
defaults
  mode http
  timeout connect 100s
  timeout client 100s
  timeout server 100s
  option abortonclose
frontend metrics
  bind 127.0.0.1:${metrics}
  http-request use-service prometheus-exporter if { path /metrics }
frontend in
  bind 127.0.0.1:${front}
  use_backend shop_cart if { path_beg /cart }
  default_backend shop_web
backend shop_cart
  http-request set-timeout server 200ms if { url_param(hang) soon }
  server one 127.0.0.1:${await listening(app)}
backend shop_web
  server closed 127.0.0.1:${closed}
`,
    );
    proxy = spawn(program, ['-W', '-f', join(folder, 'haproxy.cfg')], { stdio: 'ignore' });
    await until(text);

    const file = join(folder, 'meshslo.yaml');
    writeFileSync(
      file,
      `cluster: here
ledger: ledger.db
packs: ['${pack}']
scrape:
  interval: 5s
  jobs: [{ name: edge, mesh: haproxy, targets: [{ static: ['127.0.0.1:${metrics}'] }] }]
`,
    );
    const { config, diagnostics } = loadConfig(file);
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    ledger = Ledger.open(config!.ledgerPath);
    const directory = new SloCatalogue(config!.slos);
    // A target of five seconds is read every half second: the test waits for no more than it must.
    const jobs = config!.scrape.jobs.map((job) => ({
      ...scrapeJob(job, config!.clusterAliases),
      intervalSeconds: 0.5,
    }));
    source = new ScrapeSource({ jobs, directory, clock, concurrency: 1, pace: 'manual' });
    await source.start(ledger.checkpoints());
    await scrape();
    commit = async () => {
      const until = Math.ceil(clock.now() / 60) * 60;
      const [batch] = await source.collect(until);
      // Several looks into one minute, each a minute further: the test has no hour to wait.
      const slotStart = batch!.slotStart + 60 * commits++;
      ledger.declare(directory.all(), slotStart);
      ledger.commit({ ...batch!, slotStart });
    };
  });

  afterAll(async () => {
    await source.stop();
    ledger.close();
    const ended = once(proxy, 'exit');
    proxy.kill('SIGTERM');
    await ended;
    app.close();
    app.closeAllConnections();
    rmSync(folder, { recursive: true, force: true });
  });

  let commits = 0;
  let commit: () => Promise<void>;

  /** One scrape, as soon as one is due. */
  async function scrape(): Promise<void> {
    const before = source.targets[0]?.lastScrapeAt;
    while (source.targets[0]?.lastScrapeAt === before) {
      await source.tick();
      await sleep(50);
    }
  }

  /** Over a connection of its own: whichever process accepts now answers. */
  async function text(): Promise<string> {
    return (await fetch(`http://127.0.0.1:${metrics}/metrics`, { headers: { connection: 'close' } })).text();
  }

  /** Sends one request on a connection of its own; the status, or undefined where the client goes away when the application has it. */
  async function ask(path: string, leaves: boolean): Promise<number | undefined> {
    return new Promise((resolve) => {
      const asked = request({ host: '127.0.0.1', port: front, path, agent: false }, (answer) => {
        answer.resume();
        answer.on('end', () => resolve(answer.statusCode));
      });
      asked.on('error', () => resolve(undefined));
      if (leaves) app.once('request', () => asked.destroy());
      asked.end();
    });
  }

  async function counted(service: string): Promise<{ total: number; bad: number }> {
    await commit();
    const range = { from: 0, to: (Math.ceil(clock.now() / 60) + commits + 1) * 60 };
    const { total, bad } = ledger.sums(range, { unplaced: 'ending-inside' }).of(`here/shop/${service}/availability`);
    return { total, bad };
  }

  /** What HAProxy must have seen of the service, written down as it was sent. */
  const sent = { cart: { total: 0, bad: 0 }, web: { total: 0, bad: 0 } };

  async function send(path: string, wanted: number | undefined): Promise<void> {
    const status = await ask(path, wanted === undefined);
    expect(status).toBe(wanted);
    const service = path.startsWith('/cart') ? sent.cart : sent.web;
    service.total += 1;
    if (status !== undefined && status >= 500) service.bad += 1;
  }

  async function traffic(): Promise<void> {
    for (let count = 0; count < 20; count++) await send('/cart', 200);
    for (let count = 0; count < 3; count++) await send('/cart?code=404', 404);
    for (let count = 0; count < 4; count++) await send('/cart?code=500', 500);
    await send('/cart?reset=1', 502);
    await send('/cart?hang=soon', 504);
    await send('/cart?hang', undefined);
    await send('/web', 503);
    // An aborted request ends when HAProxy notices.
    await until(async () => (await text()).includes('haproxy_backend_current_sessions{proxy="shop_cart"} 0\n'));
  }

  test('inspect knows it by the pack, and its backends by their names', async () => {
    const { config } = loadConfig(join(folder, 'meshslo.yaml'));
    const packs = new Map(config!.scrape.jobs.map((job) => [job.pack.name, job.pack]));
    await send('/cart', 200);
    const found = inspectBody({ bytes: Buffer.from(await text()), contentType: undefined }, packs, false);
    expect(found.mesh?.pack.title).toBe('HAProxy');
    expect(found.mesh?.version).toMatch(/^\d+\.\d+/);
    expect(found.services.map(({ service }) => service)).toEqual(['shop/cart', 'shop/web']);
    expect(found.uptimeSeconds).toBeGreaterThanOrEqual(0);
  });

  test('the ledger holds every request that was sent: answers, failures, resets, timeouts, aborts', async () => {
    await traffic();
    await scrape();
    expect(await counted('cart')).toEqual(sent.cart);
    expect(await counted('web')).toEqual(sent.web);
  });

  test('a reload begins new counters, and nothing is counted twice or lost', async () => {
    // The age of a process tells it from another: it must have had one.
    await until(async () => Number(/haproxy_process_uptime_seconds (\d+)/.exec(await text())?.[1]) >= 2);
    await scrape();
    process.kill(proxy.pid!, 'SIGUSR2');
    // For a moment both processes accept; what the old one takes then is lost with it.
    for (let inARow = 0; inARow < 20;) {
      await sleep(50);
      inARow = /haproxy_backend_http_requests_total\{proxy="shop_cart"\} 0\b/.test(await text()) ? inARow + 1 : 0;
    }
    // The old process keeps the connection that it was scraped over until its next answer.
    await scrape();
    await scrape();
    await traffic();
    await scrape();
    expect(await counted('cart')).toEqual(sent.cart);
    expect(await counted('web')).toEqual(sent.web);
    expect(sent.cart).toEqual({ total: 1 + 2 * 30, bad: 2 * 6 });
  });

  test('HAProxy has no latency, so the service goes without that SLO, and is told so', () => {
    const { config, diagnostics } = loadConfig(join(folder, 'meshslo.yaml'));
    expect(config).toBeDefined();
    expect(diagnostics.map(({ code }) => code)).toEqual(['defaults-not-offered']);
  });
});
