import { describe, expect, test } from '@jest/globals';
import { parseYaml } from '../../src/documents/yaml-document.js';
import { controlPlaneQuestions, metricOfSeries } from '../../src/packs/control-plane-pack.js';
import { checkControlPlanePack, loadControlPlanePacks } from '../../src/packs/load-control-plane-packs.js';

const packs = loadControlPlanePacks();
const istio = packs.get('istio')!;

function mistakes(text: string): readonly string[] {
  const { documents } = parseYaml('pack.yaml', Buffer.from(text));
  const { diagnostics } = checkControlPlanePack(documents[0]!);
  return diagnostics.map(({ message }) => message);
}

const questions = controlPlaneQuestions.map((question) => `  ${question}: { untold: nobody knows }`).join('\n');
const least = `control_plane: consul
title: Consul
target: { path: /metrics, port: 8500 }
questions:
${questions}
metrics:
`;

describe.each([...packs.values()])('the pack of $kind', (pack) => {
  test('answers every question, or says why nobody does', () => {
    expect([...pack.answers.keys()]).toEqual([...controlPlaneQuestions]);
  });

  test('names no metric that it says is absent', () => {
    expect([...pack.absent.keys()].filter((name) => metricOfSeries(pack, name))).toEqual([]);
  });
});

describe('a series belongs to a metric', () => {
  test.each([
    ['pilot_xds', 'pilot_xds', 'a gauge is its own series'],
    ['pilot_proxy_convergence_time_bucket', 'pilot_proxy_convergence_time', 'a histogram has buckets'],
    ['pilot_proxy_convergence_time_count', 'pilot_proxy_convergence_time', 'and a count'],
    ['pilot_proxy_convergence_time', undefined, 'but no series of its own name'],
    ['citadel_server_csr_count', 'citadel_server_csr_count', 'a counter may be called a count'],
    ['pilot_xds_push_errors', undefined, 'what no release has is no metric'],
    ['pilot_xds_pushes_bucket', undefined, 'a counter has no buckets'],
  ])('%s: %s, because %s', (...[series, metric]) => {
    expect(metricOfSeries(istio, series)?.name).toBe(metric);
  });
});

describe('a pack is refused', () => {
  test('when a question has no answer, or two', () => {
    const text = `${least}  a: { type: gauge, meaning: a }\n`;
    expect(mistakes(text)).toEqual([]);
    expect(mistakes(text.replace('  sync: { untold: nobody knows }\n', ''))).toEqual([
      expect.stringContaining('questions.sync is missing'),
    ]);
    expect(mistakes(text.replace('sync: { untold: nobody knows }', 'sync: { untold: x, polled: y }'))).toEqual([
      expect.stringContaining('what is told cannot be untold'),
    ]);
  });

  test('when an answer names a metric that is not in the vocabulary', () => {
    const text = `${least}  consul_up: { type: gauge, meaning: a }\n`;
    expect(mistakes(text.replace('sync: { untold: nobody knows }', 'sync: { metrics: [consul_ups] }'))).toEqual([
      expect.stringContaining('consul_ups is not there'),
    ]);
  });

  test('when a histogram has no bounds, or a gauge has some', () => {
    expect(mistakes(`${least}  a: { type: histogram, meaning: a }\n`)).toEqual([
      expect.stringContaining('a histogram, and nothing else, has bounds'),
    ]);
    expect(mistakes(`${least}  a: { type: gauge, bounds: [1], meaning: a }\n`)).toHaveLength(1);
  });

  test('when a metric is there and absent at once', () => {
    expect(mistakes(`${least}  a: { type: gauge, meaning: a }\nabsent: { a: gone }\n`)).toEqual([
      expect.stringContaining('a is a metric and is none'),
    ]);
  });
});
