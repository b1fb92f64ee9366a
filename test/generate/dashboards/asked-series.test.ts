import { expect, test } from '@jest/globals';
import type { Slo } from '../../../src/domain/slo.js';
import { filled } from '../../support/boards/read-promql.js';
import { describeWith } from '../../support/programs.js';
import { madeUpSlo } from '../rules/made-up-slos.js';
import { type InputSeries, promtoolFindings } from '../rules/promtool.js';
import { boardsOf } from './made-up-boards.js';

/** Queries of a panel of the board on which a service is chosen, as they are asked for one. */
function asked(slos: readonly Slo[], title: string, variables: Readonly<Record<string, string>>): readonly string[] {
  const board = boardsOf(slos).find(({ uid }) => uid === 'meshslo-service')!;
  const panel = board.rows.flatMap(({ panels }) => panels).find((one) => one.title === title)!;
  const filling = { intervalSeconds: 60, rateIntervalSeconds: 240, rangeSeconds: 3600, variables };
  return panel.queries.map(({ expr }) => filled(expr, filling));
}

function objectiveOf(namespace: string, service: string): InputSeries {
  return {
    series: `slo:objective:ratio{cluster="eu-1",namespace="${namespace}",service="${service}"}`,
    values: '1x40',
  };
}

describeWith('promtool', 'the board on which a service is chosen', (promtool) => {
  function findings(
    queries: readonly string[],
    input: readonly InputSeries[],
    samples: readonly { readonly labels: string; readonly value: number }[],
  ): string {
    const expected = queries.map((expr) => ({ expr, eval_time: '10m', exp_samples: samples }));
    return promtoolFindings(promtool, [], input, expected);
  }

  test('shows what a mesh without namespaces counts where the chosen namespace stands for none, and nowhere else', () => {
    const slos = ['default', 'shop'].map((namespace) =>
      madeUpSlo({ mesh: 'envoy', service: { cluster: 'eu-1', namespace, name: 'cart' } }),
    );
    // 15 requests in 15 s, all of them within 25 ms: half of them within 12.5 ms.
    const labels = 'envoy_http_conn_manager_prefix="ingress_http",service="cart",job="j",instance="i"';
    const input = [
      objectiveOf('default', 'cart'),
      objectiveOf('shop', 'cart'),
      ...['25', '+Inf'].map((le) => ({
        series: `envoy_http_downstream_rq_time_bucket{${labels},le="${le}"}`,
        values: '0+15x40',
      })),
    ];
    const [median] = asked(slos, 'Latency', { cluster: 'eu-1', namespace: 'default', service: 'cart' });
    expect(findings([median!], input, [{ labels: '{}', value: 0.0125 }])).toBe('');
    const elsewhere = asked(slos, 'Latency', { cluster: 'eu-1', namespace: 'shop', service: 'cart' });
    expect(findings(elsewhere, input, [])).toBe('');
  });

  test('asks callers, of whom an Envoy that takes requests in knows nothing, of the Envoys that call', () => {
    const slos = [madeUpSlo({ mesh: 'envoy', service: { cluster: 'eu-1', namespace: 'default', name: 'cart' } })];
    const input = [
      objectiveOf('default', 'cart'),
      {
        series:
          'envoy_http_downstream_rq_xx{envoy_http_conn_manager_prefix="ingress_http",envoy_response_code_class="2",service="cart"}',
        values: '0+75x40',
      },
      {
        series: 'envoy_cluster_upstream_rq_xx{envoy_cluster_name="cart",envoy_response_code_class="2",service="web"}',
        values: '0+30x40',
      },
    ];
    const queries = asked(slos, 'Requests by caller', { cluster: 'eu-1', namespace: 'default', service: 'cart' });
    expect(findings(queries, input, [{ labels: '{service="web"}', value: 2 }])).toBe('');
  });

  test('adds up what two meshes count of one service, callers of one name as one', () => {
    const slos = ['istio', 'linkerd2'].map((mesh) => madeUpSlo({ mesh, name: mesh }));
    const istio = (caller: string): string =>
      `istio_requests_total{reporter="destination",destination_service_namespace="shop",destination_service_name="cart",` +
      `source_canonical_service="${caller}",response_code="200",response_flags="-"}`;
    const linkerd = (caller: string): string =>
      `response_total{direction="inbound",namespace="shop",service="cart",classification="success",status_code="200",` +
      `client_id="${caller}.shop.serviceaccount.identity.linkerd.cluster.local"}`;
    const input = [
      objectiveOf('shop', 'cart'),
      { series: istio('web'), values: '0+30x40' },
      { series: istio('till'), values: '0+15x40' },
      { series: linkerd('web'), values: '0+45x40' },
    ];
    // 2 and 3 requests a second of web, 1 of till.
    const queries = asked(slos, 'Requests by caller', { cluster: 'eu-1', namespace: 'shop', service: 'cart' });
    expect(
      findings(queries, input, [
        { labels: '{shown_caller="till"}', value: 1 },
        { labels: '{shown_caller="web"}', value: 5 },
      ]),
    ).toBe('');
  });
});

test('the board of a service without a proxy of its own asks what clients saw, and nothing of proxies', () => {
  const slos = [madeUpSlo({ mesh: 'linkerd1', name: 'client-availability', perspective: 'client' })];
  const board = boardsOf(slos).find(({ uid }) => uid.startsWith('meshslo-svc-'))!;
  const panels = board.rows.flatMap((row) => row.panels);
  const latency = panels.find(({ title }) => title === 'Latency')!;
  for (const { expr } of latency.queries) expect(expr).toContain('rt=~"(?:[^\\\\n]*[-_])?(?:outgoing|');
  expect(panels.map(({ title }) => title)).toEqual(
    expect.arrayContaining(['Requests by proxy', 'Slowest minutes by proxy']),
  );
  for (const title of ['Saturation', 'Memory of its proxies', 'Proxies that answer', 'Scrapes that succeed']) {
    expect(panels.map((one) => one.title)).not.toContain(title);
  }
});

test('a Linkerd that nobody calls is no Namerd', () => {
  const board = boardsOf([madeUpSlo({ mesh: 'linkerd1' })]).find(
    ({ uid }) => uid === 'meshslo-control-plane-linkerd1',
  )!;
  const ofNamerds = board.rows
    .flatMap(({ panels }) => panels)
    .filter(({ title }) => /^(Heap of Namerds|Namerd up)/.test(title));
  expect(ofNamerds).toHaveLength(3);
  // A gauge that a Linkerd prints from its start on, at 0, where its counters begin with the first request.
  for (const { expr } of ofNamerds.flatMap(({ queries }) => queries)) {
    expect(expr).toContain('unless on (job, instance) rt:server:connections');
    expect(expr).not.toContain('rt:server:requests');
  }
});
