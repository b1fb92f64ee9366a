import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { objectivesFile } from '../../../src/generate/rules/objectives-file.js';
import type { RuleFile } from '../../../src/generate/rules/rule-file.js';
import { ruleYaml } from '../../../src/generate/rules/rule-yaml.js';
import { describeWith } from '../../support/programs.js';
import { everySlo, madeUpSlo, recordingOf } from './made-up-slos.js';

function recorded(file: RuleFile): readonly string[] {
  return file.groups.flatMap(({ rules }) => rules).flatMap((rule) => ('record' in rule ? [rule.record] : []));
}

describe('the number of rules', () => {
  test('does not grow with services', () => {
    const many = Array.from({ length: 100 }, (_, index) =>
      madeUpSlo({ service: { cluster: 'eu-1', namespace: 'shop', name: `service-${index}` } }),
    );
    expect(recordingOf(many)).toEqual(recordingOf([madeUpSlo()]));
    expect(recorded(objectivesFile(many))).toHaveLength(100);
  });

  test('one SLI over one window of an alert takes twenty', () => {
    expect(recorded(recordingOf([madeUpSlo()])).filter((name) => !/sum(5m|6h|3d|30d)/.test(name))).toEqual([
      'target:first_sight:uptime_seconds',
      'service_target:good_events:held',
      'service_target:bad_events:held',
      'meshslo:minute:timestamp_seconds',
      'service_sli:good_events:delta1m',
      'service_sli:bad_events:delta1m',
      'service_sli:events:delta1m',
      'service_sli:events:sum1h',
      'service_sli:bad_events:sum1h',
      'service:scrapes:coverage2m',
      'service:scrapes:coverage6h',
      'target:gap_end:aged_seconds',
      'service_sli:good_events:unplaced5m',
      'service_sli:bad_events:unplaced5m',
      'service_sli:events:unplaced5m',
      'service_sli:events:delta5m',
      'service_sli:bad_events:delta5m',
      'service_sli:delta5m:timestamp_seconds',
      'service_target:carrier:info',
      'service_target:silent:info',
      'service_sli:counted:count1d',
    ]);
  });
});

test('objectives of a thousand services stand in groups that a Mimir takes as it comes, and that one more service leaves alone', () => {
  const slosOf = (services: number) =>
    Array.from({ length: services }, (_, index) => {
      const service = { cluster: 'eu-1', namespace: 'shop', name: `service-${index}` };
      return [madeUpSlo({ service }), madeUpSlo({ service, name: 'latency' }), madeUpSlo({ service, name: 'mesh' })];
    }).flat();
  const [before, after] = [slosOf(1000), slosOf(1001)].map((slos) => objectivesFile(slos).groups);
  // Twenty, and one of them is the mark of who has published it.
  expect(Math.max(...before!.map(({ rules }) => rules.length))).toBeLessThanOrEqual(19);
  const known = new Map(before!.map((group) => [group.name, JSON.stringify(group)]));
  expect(after!.filter((group) => known.get(group.name) !== JSON.stringify(group)).length).toBeLessThanOrEqual(6);
});

test('the same SLOs in another order give the same bytes', () => {
  const [one, other] = [everySlo, [...everySlo].reverse()].map((slos) =>
    [recordingOf(slos), objectivesFile(slos)].map(ruleYaml),
  );
  expect(other).toEqual(one);
});

test('calendar windows and slices of time have no objective here', () => {
  const month = madeUpSlo({ window: { kind: 'calendar', period: 'month', timeZone: 'Europe/Berlin' } });
  const slices = madeUpSlo({ budgeting: { method: 'time-slices', sliceSeconds: 300, sliceObjective: 0.95 } });
  expect(recorded(objectivesFile([month, slices]))).toEqual([]);
});

describeWith('promtool', 'promtool takes every rule', (promtool) => {
  test.each([
    { why: 'every perspective, with filters', said: {} },
    {
      why: 'many clusters in one store',
      said: { clusterLabel: 'cluster', clusterAliases: new Map([['cn-$1', 'eu-$1']]) },
    },
  ])('$why', ({ said }) => {
    const folder = mkdtempSync(join(tmpdir(), 'meshslo-rules-'));
    const files = [recordingOf(everySlo, said), objectivesFile(everySlo)];
    const paths = files.map((file) => {
      const path = join(folder, `${file.name}.yaml`);
      writeFileSync(path, ruleYaml(file));
      return path;
    });
    const { status, stdout, stderr } = spawnSync(promtool, ['check', 'rules', ...paths], { encoding: 'utf8' });
    expect(`${stdout}${stderr}`).not.toMatch(/fail|error/i);
    expect(status).toBe(0);
    rmSync(folder, { recursive: true });
  });
});
