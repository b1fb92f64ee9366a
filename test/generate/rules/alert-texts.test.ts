import { expect, test } from '@jest/globals';
import { loadAlertPolicies } from '../../../src/packs/load-alert-policies.js';
import { ruleSet } from '../../../src/generate/rules/rule-set.js';
import { describeWith } from '../../support/programs.js';
import { madeUpSlo, partsOf } from './made-up-slos.js';
import { promtoolFindings } from './promtool.js';

const standard = loadAlertPolicies().policies.get('standard')!;

const labels = {
  cluster: 'eu-1',
  namespace: 'shop',
  service: 'cart/a b',
  slo: 'availability',
  owner: 'team-shop',
};

/** Everything fails from the tenth minute on. */
const input = [
  { series: 'envoy_server_uptime{job="s",instance="a"}', values: '0+15x120' },
  ...(['200', '503'] as const).map((code) => ({
    series: `istio_requests_total{job="s",instance="a",reporter="destination",destination_service_name="cart/a b",destination_service_namespace="shop",response_code="${code}"}`,
    values: code === '200' ? '0+15x40 600x80' : '0x40 15+15x80',
  })),
];

describeWith('promtool', 'what a generated alert says', (promtool) => {
  test('has the numbers, what to do, and links that lead there whatever the names hold', () => {
    const slo = madeUpSlo({ service: { cluster: 'eu-1', namespace: 'shop', name: 'cart/a b' } });
    // Twice the three hours of the longest active step before minute 20; a test of promtool begins at 0.
    const alert = {
      eval_time: '20m',
      alertname: 'ErrorBudgetBurnFast',
      exp_alerts: [
        {
          exp_labels: { severity: 'page', ...labels },
          exp_annotations: {
            summary: 'shop/cart/a b availability burns 1000.0x as fast as it may, 0% of the budget left',
            description:
              'Step outage: the budget was spent 1000.0 times as fast as it may be, over 1m. Promised: 99.9% over 30d.',
            action: standard.steps[0]!.action,
            page_url: 'https://meshslo.example/services/eu-1/shop/cart%252Fa%20b?slo=availability&from=-20400&to=1200',
            runbook_url: 'https://runbooks.example/ErrorBudgetBurnFast',
            dashboard_url: 'https://grafana.example/d/eu-1/cart%2Fa%20b?slo=availability&from=-20400000&to=1200000',
          },
        },
      ],
    };
    expect(promtoolFindings(promtool, ruleSet(partsOf([slo])), input, [], [alert])).toBe('');
  });
});
