import { expect, test } from '@jest/globals';
import type { Slo } from '../../../src/domain/slo.js';
import { objectiveSeries } from '../../../src/generate/rules/objectives-file.js';
import { ruleSet } from '../../../src/generate/rules/rule-set.js';
import { objective } from '../../../src/generate/rules/series-names.js';
import { seriesText } from '../../../src/generate/rules/tests/example-series.js';
import { describeWith } from '../../support/programs.js';
import { madeUpSlo, partsOf, recordingOf } from './made-up-slos.js';
import { type ExpectedSamples, type InputSeries, promtoolFindings } from './promtool.js';

const cart = madeUpSlo();

/** What a proxy of shop/cart counts, four times a minute. */
function requests(
  values: Readonly<Record<'200' | '503', string>>,
  instance = 'a',
  further = '',
): readonly InputSeries[] {
  const target = `job="sidecars",instance="${instance}"${further}`;
  return [
    { series: `envoy_server_uptime{${target}}`, values: '0+15x200' },
    ...(['200', '503'] as const).map((code) => ({
      series: `istio_requests_total{${target},reporter="destination",destination_service_name="cart",destination_service_namespace="shop",response_code="${code}"}`,
      values: values[code],
    })),
  ];
}

/** Nothing fails for ten minutes, then everything does. */
const outage = { '200': '0+15x40 600x160', '503': '0x40 15+15x160' };

function fires({ service, owner }: Slo, minute: number, isFiring = true): ExpectedSamples {
  const labels = `alertname="ErrorBudgetBurnFast",alertstate="firing",cluster="${service.cluster}",namespace="shop",owner="${owner!}",service="cart",severity="page",slo="availability"`;
  return {
    expr: `ALERTS{${labels}}`,
    eval_time: `${minute}m`,
    exp_samples: isFiring ? [{ labels: `ALERTS{${labels}}`, value: 1 }] : [],
  };
}

/** The objective of an SLO in samples of its own, where rules have it change. */
function promised(slo: Slo, values: string): InputSeries {
  return { series: seriesText(objective, objectiveSeries(slo)), values };
}

const rulesWithoutObjectives = ruleSet(partsOf([cart])).filter(({ name }) => name !== 'meshslo-objectives');

describeWith('promtool', 'weaknesses that rules of this kind have had', (promtool) => {
  const counting = [recordingOf([cart], { delaySeconds: 0 })];
  const sli = '{cluster="eu-1",namespace="shop",service="cart",sli="istio/server"}';

  test('an aligned window of five minutes holds five samples, not six: 20 scrapes of 10', () => {
    const input = requests({ '200': '0+10x80', '503': '0x80' });
    const metric = 'service_sli:events:sum5m';
    const expected = [10, 11].map((minute) => ({
      expr: metric,
      eval_time: `${minute}m`,
      exp_samples: [{ labels: `${metric}${sli}`, value: 200 }],
    }));
    expect(promtoolFindings(promtool, counting, input, expected)).toBe('');
  });

  test('a gap of three minutes that is marked as stale counts once, in no two minutes: 100 scrapes of 10', () => {
    const gap = `stale ${'_ '.repeat(11)}`;
    const input = [
      { series: 'envoy_server_uptime{job="sidecars",instance="a"}', values: `0+15x40 ${gap}795+15x47` },
      ...requests({ '200': `0+10x40 ${gap}530+10x47`, '503': `0x40 ${gap}0x47` }).slice(1),
    ];
    const expected = {
      expr: 'sum_over_time(service_sli:events:delta1m[30m])',
      eval_time: '25m',
      exp_samples: [{ labels: sli, value: 1000 }],
    };
    expect(promtoolFindings(promtool, counting, input, [expected])).toBe('');
  });

  test('one service name in two clusters is two services: only the one that fails calls', () => {
    const other = madeUpSlo({ service: { ...cart.service, cluster: 'us-1' } });
    const files = ruleSet(partsOf([cart, other], { clusterLabel: 'cluster' }));
    const input = [
      ...requests({ '200': '0+15x120', '503': '0x120' }, 'a', ',cluster="eu-1"'),
      ...requests(outage, 'a', ',cluster="us-1"'),
    ];
    expect(promtoolFindings(promtool, files, input, [fires(cart, 20, false), fires(other, 20)])).toBe('');
  });

  test('labels of an SLO that are edited amid an outage lose no event: the new owner is called at once, the old for five minutes at most', () => {
    const edited = { ...cart, owner: 'team-new' };
    const input = [
      ...requests(outage),
      promised(cart, `${cart.objective}x80`),
      promised(edited, `${'_ '.repeat(80)}${cart.objective}x120`),
    ];
    const expected = [
      fires(cart, 20),
      fires(edited, 19, false),
      fires(edited, 21),
      fires(cart, 26, false),
      fires(edited, 26),
    ];
    expect(promtoolFindings(promtool, rulesWithoutObjectives, input, expected)).toBe('');
  });

  test('an objective that changes holds for the whole window at once: what was allowed is not, and the other way round', () => {
    // One request of fifty fails: 2 % burn 99.9 % twenty times as fast as they may, and 90 % a fifth.
    const failing = { '200': '0+49x200', '503': '0+1x200' };
    const input = [...requests(failing), promised(cart, '0.9x120 0.999x40 0.9x40')];
    const expected = [fires(cart, 29, false), fires(cart, 31), fires(cart, 39), fires(cart, 42, false)];
    expect(promtoolFindings(promtool, rulesWithoutObjectives, input, expected)).toBe('');
  });
});
