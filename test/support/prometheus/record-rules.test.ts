import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWith } from '../programs.js';
import { PrometheusStore } from './metric-store.js';
import { recordRules } from './record-rules.js';
import { readRuleFile } from './rule-file.js';

const start = 1_772_323_200; // 2026-03-01
const rules = `
groups:
  - name: sums
    interval: 5m
    rules:
      - { record: 'job:grown:sum5m', expr: 'sum_over_time(job:grown:delta1m[4m59s999ms])', labels: { kind: five } }
      - { alert: NotRecorded, expr: 'vector(1)' }
  - name: minutes
    rules:
      - { record: 'job:grown:delta1m', expr: 'sum by (job) (grown_total - grown_total offset 1m)' }
`;

describeWith('prometheus', 'recorded rules', () => {
  const folder = mkdtempSync(join(tmpdir(), 'meshslo-rules-'));
  const prometheus = new PrometheusStore(join(folder, 'data'));

  beforeAll(async () => {
    // Grows by 7 a minute for an hour, and then ends.
    const times = Float64Array.from({ length: 61 }, (_, minute) => (start + 60 * minute) * 1000);
    const values = times.map((_, minute) => 7 * minute);
    values[60] = Number.NaN;
    prometheus.add({ __name__: 'grown_total', job: 'a' }, times, values);
    const groups = readRuleFile(rules);
    const phaseOf = ({ name }: { name: string }): number => (name === 'sums' ? 130 : 0);
    await prometheus.settle();
    await recordRules(prometheus, groups, { fromSeconds: start, toSeconds: start + 7200, phaseOf });
  });

  afterAll(async () => {
    await prometheus.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('stand beside what was scraped, those that others read first, with their own labels', async () => {
    expect(await prometheus.instant('job:grown:delta1m', start + 600)).toEqual([
      { labels: { __name__: 'job:grown:delta1m', job: 'a' }, value: 7 },
    ]);
    const [five] = await prometheus.instant('job:grown:sum5m', start + 1000);
    expect(five).toEqual({ labels: { __name__: 'job:grown:sum5m', job: 'a', kind: 'five' }, value: 35 });
  });

  test('are evaluated at the moments of their group', async () => {
    const [minutes] = await prometheus.instant('count_over_time(job:grown:delta1m[2h])', start + 7200);
    // From the second minute, which is the first to have one before it, to the last before the end.
    expect(minutes?.value).toBe(59);
    const [at] = await prometheus.instant('timestamp(job:grown:sum5m)', start + 1000);
    expect(at?.value).toBe(start + 730);
  });

  test('end with a marker when an evaluation no longer has them', async () => {
    expect(await prometheus.instant('job:grown:delta1m', start + 3599)).toHaveLength(1);
    expect(await prometheus.instant('job:grown:delta1m', start + 3600)).toEqual([]);
  });
});
