import { describe, expect, test } from '@jest/globals';
import { differences, imported, newcomer, rateOf, refusals, sloLines, sloth } from './imported.js';

const name = 'destination_service_name="cart", destination_service_namespace="shop"';

/** An availability over one selector. */
function failing(metric: string, matchers: string, bad: string): string {
  return sloth({ error: rateOf(metric, `${matchers}, ${bad}`), total: rateOf(metric, matchers) });
}

describe('which service, and whose eyes, a query is about', () => {
  test.each([
    [
      'istio_requests_total',
      `reporter="destination", ${name}`,
      'response_code=~"5.."',
      'shop.cart.yaml',
      'availability: { objective: 99.9% }',
    ],
    [
      'istio_requests_total',
      `reporter="source", ${name}`,
      'response_code=~"5.."',
      'shop.cart.yaml',
      'availability: { objective: 99.9%, perspective: client }',
    ],
    [
      'istio_requests_total',
      `reporter="source", ${name}`,
      'response_flags=~"UF|UH|UO|NR|NC|DF"',
      'shop.cart.yaml',
      'mesh: { objective: 99.9%, perspective: mesh-failures }',
    ],
    [
      'istio_requests_total',
      `reporter="waypoint", ${name}`,
      'response_code=~"5.."',
      'shop.cart.yaml',
      'availability: { objective: 99.9% }',
    ],
    [
      'istio_requests_total',
      `reporter="destination", ${name}, destination_cluster="eu"`,
      'response_code=~"5.."',
      'eu.shop.cart.yaml',
      'availability: { objective: 99.9% }',
    ],
    [
      'istio_requests_total',
      `reporter="destination", ${name}, destination_cluster="Kubernetes"`,
      'response_code=~"5.."',
      'shop.cart.yaml',
      'availability: { objective: 99.9% }',
    ],
    [
      'istio_requests_total',
      `reporter="destination", ${name}, cluster="eu"`,
      'response_code=~"5.."',
      'eu.shop.cart.yaml',
      'availability: { objective: 99.9% }',
    ],
    [
      'istio_requests_total',
      'reporter="destination", destination_service=~"cart.shop.svc.cluster.local"',
      'response_code=~"5.."',
      'shop.cart.yaml',
      'availability: { objective: 99.9% }',
    ],
    [
      'istio_requests_total',
      'reporter="destination", destination_service=~"cart\\\\.shop\\\\.svc.*"',
      'response_code=~"5.."',
      'shop.cart.yaml',
      'availability: { objective: 99.9% }',
    ],
    [
      'istio_requests_total',
      `reporter="destination", ${name}, source_canonical_service="web"`,
      'response_code=~"5.."',
      'shop.cart.yaml',
      'requests: { objective: 99.9%, filter: { caller: web } }',
    ],
    [
      'istio_requests_total',
      `reporter="destination", ${name}, destination_version="v2"`,
      'response_code=~"5.."',
      'shop.cart.yaml',
      'requests: { objective: 99.9%, filter: { version: v2 } }',
    ],
    [
      'response_total',
      'direction="inbound", service="cart", namespace="shop"',
      'classification="failure"',
      'shop.cart.yaml',
      'availability: { objective: 99.9% }',
    ],
    [
      'response_total',
      'direction="outbound", dst_service="cart", dst_namespace="shop"',
      'classification="failure"',
      'shop.cart.yaml',
      'availability: { objective: 99.9%, perspective: client }',
    ],
    [
      'envoy_cluster_upstream_rq_xx',
      'envoy_cluster_name="cart"',
      'envoy_response_code_class="5"',
      'default.cart.yaml',
      'availability: { objective: 99.9%, perspective: client }',
    ],
    [
      'envoy_http_downstream_rq_xx',
      'envoy_http_conn_manager_prefix="ingress_http", service="cart", namespace="shop"',
      'envoy_response_code_class="5"',
      'shop.cart.yaml',
      'availability: { objective: 99.9% }',
    ],
    [
      'nginx_ingress_controller_requests',
      'exported_service="cart", exported_namespace="shop"',
      'status=~"5.."',
      'shop.cart.yaml',
      'availability: { objective: 99.9% }',
    ],
  ])('%s{%s}, bad where %s: %s has %s', (metric, matchers, bad, file, line) => {
    const made = imported(failing(metric, matchers, bad));
    expect(refusals(made)).toEqual([]);
    expect(made.files.map((one) => one.name)).toEqual([file]);
    expect(sloLines(made)).toEqual([line]);
  });

  test('Linkerd 1 counts what fails under a name of its own', () => {
    const made = imported(
      sloth({
        error: rateOf('rt:service:failures', 'rt="incoming", service="svc/cart.shop"'),
        total: `${rateOf('rt:service:success', 'rt="incoming", service="svc/cart.shop"')} + ${rateOf('rt:service:failures', 'rt="incoming", service="svc/cart.shop"')}`,
      }),
    );
    expect(sloLines(made)).toEqual(['availability: { objective: 99.9% }']);
  });

  test('a pack of one’s own is asked like those that come along', () => {
    const istio = newcomer.packs.get('istio')!;
    const own = { ...istio, name: 'ours', requests: { ...istio.requests, families: ['our_requests_total'] } };
    const text = failing('our_requests_total', `reporter="destination", ${name}`, 'response_code=~"5.."');
    expect(refusals(imported(text))).toEqual(['metric-of-no-mesh at 8:22']);
    expect(sloLines(imported(text, { packs: new Map([['ours', own]]) }))).toEqual([
      'availability: { objective: 99.9% }',
    ]);
  });

  test('where jobs scrape several meshes, the file says which one is meant', () => {
    const text = failing('istio_requests_total', `reporter="destination", ${name}`, 'response_code=~"5.."');
    expect(imported(text, { inUse: ['istio'] }).files[0]!.text).not.toContain('mesh:');
    expect(imported(text, { inUse: ['linkerd2', 'istio'] }).files[0]!.text).toContain('\nmesh: istio\n');
  });
});

describe('what a query counts otherwise', () => {
  const usual = [
    'your query counts requests with response_flags DC (client went away) as good; meshslo leaves them out',
    'your query counts requests without an answer (code 0) as good; meshslo counts them as bad',
    'your query counts gRPC answers with status 2, 4, 7, 13, 14, 15 as good; meshslo counts them as bad',
  ];
  const said = (bad: string, total = `reporter="destination", ${name}`): readonly string[] =>
    differences(imported(failing('istio_requests_total', total, bad)));

  test.each([
    ['response_code=~"5.."', []],
    ['response_code=~"5.*"', []],
    ['response_code=~"5..|429"', ['your query counts answers with 429 as bad; meshslo counts them as good']],
    ['response_code=~"[45].."', ['your query counts answers with 4xx as bad; meshslo counts them as good']],
    [
      'response_code=~"500|503"',
      ['your query counts answers with 5xx (but 500, 503) as good; meshslo counts them as bad'],
    ],
  ])('%s', (bad, further) => {
    expect([...said(bad)].sort()).toEqual([...usual, ...further].sort());
  });

  test('what is not 2xx is bad: so are redirects, and what has no answer is as it is here', () => {
    const found = said('response_code!~"2.."');
    expect(found).toContain('your query counts answers with 3xx and 4xx as bad; meshslo counts them as good');
    expect(found.some((one) => one.includes('code 0'))).toBe(false);
    expect(found).toContain(
      'your query counts requests with response_flags DC (client went away) as bad; meshslo leaves them out',
    );
  });

  test('nothing of client errors in the total, either', () => {
    expect(said('response_code=~"5.."', `reporter="destination", ${name}, response_code!~"4.."`)).toContain(
      'your query leaves out answers with 4xx; meshslo counts them as good',
    );
  });

  test('a query without a reporter counts a request once for each proxy', () => {
    expect(said('response_code=~"5.."', name)).toContain(
      'your query also counts series with reporter="source": it does not ask for reporter="destination", as meshslo does',
    );
  });

  test('nothing is claimed where it depends on another label: Linkerd calls a 500 a failure itself', () => {
    const made = imported(
      failing('response_total', 'direction="inbound", service="cart", namespace="shop"', 'classification="failure"'),
    );
    expect(differences(made).filter((one) => one.includes('answers with'))).toEqual([]);
  });

  test('how a pack of one’s own would say the same stands beside it', () => {
    const { diagnostics } = imported(
      failing('istio_requests_total', `reporter="destination", ${name}`, 'response_code=~"[45].."'),
    );
    expect(diagnostics.find(({ message }) => message.includes('4xx'))!.hint).toBe(
      "a copy of the pack istio can say it for all its services: first in its classes, { name: as-before, verdict: bad, where: { response_code: { pattern: '4[0-9][0-9]' } } } (docs/own-pack.md)",
    );
  });

  test('bad requests that are not in the total are no share of it', () => {
    const text = sloth({
      error: rateOf('istio_requests_total', `reporter="destination", ${name}, response_code=~"5..|429"`),
      total: rateOf('istio_requests_total', `reporter="destination", ${name}, response_code!~"4.."`),
    });
    expect(refusals(imported(text))).toEqual(['counts-disagree at 8:22']);
  });
});

describe('several promises', () => {
  const two = (second: string): string => {
    const of = (matchers: string, objective: number): string =>
      `  - name: requests
    objective: ${objective}
    sli: { events: { error_query: 'sum(rate(istio_requests_total{reporter="destination",${matchers},response_code=~"5.."}[{{.window}}]))', total_query: 'sum(rate(istio_requests_total{reporter="destination",${matchers}}[{{.window}}]))' } }
`;
    return `version: prometheus/v1\nservice: cart\nslos:\n${of(name.replaceAll(', ', ','), 99.9)}${second === '' ? of(name.replaceAll(', ', ','), 99.9) : of(second, 99.5)}`;
  };

  test('of one kind have names of their own, and one that is there twice is taken once', () => {
    expect(sloLines(imported(two(name)))).toEqual([
      'availability: { objective: 99.9% }',
      'requests: { objective: 99.5% }',
    ]);
    const twice = imported(two(''));
    expect(twice.taken).toBe(2);
    expect(sloLines(twice)).toEqual(['availability: { objective: 99.9% }']);
    expect(differences(twice)).toContain('the same promise as cart-requests: it is there once');
  });

  test('that are the same are none where a SLO file promises it already', () => {
    const rule = { cluster: undefined, slos: new Map([['availability', 'off']]) };
    const rules = { ...newcomer.rules, services: new Map([['shop/cart', [rule as never]]]) };
    const made = imported(two(''), { rules });
    expect([made.found, made.taken]).toEqual([2, 0]);
    expect(refusals(made)).toHaveLength(1);
  });

  test('of two services are two files, in the order of their names', () => {
    const other = 'destination_service_name="ads",destination_service_namespace="shop"';
    expect(imported(two(other)).files.map((file) => file.name)).toEqual(['shop.ads.yaml', 'shop.cart.yaml']);
  });

  test('of names that nobody may have in a path stay in their folder', () => {
    const made = imported(two('destination_service_name="..",destination_service_namespace="a.b"'));
    expect(made.files.map((file) => file.name)).toEqual(['a%2Eb.%2E%2E.yaml', 'shop.cart.yaml']);
  });

  test.each(['../x', String.raw`x\ud800`, 'x'.repeat(250)])(
    'of a name that no file can have (%s) are refused',
    (bad) => {
      const made = imported(two(`destination_service_name="${bad}",destination_service_namespace="a"`));
      expect(refusals(made)).toEqual(['bad-service at 7:5']);
    },
  );
});

describe('a query', () => {
  test('that its total leaves out is left out, whatever another label would say of it', () => {
    const inbound = 'direction="inbound", deployment="cart", namespace="shop"';
    const made = imported(
      sloth({
        error: rateOf('response_total', `${inbound}, classification="failure"`),
        total: rateOf('response_total', `${inbound}, status_code!="404"`),
      }),
    );
    expect(differences(made)).toContain('your query leaves out answers with 404; meshslo counts them as good');
  });

  test('that names its service by two labels is not taken, and both are told', () => {
    const made = imported(
      sloth({
        error: rateOf('istio_requests_total', 'destination_service="cart.shop.svc.cluster.local",response_code=~"5.."'),
        total: rateOf('istio_requests_total', 'destination_service_name="cart",destination_service_namespace="shop"'),
      }),
    );
    expect(made.diagnostics[0]!.message).toBe(
      'no one service can be read from destination_service_name="cart" and destination_service="cart.shop.svc.cluster.local"',
    );
  });
});
