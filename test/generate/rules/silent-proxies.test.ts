import { expect, test } from '@jest/globals';
import { objectiveSeries } from '../../../src/generate/rules/objectives-file.js';
import { alertsFilePrefix, ruleSet } from '../../../src/generate/rules/rule-set.js';
import { objective } from '../../../src/generate/rules/series-names.js';
import { sliName, sliOf } from '../../../src/generate/rules/sli.js';
import { seriesText } from '../../../src/generate/rules/tests/example-series.js';
import { describeWith } from '../../support/programs.js';
import { madeUpSlo, partsOf } from './made-up-slos.js';
import { type InputSeries, promtoolFindings } from './promtool.js';

/** Requests are seen for 70 minutes; then every proxy begins again, or is another one. Four samples are a minute. */
const restart = 70;
const end = 170;

/** A proxy that answers from one minute to another, and ages. */
function answering(instance: string, from: number, to: number, labels = ''): InputSeries {
  const before = from === 0 ? '' : `_x${4 * from} `;
  return {
    series: `envoy_server_uptime{job="sidecars",instance="${instance}"${labels}}`,
    values: `${before}5+15x${4 * (to - from) - 1} stale`,
  };
}

function beginningAgain(instance: string): InputSeries {
  const { series, values } = answering(instance, 0, restart);
  return { series, values: values.replace('stale', `5+15x${4 * (end - restart)}`) };
}

/** Requests for a service, as the proxy at an address counts them: until it begins again, or from then on. */
function requests(instance: string, service: string, when: 'before' | 'after' = 'before'): InputSeries {
  const named = `destination_service_name="${service}",destination_service_namespace="shop"`;
  return {
    series: `istio_requests_total{job="sidecars",instance="${instance}",reporter="destination",${named},response_code="200"}`,
    values: when === 'before' ? `0+10x${4 * restart - 1} stale` : `_x${4 * restart} 0+1x${4 * (end - restart)}`,
  };
}

/** What becomes of one proxy of each service, by the service's name. */
const stories: Readonly<Record<string, readonly InputSeries[]>> = {
  'begins-again': [beginningAgain('a'), requests('a', 'begins-again')],
  labelled: [
    answering('b', 0, restart),
    requests('b', 'labelled'),
    answering('b2', restart + 1, end, ',namespace="shop",app="labelled"'),
  ],
  'unknown-pod': [answering('c', 0, restart), requests('c', 'unknown-pod'), answering('c2', restart + 1, end)],
  'anothers-address': [answering('d', 0, end), requests('d', 'anothers-address'), requests('d', 'another', 'after')],
  // Its former address is now that of another's, whose labels say so; nobody has called that one yet.
  'labelled-otherwise': [
    answering('f', 0, restart),
    requests('f', 'labelled-otherwise'),
    answering('f', restart + 1, end, ',namespace="shop",app="begins-again"'),
  ],
  'dies-later': [answering('e', 0, 130), requests('e', 'dies-later')],
};
const slos = Object.keys(stories).map((name) => madeUpSlo({ service: { ...madeUpSlo().service, name } }));

describeWith('promtool', 'a proxy that answers, and has no requests to show', (promtool) => {
  test('is no missing data of the service that it carried or that its labels name; other silence is', () => {
    const unknown = ['anothers-address', 'labelled-otherwise', 'unknown-pod'];
    const missingAt = (minute: number, services: readonly string[]) => ({
      expr: 'count by (service) (ALERTS{alertname="SliDataMissing"})',
      eval_time: `${minute}m`,
      exp_samples: services.map((service) => ({ labels: `{service="${service}"}`, value: 1 })),
    });
    const expected = [
      ...[75, 79].map((minute) => missingAt(minute, [])),
      ...[84, 90, 129].map((minute) => missingAt(minute, unknown)),
      ...[145, 165].map((minute) =>
        missingAt(minute, ['anothers-address', 'dies-later', 'labelled-otherwise', 'unknown-pod']),
      ),
    ];
    // When the silence of those that nobody knows begins to be told, nobody else's is.
    const others = [80, 81, 82, 83, 84, 85].map((minute) => ({
      expr: 'ALERTS{alertname="SliDataMissing",service=~"begins-again|labelled|dies-later"}',
      eval_time: `${minute}m`,
      exp_samples: [],
    }));
    expect(
      promtoolFindings(promtool, ruleSet(partsOf(slos)), Object.values(stories).flat(), [...expected, ...others]),
    ).toBe('');
  });

  test('still is none when it was not looked for once: while Prometheus began again, say', () => {
    const slo = madeUpSlo();
    const { cluster, namespace, name } = slo.service;
    const service = `cluster="${cluster}",namespace="${namespace}",service="${name}"`;
    const recorded: readonly InputSeries[] = [
      { series: seriesText(objective, objectiveSeries(slo)), values: '0.999x120' },
      { series: `service_sli:counted:count1d{${service},sli="${sliName(sliOf(slo)!)}"}`, values: '100x120' },
      // Recorded at 0 and 5 minutes, and at 15 again.
      {
        series: `service_target:silent:info{${service},mesh="istio",job="sidecars",instance="a"}`,
        values: `1${' _'.repeat(19)} 1${' _'.repeat(39)} 1`,
      },
    ];
    const alerts = ruleSet(partsOf([slo])).filter((file) => file.name.startsWith(alertsFilePrefix));
    const missingAt = (minute: number, many: number) => ({
      expr: 'count(ALERTS{alertname="SliDataMissing"})',
      eval_time: `${minute}m`,
      exp_samples: many === 0 ? [] : [{ labels: '{}', value: many }],
    });
    expect(
      promtoolFindings(promtool, alerts, recorded, [
        ...[1, 6, 10, 11, 14, 15, 20, 24].map((minute) => missingAt(minute, 0)),
        missingAt(26, 1),
      ]),
    ).toBe('');
  });
});
