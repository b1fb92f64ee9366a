import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import type { Config } from '../../src/config/config.js';
import { Ledger } from '../../src/ledger/ledger.js';
import { CurrentSlos } from '../../src/service/current-slos.js';
import { Notices } from '../../src/service/notices.js';
import { createPublishers } from '../../src/service/publishing.js';
import { FakeGrafana } from '../support/apis/fake-grafana.js';
import { leastConfig, Workspace } from '../config/workspace.js';

const workspace = new Workspace();
afterEach(() => workspace.remove());

/** Publishers of a configuration, beside an empty ledger, and a clock that goes on second by second. */
function publishing(config: Config) {
  let now = 1000;
  const clock = { now: () => now, monotonic: () => now };
  const ledger = Ledger.open(join(workspace.folder, 'ledger.db'));
  const publishers = createPublishers({
    config: () => config,
    slos: new CurrentSlos(config.slos),
    ledger,
    clock,
    metrics: { add: () => undefined },
    notices: new Notices(() => undefined),
    onNotice: () => undefined,
    onBug: (error) => {
      throw error;
    },
  });
  for (const one of publishers) one.start();
  const after = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      now += 1;
      for (const one of publishers) one.look();
      for (const one of publishers) await one.idle();
    }
  };
  const stop = async (): Promise<void> => {
    for (const one of publishers) await one.stop();
    ledger.close();
  };
  return { ledger, clock, after, stop };
}

const own = `route:
  receiver: a
  group_wait: 30s
receivers:
  - name: a
`;

test('an alert is marked in Grafana a few seconds after it was written, without a look at every board', async () => {
  const grafana = await new FakeGrafana().listen();
  workspace.load({ token: 'glsa_right' });
  const login = 'authorization: { bearer_token_file: token }';
  const settings = `${leastConfig}publish: { every: 1d, to: [{ grafana: { url: '${grafana.url}', ${login} } }] }\n`;
  const config = workspace.load({ 'meshslo.yaml': settings }).config!;
  const { ledger, clock, after, stop } = publishing(config);
  await after(31);
  const looked = grafana.asked.filter(({ path }) => path[1] === 'dashboards').length;
  ledger.events.add([{ kind: 'migration', at: clock.now(), service: undefined, summary: 'a wave began', facts: {} }]);
  await after(8);
  expect([...grafana.annotations.values()].map(({ text }) => text)).toEqual(['a wave began']);
  expect(grafana.asked.filter(({ path }) => path[1] === 'dashboards')).toHaveLength(looked);
  await stop();
  await grafana.close();
});

test('the file that our configuration is merged into is read again when its owner has changed it', async () => {
  const settings = `${leastConfig}notifications: { merge_into: own.yaml, receivers: [{ name: a, existing: true }], default: a }
publish: { every: 1d, to: [{ files: { folder: out, contents: [alertmanager] } }] }
`;
  const config = workspace.load({ 'meshslo.yaml': settings, 'own.yaml': own }).config!;
  const { after, stop } = publishing(config);
  const written = (): string => readFileSync(join(workspace.folder, 'out', 'alertmanager.yaml'), 'utf8');
  await after(30);
  expect(written()).toContain('group_wait: 30s');
  workspace.load({ 'own.yaml': own.replace('30s', '2m') });
  await after(10);
  expect(written()).toContain('group_wait: 2m');
  await stop();
});
