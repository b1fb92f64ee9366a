import { expect, test } from '@jest/globals';
import { parseYaml } from '../../../src/documents/yaml-document.js';
import { ruleSet } from '../../../src/generate/rules/rule-set.js';
import { checkPack } from '../../../src/packs/load-packs.js';
import { plainPack } from '../../config/workspace.js';
import { describeWith } from '../../support/programs.js';
import { madeUpSlo, partsOf } from './made-up-slos.js';
import { promtoolFindings } from './promtool.js';

const pack = checkPack(parseYaml('poor.yaml', Buffer.from(plainPack('poor'))).documents[0]!).value!;
const files = ruleSet({ ...partsOf([madeUpSlo({ mesh: 'poor' })]), packs: new Map([['poor', pack]]) });

describeWith('promtool', 'a mesh that tells neither durations nor the age of its processes', (promtool) => {
  test('is counted, from zero where a series is new', () => {
    const input = [
      { series: 'my_requests{job="s",instance="a",side="server",service="cart",ok="true"}', values: '7+10x40' },
    ];
    const metric = 'service_sli:events:delta1m';
    const labels = `${metric}{cluster="eu-1",namespace="shop",service="cart",sli="poor/server"}`;
    const expected = [
      { expr: metric, eval_time: '1m', exp_samples: [{ labels, value: 37 }] },
      { expr: metric, eval_time: '5m', exp_samples: [{ labels, value: 40 }] },
    ];
    expect(promtoolFindings(promtool, files, input, expected)).toBe('');
  });

  test('has no events and no alerts but the heartbeat where nobody exports its metrics', () => {
    const heartbeat =
      'ALERTS{alertname="MeshsloWatchdog",alertstate="firing",cluster="eu-1",severity="heartbeat",watcher="prometheus"}';
    const expected = [
      // When counters were read is told even where there are none.
      { expr: '{__name__=~"service.*", moment!="at"}', eval_time: '30m', exp_samples: [] },
      { expr: 'ALERTS', eval_time: '30m', exp_samples: [{ labels: heartbeat, value: 1 }] },
    ];
    expect(promtoolFindings(promtool, files, [{ series: 'other', values: '0x120' }], expected)).toBe('');
  });
});
