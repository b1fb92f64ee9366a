import { expect, test } from '@jest/globals';
import { objectivesFile } from '../../../src/generate/rules/objectives-file.js';
import type { RuleFile } from '../../../src/generate/rules/rule-file.js';
import { ruleSet } from '../../../src/generate/rules/rule-set.js';
import { describeWith } from '../../support/programs.js';
import { madeUpSlo, partsOf } from './made-up-slos.js';
import { promtoolFindings } from './promtool.js';

const cart = madeUpSlo();
const otherCart = madeUpSlo({ service: { cluster: 'eu-1', namespace: 'test', name: 'cart' }, owner: undefined });

/** A service whose every request fails from the tenth minute on, as its own proxy counts them. */
function failing(namespace: string, instance: string) {
  const labels = `job="sidecars",instance="${instance}",reporter="destination",destination_service_name="cart",destination_service_namespace="${namespace}"`;
  return [
    { series: `envoy_server_uptime{job="sidecars",instance="${instance}"}`, values: '0+15x120' },
    { series: `istio_requests_total{${labels},response_code="200"}`, values: '0+15x40 600x80' },
    { series: `istio_requests_total{${labels},response_code="503"}`, values: '0x40 15+15x80' },
  ];
}

function fires(namespace: string, owner: string, isFiring = true) {
  const labels = `alertname="ErrorBudgetBurnFast",alertstate="firing",cluster="eu-1",namespace="${namespace}"${owner},service="cart",severity="page",slo="availability"`;
  return {
    expr: `ALERTS{${labels}}`,
    eval_time: '20m',
    exp_samples: isFiring ? [{ labels: `ALERTS{${labels}}`, value: 1 }] : [],
  };
}

/** The objectives once more, as a forgotten file or another replica of the Prometheus would have them. */
function doubled(files: readonly RuleFile[], objectives: RuleFile): readonly RuleFile[] {
  const [first] = objectives.groups;
  const rules = first!.rules.map((rule) => ({ ...rule, labels: { ...rule.labels, replica: 'b' } }));
  return [{ ...objectives, name: 'forgotten', groups: [{ ...first!, rules, name: 'forgotten' }] }, ...files];
}

describeWith('promtool', 'objectives that are there twice', (promtool) => {
  const files = ruleSet(partsOf([cart, otherCart]));
  const input = [...failing('shop', 'a'), ...failing('test', 'b')];

  test('with another owner call both, and silence nobody', () => {
    const old = objectivesFile([{ ...cart, owner: 'team-old' }]);
    const expected = [fires('shop', ',owner="team-shop"'), fires('shop', ',owner="team-old"'), fires('test', '')];
    expect(promtoolFindings(promtool, doubled(files, old), input, expected)).toBe('');
  });

  test('with another objective are judged by the stricter one, and silence nobody', () => {
    const old = objectivesFile([{ ...cart, objective: 0.5 }]);
    const expected = [fires('shop', ',owner="team-shop"'), fires('test', '')];
    expect(promtoolFindings(promtool, doubled(files, old), input, expected)).toBe('');
  });

  test('one name in two namespaces is two services: only the one that fails calls', () => {
    const [uptime, good] = failing('test', 'b');
    const well = [uptime!, { ...good!, values: '0+15x120' }];
    const expected = [fires('shop', ',owner="team-shop"'), fires('test', '', false)];
    expect(promtoolFindings(promtool, files, [...failing('shop', 'a'), ...well], expected)).toBe('');
  });
});
