/**
 * What looking at control planes costs: `npm run bench:fleet [-- --json] [-- --full]`.
 *
 * 500, 1,000 and 5,000 proxies of 1,000 services in 30 clusters with 5 istiods each (150 instances); every proxy is asked itself,
 * too, at every look. One round is one look at all 30; it must be over within its interval of 15 s, on one core. With --full,
 * proxies send merged bodies of 426 KB instead of filtered ones.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { newCollector } from '../dist/controlplane/new-collector.js';
import { loadControlPlanePacks } from '../dist/packs/load-control-plane-packs.js';
import { BodyBuffers } from '../dist/scrape/http/body-buffer.js';
import { ByteBudget } from '../dist/scrape/http/byte-budget.js';
import { median, show } from './table.mjs';

const clusters = 30;
const instances = 5;
const intervalSeconds = 15;
const sizes = [500, 1000, 5000];
const rounds = 6;

export async function bench({ json, full }) {
  const bodies = full ? 'merged' : 'filtered';
  const figures = [];
  for (const proxies of sizes) figures.push(await measure(proxies, bodies));
  const [smallest, , largest] = figures;
  const growth = largest.cpuSeconds / smallest.cpuSeconds / (largest.proxies / smallest.proxies);
  show({
    title: `One look at ${clusters} Istio control planes of ${instances} istiods, and at all of their proxies (${bodies} bodies); interval ${intervalSeconds} s`,
    columns: ['proxies', 'round s', 'CPU s', 'of one core', 'CPU ms a proxy', 'RSS MB', 'findings'],
    rows: figures.map((one) => [
      one.proxies,
      one.roundSeconds.toFixed(2),
      one.cpuSeconds.toFixed(2),
      `${((one.cpuSeconds / intervalSeconds) * 100).toFixed(1)} %`,
      ((one.cpuSeconds * 1000) / one.proxies).toFixed(2),
      Math.round(one.rssBytes / 1e6),
      one.findings,
    ]),
    figures: { figures, growth },
    json,
  });
  if (!json) console.log(`\nTen times the proxies cost ${(growth * 10).toFixed(1)} times as much.`);
  if (figures.some((one) => one.cpuSeconds > intervalSeconds || one.roundSeconds > intervalSeconds))
    process.exitCode = 1;
}

async function measure(proxies, bodies) {
  const perCluster = Math.ceil(proxies / clusters);
  const child = spawn(
    process.execPath,
    [new URL('./fleet-servers.mjs', import.meta.url).pathname, clusters, instances, perCluster, bodies].map(String),
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const collectors = collectorsFor(JSON.parse(line), perCluster);
  try {
    const look = () => Promise.all(collectors.map((one) => one.look(new AbortController().signal)));
    // Connections are opened, and every proxy is asked once.
    for (let round = 0; round < 4; round++) await look();
    const [roundsSeconds, cpuSeconds] = [[], []];
    let findings = 0;
    for (let round = 0; round < rounds; round++) {
      await sleep(100);
      const cpu = process.cpuUsage();
      const began = performance.now();
      const looks = await look();
      roundsSeconds.push((performance.now() - began) / 1000);
      const { user, system } = process.cpuUsage(cpu);
      cpuSeconds.push((user + system) / 1e6);
      findings = looks.reduce((sum, one) => sum + one.findings.length, 0);
    }
    globalThis.gc?.();
    return {
      proxies: perCluster * clusters,
      roundSeconds: median(roundsSeconds),
      cpuSeconds: median(cpuSeconds),
      rssBytes: process.memoryUsage.rss(),
      findings,
    };
  } finally {
    for (const one of collectors) one.close();
    child.kill('SIGKILL');
  }
}

function collectorsFor({ istiods, proxyPort }, perCluster) {
  const pack = loadControlPlanePacks().get('istio');
  const buffers = new BodyBuffers(new ByteBudget(1024 * 1024, 256 * 1024 * 1024));
  const clock = { now: () => Date.now() / 1000, monotonic: () => performance.now() / 1000 };
  const book = {
    ownerOf: ({ cluster, namespace, pod }) => ({
      service: { cluster, namespace, name: pod.split('-v1-')[0] },
      owner: `team-${pod.length % 7}`,
    }),
  };
  const endpoints = (groups) => ({ targets: [{ kind: 'static', groups }], scheme: 'http', access: {} });
  return Array.from({ length: clusters }, (_, cluster) => {
    const own = istiods.filter((one) => one.cluster === cluster).map(({ port }) => `127.0.0.1:${port}`);
    const proxies = Array.from({ length: perCluster }, (_, proxy) => ({
      targets: [`127.${1 + cluster}.${proxy >> 8}.${proxy & 255}:${proxyPort}`],
      labels: { namespace: 'shop', pod: `service-${proxy % 34}-v1-7c9f8d6b5-${String(proxy).padStart(5, 'x')}` },
    }));
    return newCollector({
      settings: {
        name: `cluster-${cluster}`,
        kind: 'istio',
        cluster: `cluster-${cluster}`,
        owner: 'team-platform',
        intervalSeconds,
        timeoutSeconds: 10,
        instances: endpoints([{ targets: own, labels: {} }]),
        proxies: endpoints(proxies),
        controllers: endpoints([]),
        namespaces: ['default'],
        wantedVersion: undefined,
        thresholds: {
          outOfSyncSeconds: 60,
          warmingSeconds: 300,
          disagreeSeconds: 60,
          certificateSeconds: 14 * 86_400,
          workloadCertificateSeconds: 3600,
        },
      },
      pack,
      book,
      clusterOf: (id) => id,
      buffers,
      clock,
    });
  });
}
