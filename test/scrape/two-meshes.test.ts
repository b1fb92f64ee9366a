import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from '@jest/globals';
import { SloCatalogue } from '../../src/config/slo-catalogue.js';
import { shippedFiles } from '../../src/packs/definition-files.js';
import { makeTarget } from '../../src/scrape/discovery/target.js';
import { scrapeJob } from '../../src/scrape/scrape-job.js';
import { TargetState } from '../../src/scrape/target-state.js';
import { Introductions } from '../../src/sli/introductions.js';
import { Tally } from '../../src/sli/tally.js';
import { leastConfig, Workspace } from '../config/workspace.js';
import { sidecarText } from './sidecar-text.js';

const workspace = new Workspace();
afterEach(() => workspace.remove());

test('100 requests to a service that two meshes see are 100 events', () => {
  const istio = readFileSync(
    shippedFiles('rules/meshes').find((file) => file.endsWith('/istio.yaml'))!,
    'utf8',
  );
  const { config } = workspace.load({
    'meshslo.yaml': `${leastConfig}    - { name: other, mesh: other, targets: [{ static: ['a:1'] }] }\npacks: [other.pack.yaml]\n`,
    'other.pack.yaml': istio.replace('pack: istio', 'pack: other'),
  });
  const directory = new SloCatalogue(config!.slos);
  const tally = new Tally(directory);
  const introductions = new Introductions(directory);
  const states = config!.scrape.jobs.map((settings) => {
    const job = scrapeJob(settings, new Map());
    const target = makeTarget(job, '10.0.0.1:15090', {});
    return new TargetState({
      target,
      job,
      tally,
      introductions,
      ownService: () => job.ownService(target.labels),
      absentAt: undefined,
      saved: undefined,
    });
  });
  for (const [round, count] of [0, 100].entries()) {
    const at = 15 * round;
    for (const state of states) {
      const times = { startedAt: at, startedMonotonic: at, endedAt: at, endedMonotonic: at };
      state.observe(Buffer.from(sidecarText({ requests: { 200: count } })), times);
      state.attempted(true);
    }
  }
  const { events, signals } = tally.take();
  expect(events.find(({ slo }) => slo === 'eu1/shop/cart/availability')).toMatchObject({ total: 100, coverage: 1 });
  expect(signals).toMatchObject([{ requests: 100 }]);
});
