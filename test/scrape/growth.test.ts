import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Checkpoint, SlotBatch } from '../../src/domain/slot-batch.js';
import type { Slo } from '../../src/domain/slo.js';
import { ScrapeSource } from '../../src/scrape/scrape-source.js';
import { cart, ListedSlos, slo } from '../sli/directory.js';
import { requestSeries, type Sidecar, sidecarText } from './sidecar-text.js';
import { TestClock } from './test-clock.js';
import { staticTargets, testJob } from './test-job.js';
import { answers, TestTarget } from './test-target.js';

/** 12:00:00 of some day. */
const noon = 1_800_014_400;
const interval = 15;

let pod: TestTarget;
let clock: TestClock;
let source: ScrapeSource;
let kept: Map<string, Uint8Array>;

beforeEach(async () => {
  pod = await TestTarget.listen(answers(''));
  clock = new TestClock(noon);
  kept = new Map();
  slos = [slo()];
  source = newSource();
  await source.start([]);
});

afterEach(async () => {
  await source.stop();
  await pod.close();
});

describe('one process', () => {
  test('an old process that is seen for the first time is only remembered', async () => {
    expect(await scrape({ uptime: 3600, requests: { 200: 5000, 500: 7 } })).toEqual({ total: 0, bad: 0 });
  });

  test('then its growth counts', async () => {
    await scrape({ uptime: 3600, requests: { 200: 5000, 500: 7 } });
    expect(await scrape({ uptime: 3615, requests: { 200: 5010, 500: 9 } })).toEqual({ total: 12, bad: 2 });
  });

  test('a series that is born later counts from zero', async () => {
    await scrape({ uptime: 3600, requests: { 200: 5000 } });
    expect(await scrape({ uptime: 3615, requests: { 200: 5000, 500: 3 } })).toEqual({ total: 3, bad: 3 });
  });

  test('a counter that has fallen counts from zero', async () => {
    await scrape({ uptime: 3600, requests: { 200: 5000 } });
    expect(await scrape({ uptime: 3615, requests: { 200: 4 } })).toEqual({ total: 4, bad: 0 });
  });

  test('a series that was evicted and comes back counts from zero, even with the value it had', async () => {
    await scrape({ uptime: 3600, requests: { 200: 50, 500: 1 } });
    await scrape({ uptime: 3615, requests: { 200: 50 } });
    expect(await scrape({ uptime: 3630, requests: { 200: 50, 500: 1 } })).toEqual({ total: 1, bad: 1 });
  });

  test('without an uptime only a fallen counter betrays a new process', async () => {
    await scrape({ requests: { 200: 5000 } });
    expect(await scrape({ requests: { 200: 5001 } })).toEqual({ total: 1, bad: 0 });
    expect(await scrape({ requests: { 200: 3 } })).toEqual({ total: 3, bad: 0 });
  });
});

describe('the open minute', () => {
  test('shows failures before the slot is asked for', async () => {
    await scrape({ uptime: 3600, requests: { 200: 0 } });
    await scrape({ uptime: 3615, requests: { 200: 6, 500: 4 } }, { collect: false });
    expect(source.openMinute()).toEqual([{ slo: 'eu1/shop/cart/availability', total: 10, bad: 4 }]);
  });

  test('shows nothing where slots have not been asked for lately', async () => {
    await scrape({ uptime: 3600, requests: { 200: 0 } });
    for (let n = 1; n <= 6; n += 1) {
      await scrape({ uptime: 3600 + n * interval, requests: { 200: 6, 500: 4 * n } }, { collect: false });
    }
    expect(source.openMinute()).toEqual([]);
  });
});

describe('a slot that nobody could ask for in time', () => {
  test('after an hour of scraping holds the hour as a gap, not as a minute', async () => {
    await scrape({ uptime: 3600, requests: { 200: 0 } });
    for (let n = 1; n <= 240; n += 1) {
      await scrape(
        { uptime: 3600 + n * interval, requests: { 200: n * 10, 500: n <= 40 ? n : 40 } },
        { collect: false },
      );
    }
    const { events, unplaced } = await collect();
    expect(events).toMatchObject([{ total: 0, bad: 0 }]);
    expect(unplaced).toMatchObject([{ total: 2440, bad: 40 }]);
    expect(unplaced[0]!.to - unplaced[0]!.from).toBe(3600);
  });
});

describe('a restarted process', () => {
  test('counts from zero, also where it has overtaken its former self', async () => {
    await scrape({ uptime: 30, requests: { 200: 10, 500: 1 } });
    clock.pass(300);
    expect(await scrape({ uptime: 200, requests: { 200: 90, 500: 1 } })).toEqual({ total: 91, bad: 1 });
  });

  test('has an end that nobody has seen, and says whose requests are lost', async () => {
    await scrape({ uptime: 3600, requests: { 200: 10 } });
    await scrape({ uptime: 5, requests: { 200: 1 } }, { collect: false });
    expect((await collect()).unseen).toEqual([
      { target: `sidecars ${pod.address}/stats/prometheus`, services: [cart], from: noon + 15, to: noon + 25 },
    ]);
  });
});

describe('gaps', () => {
  test('growth over a gap counts, but has no place', async () => {
    await scrape({ uptime: 3600, requests: { 200: 100, 500: 1 } });
    clock.pass(285);
    await scrape({ uptime: 3900, requests: { 200: 130, 500: 3 } }, { collect: false });
    const batch = await collect();
    // Scraped at 12:00:15 and at 12:05:15.
    expect(batch.unplaced).toEqual([
      { slo: 'eu1/shop/cart/availability', from: noon, to: noon + 360, total: 32, bad: 2 },
    ]);
    // 20 scrapes were due in these five minutes, one was made.
    expect(batch.events).toEqual([{ slo: 'eu1/shop/cart/availability', total: 0, bad: 0, coverage: 0.05 }]);
    expect(batch.breakdown.map(({ bad, facts }) => [facts.caller, facts.code, bad])).toEqual([['frontend', '500', 2]]);
  });

  test('one lost scrape is no gap, and half the scrapes are half the coverage', async () => {
    await scrape({ uptime: 3600, requests: { 200: 100 } });
    await collect();
    pod.behave = (socket) => socket.destroy();
    await tick();
    await scrape({ uptime: 3630, requests: { 200: 140 } }, { collect: false });
    expect((await collect()).events).toEqual([{ slo: 'eu1/shop/cart/availability', total: 40, bad: 0, coverage: 0.5 }]);
  });
});

describe('values that are no number of requests', () => {
  test.each(['NaN', '+Inf', '-5', '1.5'])(
    '%s is passed over, and the growth comes with the next value',
    async (value) => {
      await scrape({ uptime: 3600, requests: { 200: 100 } });
      expect(await scrape({ uptime: 3615, requests: { 200: value } })).toEqual({ total: 0, bad: 0 });
      expect(source.targets[0]).toMatchObject({ up: true, unreadable: 1 });
      expect(await scrape({ uptime: 3630, requests: { 200: 108 } })).toEqual({ total: 8, bad: 0 });
    },
  );

  test('an unreadable first value of an old process does not become a burst', async () => {
    await scrape({ uptime: 3600, requests: { 200: 'NaN' } });
    expect(await scrape({ uptime: 3615, requests: { 200: 5000 } })).toEqual({ total: 0, bad: 0 });
  });

  test('of duplicate lines the first counts', async () => {
    await scrape({ uptime: 3600, requests: { 200: 100 } });
    pod.behave = answers(
      sidecarText({ uptime: 3615, requests: { 200: 105 } }) + sidecarText({ requests: { 200: 900 } }),
    );
    await tick();
    expect(sum(await collect())).toEqual({ total: 5, bad: 0 });
    expect(source.targets[0]).toMatchObject({ up: true, duplicates: 1 });
  });
});

describe('what is refused moves nothing', () => {
  const whole = sidecarText({ uptime: 3615, requests: { 200: 150, 500: 2 } });

  test.each([
    { why: 'cut off in the last line', body: whole.slice(0, -3), code: 'body-malformed' },
    { why: 'an empty body', body: '', code: 'bad-exposition' },
    { why: 'metrics of something else', body: 'up 1\n', code: 'bad-exposition' },
    {
      why: "the agent's part without the proxy's, as Istio merges them when Envoy does not answer",
      body: sidecarText({ requests: { 200: 150 } }),
      code: 'bad-exposition',
    },
    { why: 'binary', body: Buffer.from([0, 255, 254, 10, 13, 0, 1, 10]), code: 'bad-exposition' },
    {
      why: 'too many series',
      body: whole + sidecarText({ requests: Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [600 + i, 1])) }),
      code: 'too-many-series',
    },
  ])('$why', async ({ body, code }) => {
    await scrape({ uptime: 3600, requests: { 200: 100, 500: 2 } });
    pod.behave = answers(body);
    await tick();
    expect(source.targets[0]).toMatchObject({ up: false, failure: { code } });
    expect(await scrape({ uptime: 3630, requests: { 200: 160, 500: 2 } })).toEqual({ total: 60, bad: 0 });
  });

  test('a line that cannot be read does not make its series look evicted', async () => {
    await scrape({ uptime: 3600, requests: { 200: 100, 500: 40 } });
    await scrape({ uptime: 3615, requests: { 200: 110, 500: '4o' } });
    expect(source.targets[0]).toMatchObject({ up: true, badLines: 1 });
    expect(sum(await collect())).toEqual({ total: 0, bad: 0 });
    expect(await scrape({ uptime: 3630, requests: { 200: 110, 500: 41 } })).toEqual({ total: 1, bad: 1 });
  });
});

describe('a restart of meshslo', () => {
  test('counts nothing twice and loses nothing', async () => {
    await scrape({ uptime: 3600, requests: { 200: 100, 500: 1 } });
    await scrape({ uptime: 3615, requests: { 200: 110, 500: 1 } });
    await restart();
    expect(await scrape({ uptime: 3630, requests: { 200: 125, 500: 2 } })).toEqual({ total: 16, bad: 1 });
  });

  test('what was not committed is counted again', async () => {
    await scrape({ uptime: 3600, requests: { 200: 100 } });
    const committed = new Map(kept);
    await scrape({ uptime: 3615, requests: { 200: 110 } });
    kept = committed;
    await restart();
    expect(await scrape({ uptime: 3630, requests: { 200: 125 } })).toEqual({ total: 25, bad: 0 });
  });

  test('what happened while it was down has no place', async () => {
    await scrape({ uptime: 3600, requests: { 200: 100 } });
    clock.pass(600);
    await restart();
    await scrape({ uptime: 4215, requests: { 200: 180 } }, { collect: false });
    expect((await collect()).unplaced).toMatchObject([{ from: noon, to: noon + 660, total: 80, bad: 0 }]);
  });

  test('a target that came and was young meanwhile counts from its begin', async () => {
    await tick();
    await collect();
    await source.stop();
    const other = await TestTarget.listen(answers(sidecarText({ uptime: 120, requests: { 200: 33, 500: 4 } })));
    clock.pass(600);
    source = newSource(pod.address, other.address);
    await source.start([...kept].map(([key, state]) => ({ key, state })));
    await tick();
    await other.close();
    expect((await collect()).unplaced).toMatchObject([{ from: noon + 480, to: noon + 660, total: 37, bad: 4 }]);
  });

  test.each([
    { second: 3, charted: [240, undefined, 240, 240] },
    { second: 40, charted: [240, undefined, 240, 240] },
    { second: 50, charted: [240, undefined, undefined, 240] },
    { second: 57, charted: [240, undefined, undefined, 240] },
  ])(
    '$second s into a minute leaves a gap in charts and no fall, of 4 requests a second',
    async ({ second, charted }) => {
      pod.behave = (socket, request) => {
        const requests = { 200: 4 * clock.monotonic() };
        answers(sidecarText({ uptime: 3600 + clock.monotonic(), requests }))(socket, request);
      };
      const downAt = 120 + second;
      const told: (number | undefined)[] = [];
      for (let at = 1; at <= 5 * 60; at++) {
        clock.pass(1);
        if (at === downAt + 4) await restart();
        const isDown = at >= downAt && at < downAt + 4;
        if (!isDown) await source.tick();
        if (at % 60 === 0) told.push(isDown ? undefined : (await collect()).signals[0]?.requests);
      }
      expect(told.slice(1)).toEqual(charted);
    },
  );

  test('a refused scrape right after it does not make it forget what it knew', async () => {
    await scrape({ uptime: 3600, requests: { 200: 100, 500: 50 } });
    await restart();
    expect(await scrape({ requests: { 200: 110 } })).toEqual({ total: 0, bad: 0 });
    await restart();
    expect(await scrape({ uptime: 3630, requests: { 200: 120, 500: 51 } })).toEqual({ total: 21, bad: 1 });
  });

  test('damaged checkpoints are passed over: the target is seen for the first time', async () => {
    await scrape({ uptime: 3600, requests: { 200: 100 } });
    for (const [key, state] of kept) kept.set(key, state.slice(0, 21));
    await restart();
    expect(await scrape({ uptime: 3630, requests: { 200: 125 } })).toEqual({ total: 0, bad: 0 });
  });

  describe('with a proxy that cannot be read from then on', () => {
    const client = slo({ name: 'client-availability', perspective: 'client' });
    const asClient = (count: number): string =>
      `${requestSeries('200').replace('reporter="destination"', 'reporter="source"')} ${count}\n`;
    const lostToClients = { slo: 'eu1/shop/cart/client-availability', total: 0, bad: 0, coverage: 0 };

    beforeEach(async () => {
      slos = [slo(), client];
      directory.replace(slos);
      pod.behave = answers(`envoy_server_uptime 3600\n${asClient(10)}`);
      await tick();
      await collect();
      pod.behave = (socket) => socket.destroy();
    });

    test('lowers the coverage of what the proxy told of before, restart after restart', async () => {
      for (let time = 0; time < 2; time++) {
        await restart();
        await tick();
        expect((await collect()).events).toEqual([lostToClients]);
      }
    });

    test('says nothing of SLOs that there are no longer', async () => {
      slos = [slo()];
      await restart();
      await tick();
      expect((await collect()).events).toEqual([]);
    });

    test('counts what the proxy tells once it is read again, and no more', async () => {
      await restart();
      await tick();
      pod.behave = answers('envoy_server_uptime 5\n');
      await tick();
      expect((await collect()).events).toEqual([lostToClients]);
      pod.behave = (socket) => socket.destroy();
      await tick();
      expect((await collect()).events).toEqual([]);
    });

    test('and SLOs that change meanwhile, keeps to those that stay', async () => {
      await restart();
      directory.replace([client, slo({ name: 'stricter' })]);
      await tick();
      expect((await collect()).events).toEqual([lostToClients]);
    });
  });

  async function restart(): Promise<void> {
    await source.stop();
    source = newSource();
    await source.start([...kept].map(([key, state]): Checkpoint => ({ key, state })));
  }
});

describe('series that come and go for ever', () => {
  test('make room for new ones without a burst', async () => {
    await scrape({ uptime: 3600, requests: { 200: 100 } });
    for (let round = 1; round <= 8; round++) {
      const fresh = Array.from({ length: 900 }, (_, index) => [`${round}-${index}`, 1]);
      const growth = await scrape({
        uptime: 3600 + round * interval,
        requests: { 200: 100 + round, ...(Object.fromEntries(fresh) as Record<string, number>) },
      });
      expect(growth).toEqual({ total: 901, bad: 0 });
    }
  });
});

test('the golden signals of the slot: traffic, errors, and the load of its proxies', async () => {
  clock.pass(60);
  await scrape({ uptime: 3600, requests: { 200: 100 } });
  await scrape({ uptime: 3615, requests: { 200: 110, 500: 3 }, memoryBytes: 50_000_000 }, { collect: false });
  expect((await collect()).signals).toMatchObject([
    { service: cart, requests: 13, errors: 3, leftOut: 0, memoryBytes: 50_000_000, proxies: 1 },
  ]);
});

test('a target that is down when SLOs change lowers the coverage of the new ones, and of no SLO twice', async () => {
  await scrape({ uptime: 3600, requests: { 200: 100 } });
  directory.replace([slo(), slo({ name: 'stricter' })]);
  pod.behave = (socket) => socket.destroy();
  await tick();
  expect((await collect()).events).toEqual([
    { slo: 'eu1/shop/cart/availability', total: 0, bad: 0, coverage: 0 },
    { slo: 'eu1/shop/cart/stricter', total: 0, bad: 0, coverage: 0 },
  ]);
});

test('new SLOs are met by the series that are known already', async () => {
  await scrape({ uptime: 3600, requests: { 200: 100 } });
  directory.replace([slo({ name: 'stricter', objective: 0.9999 })]);
  await scrape({ uptime: 3615, requests: { 200: 110 } }, { collect: false });
  expect((await collect()).events).toEqual([{ slo: 'eu1/shop/cart/stricter', total: 10, bad: 0, coverage: 1 }]);
});

/** What the next source begins with. */
let slos: readonly Slo[];
let directory: ListedSlos;

function newSource(...addresses: string[]): ScrapeSource {
  directory = new ListedSlos(slos);
  const targets = addresses.length > 0 ? addresses : [pod.address];
  const jobs = [testJob([staticTargets(...targets)])];
  return new ScrapeSource({ jobs, directory, clock, concurrency: 10, pace: 'manual' });
}

/** One interval passes, and every target is scraped once. */
async function tick(): Promise<void> {
  clock.pass(interval);
  await source.tick();
}

/** Lets the sidecar answer so, scrapes it after one interval, and says what has been counted, gaps included. */
async function scrape(sidecar: Sidecar, options = { collect: true }): Promise<{ total: number; bad: number }> {
  pod.behave = answers(sidecarText(sidecar));
  await tick();
  return options.collect ? sum(await collect()) : { total: 0, bad: 0 };
}

/** Takes a batch, and keeps its checkpoints as a ledger would. */
async function collect(): Promise<SlotBatch> {
  const batch = (await source.collect(Math.ceil(clock.now() / 60) * 60))[0]!;
  for (const { key, state } of batch.checkpoints) {
    if (state) kept.set(key, state);
    else kept.delete(key);
  }
  return batch;
}

function sum({ events, unplaced }: SlotBatch): { total: number; bad: number } {
  const all = [...events, ...unplaced];
  return {
    total: all.reduce((total, event) => total + event.total, 0),
    bad: all.reduce((bad, event) => bad + event.bad, 0),
  };
}
