import { expect, test } from '@jest/globals';
import { DemoLife } from '../../src/simulator/demo-life.js';
import { demoMesh } from '../../src/simulator/demo-mesh.js';
import { EventLog } from '../../src/simulator/event-log.js';
import { KubernetesApi } from '../../src/simulator/kubernetes-api.js';
import { KubernetesMesh } from '../../src/simulator/kubernetes-mesh.js';
import { podMarks } from '../../src/simulator/pod-marks.js';
import { Mesh } from '../../src/simulator/mesh.js';
import { modelFor } from '../../src/simulator/planes/demo-planes.js';

const start = 1_780_000_000;

/** The demo's mesh and its cluster, without requests. */
function demo() {
  const mesh = new Mesh({ ...demoMesh(start), edges: [] }, start, 1, new EventLog().write);
  const api = new KubernetesApi();
  const cluster = new KubernetesMesh(api, mesh, {
    owners: {},
    tiers: {},
    startedSeconds: start - 86_400,
    marks: podMarks('istio', '1.24.3'),
  });
  const life = new DemoLife(mesh, 1);
  const liveUntil = (second: number): void => {
    for (let at = mesh.nowSeconds + 1; at <= start + second; at += 1) {
      mesh.advance(at);
      if (life.live()) cluster.reconcile();
    }
  };
  const versions = (name: string): readonly string[] =>
    mesh.pods.filter(({ service }) => service.name === name).map(({ version }) => version);
  return { mesh, api, liveUntil, versions };
}

test('a failing version of recommendations is rolled out and taken back, pod for pod', () => {
  const { liveUntil, versions } = demo();
  expect(versions('recommendations')).toEqual(['v3', 'v3', 'v3']);
  liveUntil(50);
  expect(versions('recommendations')).toEqual(['v4', 'v4', 'v4']);
  liveUntil(590);
  expect(versions('recommendations')).toEqual(['v3', 'v3', 'v3']);
});

test('the service without a proxy gets one, and its pods in the cluster are others', () => {
  const { api, mesh, liveUntil } = demo();
  const pods = (): readonly string[] => api.keys('/api/v1/pods').filter((key) => key.startsWith('platform/mail-relay'));
  expect(pods()).toEqual(['platform/mail-relay-v1-bare-0']);
  liveUntil(720);
  const [pod] = mesh.pods.filter(({ service }) => service.name === 'mail-relay');
  expect(pods()).toEqual([`platform/${pod!.name}`]);
});

test('a service that gets its proxy leaves all others counting: no proxy tells a series twice', () => {
  const mesh = new Mesh(demoMesh(start), start, 1, new EventLog().write);
  mesh.advance(start + 60);
  mesh.inject('platform/mail-relay');
  mesh.advance(start + 120);
  for (const { name, proxy } of mesh.pods) {
    const texts = proxy.series.map(({ text }) => text);
    expect([name, texts.length]).toEqual([name, new Set(texts).size]);
  }
});

test('where every service has a proxy already, all that carry requests stay as they are', () => {
  const mesh = new Mesh(modelFor('nginx', demoMesh(start)), start, 1, new EventLog().write);
  const before = mesh.pods.map(({ name }) => name);
  mesh.inject('platform/mail-relay');
  expect(mesh.pods.map(({ name }) => name)).toEqual(before);
});
