import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { alertNames, alertSeverities } from '../../src/domain/alert-names.js';
import * as series from '../../src/generate/rules/series-names.js';
import { loadAlertPolicies } from '../../src/packs/load-alert-policies.js';
import { describeWith } from '../support/programs.js';
import { blocks, runbookText } from './runbook-queries.js';

const runbooks = 'docs/runbooks';
const sections = ['Meaning', 'Impact', 'Diagnosis', 'Mitigation', 'When it is noise'];

const queries = alertNames.flatMap((name) => blocks(runbookText(name), 'promql').map((query) => ({ name, query })));

test('every alert has its runbook, and every runbook its alert', () => {
  expect(readdirSync(runbooks).sort()).toEqual(alertNames.map((name) => `${name}.md`).sort());
});

describe.each(alertNames)('%s', (name) => {
  const text = runbookText(name);

  test('says what it is, in the order in which one asks', () => {
    expect([...text.matchAll(/^## (.*)$/gm)].map(([, title]) => title)).toEqual(sections);
    expect(text.startsWith(`# ${name}\n\nA ${alertSeverities[name]}`)).toBe(true);
  });

  test('fits on two screens, and has something to look at', () => {
    expect(text.split('\n').length).toBeLessThanOrEqual(70);
    expect(blocks(text, 'promql').length).toBeGreaterThan(0);
    expect(blocks(text, 'console').length + blocks(text, 'promql').length).toBeGreaterThan(1);
  });
});

test('every recorded series in a query is one that rules record', () => {
  const { policies } = loadAlertPolicies();
  const windows = [...policies.values()].flatMap(({ steps }) => steps.flatMap((one) => [one.longSeconds, one.shortSeconds]));
  const recorded = new Set([
    series.objective,
    series.budget,
    series.promisedFailures,
    series.firstSight,
    ...(['events', 'bad_events'] as const).flatMap((kind) => [
      series.minuteEvents(kind),
      series.unplacedEvents(kind),
      series.fiveMinuteEvents(kind),
      ...[...windows, 30 * 86_400].map((seconds) => series.windowEvents(kind, seconds)),
    ]),
  ]);
  const named = queries.flatMap(({ name, query }) => (query.match(/\w+:\w+:\w+/g) ?? []).map((one) => `${name} ${one}`));
  expect(named.length).toBeGreaterThan(8);
  expect(named.filter((one) => !recorded.has(one.split(' ')[1]!))).toEqual([]);
});

test('every metric of meshslo in a query is one that it has', () => {
  const files = readdirSync('src/server').filter((file) => file.endsWith('.ts'));
  const source = files.map((file) => readFileSync(join('src/server', file), 'utf8')).join('\n');
  const named = queries.flatMap(({ query }) => query.match(/\bmeshslo_\w+/g) ?? []);
  const plain = named.map((metric) => metric.replace(/_(bucket|sum|count)$/, ''));
  expect(plain.length).toBeGreaterThan(5);
  expect(plain.filter((metric) => !source.includes(`'${metric}'`))).toEqual([]);
});

describeWith('promtool', 'promtool', (promtool) => {
  const folder = mkdtempSync(join(tmpdir(), 'meshslo-runbooks-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test('reads every query of every runbook', () => {
    const rules = queries.map(({ name, query }, index) => ({ record: `${name}_${index}`, expr: query }));
    const file = join(folder, 'queries.yml');
    writeFileSync(file, stringify({ groups: [{ name: 'runbooks', rules }] }, { lineWidth: 0 }));
    const { status, stdout, stderr } = spawnSync(promtool, ['check', 'rules', file], { encoding: 'utf8' });
    expect(stdout + stderr).toContain(`SUCCESS: ${queries.length} rules found`);
    expect(status).toBe(0);
  });
});
