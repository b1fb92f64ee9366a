import type { Diagnostic } from '../domain/diagnostic.js';
import { mistake } from '../documents/checked-value.js';
import type { ValuePath, YamlDocument } from '../documents/yaml-document.js';
import type { Format } from './formats/recognise.js';
import { formatOf } from './formats/recognise.js';
import { OpenSloIndex } from './formats/openslo-index.js';
import { readOpenSlo } from './formats/openslo.js';
import { readPyrra } from './formats/pyrra.js';
import { readSloth } from './formats/sloth.js';
import { listOf, mapOf, textOf } from './formats/written.js';
import type { Obstacle } from './obstacle.js';
import type { PeerSlo, ReadDocument } from './peer-slo.js';
import type { PlacedObstacle } from './promise-of.js';

/** All promises in documents of other tools. */
export interface Definitions {
  readonly slos: readonly PeerSlo[];
  /** How many promises were found, with those that could not be read. */
  readonly found: number;
  /** An `error` for what could not be read, a `warning` for what changes on the way. */
  readonly diagnostics: readonly Diagnostic[];
  /** Documents that promise nothing. */
  readonly strangers: readonly YamlDocument[];
}

/** Reads what documents promise, each in its own format; what they refer to may stand in another one of them. */
export function readDefinitions(documents: readonly YamlDocument[]): Definitions {
  const objects = documents.flatMap(objectsOf);
  const index = new OpenSloIndex(objects);
  const strangers = objects.filter(({ value }) => formatOf(value).kind === 'stranger');
  const readings = objects.map((document) => {
    const { slos, found, obstacles, differences } = read(document, formatOf(document.value), index);
    const diagnostics = [
      ...obstacles.map((one) => placed(document, one.path, one.value, 'error')),
      ...differences.map((one) => placed(document, one.path, one.value, 'warning')),
    ];
    return { slos, found, diagnostics };
  });
  return {
    slos: readings.flatMap(({ slos }) => slos),
    found: readings.reduce((sum, { found }) => sum + found, 0),
    diagnostics: readings.flatMap(({ diagnostics }) => diagnostics),
    strangers,
  };
}

/** A remark as a diagnostic at its place. */
export function placed(
  document: YamlDocument,
  path: ValuePath,
  { code, message, hint }: Obstacle,
  severity: 'error' | 'warning',
): Diagnostic {
  return mistake(document, path, code, message, { hint, ...(severity === 'warning' && { severity }) });
}

/** What is wrong with a query, at the words that are meant, where they can be found on its line. */
export function placedInQuery({ query, obstacle }: PlacedObstacle): Diagnostic {
  const { document, path, text } = query;
  const whole = placed(document, path, obstacle, 'error');
  const position = whole.position!;
  const near = obstacle.near ?? '';
  const at = near === '' ? -1 : text.indexOf(near);
  // A text that is as long as its place stands there as it is, on one line.
  const isPlain = position.length === text.length;
  if (at < 0 || !isPlain)
    return { ...whole, position: { ...position, length: Math.min(position.length, longestCaret) } };
  return { ...whole, position: { ...position, column: position.column + at, length: near.length } };
}

const longestCaret = 24;

/** A document, or each entry of a list of objects as kubectl prints it, as if it stood alone. */
function objectsOf(document: YamlDocument): readonly YamlDocument[] {
  const root = mapOf(document.value);
  const isList = textOf(root['kind'])?.endsWith('List') === true;
  if (!isList) return [document];
  return listOf(root['items']).map((value, at) => ({
    file: document.file,
    value,
    position: (path, part) => document.position(['items', at, ...path], part),
  }));
}

const none: ReadDocument = { slos: [], found: 0, obstacles: [], differences: [] };

function read(document: YamlDocument, format: Format, index: OpenSloIndex): ReadDocument {
  switch (format.kind) {
    case 'sloth':
      return readSloth(document, []);
    case 'sloth-object':
      return readSloth(document, ['spec']);
    case 'pyrra':
      return readPyrra(document);
    case 'openslo-slo':
      return readOpenSlo(document, index);
    case 'openslo-part':
    case 'stranger':
      return none;
    case 'refused':
      return { ...none, found: 1, obstacles: [{ path: [], value: format.obstacle }] };
    case 'alert-windows':
      return { ...none, differences: [{ path: ['spec'], value: alertWindows }] };
    case 'openslo-alerts':
      return { ...none, differences: [{ path: ['kind'], value: ownAlerts }] };
    case 'rules':
      return { ...none, differences: [{ path: [], value: madeRules }] };
  }
}

const alertWindows: Obstacle = {
  code: 'alert-windows-left',
  message: 'AlertWindows are not taken: when somebody is called comes from a policy of meshslo (standard)',
  hint: 'its steps fit in a policy of your own: docs/alerting.md; a sloPeriod other than 30d: --window',
};

const ownAlerts: Obstacle = {
  code: 'alert-policies-left',
  message: 'alert policies are not taken: when somebody is called comes from a policy of meshslo (standard)',
  hint: 'docs/alerting.md says what it does, and how a policy of your own is written',
};

const madeRules: Obstacle = {
  code: 'rules-left',
  message: 'rules are not taken: what is read are the definitions behind them',
  hint: 'rules by hand: docs/coming-from.md',
};
