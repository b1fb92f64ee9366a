import { describe, expect, test } from '@jest/globals';
import { parseYaml } from '../../src/documents/yaml-document.js';
import { burnFactor } from '../../src/domain/burn-step.js';
import { usualAlerts } from '../../src/domain/slo.js';
import { checkAlertPolicy, loadAlertPolicies } from '../../src/packs/load-alert-policies.js';

const month = 30 * 86_400;

describe('alert policies', () => {
  test('those that come with meshslo are sound, and the usual one is among them', () => {
    const { policies, diagnostics } = loadAlertPolicies();
    expect(diagnostics).toEqual([]);
    expect([...policies.keys()]).toEqual(['standard', 'workbook']);
    expect(policies.has(usualAlerts.policy)).toBe(true);
  });

  test('the workbook’s steps have the factors of its table: 14.4, 6, 3 and 1 for 30 days', () => {
    const { policies } = loadAlertPolicies();
    const factors = policies.get('workbook')!.steps.map((step) => burnFactor(step, month));
    expect(factors).toEqual([14.4, 6, 3, 1].map((factor) => expect.closeTo(factor, 9)));
  });

  test('every mistake of a policy is told at its place', () => {
    const text = `policy: My Policy
title: A policy with every mistake
evidence: { least_bad: 0, least_bad_lately: 1, chance: 2 }
hold: { fewer_events: 10, within: 5 }
steps:
  - { name: fast, severity: pager, budget_share: 200%, long: 1h, short: 90s, action: Look. }
  - { name: slow, severity: ticket, budget_share: 10%, long: 1h, short: 6h, action: Look. }
  - { name: slow, severity: ticket, budget_share: 10%, long: 1d, short: 1h, worst_minutes_left_out: 2, action: Look. }
`;
    const { documents } = parseYaml('policy.yaml', Buffer.from(text));
    const { value, diagnostics } = checkAlertPolicy(documents[0]!);
    expect(value).toBeUndefined();
    const told = diagnostics.map(({ code, position }) => `${position!.line} ${code}`);
    expect(told).toEqual([
      '1 bad-name',
      '3 too-little',
      '3 bad-share',
      '4 bad-duration',
      '4 missing',
      '6 wrong-value',
      '6 bad-share',
      '6 bad-window',
      '7 short-window-longer',
      '8 window-too-long',
    ]);
  });

  test('two steps of one name are told, because texts and tests name them', () => {
    const step = '{ name: slow, severity: ticket, budget_share: 10%, long: 6h, short: 1h, action: Look. }';
    const text = `policy: mine\ntitle: Mine\nsteps:\n  - ${step}\n  - ${step}\n`;
    const { documents } = parseYaml('policy.yaml', Buffer.from(text));
    const { diagnostics } = checkAlertPolicy(documents[0]!);
    expect(diagnostics.map(({ code, position }) => `${position!.line} ${code}`)).toEqual(['5 duplicate-step']);
  });
});
