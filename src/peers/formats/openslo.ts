import type { Budgeting } from '../../domain/slo.js';
import type { ValuePath, YamlDocument } from '../../documents/yaml-document.js';
import type { Difference } from '../meaning/differences.js';
import type { Obstacle, Reading } from '../obstacle.js';
import { isObstacle } from '../obstacle.js';
import type { PeerSlo, Placed, ReadDocument } from '../peer-slo.js';
import { labelsLeft, ownerIn } from './labels.js';
import type { OpenSloIndex } from './openslo-index.js';
import { readIndicator } from './openslo-indicator.js';
import { readWindow, sliceSeconds } from './openslo-window.js';
import { shareOfPercent, shareOfRatio } from './shares.js';
import { listOf, mapOf, textOf } from './written.js';
import type { Written } from './written.js';

const knownOfSpec = [
  ...['description', 'service', 'indicator', 'indicatorRef', 'budgetingMethod', 'timeWindow', 'objectives'],
  'alertPolicies',
];

/** A document of kind SLO of OpenSLO v1: a promise for each of its objectives. What it refers to is in the index. */
export function readOpenSlo(document: YamlDocument, index: OpenSloIndex): ReadDocument {
  const root = mapOf(document.value);
  const metadata = mapOf(root['metadata']);
  const spec = mapOf(root['spec']);
  const name = textOf(metadata['name']);
  const objectives = listOf(spec['objectives']);
  const obstacles: Placed<Obstacle>[] = [];
  const take = <T extends object>(reading: Reading<T>, path: ValuePath): T | undefined => {
    if (!isObstacle(reading)) return reading;
    obstacles.push({ path, value: reading });
    return undefined;
  };
  if (name === undefined) {
    obstacles.push({ path: ['metadata'], value: { code: 'name-missing', message: 'an SLO without a name' } });
  }
  if (objectives.length === 0) {
    obstacles.push({ path: ['spec'], value: { code: 'no-slos', message: 'there is no objective in it' } });
  }
  const window = take(readWindow(spec['timeWindow']), ['spec', 'timeWindow']);
  const indicator = objectives.some((one) => isComposite(mapOf(one))) ? undefined : readIndicator(document, index);
  if (indicator && 'obstacle' in indicator) obstacles.push(indicator.obstacle);

  const service = textOf(spec['service']);
  const owner =
    ownerIn(metadata['labels']) ?? ownerIn(service === undefined ? undefined : index.labelsOfService(service));
  const slos = objectives.flatMap((written, at): PeerSlo[] => {
    const path: ValuePath = ['spec', 'objectives', at];
    const objective = mapOf(written);
    if (isComposite(objective)) {
      obstacles.push({ path, value: composite });
      return [];
    }
    const share = take(shareIn(objective), [
      ...path,
      objective['targetPercent'] === undefined ? 'target' : 'targetPercent',
    ]);
    const budgeting = take(budgetingOf(spec, objective), ['spec', 'budgetingMethod']);
    if (name === undefined || !share || !budgeting || !window || !indicator || 'obstacle' in indicator) return [];
    const shown = textOf(objective['displayName']);
    return [
      {
        document,
        path,
        title: objectives.length === 1 ? name : `${name} (${shown ?? at + 1})`,
        name: objectives.length === 1 ? name : `${name}-${at + 1}`,
        description: textOf(spec['description']),
        objective: share.ratio,
        window: window.window,
        budgeting,
        sli: indicator.sli,
        mustSum: false,
        owner,
        pages: true,
      },
    ];
  });
  return {
    slos,
    found: Math.max(1, objectives.length),
    obstacles,
    differences: differencesIn(document, window?.difference),
  };
}

function differencesIn(document: YamlDocument, ofWindow: Difference | undefined): readonly Placed<Difference>[] {
  const root = mapOf(document.value);
  const metadata = mapOf(root['metadata']);
  const spec = mapOf(root['spec']);
  const policies = listOf(spec['alertPolicies']);
  const policy: Difference = {
    code: 'alert-policies-left',
    message: 'alert policies are not taken: when somebody is called comes from a policy of meshslo (standard)',
    hint: 'docs/alerting.md says what it does, and how a policy of your own is written',
  };
  return [
    ...labelsLeft(metadata['labels'], ['metadata', 'labels']),
    ...(ofWindow ? [{ path: ['spec', 'timeWindow', 0, 'calendar', 'startTime'], value: ofWindow }] : []),
    ...(policies.length > 0 ? [{ path: ['spec', 'alertPolicies'], value: policy }] : []),
    ...Object.keys(spec)
      .filter((key) => !knownOfSpec.includes(key))
      .map((key) => ({
        path: ['spec', key],
        value: { code: 'unknown-key', message: `${key} is not taken: OpenSLO v1 has no such key here` },
      })),
  ];
}

function isComposite(objective: Written): boolean {
  return (
    objective['indicator'] !== undefined ||
    objective['indicatorRef'] !== undefined ||
    objective['compositeWeight'] !== undefined
  );
}

const composite: Obstacle = {
  code: 'composite',
  message: 'a composite: a promise made of promises',
  hint: 'import its parts one by one; what a team or everybody kept is added up on the page and in reports',
};

function shareIn(objective: Written): Reading<{ readonly ratio: number }> {
  if (objective['targetPercent'] !== undefined) return shareOfPercent(objective['targetPercent']);
  if (objective['target'] !== undefined) return shareOfRatio(objective['target']);
  return { code: 'bad-objective', message: 'an objective without a target' };
}

function budgetingOf(spec: Written, objective: Written): Reading<Budgeting> {
  const method = textOf(spec['budgetingMethod']);
  switch (method) {
    case undefined:
    case 'Occurrences':
      return { method: 'occurrences' };
    case 'Timeslices': {
      const seconds = sliceSeconds(objective);
      const share = shareOfRatio(objective['timeSliceTarget']);
      if (seconds === undefined) {
        return {
          code: 'bad-slice',
          message: 'slices of this length are not kept',
          hint: 'timeSliceWindow: 1m, 5m or 15m',
        };
      }
      return isObstacle(share) ? share : { method: 'time-slices', sliceSeconds: seconds, sliceObjective: share.ratio };
    }
    case 'RatioTimeslices':
      return {
        code: 'ratio-of-slices',
        message: 'RatioTimeslices is an average of ratios: a quiet minute weighs like a busy one',
        hint: 'Occurrences (every request weighs alike) or Timeslices',
      };
    default:
      return { code: 'bad-budgeting', message: `no budgeting method: ${method}`, hint: 'Occurrences or Timeslices' };
  }
}
