import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { FailureCode } from '../../src/domain/failure.js';
import { ScrapeSource } from '../../src/scrape/scrape-source.js';
import type { ScrapeResult } from '../../src/scrape/target-health.js';
import { ListedSlos, slo } from '../sli/directory.js';
import { until } from '../support/until.js';
import { sidecarText } from './sidecar-text.js';
import { TestClock } from './test-clock.js';
import { staticTargets, testJob } from './test-job.js';
import { answers, type Behaviour, TestTarget } from './test-target.js';

/** What hostile targets have in common here: they may hold 12 MB on the wire, 16 MB decompressed. */
const limits = { bodyBytes: 12_000_000, decompressedBytes: 16_000_000, series: 1000, services: 1000 };
const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n';
const whole = sidecarText({ uptime: 60, requests: { 200: 1 } });

const hostile: readonly { why: string; behave: Behaviour; code: FailureCode; message: string }[] = [
  { why: 'empty', behave: answers(''), code: 'bad-exposition', message: 'no metrics of this mesh' },
  {
    why: 'truncated by the connection',
    behave: (socket) => socket.end(`${head}Content-Length: 5000\r\n\r\n${whole}`),
    code: 'body-malformed',
    message: `cut off after ${whole.length} of 5000 bytes`,
  },
  {
    why: 'truncated within a line',
    behave: answers(whole.slice(0, -4)),
    code: 'body-malformed',
    message: 'the last line is cut off',
  },
  {
    why: 'truncated, without a length that could tell',
    behave: (socket) => socket.end(`${head}\r\n${whole}`),
    code: 'body-malformed',
    message: 'does not say where it ends',
  },
  { why: 'endless', behave: endless, code: 'body-too-large', message: 'larger than 12000000 bytes' },
  {
    why: 'a lie about its length',
    behave: (socket) => socket.write(`${head}Content-Length: 99999999999\r\n\r\n`),
    code: 'body-too-large',
    message: 'larger than 12000000 bytes',
  },
  {
    why: 'a gzip bomb',
    behave: answers(gzipSync(Buffer.alloc(200_000_000, 'x')), { 'Content-Encoding': 'gzip' }),
    code: 'body-too-large',
    message: 'decompressed body is larger than 16000000 bytes',
  },
  {
    why: 'a small gzip body that grows a thousandfold',
    behave: answers(gzipSync(Buffer.alloc(12_000_000, '\n')), { 'Content-Encoding': 'gzip' }),
    code: 'body-too-large',
    message: 'grows to more than 100 times its size',
  },
  {
    why: 'damaged gzip',
    behave: answers(gzipSync(whole).subarray(0, -6), { 'Content-Encoding': 'gzip' }),
    code: 'body-malformed',
    message: 'gzip body is damaged',
  },
  {
    why: 'an unknown coding',
    behave: answers(whole, { 'Content-Encoding': 'br' }),
    code: 'body-malformed',
    message: 'coding br',
  },
  {
    why: 'a web page',
    behave: answers('<html>sign in</html>', { 'Content-Type': 'text/html; charset=utf-8' }),
    code: 'body-malformed',
    message: 'answered with text/html, not with metrics',
  },
  {
    why: 'binary',
    behave: answers(Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7919) % 256)).fill(10, 4999)),
    code: 'bad-exposition',
    message: 'no metrics of this mesh',
  },
  {
    why: 'a line of 10 MB',
    behave: answers(`istio_requests_total{a="${'x'.repeat(10_000_000)}"} 1\n`),
    code: 'bad-exposition',
    message: 'no metrics of this mesh',
  },
  {
    why: 'no HTTP at all',
    behave: (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n\r\n'),
    code: 'body-malformed',
    message: 'not HTTP',
  },
  { why: 'hanging', behave: hang, code: 'target-timeout', message: 'no whole answer within 0.5 s' },
  { why: 'dripping', behave: drip, code: 'target-timeout', message: 'no whole answer within 0.5 s' },
  {
    why: 'hanging up',
    behave: (socket) => socket.destroy(),
    code: 'target-unreachable',
    message: 'the connection was reset',
  },
  {
    why: 'in trouble',
    behave: (socket) => socket.write('HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n'),
    code: 'target-status',
    message: 'status 503',
  },
  {
    why: 'a redirect, which is not followed',
    behave: (socket) =>
      socket.write('HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n'),
    code: 'target-status',
    message: 'status 302',
  },
];

const clock = new TestClock(1_800_014_400);
let good: TestTarget;
let targets: TestTarget[];
let source: ScrapeSource;

beforeEach(async () => {
  good = await TestTarget.listen(answers(whole));
  targets = await Promise.all(hostile.map(({ behave }) => TestTarget.listen(behave)));
});

afterEach(async () => {
  await source.stop();
  await Promise.all([good, ...targets].map((target) => target.close()));
});

describe('hostile targets', () => {
  test('each fails for its own reason, in words, while the others go on', async () => {
    await start([...targets, good]);
    await settle();
    const failures = Object.fromEntries(
      hostile.map(({ why }, index) => {
        const { up, failure } = health(targets[index]!);
        return [why, { up, code: failure?.code, message: failure?.message }];
      }),
    );
    expect(failures).toEqual(
      Object.fromEntries(
        hostile.map(({ why, code, message }) => [
          why,
          { up: false, code, message: expect.stringContaining(message) as unknown as string },
        ]),
      ),
    );
    expect(health(good)).toMatchObject({ up: true, samples: 2 });
  });

  test('one that does not listen any more is refused, and found again when it is back', async () => {
    await start([good]);
    await good.close();
    await settle();
    expect(health(good)).toMatchObject({
      up: false,
      failure: { code: 'target-unreachable', message: 'connection refused' },
    });
  });

  test('a target that recovers is up again', async () => {
    await start(targets);
    await settle();
    for (const target of targets) target.behave = answers(whole);
    // On a busy machine half a second may be over before those that have it for all have answered.
    await until(async () => {
      await settle();
      return source.targets.every(({ up }) => up === true);
    });
  });

  test('however many hang, they keep nobody waiting once they are known', async () => {
    for (const target of targets) target.behave = hang;
    const results: string[] = [];
    await start([...targets, good], {
      concurrency: 4,
      onOutcome: (outcome) => results.push(outcome),
    });
    await settle();
    expect(health(good)).toMatchObject({ up: true });
    results.length = 0;
    await settle();
    expect(results).toEqual(['success', ...targets.map(() => 'target-timeout')]);
  });
});

/** All in one job, but those that say nothing by now: these are waited for in vain, and not for long. */
async function start(
  all: readonly TestTarget[],
  {
    concurrency = 64,
    onOutcome = () => undefined,
  }: { concurrency?: number; onOutcome?: (outcome: string) => void } = {},
): Promise<void> {
  const isSilent = ({ behave }: TestTarget): boolean => behave === hang || behave === drip;
  const jobOf = (name: string, listed: readonly TestTarget[], timeoutSeconds: number) =>
    testJob([staticTargets(...listed.map(({ address }) => address))], {
      name,
      limits,
      intervalSeconds: 2,
      timeoutSeconds,
    });
  const jobs = [
    jobOf('silent', all.filter(isSilent), 0.5),
    jobOf(
      'answering',
      all.filter((target) => !isSilent(target)),
      60,
    ),
  ];
  const directory = new ListedSlos([slo()]);
  const onScrape = ({ outcome }: ScrapeResult): void => onOutcome(outcome);
  source = new ScrapeSource({ jobs, directory, clock, concurrency, onScrape, pace: 'manual' });
  await source.start([]);
}

/** Lets one interval pass, then does what is due. */
async function settle(): Promise<void> {
  clock.pass(2);
  await source.tick();
}

function health({ address }: TestTarget) {
  return source.targets.find(({ url }) => url.includes(address))!;
}

function endless(socket: Parameters<Behaviour>[0]): void {
  const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
  const write = (): void => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.on('drain', write);
  socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n`);
  write();
}

function hang(): void {
  // Says nothing.
}

function drip(socket: Parameters<Behaviour>[0]): void {
  socket.write(`${head}Content-Length: 5000\r\n\r\n`);
  const timer = setInterval(() => socket.write('#'), 50);
  socket.on('close', () => clearInterval(timer));
}
