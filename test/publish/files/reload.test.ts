import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { desiredObject, type DesiredObject } from '../../../src/publish/desired-object.js';
import { FileDestination } from '../../../src/publish/files/file-destination.js';
import { Reload } from '../../../src/publish/files/reload.js';
import { planOf } from '../../../src/publish/plan.js';
import { publish, type Published } from '../../../src/publish/publish.js';
import { SmallApi, type Told } from '../../support/apis/small-api.js';
import { describeWith } from '../../support/programs.js';
import { freePort } from '../../support/prometheus/free-port.js';
import { RunningProgram } from '../../support/prometheus/running-program.js';
import { RunningPrometheus } from '../../support/prometheus/running-prometheus.js';
import { noPatience } from '../patience.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshslo-reload-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const rules = (expr: string): DesiredObject =>
  desiredObject('file', 'rules.yaml', () => `groups: [{ name: g, rules: [{ record: a:b, expr: ${expr} }] }]\n`);

async function run(urls: readonly string[], desired: readonly DesiredObject[]): Promise<Published> {
  const reloads = urls.map((url) => new Reload({ url, timeoutSeconds: 60, access: {} }, noPatience()));
  const destination = new FileDestination({ name: 'files', folder: join(folder, 'out'), set: 'prod', reloads });
  try {
    const options = { set: 'prod', now: 0, graceSeconds: 0, overwriteEdits: false };
    return await publish(await planOf(destination, desired, options));
  } finally {
    await destination.close();
  }
}

describe('a program that reads the files', () => {
  class Reader extends SmallApi {
    told: Told = { status: 200 };

    protected answer(): Told {
      return this.told;
    }
  }

  let reader: Reader;
  beforeEach(async () => {
    reader = await new Reader().listen();
  });
  afterEach(() => reader.close());

  test('is told of a change, and of nothing where there was none', async () => {
    expect((await run([reader.url], [rules('1')])).settled).toBe(`${reader.url} was reloaded`);
    expect((await run([reader.url], [rules('1')])).settled).toBeUndefined();
    expect(reader.asked.map(({ method, path }) => [method, ...path])).toEqual([['POST', '-', 'reload']]);
  });

  test('that was away is told by the next run, though no file has changed since', async () => {
    reader.fault = () => ({ status: 0, instead: 'cut' });
    expect((await run([reader.url], [rules('1')])).unsettled).toMatchObject({ code: 'target-unreachable' });
    expect((await run([reader.url], [rules('1')])).unsettled).toBeDefined();
    reader.fault = () => undefined;
    expect(await run([reader.url], [rules('1')])).toMatchObject({ endings: [], settled: `${reader.url} was reloaded` });
    expect((await run([reader.url], [rules('1')])).settled).toBeUndefined();
  });

  test('that is away keeps no other from being told', async () => {
    const away = `http://127.0.0.1:${await freePort()}`;
    const { unsettled } = await run([away, reader.url], [rules('1')]);
    expect(unsettled?.message).toContain(away);
    expect(reader.asked).toHaveLength(1);
  });

  test('that does not let itself be told says how to let it', async () => {
    reader.told = { status: 403, body: 'Lifecycle API is not enabled.' };
    expect((await run([reader.url], [rules('1')])).unsettled).toMatchObject({
      code: 'forbidden',
      hint: 'Prometheus takes a reload only with --web.enable-lifecycle',
    });
  });
});

describeWith('prometheus', 'a real Prometheus', () => {
  test('evaluates what was published, says what it does not like, and takes it when it is mended', async () => {
    const config = { global: { evaluation_interval: '1s' }, rule_files: [join(folder, 'out', '*.yaml')] };
    const prometheus = await RunningPrometheus.start(join(folder, 'data'), config, ['--web.enable-lifecycle']);
    const loaded = async (): Promise<string> => (await fetch(`${prometheus.address}/api/v1/rules`)).text();
    try {
      const first = await run([prometheus.address], [rules('vector(1)')]);
      expect(first.settled).toBe(`${prometheus.address} was reloaded`);
      expect(await loaded()).toContain('"query":"vector(1)"');

      const bad = await run([prometheus.address], [rules('vector(')]);
      expect(bad.unsettled).toMatchObject({
        code: 'target-status',
        hint: expect.stringContaining('promtool') as unknown,
      });
      expect(await loaded()).toContain('"query":"vector(1)"');

      expect((await run([prometheus.address], [rules('vector(2)')])).settled).toBeDefined();
      expect(await loaded()).toContain('"query":"vector(2)"');
    } finally {
      await prometheus.stop();
    }
  });
});

describeWith('prometheus-alertmanager', 'a real Alertmanager', () => {
  test('routes as what was published says', async () => {
    const file = (receiver: string): DesiredObject =>
      desiredObject(
        'file',
        'alertmanager.yaml',
        () => `route: { receiver: ${receiver} }\nreceivers: [{ name: ${receiver} }]\n`,
      );
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    await run([], [file('first')]);
    const flags = [
      `--config.file=${join(folder, 'out', 'alertmanager.yaml')}`,
      `--storage.path=${join(folder, 'data')}`,
    ];
    const listen = [`--web.listen-address=127.0.0.1:${port}`, '--cluster.listen-address=', '--log.level=error'];
    const program = await RunningProgram.start('prometheus-alertmanager', [...flags, ...listen], `${url}/-/ready`);
    try {
      expect((await run([url], [file('second')])).settled).toBe(`${url} was reloaded`);
      expect(await (await fetch(`${url}/api/v2/receivers`)).json()).toEqual([{ name: 'second' }]);
    } finally {
      await program.stop();
    }
  });
});
