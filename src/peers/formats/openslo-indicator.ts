import type { ValuePath, YamlDocument } from '../../documents/yaml-document.js';
import type { Obstacle, Reading } from '../obstacle.js';
import { isObstacle } from '../obstacle.js';
import type { PeerQuery, PeerSli, Placed } from '../peer-slo.js';
import type { OpenSloIndex } from './openslo-index.js';
import { isMap, mapOf, textOf } from './written.js';
import type { Written } from './written.js';

/** What an SLO of OpenSLO v1 measures; it may stand in another document. */
export function readIndicator(
  document: YamlDocument,
  index: OpenSloIndex,
): { readonly sli: PeerSli } | { readonly obstacle: Placed<Obstacle> } {
  const spec = mapOf(mapOf(document.value)['spec']);
  const reference = textOf(spec['indicatorRef']);
  const inline = mapOf(spec['indicator'])['spec'];
  if (isMap(inline)) return sliAt(document, inline, ['spec', 'indicator', 'spec'], ['spec', 'indicator'], index);
  if (reference === undefined) {
    return {
      obstacle: {
        path: ['spec'],
        value: { code: 'sli-missing', message: 'there is neither indicator nor indicatorRef' },
      },
    };
  }
  const found = index.sli(reference);
  if (found === undefined) {
    const message = `there is no SLI ${reference} in what was read`;
    const hint = 'name its file, too, or the folder that holds both';
    return { obstacle: { path: ['spec', 'indicatorRef'], value: { code: 'sli-missing', message, hint } } };
  }
  return sliAt(found, mapOf(mapOf(found.value)['spec']), ['spec'], ['spec', 'indicatorRef'], index);
}

function sliAt(
  document: YamlDocument,
  written: Written,
  path: ValuePath,
  namedAt: ValuePath,
  index: OpenSloIndex,
): { readonly sli: PeerSli } | { readonly obstacle: Placed<Obstacle> } {
  const sli = readSli(document, written, path, index);
  if (!isObstacle(sli)) return { sli };
  return { obstacle: { path: namedAt, value: sli } };
}

function readSli(document: YamlDocument, written: Written, path: ValuePath, index: OpenSloIndex): Reading<PeerSli> {
  if (isMap(written['thresholdMetric'])) {
    return {
      code: 'threshold-metric',
      message: 'a thresholdMetric looks at a number over time, and counts no requests',
      hint: 'write a ratioMetric: requests within the threshold (a bucket of the mesh) of all requests',
    };
  }
  const ratio = written['ratioMetric'];
  if (!isMap(ratio)) return { code: 'sli-missing', message: 'there is no ratioMetric' };
  const at = [...path, 'ratioMetric'];
  const queryOf = (key: string): Reading<PeerQuery> | undefined =>
    isMap(ratio[key]) ? readQuery(document, mapOf(ratio[key]), [...at, key], index) : undefined;
  const [raw, total, good, bad] = ['raw', 'total', 'good', 'bad'].map(queryOf);
  for (const one of [raw, total, good, bad]) if (one && isObstacle(one)) return one;
  if (raw && !isObstacle(raw)) {
    const isSuccess = textOf(ratio['rawType']) !== 'failure';
    return { kind: isSuccess ? 'good-ratio' : 'bad-ratio', ratio: raw };
  }
  const part = good ?? bad;
  if (!part || isObstacle(part) || !total || isObstacle(total)) {
    return { code: 'query-missing', message: 'a ratioMetric has good or bad, and total' };
  }
  return { kind: good ? 'good-of-total' : 'bad-of-total', part, total };
}

/** Words for a source that speaks PromQL, or does not say what it speaks. */
const promqlSources = /prometheus|promql|cortex|mimir|thanos|victoria|amp|any/i;

function readQuery(document: YamlDocument, metric: Written, at: ValuePath, index: OpenSloIndex): Reading<PeerQuery> {
  const source = mapOf(metric['metricSource']);
  const reference = textOf(source['metricSourceRef']);
  const type = textOf(source['type']) ?? (reference === undefined ? undefined : index.typeOfSource(reference));
  if (type !== undefined && !promqlSources.test(type)) {
    return { code: 'other-source', message: `queries of ${type} are not read, only PromQL` };
  }
  const text = textOf(mapOf(source['spec'])['query']);
  if (text !== undefined) return { document, text, path: [...at, 'metricSource', 'spec', 'query'] };
  return { code: 'query-missing', message: 'there is no metricSource.spec.query' };
}
