import { expect, test } from '@jest/globals';
import type { AlertPolicies } from '../../../src/packs/load-alert-policies.js';
import { alertsFileName, ruleSet } from '../../../src/generate/rules/rule-set.js';
import { ruleYaml } from '../../../src/generate/rules/rule-yaml.js';
import { madeUpSlo, partsOf } from './made-up-slos.js';

function fileOf(owner: string): string {
  return `${alertsFileName({ by: 'owner', value: owner })}.yaml`;
}

test('every owner has a file of its own, whatever the name holds', () => {
  const long = 'платформа '.repeat(400);
  const names = ['', 'team', 'Team', 'te/am', 'te am', long, `${long}2`].map(fileOf);
  expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
});

test('names of files are such as every file system takes, of an owner with 4 KB too', () => {
  for (const owner of ['../x', 'a'.repeat(4096), 'ß🙂"\n'.repeat(1000)]) {
    expect(fileOf(owner)).toMatch(/^[a-z0-9_-]{1,220}\.yaml$/);
  }
});

test.each([
  { severity: 'page', there: 'ErrorBudgetBurnFast', absent: 'ErrorBudgetBurnSlow' },
  { severity: 'ticket', there: 'ErrorBudgetBurnSlow', absent: 'ErrorBudgetBurnFast' },
])('a policy with steps of severity $severity alone has $there, and no $absent', ({ severity, there, absent }) => {
  const parts = partsOf([madeUpSlo({ alerts: { policy: 'workbook', pages: true } })]);
  const { steps, ...workbook } = parts.policies.get('workbook')!;
  const alone = { ...workbook, steps: steps.filter((step) => step.severity === severity) };
  const policies: AlertPolicies = new Map([['workbook', alone]]);
  const text = ruleSet({ ...parts, policies })
    .map(ruleYaml)
    .join('');
  expect(text).toContain(`alert: ${there}`);
  expect(text).not.toContain(`alert: ${absent}`);
});
