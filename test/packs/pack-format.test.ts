import { describe, expect, test } from '@jest/globals';
import type { SeriesMeaning } from '../../src/domain/series-meaning.js';
import { parseYaml } from '../../src/documents/yaml-document.js';
import { seriesInterpreter } from '../../src/packs/interpreter.js';
import { checkPack } from '../../src/packs/load-packs.js';
import { selectorsOf } from '../../src/packs/selectors.js';
import type { SignalPack } from '../../src/packs/signal-pack.js';
import { signedSum } from '../../src/promql/expression.js';
import { printExpression } from '../../src/promql/printer.js';

function pack(text: string): SignalPack {
  const { documents, diagnostics } = parseYaml('pack.yaml', Buffer.from(text));
  expect(diagnostics).toEqual([]);
  const checked = checkPack(documents[0]!);
  expect(checked.diagnostics).toEqual([]);
  return checked.value!;
}

function meaning(of: SignalPack, name: string, labels: Record<string, string>): SeriesMeaning | undefined {
  const interpreter = seriesInterpreter(of, { cluster: 'eu-1', clusterAliases: new Map() });
  return interpreter.meaning(name, new Map(Object.entries(labels)));
}

/** A mesh that classifies requests itself, and whose histogram does not tell which of them failed. */
const classifying = pack(`pack: classifying
title: A mesh like Linkerd 2
detect: [{ family: response_total, where: { classification: { any_of: [success, failure] } } }]
target: { path: /metrics, port: 4191 }
requests: { families: [response_total] }
latency: { family: response_latency_ms, unit: milliseconds, bounds: [1, 100] }
facts: { http_code: { labels: [status_code] }, grpc_code: { labels: [grpc_status] } }
services:
  destination: { name: { labels: [dst_service, authority] }, namespace: { labels: [dst_namespace] } }
classes:
  requests:
    - { name: failed, verdict: bad, where: { classification: failure } }
    - { name: success, verdict: good }
  durations: [{ name: answered, verdict: good }]
views:
  - perspective: client
    where: { direction: outbound }
    service: destination
    classes: requests
    latency_classes: durations
`);

/** A mesh with one counter per outcome instead of a label, and without buckets. */
const counting = pack(`pack: counting
title: A mesh like Linkerd 1
detect: [{ family: 'rt:server:success' }]
target: { path: /admin/metrics/prometheus }
requests: { families: ['rt:server:success', 'rt:server:failures'] }
services: { all: { name: { labels: [service] }, namespace: { constant: default } } }
classes:
  all:
    - { name: failed, verdict: bad, where: { __name__: 'rt:server:failures' } }
    - { name: success, verdict: good }
views: [{ perspective: server, service: all, classes: all }]
`);

describe('the format carries meshes of other kinds', () => {
  const labels = { direction: 'outbound', dst_service: 'cart', dst_namespace: 'shop', classification: 'failure' };

  test('classes of requests and of durations may differ', () => {
    expect(meaning(classifying, 'response_total', labels)).toMatchObject({ views: [{ verdict: 'bad' }] });
    const bucket = meaning(classifying, 'response_latency_ms_bucket', { ...labels, le: '100' });
    expect(bucket).toMatchObject({ boundSeconds: 0.1, views: [{ verdict: 'good', className: 'answered' }] });
    expect(meaning(classifying, 'response_total', { ...labels, direction: 'inbound' })).toBeUndefined();
  });

  test('the first usable label names the service, in both engines', () => {
    const unnamed = { ...labels, dst_service: '', authority: 'cart.shop:80' };
    expect(meaning(classifying, 'response_total', unnamed)).toMatchObject({
      views: [{ service: { name: 'cart.shop:80' } }],
    });
    const { bad } = selectorsOf(classifying, 'client', { kind: 'availability' });
    expect(bad.map(({ selector }) => printExpression(selector))).toEqual([
      'response_total{direction="outbound",dst_service!="",dst_namespace!="",classification="failure"}',
      'response_total{direction="outbound",dst_service="",authority!="",dst_namespace!="",classification="failure"}',
    ]);
  });

  test('the name of the metric may decide', () => {
    expect(meaning(counting, 'rt:server:failures', { service: 'a' })).toMatchObject({ views: [{ verdict: 'bad' }] });
    expect(meaning(counting, 'rt:server:success', { service: 'a' })).toMatchObject({
      views: [{ verdict: 'good', service: { cluster: 'eu-1', namespace: 'default', name: 'a' } }],
    });
    const { total, bad } = selectorsOf(counting, 'server', { kind: 'availability' });
    expect(bad.map(({ selector }) => printExpression(selector))).toEqual(['rt:server:failures{service!=""}']);
    expect(printExpression(signedSum(total))).toBe(
      '(sum(rt:server:success{service!=""}) or vector(0)) + (sum(rt:server:failures{service!=""}) or vector(0))',
    );
  });
});

test('two conditions on one label are a list of conditions', () => {
  const both = pack(`pack: both
title: Both
detect: [{ family: a }]
target: { path: /metrics }
requests: { families: [a] }
services: { s: { name: { labels: [l] }, namespace: { constant: d } } }
classes: { c: [{ name: rest, verdict: good }] }
views:
  - { perspective: server, where: [{ f: { element: [X] } }, { f: { no_element: [Y] } }], service: s, classes: c }
`);
  const isSeen = (f: string): boolean => meaning(both, 'a', { l: 'x', f }) !== undefined;
  expect(['X', 'X,Y', 'XY', 'Y', 'Z,X', ''].filter(isSeen)).toEqual(['X', 'Z,X']);
  const [only] = selectorsOf(both, 'server', { kind: 'availability' }).total;
  expect(printExpression(only!.selector)).toBe('a{f=~"([^,]*,)*(X)(,[^,]*)*",f!~"([^,]*,)*(Y)(,[^,]*)*",l!=""}');
});

describe('what a pack must not say', () => {
  const whole = `pack: p
title: P
detect: [{ family: a }]
target: { path: /metrics }
requests: { families: [a] }
services: { s: { name: { labels: [l] }, namespace: { constant: d } } }
classes: { c: [{ name: bad, verdict: bad, where: { code: '1' } }, { name: rest, verdict: good }] }
views: [{ perspective: server, service: s, classes: c }]
`;
  test.each([
    { from: 'service: s', to: 'service: t', is: ['unknown-name'], why: 'a service that is not there' },
    { from: 'classes: c', to: 'classes: d', is: ['unknown-name'], why: 'classes that are not there' },
    { from: 'name: rest', to: 'name: bad', is: ['duplicate-class'], why: 'two classes of one name' },
    { from: "where: { code: '1' }", to: '', is: ['class-takes-all'], why: 'nothing gets to the classes behind it' },
    {
      from: 'verdict: good }',
      to: 'verdict: good, where: { x: y } }',
      is: ['class-missing'],
      why: 'some requests are nothing',
    },
    { from: "code: '1'", to: 'code: { pattern: (a }', is: ['bad-pattern'], why: 'a pattern that does not compile' },
    {
      from: "code: '1'",
      to: 'code: { pattern: (?=a) }',
      is: ['pattern-unknown-to-prometheus'],
      why: 'RE2 has no look-ahead',
    },
    {
      from: "code: '1'",
      to: "code: { pattern: '(a)\\1' }",
      is: ['pattern-unknown-to-prometheus'],
      why: 'nor back-references',
    },
    { from: 'families: [a]', to: 'families: [a-b]', is: ['bad-metric-name'], why: 'no metric has such a name' },
    { from: 'perspective: server', to: 'perspective: servers', is: ['wrong-value'], why: 'no such eyes' },
    { from: 'detect: [{ family: a }]', to: 'detect: []', is: ['too-little'], why: 'inspect could never find it' },
    { from: 'requests: { families: [a] }', to: '', is: ['missing'], why: 'no requests, no events' },
  ])('$is: $why', ({ from, to, is }) => {
    expect(whole).toContain(from);
    const { documents } = parseYaml('pack.yaml', Buffer.from(whole.replace(from, to)));
    expect(checkPack(documents[0]!).diagnostics.map(({ code }) => code)).toEqual(is);
  });
});
