/** The real scrape source on its own, for `bench/scrape.mjs`; answers every line on stdin with its longest delay. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { loadPacks, packFor } from '../dist/packs/load-packs.js';
import { scrapeJob } from '../dist/scrape/scrape-job.js';
import { ScrapeSource } from '../dist/scrape/scrape-source.js';

const [interval, gzip, ...ports] = process.argv.slice(2);

const job = scrapeJob(
  {
    name: 'sidecars',
    pack: packFor(loadPacks().packs, 'istio'),
    cluster: 'eu1',
    intervalSeconds: Number(interval),
    timeoutSeconds: Number(interval),
    scheme: 'http',
    path: '/stats/prometheus',
    params: {},
    filterParams: {},
    gzip: gzip === 'true',
    access: {},
    targets: [{ kind: 'static', groups: [{ targets: ports.map((port) => `127.0.0.1:${port}`), labels: {} }] }],
    limits: { bodyBytes: 16_000_000, decompressedBytes: 64_000_000, series: 20_000, services: 1000 },
  },
  new Map(),
);

const directory = {
  version: 1,
  has: () => true,
  knows: () => true,
  meshOf: () => 'istio',
  slosOf: (service, perspective) => (perspective === 'server' ? slosOf(service) : []),
};
const clock = { now: () => Date.now() / 1000, monotonic: () => performance.now() / 1000 };
const source = new ScrapeSource({ jobs: [job], directory, clock, concurrency: 64 });
await source.start([]);
setInterval(() => void source.collect(Math.floor(clock.now() / 60) * 60), 60_000);

const delay = monitorEventLoopDelay({ resolution: 20 });
setTimeout(() => delay.enable(), 15_000);
console.log(JSON.stringify({ ready: true }));
process.stdin.on('data', () => {
  const up = source.targets.filter((target) => target.up).length;
  console.log(
    JSON.stringify({ longestDelayMilliseconds: Math.round(delay.max / 1e6), up, targets: source.targets.length }),
  );
});

function slosOf(service) {
  const common = {
    service,
    mesh: 'istio',
    perspective: 'server',
    filter: {},
    window: { kind: 'rolling', seconds: 30 * 86_400 },
    budgeting: { method: 'occurrences' },
    owner: undefined,
    tier: 'standard',
    origin: 'default',
  };
  return [
    { ...common, name: 'availability', indicator: { kind: 'availability' }, objective: 0.999 },
    { ...common, name: 'latency', indicator: { kind: 'latency', thresholdSeconds: 0.25 }, objective: 0.99 },
  ];
}
