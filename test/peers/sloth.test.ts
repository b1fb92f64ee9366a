import { describe, expect, test } from '@jest/globals';
import { differences, imported, rateOf, refusals, sloLines, sloth } from './imported.js';

const cart = 'reporter="destination", destination_service_name="cart", destination_service_namespace="shop"';
const availability = {
  error: rateOf('istio_requests_total', `${cart}, response_code=~"5.."`),
  total: rateOf('istio_requests_total', cart),
};

describe('a promise of Sloth', () => {
  test('becomes the default SLO that it is, under its owner, with its number', () => {
    const file = `version: prometheus/v1
service: cart
labels: { owner: team-shop }
slos:
  - name: requests
    description: People can fill
      their cart.
    objective: 99.95
    sli:
      events:
        error_query: ${JSON.stringify(availability.error)}
        total_query: ${JSON.stringify(availability.total)}
    alerting: { name: CartBurns }
`;
    const { files, found, taken } = imported(file);
    expect({ found, taken }).toEqual({ found: 1, taken: 1 });
    expect(files.map(({ name }) => name)).toEqual(['shop.cart.yaml']);
    expect(files[0]!.text).toBe(`# Taken over by meshslo import. The format: docs/slo-files.md
service: shop/cart
owner: team-shop
slos:
  # cart-requests (file.yaml:5): People can fill their cart.
  availability: { objective: 99.95% }
`);
  });

  test('is the same in a Kubernetes object, and in a list of them, with CRLF', () => {
    const spec = (indent: string): string =>
      ['service: cart', 'slos:', '  - name: requests', '    objective: 99.9', '    sli:', '      events:']
        .concat(`        errorQuery: ${JSON.stringify(availability.error)}`)
        .concat(`        totalQuery: ${JSON.stringify(availability.total)}`)
        .concat('    alerting: { name: x, pageAlert: { disable: true } }')
        .map((line) => `${indent}${line}`)
        .join('\n');
    const object = `apiVersion: sloth.slok.dev/v1\nkind: PrometheusServiceLevel\nmetadata: { name: cart }\nspec:\n${spec('  ')}\n`;
    const list = `apiVersion: v1\nkind: List\nitems:\n  - ${object.trimEnd().replaceAll('\n', '\n    ')}\n`;
    for (const text of [object, list, object.replaceAll('\n', '\r\n')]) {
      expect(sloLines(imported(text))).toEqual(['availability: { objective: 99.9%, alerts: { pages: off } }']);
    }
  });

  test('may hold its ratio in one query, either way round', () => {
    const raw = (query: string): string => `version: prometheus/v1
service: cart
slos:
  - name: requests
    objective: 99.9
    sli: { raw: { error_ratio_query: ${JSON.stringify(query)} } }
    alerting: { name: x }
`;
    const good = rateOf('istio_requests_total', `${cart}, response_code!~"5.."`);
    for (const query of [
      `(${availability.error}) / (${availability.total})`,
      `1 - (${good} / ${availability.total})`,
      `((${availability.total} - ${good}) / ${availability.total}) or on() vector(0)`,
    ]) {
      expect(sloLines(imported(raw(query)))).toEqual(['availability: { objective: 99.9% }']);
    }
  });

  test.each([
    ['250', '250ms', 'as Envoy prints it'],
    ['250.0', '250ms', 'as Prometheus 3 stores it'],
    ['2500', '2500ms', 'in the mesh’s own unit'],
  ])('within le="%s" is a threshold of %s, %s', (le, threshold) => {
    const text = sloth({
      error: `${rateOf('istio_request_duration_milliseconds_count', cart)} - ${rateOf('istio_request_duration_milliseconds_bucket', `${cart}, le="${le}"`)}`,
      total: rateOf('istio_request_duration_milliseconds_count', cart),
    });
    const seconds = threshold === '250ms' ? '250ms' : '2s500ms';
    expect(sloLines(imported(text))).toEqual([`latency: { objective: 99.9%, threshold: ${seconds} }`]);
  });

  test('takes all requests from the last bucket, and both spellings of a bucket at once', () => {
    const bucket = (le: string): string => rateOf('istio_request_duration_milliseconds_bucket', `${cart}, ${le}`);
    const text = sloth({
      error: `${bucket('le="+Inf"')} - ${bucket('le=~"500(\\\\.0)?"')}`,
      total: bucket('le="+Inf"'),
    });
    expect(sloLines(imported(text))).toEqual(['latency: { objective: 99.9%, threshold: 500ms }']);
  });

  test('says what it is silent about: alerts that were off, labels, windows, plugins, words that Sloth does not know', () => {
    const text = sloth({
      ...availability,
      more: '    labels: { team: shop, tier: "1" }\n    plugins: { chain: [] }\n    windows: 7d\n',
    }).replace(
      '{ name: CartBurns }',
      '{ name: x, labels: { a: b }, page_alert: { disable: true }, ticket_alert: { disable: true, annotations: { c: d } } }',
    );
    const made = imported(text);
    expect(sloLines(made)).toEqual(['availability: { objective: 99.9%, alerts: { pages: off } }']);
    expect(made.files[0]!.service.owner).toBe('shop');
    expect(differences(made)).toEqual(
      expect.arrayContaining([
        'the label tier is not taken',
        'plugins are not taken: they change Sloth’s own rules',
        'windows is not taken: Sloth has no such key here',
        'the label a of alerts is not taken',
        'the annotation c of alerts is not taken',
        'pages were off, and stay so (alerts: { pages: off })',
        'tickets were off; in meshslo they are part of the policy, and come',
      ]),
    );
  });

  test('names windows of alerts that it cannot take, which is no reason to refuse a promise', () => {
    const windows = 'apiVersion: sloth.slok.dev/v1\nkind: AlertWindows\nspec: { sloPeriod: 7d }\n---\n';
    const made = imported(`${windows}${sloth(availability)}`);
    expect(refusals(made)).toEqual([]);
    expect(differences(made)[0]).toBe(
      'AlertWindows are not taken: when somebody is called comes from a policy of meshslo (standard)',
    );
  });
});

describe('what Sloth promises and meshslo cannot', () => {
  test('is told with its place, all at once, and the rest is taken', () => {
    const file = `version: prometheus/v1
service: cart
slos:
  - name: requests
    objective: 99.9
    sli: { events: { error_query: '${availability.error}', total_query: '${availability.total}' } }
    alerting: { name: a }
  - name: everything
    objective: 100
    sli: { plugin: { id: sloth-common/istio/v1/availability } }
    alerting: { name: b }
  - name: a-ratio
    objective: 99
    sli: { raw: { error_ratio_query: 'my_error_ratio' } }
    alerting: { name: c }
`;
    const made = imported(file);
    expect({ found: made.found, taken: made.taken }).toEqual({ found: 3, taken: 1 });
    expect(refusals(made)).toEqual(['bad-objective at 9:16', 'plugin at 10:12', 'ready-made-ratio at 14:38']);
  });

  test.each([
    [rateOf('http_requests_total', 'job="cart"'), 'metric-of-no-mesh'],
    [rateOf('cart:requests:rate5m', ''), 'recorded-metric'],
    [rateOf('istio_request_bytes_count', cart), 'metric-not-counted'],
    [
      rateOf('istio_requests_total', 'destination_service_name=~"cart|checkout", destination_service_namespace="shop"'),
      'several-services',
    ],
    [
      rateOf('istio_requests_total', 'destination_service_name=~"cart.*", destination_service_namespace="shop"'),
      'several-services',
    ],
    [rateOf('istio_requests_total', 'reporter="destination"'), 'service-not-named'],
    [rateOf('istio_requests_total', 'destination_service_name="cart"'), 'service-not-named'],
    [rateOf('istio_requests_total', `${cart}, request_protocol="http"`), 'filter-not-known'],
    [`sum by (destination_version) (rate(istio_requests_total{${cart}}[5m]))`, 'several-promises'],
    [`rate(istio_requests_total{${cart}}[5m])`, 'not-summed'],
    ['rate(queue_all[5m])', 'metric-of-no-mesh'],
    [rateOf('istio_requests_total', `${cart}, source_workload="${'x'.repeat(501)}"`), 'value-too-long'],
    [rateOf('istio_requests_total', `${cart}, response_code=~"(0|00)*1"`), 'unreadable-expression'],
    [`avg(rate(istio_requests_total{${cart}}[5m]))`, 'not-a-count'],
    [`sum(irate(istio_requests_total{${cart}}[5m]))`, 'not-a-count'],
    [`sum(rate(istio_requests_total{${cart}}[5m] offset 1w))`, 'not-a-count'],
    [`sum(rate(istio_requests_total{${cart}}[5m])) * 2`, 'not-a-count'],
    [
      `histogram_quantile(0.99, sum(rate(istio_request_duration_milliseconds_bucket{${cart}}[5m])) by (le))`,
      'quantile-not-counted',
    ],
    [rateOf('istio_request_duration_milliseconds_bucket', cart), 'bucket-not-chosen'],
    [rateOf('istio_request_duration_milliseconds_bucket', `${cart}, le="240"`), 'threshold-is-no-bucket-bound'],
    [`sum(rate(istio_requests_total{${cart}[5m]))`, 'bad-query'],
    ['sum(rate({{ .metric }}[5m]))', 'template'],
  ])('%s: %s', (total, code) => {
    const made = imported(sloth({ error: total, total }));
    expect(refusals(made).map((one) => one.split(' ')[0])).toEqual([code]);
    expect(made.files).toEqual([]);
    expect(made.diagnostics.find(({ severity }) => severity === 'error')!.position!.line).toBe(8);
  });

  test('includes a threshold between buckets, whose neighbours are named', () => {
    const text = sloth({
      error: `${rateOf('istio_request_duration_milliseconds_count', cart)} - ${rateOf('istio_request_duration_milliseconds_bucket', `${cart}, le="300"`)}`,
      total: rateOf('istio_request_duration_milliseconds_count', cart),
    });
    expect(imported(text).diagnostics.find(({ severity }) => severity === 'error')!.hint).toBe(
      'its nearest buckets end at 250ms and 500ms',
    );
  });

  test('includes a promise about something else: client errors, or queries the wrong way round', () => {
    const clientErrors = rateOf('istio_requests_total', `${cart}, response_code=~"4.."`);
    expect(refusals(imported(sloth({ ...availability, error: clientErrors })))).toEqual(['another-promise at 8:22']);
    const good = rateOf('istio_requests_total', `${cart}, response_code!~"5.."`);
    expect(refusals(imported(sloth({ ...availability, error: good })))).toEqual(['another-promise at 8:22']);
  });
});
