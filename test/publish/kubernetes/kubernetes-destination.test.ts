import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { KubernetesSettings } from '../../../src/config/publishing.js';
import type { DesiredObject } from '../../../src/publish/desired-object.js';
import { changedObject } from '../../../src/publish/destination.js';
import { KubernetesDestination } from '../../../src/publish/kubernetes/kubernetes-destination.js';
import { kubernetesName, manifestObject } from '../../../src/publish/kubernetes/manifest.js';
import { type ResourceKind, resourceKinds, resources } from '../../../src/publish/kubernetes/resource.js';
import { planOf } from '../../../src/publish/plan.js';
import { publish, type Published } from '../../../src/publish/publish.js';
import { FakeKubernetes } from '../../support/apis/fake-kubernetes.js';
import { destinationContract } from '../destination-contract.js';
import { noPatience } from '../patience.js';

const folder = mkdtempSync(join(tmpdir(), 'meshslo-kubernetes-'));
const tokenFile = join(folder, 'token');
writeFileSync(tokenFile, 'right');
afterAll(() => rmSync(folder, { recursive: true }));

const namespace = 'monitoring';

function settingsOf(url: string): KubernetesSettings {
  return {
    kind: 'kubernetes',
    name: 'cluster',
    url,
    timeoutSeconds: 60,
    access: { authorization: { kind: 'bearer', tokenFile } },
    namespace,
    labels: {},
    dashboards: 'config-map',
    rules: true,
    alertmanagerSecret: undefined,
  };
}

/** Of each kind what its operator takes. */
const bodies: Readonly<Record<ResourceKind, (text: string) => object>> = {
  PrometheusRule: (text) => ({ groups: [{ name: text, interval: '1m', rules: [{ record: 'a:b', expr: 'up' }] }] }),
  AlertmanagerConfig: (text) => ({
    route: { receiver: text, matchers: [{ name: 'a', value: 'b', matchType: '=' }] },
    receivers: [{ name: text }],
  }),
  ConfigMap: (text) => ({ 'a.json': text }),
  GrafanaDashboard: (text) => ({ instanceSelector: { matchLabels: { dashboards: 'grafana' } }, json: text }),
};

function objectOf(kind: ResourceKind, letter: string, text: string, labels = {}): DesiredObject {
  const name = `meshslo-prod-${letter}`;
  return manifestObject(kind, name, () => ({ kind, name, namespace, labels, body: bodies[kind](text) }));
}

describe.each(resourceKinds)('%s', (kind) => {
  destinationContract(`objects of kind ${kind}`, async () => {
    const cluster = await new FakeKubernetes().listen();
    const name = (letter: string): string => `meshslo-prod-${letter}`;
    const part = resources[kind].body;
    return {
      open: (set) => new KubernetesDestination(settingsOf(cluster.url), set, noPatience()),
      object: (letter, text) => objectOf(kind, letter, text, { release: 'main' }),
      edit: async (letter) => {
        cluster.put(kind, { ...cluster.find(kind, name(letter))!, [part]: bodies[kind]('by hand') });
        return Promise.resolve();
      },
      makeForeign: async (letter) => {
        cluster.put(kind, { metadata: { name: name(letter) }, [part]: { the: 'irs' } });
        return Promise.resolve();
      },
      remove: async (letter) => {
        cluster.objects.delete(`${kind} ${name(letter)}`);
        return Promise.resolve();
      },
      raw: (letter) => {
        const found = cluster.find(kind, name(letter));
        return Promise.resolve(found && JSON.stringify(found));
      },
      writes: () => cluster.writes,
      refuse: (letter) => {
        cluster.fault = ({ method, body }) =>
          letter !== undefined && method === 'POST' && body.includes(name(letter))
            ? { status: 422, body: { kind: 'Status', status: 'Failure', message: 'is invalid' } }
            : undefined;
      },
      close: () => cluster.close(),
    };
  });
});

describe('a cluster', () => {
  let cluster: FakeKubernetes;
  let destination: KubernetesDestination;

  beforeEach(async () => {
    cluster = await new FakeKubernetes().listen();
    destination = new KubernetesDestination(settingsOf(cluster.url), 'prod', noPatience());
  });

  afterEach(async () => {
    await destination.close();
    await cluster.close();
  });

  const run = async (desired: readonly DesiredObject[]): Promise<Published> =>
    publish(await planOf(destination, desired, { set: 'prod', now: 0, graceSeconds: 0, overwriteEdits: false }));

  const one = [objectOf('ConfigMap', 'a', 'one', { grafana_dashboard: '1' })];

  test('gets objects with our labels, and with a digest of what they hold', async () => {
    await run(one);
    expect(cluster.find('ConfigMap', 'meshslo-prod-a')).toMatchObject({
      metadata: {
        labels: { 'app.kubernetes.io/managed-by': 'meshslo', 'meshslo/set': 'prod', grafana_dashboard: '1' },
        annotations: { 'meshslo/digest': one[0]!.digest, 'meshslo/labels': 'grafana_dashboard' },
      },
      data: { 'a.json': 'one' },
    });
    expect(cluster.asked.at(-1)!.query.get('fieldManager')).toBe('meshslo');
  });

  test('labels and annotations that others have added stay, and are no edit', async () => {
    await run(one);
    const before = cluster.find('ConfigMap', 'meshslo-prod-a')!;
    const { labels, annotations } = before.metadata;
    cluster.put('ConfigMap', {
      ...before,
      metadata: { ...before.metadata, labels: { ...labels, argo: 'x' }, annotations: { ...annotations, note: 'y' } },
    });
    expect(await run(one)).toMatchObject({ same: 1, kept: [] });
    await run([objectOf('ConfigMap', 'a', 'two', { grafana_dashboard: '1' })]);
    expect(cluster.find('ConfigMap', 'meshslo-prod-a')).toMatchObject({
      metadata: { labels: { argo: 'x' }, annotations: { note: 'y' } },
      data: { 'a.json': 'two' },
    });
  });

  test('fields that an operator fills in with what is usual are no edit, and stay', async () => {
    const rule = [objectOf('GrafanaDashboard', 'a', 'one')];
    await run(rule);
    const before = cluster.find('GrafanaDashboard', 'meshslo-prod-a')!;
    cluster.put('GrafanaDashboard', { ...before, spec: { ...(before['spec'] as object), resyncPeriod: '10m' } });
    expect(await run(rule)).toMatchObject({ same: 1, kept: [] });
    await run([objectOf('GrafanaDashboard', 'a', 'two')]);
    expect(cluster.find('GrafanaDashboard', 'meshslo-prod-a')!['spec']).toMatchObject({
      resyncPeriod: '10m',
      json: 'two',
    });
  });

  test('a label that is no longer wanted goes', async () => {
    await run([objectOf('ConfigMap', 'a', 'one', { old: 'x' })]);
    expect((await run([objectOf('ConfigMap', 'a', 'one', { young: 'x' })])).endings).toHaveLength(1);
    const { labels } = cluster.find('ConfigMap', 'meshslo-prod-a')!.metadata;
    expect(labels).toMatchObject({ young: 'x' });
    expect(labels).not.toHaveProperty('old');
  });

  test('long lists come in pieces, and begin anew when they have become too old', async () => {
    const many = Array.from({ length: 7 }, (_, index) => objectOf('ConfigMap', `${index}`, 'one'));
    await run(many);
    cluster.pageSize = 2;
    let isOld = true;
    cluster.fault = ({ query }) => {
      if (!isOld || query.get('continue') === null) return undefined;
      isOld = false;
      return { status: 410, body: { kind: 'Status', status: 'Failure', message: 'too old', reason: 'Expired' } };
    };
    expect(await run(many)).toMatchObject({ same: 7, endings: [] });
    isOld = true;
    const { endings } = await run(many.slice(1));
    expect(endings.map(({ change }) => [change.act, changedObject(change).identity])).toEqual([
      ['remove', 'meshslo-prod-0'],
    ]);
  });

  test('a list that never comes to an end is given up', async () => {
    await run([objectOf('ConfigMap', '0', 'one'), objectOf('ConfigMap', '1', 'one')]);
    cluster.pageSize = 1;
    cluster.fault = ({ query }) =>
      query.get('continue') === null ? undefined : { status: 410, body: { kind: 'Status', message: 'too old' } };
    await expect(run([])).rejects.toMatchObject({ code: 'refused' });
  });

  test('without the operator is told what to install, where its kinds are wanted', async () => {
    cluster.hasOperators = false;
    expect((await run(one)).endings.map(({ failure }) => failure)).toEqual([undefined]);
    await expect(run([objectOf('PrometheusRule', 'a', 'one')])).rejects.toMatchObject({
      code: 'not-found',
      message: `${cluster.url} knows no PrometheusRule`,
      hint: expect.stringContaining('the Prometheus operator') as unknown,
    });
  });

  test('that answers HTML is told as such, also where a 404 would mean something', async () => {
    cluster.fault = () => ({ status: 404, body: '<html>404 page not found by the proxy</html>' });
    await expect(run([])).rejects.toMatchObject({ code: 'body-malformed' });
  });

  test.each([
    {
      why: 'an object that somebody has made immutable',
      answer: '`data: Forbidden: field is immutable when `immutable` is set`',
      hint: 'somebody has made it immutable: delete it there, and the next run makes it anew',
    },
    {
      why: 'a webhook that does not like a rule',
      answer: 'admission webhook "rules.monitoring.coreos.com" denied the request: Rules are not valid',
      hint: 'not the right to write is missing: something that checks objects in this cluster does not like it',
    },
    {
      why: 'a full quota',
      answer: 'configmaps "a" is forbidden: exceeded quota: few, requested: count/configmaps=1, used: 9, limited: 9',
      hint: 'a ResourceQuota of the namespace allows no more of these: raise it',
    },
    {
      why: 'a namespace that is going',
      answer: 'configmaps "a" is forbidden: unable to create new content in namespace a because it is being terminated',
      hint: 'somebody is deleting the namespace: wait until it is gone and made anew, or name another',
    },
  ])('says what to do about $why', async ({ answer, hint }) => {
    cluster.fault = ({ method }) =>
      method === 'POST' ? { status: 403, body: { kind: 'Status', status: 'Failure', message: answer } } : undefined;
    expect((await run(one)).endings[0]!.failure).toMatchObject({ code: 'forbidden', hint });
  });

  test('an immutable object can be retired and removed, and not be changed', async () => {
    await run(one);
    const before = cluster.find('ConfigMap', 'meshslo-prod-a')!;
    cluster.put('ConfigMap', { ...before, immutable: true });
    const { endings } = await run([objectOf('ConfigMap', 'a', 'two', { grafana_dashboard: '1' })]);
    expect(endings[0]!.failure).toMatchObject({
      code: 'refused',
      hint: 'somebody has made it immutable: delete it there, and the next run makes it anew',
    });
    expect(await run([])).toMatchObject({ endings: [{ failure: undefined }] });
    expect(cluster.find('ConfigMap', 'meshslo-prod-a')).toBeUndefined();
  });

  test('without the namespace says how to make it', async () => {
    cluster.namespaces.clear();
    expect((await run(one)).endings[0]!.failure).toMatchObject({
      code: 'not-found',
      hint: 'make the namespace first: kubectl create namespace monitoring',
    });
  });

  test('without the right to write says so in its words', async () => {
    cluster.forbidden.add('create configmaps');
    expect((await run(one)).endings[0]!.failure).toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('cannot create resource "configmaps"') as unknown,
    });
  });

  test('a dashboard that is too large for a ConfigMap keeps no other from being written', async () => {
    const large = objectOf('ConfigMap', 'b', 'x'.repeat(1024 ** 2 + 1));
    const { endings } = await run([...one, large]);
    expect(endings.map(({ failure }) => failure?.code)).toEqual([undefined, 'refused']);
  });

  test('what answers something else is no cluster', async () => {
    cluster.fault = () => ({ status: 200, body: { hello: 'world' } });
    await expect(run(one)).rejects.toMatchObject({ code: 'body-malformed' });
  });
});

describe('a name in a cluster', () => {
  test.each([
    ['meshslo-alerts-critical', 'meshslo-alerts-critical'],
    ['meshslo-alerts-_41_', /^meshslo-alerts-41-[0-9a-f]{8}$/],
    ['ÄÖ', /^meshslo-[0-9a-f]{8}$/],
    ['long'.repeat(100), /^(long){50}-[0-9a-f]{8}$/],
  ])('of %.30s', (text, name) => {
    if (typeof name === 'string') expect(kubernetesName(text)).toBe(name);
    else expect(kubernetesName(text)).toMatch(name);
  });
});
