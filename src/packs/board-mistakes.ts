import { mistake } from '../documents/checked-value.js';
import { nearestWord } from '../documents/nearest-word.js';
import type { ValuePath, YamlDocument } from '../documents/yaml-document.js';
import type { Diagnostic } from '../domain/diagnostic.js';
import { proxiesThemselves } from './board-pack.js';
import { type FamilyWay, waysOfTypes } from './measure.js';
import type { MetricVocabulary } from './metric-vocabulary.js';

/**
 * What a document of a board asks that nobody can answer: metrics that are in no vocabulary, and ways that do not suit a
 * metric. What its schema finds wrong is not looked at again.
 */
export function boardMistakes(document: YamlDocument, vocabulary: MetricVocabulary): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  visit(document.value, [], (key, value, path) => {
    for (const [index, metric] of (Array.isArray(value) ? value : [value]).entries()) {
      if (typeof metric !== 'string') continue;
      const at = Array.isArray(value) ? [...path, index] : path;
      found.push(...mistakesOf(key, metric, at, { document, vocabulary }));
    }
  });
  return found;
}

/** Keys whose value is a metric by which targets are told apart. */
const targetKeys: ReadonlySet<string> = new Set(['beside', 'apart_from']);

function mistakesOf(
  key: string,
  metric: string,
  path: ValuePath,
  { document, vocabulary }: { readonly document: YamlDocument; readonly vocabulary: MetricVocabulary },
): readonly Diagnostic[] {
  const word = vocabulary.get(metric);
  if (word === undefined) {
    const nearest = nearestWord(metric, [...vocabulary.keys()]);
    const hint = `${nearest === undefined ? '' : `did you mean ${nearest}? If not, `}write it with its type into metrics: of this file`;
    return [mistake(document, path, 'unknown-metric', `${metric} is in no vocabulary`, { hint })];
  }
  const way = wayOf(key);
  if (way === undefined || waysOfTypes[way].includes(word.type)) return [];
  const ways = Object.entries(waysOfTypes).flatMap(([name, types]) => (types.includes(word.type) ? [name] : []));
  const hint = ways.length === 0 ? 'ask for it by sli: or slo:' : `a ${word.type} has: ${ways.join(', ')}`;
  return [mistake(document, path, 'way-of-metric', `${way} of ${metric}, which is a ${word.type}`, { hint })];
}

function wayOf(key: string): FamilyWay | undefined {
  if (key === 'of') return 'quantile';
  return Object.hasOwn(waysOfTypes, key) ? (key as FamilyWay) : undefined;
}

type OnMetric = (key: string, value: unknown, path: ValuePath) => void;

/** Every place of a document that names metrics. */
function visit(value: unknown, path: ValuePath, onMetric: OnMetric): void {
  if (typeof value !== 'object' || value === null) return;
  const isVariable = path.at(-2) === 'variables';
  for (const [key, part] of Object.entries(value)) {
    const at = [...path, Array.isArray(value) ? Number(key) : key];
    // Words of its own, and conditions on labels, name no metrics.
    if (key === 'metrics' || key === 'where') continue;
    if (isVariable && key === 'of') onMetric('variable', part === proxiesThemselves ? undefined : part, at);
    else if (isMetricKey(key, value)) onMetric(key, part, at);
    else visit(part, at, onMetric);
  }
}

function isMetricKey(key: string, value: object): boolean {
  if (key === 'of') return Object.hasOwn(value, 'quantile');
  if (key === 'quantile') return false;
  return targetKeys.has(key) || Object.hasOwn(waysOfTypes, key);
}
