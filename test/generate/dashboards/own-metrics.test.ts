import { expect, test } from '@jest/globals';
import { loadBoards } from '../../../src/packs/load-boards.js';
import { createOwnMetrics } from '../../../src/server/own-metrics.js';
import { findingMetrics } from '../../../src/server/finding-metrics.js';
import { MadeUpFindings } from '../../server/made-up-findings.js';
import { MadeUpReader, noon } from '../../server/made-up-reader.js';

test('what boards may ask of meshslo is what its /metrics tells, by the same type', async () => {
  const metrics = createOwnMetrics(new MadeUpReader(), { now: () => noon }, '1');
  metrics.add((registers) => {
    const findings = findingMetrics(registers, new MadeUpFindings());
    return () => findings.read();
  });
  const text = await metrics.render();
  const told = new Map([...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name, type]) => [name!, type!]));
  const asked = loadBoards().packs.metrics.filter(({ name }) => name.startsWith('meshslo_'));
  expect(asked.length).toBeGreaterThan(20);
  for (const { name, type } of asked) expect([name, told.get(name)]).toEqual([name, type]);
});
