import type { ValuePath, YamlDocument } from '../../documents/yaml-document.js';
import type { Difference } from '../meaning/differences.js';
import type { Obstacle } from '../obstacle.js';
import { isObstacle } from '../obstacle.js';
import type { PeerQuery, PeerSli, PeerSlo, Placed, ReadDocument } from '../peer-slo.js';
import { alertTextsLeft, labelsLeft, ownerIn } from './labels.js';
import { shareOfPercent } from './shares.js';
import { isMap, keyIn, listOf, mapAt, mapOf, strangeKeys, textOf } from './written.js';
import type { Written } from './written.js';

const knownOfSlo = [
  'name',
  'description',
  'objective',
  'labels',
  'sli',
  'alerting',
  'plugins',
  'sloPlugins',
  'slo_plugins',
];
const knownOfHead = ['version', 'service', 'labels', 'slos', 'slo_plugins', 'sloPlugins'];

/**
 * Sloth's `prometheus/v1`, and the same under `spec` of a PrometheusServiceLevel.
 *
 * @param at where the specification stands
 */
export function readSloth(document: YamlDocument, at: ValuePath): ReadDocument {
  const spec = mapAt(document, at);
  const slos = listOf(spec['slos']);
  const readings = slos.map((slo, index) => readSlo(document, spec, slo, [...at, 'slos', index]));
  const empty: readonly Placed<Obstacle>[] =
    slos.length > 0 ? [] : [{ path: at, value: { code: 'no-slos', message: 'there is no SLO in it' } }];
  return {
    slos: readings.flatMap(({ slo }) => slo ?? []),
    found: slos.length,
    obstacles: [...empty, ...readings.flatMap(({ obstacles }) => obstacles)],
    differences: [
      ...labelsLeft(spec['labels'], [...at, 'labels']),
      ...strange(spec, [...knownOfHead], at),
      ...pluginsLeft(spec, at),
      ...readings.flatMap(({ differences }) => differences),
    ],
  };
}

interface ReadSlo {
  readonly slo: PeerSlo | undefined;
  readonly obstacles: readonly Placed<Obstacle>[];
  readonly differences: readonly Placed<Difference>[];
}

function readSlo(document: YamlDocument, spec: Written, written: unknown, path: ValuePath): ReadSlo {
  if (!isMap(written)) {
    return {
      slo: undefined,
      obstacles: [{ path, value: { code: 'no-slo', message: 'this is no SLO' } }],
      differences: [],
    };
  }
  const obstacles: Placed<Obstacle>[] = [];
  const name = textOf(written['name']);
  if (name === undefined) obstacles.push({ path, value: { code: 'name-missing', message: 'an SLO without a name' } });
  const share = shareOfPercent(written['objective']);
  if (isObstacle(share)) obstacles.push({ path: [...path, 'objective'], value: share });
  const sli = readSli(document, mapOf(written['sli']), [...path, 'sli']);
  if ('obstacle' in sli) obstacles.push(sli.obstacle);
  const alerting = mapOf(written['alerting']);
  const [page, ticket] = [
    ['page_alert', 'pageAlert'],
    ['ticket_alert', 'ticketAlert'],
  ].map((spellings) => keyIn(alerting, ...spellings)) as [string | undefined, string | undefined];
  const isOff = (key: string | undefined): boolean => key !== undefined && mapOf(alerting[key])['disable'] === true;
  const alertPath = [...path, 'alerting'];
  const differences: Placed<Difference>[] = [
    ...labelsLeft(written['labels'], [...path, 'labels']),
    ...alertTextsLeft(alerting, alertPath),
    ...[page, ticket].flatMap((key) => (key === undefined ? [] : alertTextsLeft(alerting[key], [...alertPath, key]))),
    ...(isOff(page) ? [{ path: [...alertPath, page!, 'disable'], value: pagesOff }] : []),
    ...(isOff(ticket) ? [{ path: [...alertPath, ticket!, 'disable'], value: ticketsStay }] : []),
    ...strange(written, knownOfSlo, path),
    ...pluginsLeft(written, path),
  ];
  if (name === undefined || isObstacle(share) || 'obstacle' in sli) return { slo: undefined, obstacles, differences };
  const service = textOf(spec['service']);
  const slo: PeerSlo = {
    document,
    path,
    title: service === undefined ? name : `${service}-${name}`,
    name,
    description: textOf(written['description']),
    objective: share.ratio,
    window: undefined,
    budgeting: { method: 'occurrences' },
    sli: sli.sli,
    mustSum: true,
    owner: ownerIn(written['labels']) ?? ownerIn(spec['labels']),
    pages: !isOff(page),
  };
  return { slo, obstacles, differences };
}

const pagesOff: Difference = {
  code: 'pages-off',
  message: 'pages were off, and stay so (alerts: { pages: off })',
  hint: 'tickets of its policy are all there is',
};

/** What meshslo cannot switch off alone. */
export const ticketsStay: Difference = {
  code: 'tickets-stay',
  message: 'tickets were off; in meshslo they are part of the policy, and come',
  hint: 'a policy of your own without tickets says otherwise: docs/alerting.md',
};

function readSli(
  document: YamlDocument,
  sli: Written,
  path: ValuePath,
): { readonly sli: PeerSli } | { readonly obstacle: Placed<Obstacle> } {
  const kinds = ['events', 'raw', 'plugin'].filter((kind) => isMap(sli[kind]));
  const refuse = (at: ValuePath, code: string, message: string, hint?: string) => ({
    obstacle: { path: at, value: { code, message, hint } },
  });
  if (kinds.length !== 1) {
    const message =
      kinds.length === 0 ? 'there is no SLI: events, raw or plugin' : `one SLI, not ${kinds.join(' and ')}`;
    return refuse(path, 'sli-missing', message);
  }
  const [kind] = kinds as [string];
  const at = [...path, kind];
  const one = mapOf(sli[kind]);
  if (kind === 'plugin') {
    const message = `what the plugin ${textOf(one['id']) ?? ''} counts stands in its code, not in this file`;
    return refuse(
      at,
      'plugin',
      message,
      'write its queries as events, or let the default SLOs of the service promise it',
    );
  }
  const queryAt = (...spellings: readonly string[]): PeerQuery | undefined => {
    const key = keyIn(one, ...spellings);
    const text = key === undefined ? undefined : textOf(one[key]);
    return text === undefined ? undefined : { document, text, path: [...at, key!] };
  };
  if (kind === 'raw') {
    const ratio = queryAt('error_ratio_query', 'errorRatioQuery');
    return ratio ? { sli: { kind: 'bad-ratio', ratio } } : refuse(at, 'query-missing', 'there is no error_ratio_query');
  }
  const part = queryAt('error_query', 'errorQuery');
  const total = queryAt('total_query', 'totalQuery');
  if (part && total) return { sli: { kind: 'bad-of-total', part, total } };
  return refuse(at, 'query-missing', `there is no ${part ? 'total_query' : 'error_query'}`);
}

function strange(map: Written, known: readonly string[], at: ValuePath): readonly Placed<Difference>[] {
  return strangeKeys(map, known, at).map((path) => ({
    path,
    value: { code: 'unknown-key', message: `${String(path.at(-1))} is not taken: Sloth has no such key here` },
  }));
}

function pluginsLeft(map: Written, at: ValuePath): readonly Placed<Difference>[] {
  const key = keyIn(map, 'plugins', 'sloPlugins', 'slo_plugins');
  if (key === undefined) return [];
  const message = 'plugins are not taken: they change Sloth’s own rules';
  return [{ path: [...at, key], value: { code: 'plugins-left', message } }];
}
