import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { RuleFile } from '../../../src/generate/rules/rule-file.js';
import { ruleSet, type RuleSetParts } from '../../../src/generate/rules/rule-set.js';
import { ruleFileName, ruleYaml } from '../../../src/generate/rules/rule-yaml.js';
import { ruleTests } from '../../../src/generate/rules/tests/rule-tests.js';

/** A series as promtool writes it: `0+10x4` is 0 10 20 30 40, `_` is a missing sample, `stale` a marker. */
export interface InputSeries {
  readonly series: string;
  readonly values: string;
}

/** What an expression should be at a moment, as promtool's own format has it. */
export interface ExpectedSamples {
  readonly expr: string;
  readonly eval_time: string;
  readonly exp_samples: readonly { readonly labels: string; readonly value: number }[];
}

/** The alerts of one name that should fire at a moment, with all that they say. */
export interface ExpectedAlerts {
  readonly eval_time: string;
  readonly alertname: string;
  readonly exp_alerts: readonly {
    readonly exp_labels: Readonly<Record<string, string>>;
    readonly exp_annotations: Readonly<Record<string, string>>;
  }[];
}

/** Evaluates rule files over series with a sample every 15 seconds, and says what promtool found; empty when all was as expected. */
export function promtoolFindings(
  promtool: string,
  files: readonly RuleFile[],
  input: readonly InputSeries[],
  expected: readonly ExpectedSamples[],
  alerts: readonly ExpectedAlerts[] = [],
  evaluationInterval = '1m',
): string {
  const folder = mkdtempSync(join(tmpdir(), 'meshslo-promtool-'));
  const names = files.map((file) => {
    writeFileSync(join(folder, `${file.name}.yaml`), ruleYaml(file));
    return `${file.name}.yaml`;
  });
  const test = {
    rule_files: names,
    evaluation_interval: evaluationInterval,
    group_eval_order: files.flatMap(({ groups }) => groups.map(({ name }) => name)),
    tests: [{ interval: '15s', input_series: input, promql_expr_test: expected, alert_rule_test: alerts }],
  };
  writeFileSync(join(folder, 'test.yaml'), stringify(test, { lineWidth: 0 }));
  const { status, stdout, stderr } = spawnSync(promtool, ['test', 'rules', 'test.yaml'], {
    cwd: folder,
    encoding: 'utf8',
  });
  rmSync(folder, { recursive: true });
  return status === 0 ? '' : `${stdout}${stderr}`;
}

/** What promtool finds with the tests that are generated beside rules; empty when they pass. */
export function promtoolTestFindings(promtool: string, parts: RuleSetParts): string {
  const folder = mkdtempSync(join(tmpdir(), 'meshslo-tests-'));
  const files = ruleSet(parts);
  for (const file of files) writeFileSync(join(folder, ruleFileName(file)), ruleYaml(file));
  const tests = ruleTests(parts, files);
  for (const [name, text] of tests) writeFileSync(join(folder, name), text);
  const { status, stdout, stderr } = spawnSync(promtool, ['test', 'rules', ...tests.keys()], {
    cwd: folder,
    encoding: 'utf8',
  });
  rmSync(folder, { recursive: true });
  return status === 0 ? '' : `${stdout}${stderr}`;
}

/** What `promtool check rules` has against files; empty when nothing. */
export function promtoolComplaints(promtool: string, files: readonly RuleFile[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'meshslo-promtool-'));
  for (const file of files) writeFileSync(join(folder, `${file.name}.yaml`), ruleYaml(file));
  const names = files.map(({ name }) => `${name}.yaml`);
  const { stdout, stderr } = spawnSync(promtool, ['check', 'rules', ...names], { cwd: folder, encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  const text = `${stdout}${stderr}`;
  return /FAILED|duplicate|error/i.test(text) ? text : '';
}
