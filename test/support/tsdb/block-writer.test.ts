import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { RunningPrometheus } from '../prometheus/running-prometheus.js';
import { describeWith } from '../programs.js';
import { BlockWriter } from './block-writer.js';

const start = 1_772_323_200; // 2026-03-01
const awkward = [0, 1, -1, 0.1, 1e300, -1e-300, 2 ** 53 - 1, Infinity, 123_456_789, 5e-324];

describeWith('prometheus', 'blocks of our own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'meshslo-tsdb-'));
  const times = Float64Array.from({ length: 500 }, (_, index) => (start + 15 * index) * 1000 + jitter(index));
  const values = times.map((_, index) => awkward[(index * index) % awkward.length]!);
  let prometheus: RunningPrometheus;

  beforeAll(async () => {
    const storage = join(folder, 'data');
    const block = new BlockWriter(storage, 1);
    block.add({ __name__: 'awkward', job: 'ä\u{1f980}"\\\n' }, times, values);
    const counting = times.map((_, index) => Math.floor(index / 7) * 3);
    for (let number = 0; number < 300; number++) {
      block.add({ __name__: 'many_total', number: String(number) }, times, counting);
    }
    const ended = counting.slice();
    ended[300] = NaN;
    block.add({ __name__: 'ended_total' }, times, ended, 301);
    block.publish();
    new BlockWriter(storage, 2).publish();
    prometheus = await RunningPrometheus.start(storage);
  });

  afterAll(async () => {
    await prometheus.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('hold every sample as it was written, whatever the steps between times and values', async () => {
    const at = times.at(-1)! / 1000;
    const [whole] = await prometheus.instant(`count_over_time(awkward[1d])`, at);
    expect(whole).toEqual({ labels: { job: 'ä\u{1f980}"\\\n' }, value: 500 });
    for (const index of [0, 1, 2, 119, 120, 121, 499]) {
      const [found] = await prometheus.instant('awkward', times[index]! / 1000);
      expect(found?.value).toBe(values[index]);
    }
  });

  test('take more series after they were published', async () => {
    const storage = join(folder, 'grown');
    const block = new BlockWriter(storage);
    block.add({ __name__: 'first' }, times, values);
    block.publish();
    block.add({ __name__: 'a_second' }, times, values);
    block.publish();
    const another = await RunningPrometheus.start(storage);
    const found = await another.instant('count by (__name__) ({__name__=~".+"})', times.at(-1)! / 1000);
    await another.stop();
    expect(found.map(({ labels }) => labels['__name__']).sort()).toEqual(['a_second', 'first']);
  });

  test('find series by any label', async () => {
    const at = times.at(-1)! / 1000;
    expect(await prometheus.instant('count(many_total)', at)).toEqual([{ labels: {}, value: 300 }]);
    expect(await prometheus.instant('sum(many_total{number=~"1."})', at)).toEqual([{ labels: {}, value: 10 * 213 }]);
  });

  test('end a series with a marker, after which it is gone at once', async () => {
    expect(await prometheus.instant('ended_total', times[299]! / 1000)).toHaveLength(1);
    expect(await prometheus.instant('ended_total', times[300]! / 1000)).toEqual([]);
    expect(await prometheus.instant('count_over_time(ended_total[1d])', times[400]! / 1000)).toEqual([
      { labels: {}, value: 300 },
    ]);
  });
});

/** A few milliseconds more or less, now and then many; never back in time. */
function jitter(index: number): number {
  return index % 50 === 49 ? 14_000 : (index * 7919) % 13;
}
