import { expect, test } from '@jest/globals';
import type { Slo } from '../../../../src/domain/slo.js';
import { alertNames } from '../../../../src/domain/alert-names.js';
import type { RuleSettings } from '../../../../src/generate/rules/rule-settings.js';
import { ruleSet } from '../../../../src/generate/rules/rule-set.js';
import { ruleTests } from '../../../../src/generate/rules/tests/rule-tests.js';
import { ruleFileName, ruleYaml } from '../../../../src/generate/rules/rule-yaml.js';
import { describeWith } from '../../../support/programs.js';
import { day, madeUpSlo, partsOf } from '../made-up-slos.js';
import { promtoolTestFindings } from '../promtool.js';

const latency = { kind: 'latency', thresholdSeconds: 1 } as const;

function written(slos: readonly Slo[], said: Partial<RuleSettings> = {}): ReadonlyMap<string, string> {
  const parts = partsOf(slos, said);
  const files = ruleSet(parts);
  const texts = files.map((file) => [ruleFileName(file), ruleYaml(file)] as const);
  return new Map([...texts, ...ruleTests(parts, files)]);
}

describeWith('promtool', 'the generated tests pass', (promtool) => {
  test.each<{ why: string; slos: readonly Slo[]; said?: Partial<RuleSettings> }>([
    { why: 'availability under the usual policy', slos: [madeUpSlo()] },
    {
      why: 'latency at a lower objective, over a week, of nobody',
      slos: [
        madeUpSlo({
          name: 'latency',
          objective: 0.95,
          indicator: latency,
          window: { kind: 'rolling', seconds: 7 * day },
          owner: undefined,
        }),
      ],
    },
    {
      why: 'the union, within a threshold',
      slos: [madeUpSlo({ name: 'all', perspective: 'union', indicator: latency })],
    },
    {
      why: 'the policy of the workbook, without pages',
      slos: [madeUpSlo({ perspective: 'mesh-failures', alerts: { policy: 'workbook', pages: false } })],
    },
    {
      why: 'a promise so strict that thousands of requests may have one failure',
      slos: [madeUpSlo({ objective: 0.9999 })],
    },
    {
      why: 'a stricter one, in the smallest time',
      slos: [madeUpSlo({ objective: 0.99999, window: { kind: 'rolling', seconds: 7 * day } })],
    },
    {
      why: 'odd names',
      slos: [
        madeUpSlo({
          service: { cluster: 'eu-1', namespace: 'sh"op', name: 'a\n{b}\\ü' },
          filter: { caller: 'w"eb' },
          tier: 'Über "A"',
        }),
      ],
    },
    {
      why: 'files by owner, one of them for nobody',
      slos: [madeUpSlo(), madeUpSlo({ service: { ...madeUpSlo().service, name: 'till' }, owner: undefined })],
      said: { alertFiles: 'owner', owner: 'team-platform' },
    },
  ])('$why', ({ slos, said }) => {
    expect(promtoolTestFindings(promtool, partsOf(slos, said))).toBe('');
  });
});

test('whole stories are told once, and every tier shows that its alerts are there', () => {
  const files = written([
    madeUpSlo(),
    madeUpSlo({ service: { ...madeUpSlo().service, name: 'till' }, tier: 'critical' }),
  ]);
  const tests = (tier: string): string => files.get(`promtool-tests-alerts-${tier}.yaml`)!;
  expect(tests('critical')).toContain('an-outage-that-ends-in-silence');
  expect(tests('standard')).not.toContain('an-outage-that-ends-in-silence');
  expect(tests('standard')).toContain('shop/cart/availability (tier standard');
  expect(tests('standard')).not.toContain('meshslo-alerts-critical.yaml');
});

test('alerts stand in a file for each owner, if asked', () => {
  const nobodys = madeUpSlo({ service: { ...madeUpSlo().service, name: 'till' }, owner: undefined });
  const names = [...written([madeUpSlo(), nobodys], { alertFiles: 'owner' }).keys()];
  expect(names.filter((name) => name.startsWith('meshslo-alerts'))).toEqual([
    'meshslo-alerts-_.yaml',
    'meshslo-alerts-team-shop.yaml',
  ]);
});

test('steps for busy services are active in stories of their own, if the objective lets them be', () => {
  const steps = (objective: number): readonly string[] => {
    const text = written([madeUpSlo({ objective })]).get('promtool-tests-alerts-standard.yaml')!;
    return [...text.matchAll(/labels: '\{step="([^"]+)"\}'/g)].map(([, step]) => step!);
  };
  expect(steps(0.999)).toEqual(['busy-outage', 'busy-two-minutes']);
  expect(steps(0.9)).toEqual([]);
});

test('every alert that rules can know of fires in some test, and is silent in another', () => {
  const tests = [...written([madeUpSlo()])]
    .map(([name, text]) => (name.startsWith('promtool-tests-') ? text : ''))
    .join('');
  const ofRules = alertNames.filter(
    (name) =>
      ruleYaml(ruleSet(partsOf([madeUpSlo()])).at(-1)!).includes(name) || /Budget|Sli|Coverage|OutOfReach/.test(name),
  );
  const [, ...moments] = tests.split('- expr: ALERTS');
  for (const name of ofRules) {
    const about = moments.filter((one) => one.includes(`alertname="${name}"`));
    expect({ name, fires: about.some((one) => one.includes('value: 1')) }).toEqual({ name, fires: true });
    if (name === 'MeshsloWatchdog') continue;
    expect({ name, silent: about.some((one) => one.includes('exp_samples: []')) }).toEqual({ name, silent: true });
  }
});
