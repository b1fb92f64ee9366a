import type { ControlPlanePack } from '../../packs/control-plane-pack.js';
import { loadControlPlanePacks } from '../../packs/load-control-plane-packs.js';
import type { BoardPacks } from '../../packs/load-boards.js';
import type { MetricVocabulary, MetricWord } from '../../packs/metric-vocabulary.js';
import {
  budget,
  burnStep,
  carrier,
  countedDay,
  dependencyCalls,
  dependencyLabels,
  fiveMinuteEvents,
  minuteEvents,
  objective,
  objectiveLabels,
  promisedFailures,
  scrapeCoverage,
  serviceLabels,
  sliLabels,
  windowEvents,
} from '../rules/series-names.js';

/**
 * Every metric that packs of boards may name: what rules record, what Prometheus makes itself, what meshslo tells, and what
 * the packs bring along.
 */
export function boardVocabulary(
  packs: BoardPacks,
  windowsSeconds: readonly number[],
  controlPlanes: readonly ControlPlanePack[] = [...loadControlPlanePacks().values()],
): MetricVocabulary {
  const gauge = (name: string, labels: readonly string[]): MetricWord => ({ name, type: 'gauge', labels });
  const events = (['events', 'bad_events'] as const).flatMap((kind) =>
    [minuteEvents(kind), fiveMinuteEvents(kind), ...windowsSeconds.map((seconds) => windowEvents(kind, seconds))].map(
      (name): MetricWord => ({ name, type: 'recorded-sum', labels: sliLabels }),
    ),
  );
  const calls = (['calls', 'bad_calls'] as const).map((kind): MetricWord => ({
    name: dependencyCalls(kind),
    type: 'recorded-sum',
    labels: [...serviceLabels, ...dependencyLabels, 'mesh'],
  }));
  const words: readonly MetricWord[] = [
    ...events,
    ...calls,
    gauge(objective, objectiveLabels),
    gauge(budget, objectiveLabels),
    gauge(burnStep, [...objectiveLabels, 'severity', 'step', 'over', 'action']),
    gauge(carrier, [...serviceLabels, 'mesh', 'job', 'instance']),
    gauge(countedDay, sliLabels),
    gauge(scrapeCoverage, serviceLabels),
    gauge(promisedFailures, [...serviceLabels, ...dependencyLabels]),
    gauge('ALERTS', ['cluster', 'namespace', 'service', 'slo', 'owner', 'alertname', 'severity', 'alertstate']),
    gauge('up', []),
    ...controlPlanes.flatMap((pack) => [...pack.metrics.values()]),
    ...packs.metrics,
    ...packs.additions.flatMap(({ metrics }) => metrics),
    ...packs.boards.flatMap(({ metrics }) => metrics),
  ];
  return new Map(words.map((word) => [word.name, word]));
}
