import { parseDuration } from '../../domain/duration.js';
import type { Window } from '../../domain/window.js';
import type { ValuePath, YamlDocument } from '../../documents/yaml-document.js';
import type { Difference } from '../meaning/differences.js';
import type { Obstacle, Reading } from '../obstacle.js';
import { isObstacle } from '../obstacle.js';
import type { PeerSli, Placed, ReadDocument } from '../peer-slo.js';
import { labelsLeft, ownerIn } from './labels.js';
import { shareOfPercent } from './shares.js';
import { ticketsStay } from './sloth.js';
import { isMap, listOf, mapOf, textOf } from './written.js';
import type { Written } from './written.js';

const prefix = 'pyrra.dev/';

const knownOfSpec = ['target', 'window', 'description', 'indicator', 'alerting'];

/** Pyrra's ServiceLevelObjective: one promise in a document, of bare selectors that Pyrra itself adds up. */
export function readPyrra(document: YamlDocument): ReadDocument {
  const root = mapOf(document.value);
  const metadata = mapOf(root['metadata']);
  const spec = mapOf(root['spec']);
  const obstacles: Placed<Obstacle>[] = [];
  const differences: Placed<Difference>[] = [];
  const take = <T extends object>(reading: Reading<T>, path: ValuePath): T | undefined => {
    if (!isObstacle(reading)) return reading;
    obstacles.push({ path, value: reading });
    return undefined;
  };
  const inSpec = (...steps: readonly string[]): ValuePath => ['spec', ...steps];
  const name = textOf(metadata['name']);
  if (name === undefined) {
    obstacles.push({ path: ['metadata'], value: { code: 'name-missing', message: 'an SLO without a name' } });
  }
  const share = take(shareOfPercent(spec['target']), inSpec('target'));
  const window = take(windowOf(spec['window']), inSpec('window'));
  const sli = take(sliOf(document, mapOf(spec['indicator']), inSpec('indicator')), inSpec('indicator'));
  differences.push(
    ...labelsLeft(metadata['labels'], ['metadata', 'labels'], prefix),
    ...labelsLeft(metadata['annotations'], ['metadata', 'annotations'], prefix),
    ...alertsLeft(mapOf(spec['alerting']), inSpec('alerting')),
    ...Object.keys(spec)
      .filter((key) => !knownOfSpec.includes(key))
      .map((key) => ({ path: inSpec(key), value: settingLeft(key) })),
  );
  const isOff = areAlertsOff(mapOf(spec['alerting']));
  if (name === undefined || !share || !window || !sli) return { slos: [], found: 1, obstacles, differences };
  const slo = {
    document,
    path: [],
    title: name,
    name,
    description: textOf(spec['description']),
    objective: share.ratio,
    window,
    budgeting: { method: 'occurrences' } as const,
    sli,
    mustSum: false,
    owner: ownerIn(metadata['labels'], prefix) ?? ownerIn(metadata['annotations'], prefix),
    pages: !isOff,
  };
  return { slos: [slo], found: 1, obstacles, differences };
}

function windowOf(written: unknown): Reading<Window> {
  const text = textOf(written);
  const seconds = text === undefined ? undefined : parseDuration(text);
  if (seconds !== undefined && seconds >= 3600 && seconds <= 366 * 86_400 && seconds % 60 === 0) {
    return { kind: 'rolling', seconds };
  }
  const message = text === undefined ? 'there is no window' : `no window: ${JSON.stringify(text)}`;
  return { code: 'bad-window', message, hint: 'whole minutes from 1h to 366d, such as 4w or 30d' };
}

function sliOf(document: YamlDocument, indicator: Written, at: ValuePath): Reading<PeerSli> {
  const kinds = ['ratio', 'latency', 'latencyNative', 'bool_gauge'].filter((kind) => isMap(indicator[kind]));
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1) {
    return { code: 'sli-missing', message: 'there must be one indicator: ratio, latency, latencyNative or bool_gauge' };
  }
  const one = mapOf(indicator[kind]);
  if (kind === 'bool_gauge') {
    return {
      code: 'gauge',
      message: 'a gauge tells how things are when somebody looks, not how many requests went wrong',
      hint: 'leave probes where they are; the service’s own requests have promises by default',
    };
  }
  if (kind === 'latencyNative') {
    return {
      code: 'native-histogram',
      message: 'proxies of meshes print buckets, not native histograms',
      hint: 'write it as latency, with a bucket of the mesh: success.metric with le="..."',
    };
  }
  const grouping = listOf(one['grouping']).filter((label): label is string => typeof label === 'string');
  const part = kind === 'ratio' ? 'errors' : 'success';
  const queryOf = (key: string) => textOf(mapOf(one[key])['metric']);
  const [partText, totalText] = [queryOf(part), queryOf('total')];
  if (partText === undefined || totalText === undefined) {
    const key = partText === undefined ? part : 'total';
    return { code: 'query-missing', message: `there is no ${kind}.${key}.metric` };
  }
  const by = grouping.length === 0 ? '' : ` by (${grouping.join(', ')})`;
  // Pyrra adds up what its selectors find, kept apart by the labels of grouping.
  const summed = (text: string): string => (by === '' ? text : `sum${by} (rate(${text}[5m]))`);
  return {
    kind: part === 'errors' ? 'bad-of-total' : 'good-of-total',
    part: { document, text: summed(partText), path: [...at, kind, part, 'metric'] },
    total: { document, text: summed(totalText), path: [...at, kind, 'total', 'metric'] },
  };
}

function areAlertsOff(alerting: Written): boolean {
  return alerting['disabled'] === true || alerting['burnrates'] === false;
}

function alertsLeft(alerting: Written, at: ValuePath): readonly Placed<Difference>[] {
  const found: Placed<Difference>[] = [];
  if (areAlertsOff(alerting)) {
    const key = alerting['disabled'] === true ? 'disabled' : 'burnrates';
    const message = 'alerts were off: pages stay off (alerts: { pages: off }), tickets come';
    found.push({ path: [...at, key], value: { ...ticketsStay, message } });
  }
  if (alerting['absent'] === false) {
    const message = 'the alert on missing metrics was off; meshslo tells of missing data by tickets of its own';
    found.push({ path: [...at, 'absent'], value: { code: 'no-data-is-told', message } });
  }
  const rest = Object.keys(alerting).filter((key) => !['disabled', 'burnrates', 'absent'].includes(key));
  for (const key of rest.sort()) {
    found.push({
      path: [...at, key],
      value: { code: 'alert-text-left', message: `alerting.${key} is not taken`, hint: alertsOwn },
    });
  }
  return found;
}

const alertsOwn = 'names and severities of alerts come from their policy: docs/alerting.md';

function settingLeft(key: string): Difference {
  const known = ['performanceOverAccuracy', 'partial_response_strategy', 'ruleOutput'];
  return known.includes(key)
    ? { code: 'setting-left', message: `${key} is not taken: it is about Pyrra’s own rules` }
    : { code: 'unknown-key', message: `${key} is not taken: Pyrra has no such key here` };
}
