import { expect, test } from '@jest/globals';
import * as recorded from '../../../src/generate/rules/series-names.js';
import { loadBoards } from '../../../src/packs/load-boards.js';
import { catalogMetrics } from '../../../src/server/catalog-metrics.js';
import { controlPlaneMetrics } from '../../../src/server/control-plane-metrics.js';
import { findingMetrics } from '../../../src/server/finding-metrics.js';
import { createOwnMetrics } from '../../../src/server/own-metrics.js';
import { MadeUpFindings } from '../../server/made-up-findings.js';
import { MadeUpReader, noon } from '../../server/made-up-reader.js';

const words = loadBoards().packs.metrics;

test('what boards may ask of meshslo is what its /metrics tells, by the same type', async () => {
  const metrics = createOwnMetrics(new MadeUpReader(), { now: () => noon }, '1');
  metrics.add((registers) => {
    const findings = findingMetrics(registers, new MadeUpFindings());
    const planes = controlPlaneMetrics(registers, () => []);
    catalogMetrics(registers, { places: [], migration: () => [] });
    return () => {
      findings.read();
      planes();
    };
  });
  const text = await metrics.render();
  const told = new Map([...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name, type]) => [name!, type!]));
  const asked = words.filter(({ name }) => name.startsWith('meshslo_'));
  expect(asked.length).toBeGreaterThan(20);
  for (const { name, type, of } of asked) expect([name, told.get(name), of]).toEqual([name, type, 'meshslo']);
});

test('what boards may ask of recorded series is what rules record', () => {
  const names = new Set([
    ...(['events', 'bad_events'] as const).flatMap((kind) => [
      recorded.minuteEvents(kind),
      recorded.fiveMinuteEvents(kind),
    ]),
    ...(['calls', 'bad_calls'] as const).map((kind) => recorded.dependencyCalls(kind)),
    recorded.objective,
    recorded.budget,
    recorded.burnStep,
    recorded.carrier,
    recorded.countedDay,
    recorded.scrapeCoverage,
    recorded.promisedFailures,
  ]);
  expect(new Set(words.filter(({ name }) => name.includes(':')).map(({ name }) => name))).toEqual(names);
  const labelsOf = (name: string): readonly string[] => words.find((word) => word.name === name)!.labels;
  expect(labelsOf(recorded.objective)).toEqual(recorded.objectiveLabels);
  expect(labelsOf(recorded.minuteEvents('events'))).toEqual(recorded.sliLabels);
  expect(labelsOf(recorded.dependencyCalls('calls'))).toEqual([
    ...recorded.serviceLabels,
    ...recorded.dependencyLabels,
    'mesh',
  ]);
});
