import { describe, expect, test } from '@jest/globals';
import { differences, imported, refusals, sloLines } from './imported.js';

const inbound = 'deployment="checkout", namespace="payments", direction="inbound"';

function pyrra(indicator: string, more = '', target = '99.5', window = '4w'): string {
  return `apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata:
  name: checkout-errors
  labels: { role: alert-rules, pyrra.dev/team: payments, pyrra.dev/env: prod }
spec:
  target: '${target}'
  window: ${window}
  indicator: ${indicator}
${more}`;
}

const ratio = (errors: string, total: string, more = ''): string =>
  `{ ratio: { errors: { metric: '${errors}' }, total: { metric: '${total}' }${more} } }`;

const failures = ratio(
  `response_total{${inbound}, classification="failure"}`,
  `response_total{${inbound}}`,
  ', grouping: [deployment]',
);

describe('a promise of Pyrra', () => {
  test('keeps its number, its window and its team; selectors need no sums', () => {
    const made = imported(pyrra(failures));
    expect(sloLines(made)).toEqual(['availability: { objective: 99.5%, window: 28d }']);
    expect(made.files[0]!.name).toBe('payments.checkout.yaml');
    expect(made.files[0]!.service.owner).toBe('payments');
    // Labels of Kubernetes itself were never on its rules.
    expect(differences(made).filter((one) => one.includes('label'))).toEqual([
      'the label pyrra.dev/env is not taken',
      'the service is named by its deployment; where targets have a label service or app, meshslo calls it by that',
    ]);
  });

  test('of latency has its threshold in le', () => {
    const indicator = `{ latency: { success: { metric: 'response_latency_ms_bucket{${inbound}, le="200"}' }, total: { metric: 'response_latency_ms_count{${inbound}}' } } }`;
    const made = imported(pyrra(indicator, '', '99', '30d'));
    expect(sloLines(made)).toEqual(['latency: { objective: 99%, threshold: 200ms }']);
    // Linkerd has the code at these, and no classification.
    expect(differences(made)).toContain('your query counts fast answers with 5xx as good; meshslo counts them as bad');
  });

  test('whose alerts were off wakes nobody, and what else was said of alerts is named', () => {
    const made = imported(
      pyrra(
        failures,
        '  alerting: { disabled: true, absent: false, severities: { fastBurn: info } }\n  performanceOverAccuracy: true\n',
      ),
    );
    expect(sloLines(made)).toEqual(['availability: { objective: 99.5%, window: 28d, alerts: { pages: off } }']);
    expect(differences(made)).toEqual(
      expect.arrayContaining([
        'alerts were off: pages stay off (alerts: { pages: off }), tickets come',
        'the alert on missing metrics was off; meshslo tells of missing data by tickets of its own',
        'alerting.severities is not taken',
        'performanceOverAccuracy is not taken: it is about Pyrra’s own rules',
      ]),
    );
  });

  test.each([
    ["{ bool_gauge: { metric: 'up' } }", 'gauge at 9:16'],
    ["{ latencyNative: { latency: 200ms, total: { metric: 'x' } } }", 'native-histogram at 9:16'],
    ['{}', 'sli-missing at 9:14'],
    [ratio('a', ''), 'query-missing at 9:16'],
    [
      ratio('response_total{direction="inbound"}', 'response_total{direction="inbound"}', ', grouping: [deployment]'),
      'several-promises at 9:35',
    ],
    [ratio('http_errors_total', 'http_total'), 'metric-of-no-mesh at 9:35'],
  ])('%s cannot be taken: %s', (indicator, refusal) => {
    expect(refusals(imported(pyrra(indicator))).map((one) => one.split(':')[0])).toEqual([refusal.split(':')[0]]);
  });

  test.each([
    ['0.999', '4w', 'bad-objective at 7:11', 'Pyrra reads it as 0.999 %'],
    ['100', '4w', 'bad-objective at 7:11', 'no budget'],
    ['99', '5m', 'bad-window at 8:11', 'an alert, and no promise'],
    ['99', '4 weeks', 'bad-window at 8:11', 'no duration'],
  ])('of %s %% over %s cannot be taken: %s (%s)', (target, window, refusal) => {
    expect(refusals(imported(pyrra(failures, '', target, window)))).toEqual([refusal]);
  });
});
