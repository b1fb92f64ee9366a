import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { accessCredentials } from '../../src/catalog/access-credentials.js';
import { Catalog } from '../../src/catalog/catalog.js';
import { catalogSource } from '../../src/catalog/catalog-source.js';
import { KubernetesPlace } from '../../src/catalog/kubernetes/kubernetes-place.js';
import { kubeconfigCredentials } from '../../src/catalog/kubernetes/kubeconfig.js';
import { imageTag } from '../../src/catalog/kubernetes/mesh-markers.js';
import { KubernetesApi } from '../../src/simulator/kubernetes-api.js';
import {
  HandClock,
  kubernetesPlace,
  kubernetesSettings,
  listen,
  namespace,
  pod,
  service,
  shortWait,
  until,
} from './support.js';

const pods = '/api/v1/pods';
const services = '/api/v1/services';
const namespaces = '/api/v1/namespaces';
const authentications = '/apis/security.istio.io/v1/peerauthentications';

let api: KubernetesApi;
let slow: Server | undefined;
let url: string;
let catalog: Catalog;
const clock = new HandClock();

beforeEach(async () => {
  api = new KubernetesApi([pods, services, namespaces, authentications]);
  url = await listen(api.server);
  catalog = new Catalog();
});

afterEach(async () => {
  await catalog.stop();
  for (const server of [api.server, slow]) {
    server?.closeAllConnections();
    server?.close();
  }
  slow = undefined;
});

function shop(): void {
  api.put(namespaces, namespace('shop', { 'istio-injection': 'enabled', team: 'shop-team' }));
  api.put(services, service('cart', { labels: { owner: 'payments', tier: 'critical' } }));
  api.put(pods, pod('cart-abc-11111', { sidecar: 'container' }));
}

const cart = { cluster: 'eu', namespace: 'shop', name: 'cart' };
const follow = async (place = kubernetesPlace(url, clock)) => {
  await catalog.follow([place]);
  return place;
};
const isRead = (place: KubernetesPlace) => until(() => place.state.currentAt !== undefined);

describe('a Kubernetes cluster', () => {
  test('tells what made a pod, where that can be restarted: its Deployment, not its ReplicaSet', async () => {
    shop();
    const made = (name: string, kind: string, owner: string, hash = 'abc') => {
      const object = pod(name, { hash });
      const ownerReferences = [{ kind, name: owner, controller: true }];
      api.put(pods, { ...object, metadata: { ...object.metadata, ownerReferences } });
    };
    made('cart-v1-abc-11111', 'ReplicaSet', 'cart-v1-abc');
    made('store-0', 'StatefulSet', 'store');
    made('agent-x7k2p', 'DaemonSet', 'agent');
    made('report-28123-x7k2p', 'Job', 'report-28123');
    made('odd-abc-11111', 'ReplicaSet', 'made-by-hand', 'abc');
    await isRead(await follow());
    const workload = (name: string) => catalog.workloadOfPod('eu', 'shop', name);
    expect(['cart-v1-abc-11111', 'store-0', 'agent-x7k2p'].map(workload)).toEqual([
      { kind: 'deployment', name: 'cart-v1' },
      { kind: 'statefulset', name: 'store' },
      { kind: 'daemonset', name: 'agent' },
    ]);
    expect(['report-28123-x7k2p', 'odd-abc-11111', 'cart-abc-11111', 'nobody'].map(workload)).toEqual(
      Array(4).fill(undefined),
    );
  });

  test('knows proxies of meshes without marks by the names of their containers, and no version of theirs for the application’s', async () => {
    const envoy = { name: 'envoy', image: 'docker.io/envoyproxy/envoy:v1.31.0' };
    const cartPod = pod('cart-abc-11111');
    const { containers } = cartPod.spec as { readonly containers: readonly object[] };
    shop();
    api.put(pods, { ...cartPod, spec: { containers: [envoy, ...containers] } });
    const place = kubernetesPlace(url, clock, { sidecars: new Map([['envoy', 'envoy']]) });
    await isRead(await follow(place));
    expect(catalog.service(cart)).toMatchObject({
      mesh: 'envoy',
      actual: 'egress',
      instances: [{ hasProxy: true, proxyVersion: 'v1.31.0', version: '1.4.2' }],
    });
  });

  test('tells services with owners, tiers, instances, versions and their mesh', async () => {
    shop();
    await isRead(await follow());
    expect(catalog.services()).toEqual([
      {
        id: cart,
        owner: 'payments',
        tier: 'critical',
        system: undefined,
        mesh: 'istio',
        wanted: 'injected',
        actual: 'egress',
        isCallable: true,
        instances: [
          {
            name: 'cart-abc-11111',
            address: '10.1.0.1',
            version: '1.4.2',
            proxyVersion: '1.24.3',
            hasProxy: true,
            revision: 'abc',
            createdAt: Date.UTC(2026, 5, 1, 11, 59) / 1000,
            isReady: true,
          },
        ],
        places: ['kubernetes prod'],
      },
    ]);
    expect(catalog.serviceOfPod('eu', 'shop', 'cart-abc-11111')).toEqual(cart);
    expect(catalog.serviceOfPod('eu', 'shop', 'other')).toBeUndefined();
    const proxy = { namespace: undefined, pod: undefined, address: '10.1.0.1' };
    expect(catalog.serviceOfProxy('eu', proxy)).toEqual(cart);
    expect(catalog.serviceOfProxy('us', proxy)).toBeUndefined();
    const named = { namespace: 'shop', pod: 'cart-abc-11111', address: '127.0.0.1' };
    expect(catalog.serviceOfProxy('eu', named)).toEqual(cart);
    expect(catalog.serviceOfProxy('eu', { ...named, pod: 'other' })).toBeUndefined();
  });

  test('is followed: what comes, changes and goes is known without another list', async () => {
    shop();
    await isRead(await follow());
    const { lists } = api;
    const version = catalog.version;
    api.put(pods, pod('cart-abc-22222', { address: '10.1.0.2' }));
    await until(() => catalog.service(cart)?.instances.length === 2);
    expect(catalog.version).toBeGreaterThan(version);
    expect(catalog.service(cart)?.actual).toBe('not-migrated');
    api.remove(pods, 'shop', 'cart-abc-11111');
    await until(() => catalog.service(cart)?.instances.length === 1);
    api.put(pods, pod('cart-abc-22222', { address: '10.1.0.2', isTerminating: true }));
    await until(() => catalog.service(cart)?.instances.length === 0);
    expect(catalog.service(cart)?.actual).toBeUndefined();
    expect(api.lists).toBe(lists);
  });

  test('of 1,234 pods is read in pages', async () => {
    shop();
    for (let number = 0; number < 1234; number += 1) api.put(pods, pod(`cart-abc-${20_000 + number}`));
    await isRead(await follow());
    expect(catalog.service(cart)?.instances).toHaveLength(1);
    expect(catalog.livePods('eu')).toHaveLength(1235);
  });

  test('that has forgotten a version (410) is listed anew, and nothing is lost', async () => {
    shop();
    const place = await follow();
    await isRead(place);
    const { lists } = api;
    api.dropWatches();
    api.put(pods, pod('cart-abc-33333', { address: '10.1.0.3' }));
    api.forget();
    await until(() => api.lists > lists && catalog.service(cart)?.instances.length === 2);
    await until(() => place.state.trouble === undefined);
  });

  test('whose PeerAuthentications come last says nothing before: nobody is found to take a step that was long ago', async () => {
    shop();
    api.put(authentications, {
      metadata: { name: 'strict', namespace: 'istio-system' },
      spec: { mtls: { mode: 'STRICT' } },
    });
    let watches = 0;
    let release: (() => void) | undefined;
    slow = createServer((request, response) => {
      const answer = (): void => void api.server.emit('request', request, response);
      if (request.url!.includes('watch=')) watches += 1;
      if (release === undefined && request.url!.startsWith(authentications)) release = answer;
      else answer();
    });
    const place = await follow(kubernetesPlace(await listen(slow), clock));
    await until(() => watches === 3 && release !== undefined, 'all but one list were read');
    expect(catalog.services()).toEqual([]);
    release!();
    await isRead(place);
    expect(catalog.service(cart)?.actual).toBe('mtls');
  });

  test('that ends watches, or sends bookmarks, is followed on from where it was', async () => {
    shop();
    await isRead(await follow());
    const { lists } = api;
    api.bookmark();
    api.dropWatches();
    api.put(pods, pod('cart-abc-44444', { address: '10.1.0.4' }));
    await until(() => catalog.service(cart)?.instances.length === 2);
    expect(api.lists).toBe(lists);
  });

  test('that is down leaves what was known, says so, and is followed again when it is back', async () => {
    shop();
    const place = await follow();
    await isRead(place);
    api.faults = { status: 503 };
    api.dropWatches();
    // The watches end before anybody is told of 503.
    await until(() => place.state.trouble?.code === 'target-status');
    expect(catalog.services()).toHaveLength(1);
    expect(catalog.livePods('eu')).toBeUndefined();
    api.faults = {};
    await until(() => place.state.trouble === undefined);
    expect(catalog.livePods('eu')).toHaveLength(1);
  });

  test.each([
    ['without a token', undefined, 'unauthenticated', /bearer_token_file/],
    ['with a wrong one', 'wrong', 'forbidden', /ClusterRole/],
  ])('that asks who we are %s: what to configure is said, and the token is not', async (_why, token, code, hint) => {
    const folder = mkdtempSync(join(tmpdir(), 'meshslo-kubernetes-'));
    writeFileSync(join(folder, 'token'), token ?? '');
    api.faults = { token: 'right' };
    const access =
      token === undefined ? {} : { authorization: { kind: 'bearer' as const, tokenFile: join(folder, 'token') } };
    const credentials = accessCredentials(url, access);
    const place = new KubernetesPlace({ settings: kubernetesSettings(), credentials, clock, wait: shortWait });
    await follow(place);
    await until(() => place.state.trouble !== undefined);
    expect(place.state.trouble).toMatchObject({ code, hint: expect.stringMatching(hint) });
    expect(place.state.trouble!.message).not.toContain('wrong');
    writeFileSync(join(folder, 'token'), 'right');
    if (token !== undefined) await isRead(place);
    rmSync(folder, { recursive: true });
  });

  test('that shows no PeerAuthentications is followed all the same, and what nobody knows is said with the line that lacks', async () => {
    shop();
    api.faults = { forbids: [authentications] };
    const place = await follow();
    await isRead(place);
    await until(() => place.state.lacks!.length > 0);
    expect(place.state).toMatchObject({
      trouble: undefined,
      lacks: [
        {
          part: 'peerauthentications',
          trouble: {
            hint: "add to meshslo's ClusterRole: { apiGroups: ['security.istio.io'], resources: [peerauthentications], verbs: [get, list, watch] }",
          },
        },
      ],
    });
    const source = catalogSource({ catalog, clock, unreadableSeconds: () => 0, owner: () => 'team-watch' });
    const { findings } = await source.look(new AbortController().signal);
    expect(findings).toEqual([
      expect.objectContaining({
        kind: 'CatalogUnreadable',
        owner: 'team-watch',
        subject: { place: 'kubernetes prod', what: 'peerauthentications' },
        summary: expect.stringMatching(
          /^peerauthentications of kubernetes prod cannot be read: .*; nobody knows which services/,
        ),
        action: expect.stringContaining("Add to meshslo's ClusterRole: { apiGroups: ['security.istio.io']"),
      }),
    ]);
    api.faults = {};
    await until(() => place.state.lacks!.length === 0);
  });

  test('that is away as a whole is one trouble, and a part that was lacking before goes on lacking', async () => {
    shop();
    api.faults = { forbids: [authentications] };
    const place = await follow();
    await until(() => place.state.currentAt !== undefined && place.state.lacks!.length > 0);
    const source = catalogSource({ catalog, clock, unreadableSeconds: () => 300, owner: () => undefined });
    const told = async () => {
      await source.look(new AbortController().signal);
      clock.time += 300;
      return source.look(new AbortController().signal);
    };
    const before = await told();
    const part = before.findings[0]!;
    expect(before.findings.map(({ subject }) => subject['what'])).toEqual(['peerauthentications']);

    api.faults = { status: 503 };
    api.dropWatches();
    await until(() => place.state.trouble !== undefined);
    const during = await told();
    expect(during.findings.map(({ subject }) => subject)).toEqual([{ place: 'kubernetes prod' }]);
    expect(during.unseen!(part)).toBe(true);

    api.faults = { forbids: [authentications] };
    await until(() => place.state.trouble === undefined);
    const after = await source.look(new AbortController().signal);
    expect(after.findings).toEqual([]);
    expect([part, during.findings[0]!].map(after.unseen!)).toEqual([true, false]);

    api.faults = {};
    await until(() => place.state.lacks!.length === 0);
    expect((await source.look(new AbortController().signal)).unseen!(part)).toBe(false);
  });

  test('without Istio nobody misses its rules, whoever may see them', async () => {
    api.put(services, service('cart'));
    api.put(pods, pod('cart-abc-11111'));
    api.faults = { forbids: [authentications] };
    const place = await follow();
    await isRead(place);
    expect(place.state.lacks).toEqual([]);
  });

  test('that sends half a body is none that was read', async () => {
    shop();
    api.faults = { isTruncated: true };
    const place = await follow();
    await until(() => place.state.trouble !== undefined);
    expect(place.state.trouble?.code).toBe('body-malformed');
    expect(catalog.services()).toEqual([]);
  });
});

describe('marks of a mesh', () => {
  test.each([
    ['docker.io/istio/proxyv2:1.24.3-distroless', '1.24.3'],
    ['registry.example:5000/proxyv2:1.24.3@sha256:0a1b', '1.24.3'],
    ['registry.example:5000/proxyv2', undefined],
    ['docker.io/istio/proxyv2@sha256:0a1b', undefined],
  ])('the version of %s is %s', (image, version) => {
    expect(imageTag(image)).toBe(version);
  });

  const inboundPolicy = (policy: string) => ({
    sidecar: 'linkerd' as const,
    annotations: { 'config.linkerd.io/default-inbound-policy': policy },
  });

  test.each([
    ['a sidecar', { sidecar: 'container' as const }, 'istio', '1.24.3', 'egress'],
    ['a native sidecar', { sidecar: 'native' as const }, 'istio', '1.24.3', 'egress'],
    ['Linkerd', { sidecar: 'linkerd' as const }, 'linkerd2', 'edge-26.8.3', 'egress'],
    ['Linkerd that asks who everybody is', inboundPolicy('all-authenticated'), 'linkerd2', 'edge-26.8.3', 'mtls'],
    ['Linkerd that lets in everybody', inboundPolicy('all-unauthenticated'), 'linkerd2', 'edge-26.8.3', 'egress'],
    ['Linkerd that asks for TLS only', inboundPolicy('all-tls-unauthenticated'), 'linkerd2', 'edge-26.8.3', 'egress'],
    ['ztunnel', { annotations: { 'ambient.istio.io/redirection': 'enabled' } }, 'istio-ambient', undefined, 'egress'],
    ['nothing but an init container', {}, undefined, undefined, 'not-migrated'],
    [
      'a sidecar past which requests come in',
      { sidecar: 'container' as const, annotations: { 'traffic.sidecar.istio.io/includeInboundPorts': '' } },
      'istio',
      '1.24.3',
      'injected',
    ],
    [
      'a sidecar past which requests go out',
      { sidecar: 'container' as const, annotations: { 'traffic.sidecar.istio.io/includeOutboundIPRanges': '' } },
      'istio',
      '1.24.3',
      'ingress',
    ],
  ])('%s', async (_what, given, mesh, proxyVersion, actual) => {
    api.put(services, service('cart'));
    api.put(pods, pod('cart-abc-11111', given));
    await isRead(await follow());
    const known = catalog.service(cart)!;
    expect([known.mesh, known.instances[0]!.proxyVersion, known.actual]).toEqual([mesh, proxyVersion, actual]);
  });

  test.each([
    ['for the whole mesh', [['istio-system', {}, 'STRICT']], 'mtls'],
    [
      'for the namespace, which goes before that of the mesh',
      [
        ['istio-system', {}, 'STRICT'],
        ['shop', {}, 'PERMISSIVE'],
      ],
      'egress',
    ],
    [
      'for the workload, which goes before both',
      [
        ['shop', {}, 'PERMISSIVE'],
        ['shop', { app: 'cart' }, 'STRICT'],
      ],
      'mtls',
    ],
    ['for another workload', [['shop', { app: 'other' }, 'STRICT']], 'egress'],
  ])('mTLS is asked for %s', async (_where, rules, actual) => {
    shop();
    for (const [index, [where, matchLabels, mode]] of rules.entries()) {
      api.put(authentications, {
        metadata: { name: `rule-${index}`, namespace: where as string },
        spec: { selector: { matchLabels }, mtls: { mode } },
      });
    }
    await isRead(await follow());
    expect(catalog.service(cart)?.actual).toBe(actual);
  });

  test.each([
    ['its namespace', namespace('shop', { 'istio-injection': 'enabled' }), {}, {}, 'injected'],
    ['a revision of its namespace', namespace('shop', { 'istio.io/rev': 'canary' }), {}, {}, 'injected'],
    [
      'its pods, against the namespace',
      namespace('shop', { 'istio-injection': 'enabled' }),
      { 'sidecar.istio.io/inject': 'false' },
      {},
      undefined,
    ],
    ['its own annotation', namespace('shop'), {}, { 'meshslo.io/migration': 'mtls' }, 'mtls'],
    ['nobody', namespace('shop'), {}, {}, undefined],
    ['a word that is no phase', namespace('shop'), {}, { 'meshslo.io/migration': 'soon' }, undefined],
  ])('a service is wanted in the mesh by %s', async (_who, space, podLabels, annotations, wanted) => {
    api.put(namespaces, space);
    api.put(services, service('cart', { annotations }));
    api.put(pods, pod('cart-abc-11111', { labels: podLabels }));
    await isRead(await follow());
    expect(catalog.service(cart)?.wanted).toBe(wanted);
  });
});

describe('what is a service', () => {
  test('is not a gateway: it has nothing but its proxy, and no request to it is ever counted', async () => {
    const gateway = pod('gateway-abc-11111', { app: 'istio-proxy' });
    api.put(services, service('istio-proxy'));
    api.put(pods, gateway);
    await isRead(await follow());
    expect(catalog.services().map(({ isCallable }) => isCallable)).toEqual([false]);
  });

  test('is not what stands for a name elsewhere, is ignored, or is the API itself; a workload without one has its own name', async () => {
    api.put(services, { metadata: { name: 'elsewhere', namespace: 'shop' }, spec: { type: 'ExternalName' } });
    api.put(services, service('dns', { namespace: 'kube-system' }));
    api.put(services, { metadata: { name: 'kubernetes', namespace: 'default' }, spec: {} });
    api.put(pods, pod('worker-7d9f-abcde', { app: 'worker', hash: '7d9f', labels: { team: 'batch' } }));
    api.put(pods, pod('lonely-7d9f-abcde', { app: '', hash: '7d9f' }));
    await isRead(await follow());
    expect(catalog.services().map(({ id, owner, isCallable }) => [id.name, owner, isCallable])).toEqual([
      ['worker', 'batch', false],
      ['lonely', undefined, false],
    ]);
  });

  test('has a name of any legal character; objects without one are passed over', async () => {
    const name = 'a.b-c.'.repeat(42).slice(0, 253).replace(/\W$/, 'z');
    api.put(services, service(name));
    api.put(pods, { metadata: { name: '' } });
    await isRead(await follow());
    expect(catalog.services().map(({ id }) => id.name)).toEqual([name]);
  });
});

describe('a kubeconfig', () => {
  const folder = mkdtempSync(join(tmpdir(), 'meshslo-kubeconfig-'));
  const file = join(folder, 'config');
  const written = (user: string, server = 'https://k8s.example:6443/') =>
    writeFileSync(
      file,
      `apiVersion: v1\nkind: Config\ncurrent-context: a\ncontexts: [{name: a, context: {cluster: c, user: u}}]\n` +
        `clusters: [{name: c, cluster: {server: '${server}', certificate-authority-data: ${Buffer.from('CA').toString('base64')}}}]\n` +
        `users: [{name: u, user: {${user}}}]\n`,
    );

  test('gives address, token and certificates, and is read again when it changes', async () => {
    written('token: abc');
    const credentials = kubeconfigCredentials(file, undefined);
    const first = await credentials();
    expect(first).toMatchObject({ url: 'https://k8s.example:6443', authorization: 'Bearer abc', tls: { ca: 'CA' } });
    expect(await credentials()).toBe(first);
    written('token: def');
    expect((await credentials()).authorization).toBe('Bearer def');
    writeFileSync(join(folder, 'token'), 'ghi\n');
    written('tokenFile: token');
    expect((await credentials()).authorization).toBe('Bearer ghi');
  });

  test('that names a client certificate takes the renewed one', async () => {
    const [certificate, key] = [join(folder, 'tls.crt'), join(folder, 'tls.key')];
    writeFileSync(certificate, 'old');
    writeFileSync(key, 'key');
    written('client-certificate: tls.crt, client-key: tls.key');
    const credentials = kubeconfigCredentials(file, undefined);
    expect((await credentials()).tls).toMatchObject({ cert: 'old', key: 'key' });
    writeFileSync(certificate, 'renewed');
    expect((await credentials()).tls).toMatchObject({ cert: 'renewed', key: 'key' });
  });

  test.each([
    ['a program that makes tokens', 'exec: {command: aws}', undefined, /service account/],
    ['no such context', 'token: abc', 'other', /no context other/],
  ])('with %s says what to do', async (_what, user, context, words) => {
    written(user);
    const error = await kubeconfigCredentials(file, context)().catch(
      (caught: unknown) => caught as Error & { hint?: string },
    );
    expect(`${(error as Error).message} ${(error as { hint?: string }).hint}`).toMatch(words);
  });
});
