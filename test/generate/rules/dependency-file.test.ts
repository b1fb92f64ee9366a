import { expect, test } from '@jest/globals';
import { ruleSet } from '../../../src/generate/rules/rule-set.js';
import { describeWith } from '../../support/programs.js';
import { madeUpSlo, partsOf } from './made-up-slos.js';
import { promtoolFindings } from './promtool.js';

const web = madeUpSlo({ service: { cluster: 'eu-1', namespace: 'shop', name: 'web' }, owner: 'team-web' });
const cart = madeUpSlo({ objective: 0.99 });
const stock = madeUpSlo({ service: { cluster: 'us-1', namespace: 'sto"re', name: 'stock' }, objective: 0.995 });

const row = (labels: string, perScrape: number): { readonly series: string; readonly values: string } => ({
  series: `istio_requests_total{job="sidecars",instance="a",${labels}}`,
  values: `0+${perScrape}x160`,
});
const own = (code: number, perScrape: number): ReturnType<typeof row> =>
  row(
    `reporter="destination",destination_service_name="web",destination_service_namespace="shop",response_code="${code}"`,
    perScrape,
  );
const caller =
  'reporter="source",source_canonical_service="web",source_workload="web-v1",source_workload_namespace="shop"';
const toCart = 'destination_service_name="cart",destination_service_namespace="shop"';
const toStock =
  'destination_service_name="stock",destination_service_namespace="sto\\"re",destination_cluster="us-1",source_cluster="Kubernetes"';
const call = (to: string, code: number, perScrape: number): ReturnType<typeof row> =>
  row(`${caller},${to},response_code="${code}"`, perScrape);

const alert =
  '{alertname="ObjectiveOutOfReach",alertstate="firing",severity="ticket",cluster="eu-1",namespace="shop",service="web",slo="availability",owner="team-web"}';
const ratio = 'service_dependency:bad_calls_per_request:ratio3d';
const of = 'cluster="eu-1",namespace="shop",service="web"';
const cartLabels = `{${of},dependency_cluster="eu-1",dependency_namespace="shop",dependency_service="cart"}`;
const stockLabels = `{${of},dependency_cluster="us-1",dependency_namespace="sto\\"re",dependency_service="stock"}`;

describeWith('promtool', 'an objective is out of reach', (promtool) => {
  test.each([
    {
      why: 'two dependencies within their promises fail 0.3 % + 0.1 % of the requests, of which 0.1 % may fail',
      // Of 2,000 calls for 1,000 requests cart may fail 1 %, and fails 3; stock is asked once in five times.
      series: [call(toCart, 200, 1997), call(toCart, 503, 3), call(toStock, 200, 199), call(toStock, 503, 1)],
      failing: 4,
      hundredThousandths: [300, 100],
      fires: true,
    },
    {
      why: 'not when a dependency breaks its own promise: of 0.2 calls, 0.5 % may fail',
      series: [call(toCart, 200, 2000), call(toCart, 503, 0), call(toStock, 200, 100), call(toStock, 503, 100)],
      failing: 100,
      hundredThousandths: [0, 100],
      fires: false,
    },
    {
      why: 'not when it can do without: it fails 0.1 % of the requests itself',
      series: [call(toCart, 200, 1997), call(toCart, 503, 3), call(toStock, 200, 199), call(toStock, 503, 1)],
      failing: 1,
      hundredThousandths: [300, 100],
      fires: false,
    },
  ])('$why', ({ series, failing, hundredThousandths, fires }) => {
    const all = ruleSet(partsOf([web, cart, stock]));
    const input = [own(200, 1000 - failing), own(503, failing), ...series];
    expect(
      promtoolFindings(promtool, all, input, [
        {
          expr: `round(${ratio} * 1e5)`,
          eval_time: '35m',
          exp_samples: [
            { labels: cartLabels, value: hundredThousandths[0]! },
            { labels: stockLabels, value: hundredThousandths[1]! },
          ],
        },
        {
          expr: `ALERTS${alert}`,
          eval_time: '35m',
          exp_samples: fires ? [{ labels: `ALERTS${alert}`, value: 1 }] : [],
        },
      ]),
    ).toBe('');
  });
});

test('there is no file where the mesh does not tell who calls', () => {
  const parts = partsOf([web]);
  const packs = new Map(
    [...parts.packs].map(([name, pack]) => [name, { ...pack, facts: { ...pack.facts, callerNamespace: undefined } }]),
  );
  expect(ruleSet({ ...parts, packs }).map(({ name }) => name)).not.toContain('meshslo-dependencies');
});
