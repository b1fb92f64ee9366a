import { expect, test } from '@jest/globals';
import { exampleSeries } from '../../../src/generate/rules/tests/example-series.js';
import { recordingFile } from '../../../src/generate/rules/recording-file.js';
import { sliName, sliOf } from '../../../src/generate/rules/sli.js';
import { loadPacks } from '../../../src/packs/load-packs.js';
import type { SignalPack } from '../../../src/packs/signal-pack.js';
import { unitsPerSecond } from '../../../src/packs/signal-pack.js';
import { describeWith } from '../../support/programs.js';
import { madeUpSlo, settings } from './made-up-slos.js';
import { promtoolFindings } from './promtool.js';

const { packs } = loadPacks(['examples/own-pack/haproxy.yaml']);

/** Four scrapes a minute, the counter's growth in each; the process is old before the first. */
function inputOf({ process }: SignalPack, good: readonly string[], bad: readonly string[]) {
  const age = process.uptime?.family ?? process.startTimeSeconds;
  const unit = process.uptime ? unitsPerSecond[process.uptime.unit] : 0;
  return [
    ...(age === undefined ? [] : [{ series: `${age}{job="j",instance="i"}`, values: `0+${15 * unit}x40` }]),
    ...good.map((series) => ({ series, values: '0+10x40' })),
    ...bad.map((series) => ({ series, values: '0+1x40' })),
  ];
}

describeWith('promtool', 'recording rules of every mesh count its requests and name its services', (promtool) => {
  const cases = [...packs.values()].map((pack) => ({ mesh: pack.name, pack }));

  test.each(cases)('$mesh', ({ mesh, pack }) => {
    const namespace = mesh === 'envoy' ? 'default' : 'shop';
    const { perspective } = pack.views[0]!;
    const slo = madeUpSlo({ mesh, perspective, service: { cluster: 'eu-1', namespace, name: 'cart' } });
    const sli = sliOf(slo)!;
    const examples = exampleSeries(sli, slo.service, pack, { job: 'j', instance: 'i' }, settings)!;
    const rules = recordingFile({ slis: [sli], windowsSeconds: [], worstMinutesOfSeconds: [], packs, settings });
    const labels = `{cluster="eu-1",namespace="${namespace}",service="cart",sli="${sliName(sli)}"}`;
    const events = (kind: string, value: number) => {
      const expr = `service_sli:${kind}:delta1m`;
      return { expr, eval_time: '5m', exp_samples: [{ labels: `${expr}${labels}`, value }] };
    };
    const input = inputOf(pack, examples.good, examples.bad);
    const expected = [events('events', 44), events('bad_events', 4)];
    expect(promtoolFindings(promtool, [rules], input, expected)).toBe('');
  });
});
