import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ruleSet } from '../../../src/generate/rules/rule-set.js';
import { ruleYaml } from '../../../src/generate/rules/rule-yaml.js';
import { describeWith } from '../../support/programs.js';
import { readRuleFile } from '../../support/prometheus/rule-file.js';
import { VictoriaStore } from '../../support/prometheus/victoria-store.js';
import { madeUpSlo, partsOf } from './made-up-slos.js';

const at = 1_795_168_800;

describeWith('victoria-metrics', 'a proxy whose target has some of the labels that can name its service', () => {
  const folder = mkdtempSync(join(tmpdir(), 'meshslo-named-'));
  let store: VictoriaStore;

  beforeAll(async () => {
    store = await VictoriaStore.start(folder);
    for (let proxy = 0; proxy < 60; proxy++) {
      const label = ['service', 'app', 'deployment'][proxy % 3]!;
      const labels = {
        __name__: 'response_total',
        namespace: 'shop',
        [label]: `cart-${proxy}`,
        classification: 'success',
        direction: 'inbound',
        instance: `10.0.0.${proxy}:4191`,
        job: 'proxies',
        status_code: '200',
        tls: 'true',
        zone: `zone-${proxy}`,
      };
      store.add(labels, Float64Array.of(at * 1000), Float64Array.of(1));
    }
    await store.settle();
  });

  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('is counted under the one that it has', async () => {
    const rules = ruleSet(partsOf([madeUpSlo({ mesh: 'linkerd2' })]))
      .map(ruleYaml)
      .flatMap(readRuleFile)
      .flatMap((group) => group.rules);
    const held = rules.filter(({ record }) => record === 'service_target:good_events:held');
    const named = (await Promise.all(held.map(({ expr }) => store.instant(expr, at + 30)))).flat();
    expect(held).toHaveLength(1);
    expect(named.map(({ labels }) => labels['service']).sort()).toEqual(
      Array.from({ length: 60 }, (_, proxy) => `cart-${proxy}`).sort(),
    );
  });
});
