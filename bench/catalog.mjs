/**
 * What following Kubernetes and Consul costs: `npm run bench:catalog [-- --json]`.
 *
 * 500, 1,000 and 5,000 pods of 1,000 services in 30 clusters, and 5,000 pods of 1,000 services in a single one; every cluster has an
 * API server and a Consul. One round is what happens in 15 s: one pod in a hundred is replaced and is heard of everywhere, services
 * are put together, and catalogue, migration and registries are looked at. That must be work of less than 15 s on one core.
 * In the end every API server forgets its versions in the middle of all watches (410), and everything is listed anew.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { accessCredentials } from '../dist/catalog/access-credentials.js';
import { Catalog } from '../dist/catalog/catalog.js';
import { catalogSource } from '../dist/catalog/catalog-source.js';
import { ConsulPlace } from '../dist/catalog/consul/consul-place.js';
import { KubernetesPlace } from '../dist/catalog/kubernetes/kubernetes-place.js';
import { registrySource } from '../dist/catalog/registry/registry-source.js';
import { migrationSource } from '../dist/migration/migration-source.js';
import { median, show } from './table.mjs';

const intervalSeconds = 15;
const services = 1000;
const fleets = [
  { clusters: 30, pods: 500 },
  { clusters: 30, pods: 1000 },
  { clusters: 30, pods: 5000 },
  { clusters: 1, pods: 5000 },
];
const rounds = 5;
/** On any machine what is waited for comes sooner, or not at all. */
const patienceSeconds = 120;
const clock = { now: () => Date.now() / 1000, monotonic: () => performance.now() / 1000 };

export async function bench({ json }) {
  const figures = [];
  for (const fleet of fleets) figures.push(await measure(fleet));
  const [smallest, , largest] = figures;
  const growth = largest.roundCpuSeconds / smallest.roundCpuSeconds;
  show({
    title: `Following pods of ${services} services in Kubernetes and Consul, one in a hundred replaced every ${intervalSeconds} s`,
    columns: [
      'clusters',
      'pods',
      'first s',
      'CPU s',
      'round s',
      'CPU s',
      'of it looks s',
      'of one core',
      'heap MB',
      'RSS MB',
      'after 410 s',
      'CPU s',
      'peak MB',
      'findings',
    ],
    rows: figures.map((one) => [
      one.clusters,
      one.pods,
      one.firstSeconds.toFixed(2),
      one.firstCpuSeconds.toFixed(2),
      one.roundSeconds.toFixed(2),
      one.roundCpuSeconds.toFixed(2),
      one.looksSeconds.toFixed(3),
      `${((one.roundCpuSeconds / intervalSeconds) * 100).toFixed(1)} %`,
      Math.round(one.heapBytes / 1e6),
      Math.round(one.rssBytes / 1e6),
      one.anewSeconds.toFixed(2),
      one.anewCpuSeconds.toFixed(2),
      Math.round(one.anewPeakBytes / 1e6),
      one.findings,
    ]),
    figures: { figures, growth },
    json,
  });
  if (!json) console.log(`\nTen times the pods cost ${growth.toFixed(1)} times as much.`);
  // What a round takes beyond that is the pause between two readings of a registry.
  if (figures.some((one) => one.roundCpuSeconds > intervalSeconds)) process.exitCode = 1;
}

async function measure({ clusters, pods }) {
  const child = fork(new URL('./catalog-servers.mjs', import.meta.url), [clusters, pods, services].map(String));
  const hasEnded = once(child, 'exit').then(([code, signal]) => {
    throw new Error(`the simulated clusters ended (${signal ?? code})`);
  });
  // Whoever waits for them hears of it; nobody waits when the bench is over.
  hasEnded.catch(() => undefined);
  const answer = () => Promise.race([once(child, 'message'), hasEnded]);
  const until = (what, isSo) => Promise.race([comesTrue(what, isSo), hasEnded]);
  const [{ places }] = await answer();
  const registries = places.map(({ consul }, cluster) => consulPlace(consul, cluster));
  const kubernetes = places.map(({ kubernetes: url }, cluster) => kubernetesPlace(url, cluster));
  const catalog = new Catalog();
  const known = () => [];
  const sources = [
    catalogSource({ catalog, clock, unreadableSeconds: () => 60, owner: () => undefined }),
    migrationSource({
      services: () => catalog.services(),
      places: () => catalog.places,
      clock,
      traffic: () => new Map(),
      watching: () => ({ isCounting: true, blind: new Set(), silent: new Map() }),
      silentSeconds: () => 3600,
      watchedSince: clock.now(),
    }),
    ...registries.map((place) => registrySource({ place, catalog, clock, known })),
  ];
  const { signal } = new AbortController();
  const look = () => Promise.all(sources.map((one) => one.look(signal)));
  try {
    const first = await costOf(async () => {
      await catalog.follow([...kubernetes, ...registries]);
      await until('every cluster and registry was read', () => [...kubernetes, ...registries].every(isRead));
      await look();
    });
    const measured = [];
    let findings = 0;
    const looksSeconds = [];
    for (let round = 0; round < rounds; round++) {
      const before = kubernetes.map(namesOf);
      const readings = registries.map(({ reading }) => reading);
      measured.push(
        await costOf(async () => {
          child.send('churn');
          await answer();
          await until('every cluster told its new pods', () =>
            kubernetes.every((one, index) => namesOf(one) !== before[index]),
          );
          await until('every registry was read anew', () =>
            registries.every(({ reading }, index) => reading !== readings[index]),
          );
          const began = performance.now();
          const looks = await look();
          looksSeconds.push((performance.now() - began) / 1000);
          findings = looks.reduce((sum, one) => sum + one.findings.length, 0);
        }),
      );
    }
    globalThis.gc?.();
    const { heapUsed, rss } = process.memoryUsage();
    const anew = await costOfAll(async () => {
      const before = kubernetes.map(namesOf);
      child.send('expire');
      await answer();
      await until('every cluster was listed anew', () =>
        kubernetes.every((one, index) => one.state.trouble === undefined && namesOf(one) !== before[index]),
      );
      await look();
    });
    return {
      clusters,
      pods: kubernetes.reduce((sum, { livePods }) => sum + livePods.length, 0),
      services: catalog.services().length,
      firstSeconds: first.seconds,
      firstCpuSeconds: first.cpuSeconds,
      roundSeconds: median(measured.map(({ seconds }) => seconds)),
      roundCpuSeconds: median(measured.map(({ cpuSeconds }) => cpuSeconds)),
      looksSeconds: median(looksSeconds),
      heapBytes: heapUsed,
      rssBytes: rss,
      anewSeconds: anew.seconds,
      anewCpuSeconds: anew.cpuSeconds,
      anewPeakBytes: anew.peakBytes,
      findings,
    };
  } finally {
    child.kill('SIGKILL');
    await catalog.stop();
  }
}

/** Another text whenever other pods are there. */
function namesOf({ livePods }) {
  return livePods?.map(({ name }) => name).join();
}

function isRead({ state }) {
  return state.currentAt !== undefined;
}

async function costOf(work) {
  const cpu = process.cpuUsage();
  const began = performance.now();
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { seconds: (performance.now() - began) / 1000, cpuSeconds: (user + system) / 1e6 };
}

/** With the largest memory of the process meanwhile. */
async function costOfAll(work) {
  let peakBytes = process.memoryUsage.rss();
  const watch = setInterval(() => (peakBytes = Math.max(peakBytes, process.memoryUsage.rss())), 5);
  try {
    const cost = await costOf(work);
    return { ...cost, peakBytes };
  } finally {
    clearInterval(watch);
  }
}

async function comesTrue(what, isSo) {
  const givenUp = performance.now() + patienceSeconds * 1000;
  while (!isSo()) {
    if (performance.now() > givenUp) throw new Error(`after ${patienceSeconds} s it is still not so that ${what}`);
    await sleep(50);
  }
}

function kubernetesPlace(url, cluster) {
  const settings = {
    name: `cluster-${cluster}`,
    cluster: `cluster-${cluster}`,
    connection: { kind: 'in-cluster' },
    ownerLabels: ['owner'],
    tierLabels: ['tier'],
    ignoredNamespaces: ['kube-system'],
    rootNamespace: 'istio-system',
    sidecars: new Map(),
  };
  return new KubernetesPlace({ settings, credentials: accessCredentials(url, {}), clock });
}

function consulPlace(url, cluster) {
  const settings = {
    name: `dc${cluster}`,
    url,
    access: {},
    datacenter: undefined,
    cluster: `cluster-${cluster}`,
    namespace: 'default',
    intervalSeconds,
    owner: 'platform',
    thresholds: { zombieSeconds: 60, massRatio: 0.3, flaps: 6, syncSeconds: 30 },
    envoys: [],
  };
  return new ConsulPlace({ settings, clock });
}
