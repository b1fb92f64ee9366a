/**
 * What a scrape costs, beside Debian's Prometheus on the same targets in the same run: `npm run bench:scrape [-- --json]`.
 *
 * Environment: BENCH_TARGETS (300), BENCH_SECONDS (75), of which the first 20 are not counted.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { show } from './table.mjs';

const targets = Number(process.env.BENCH_TARGETS ?? 300);
const seconds = Number(process.env.BENCH_SECONDS ?? 75);
const warmUpSeconds = 20;
const intervalSeconds = 5;
const goals = { cpu: 0.4, memory: 0.2 };

export async function bench({ json }) {
  const folder = mkdtempSync(join(tmpdir(), 'meshslo-bench-'));
  const children = [];
  try {
    const fleet = await startNode(children, './scrape-targets.mjs', [targets, seconds + 30]);
    if (!json && !fleet.ready.recorded) console.log('No recordings at hand: a generated sidecar stands in for them.');
    const scrapers = [
      await meshslo(children, 'meshslo, gzip', fleet.ready.ports, true),
      await meshslo(children, 'meshslo, uncompressed', fleet.ready.ports, false),
    ];
    const prometheus = startPrometheus(children, folder, fleet.ready.ports);
    if (prometheus) scrapers.unshift(prometheus);
    else if (!json) console.log('prometheus is not installed: meshslo is measured alone.');

    await sleep(warmUpSeconds * 1000);
    const before = await measure(fleet, scrapers);
    await sleep((seconds - warmUpSeconds) * 1000);
    const after = await measure(fleet, scrapers);
    report({ json, bodyBytes: fleet.ready.bodyBytes, scrapers, before, after, delays: await delays(scrapers) });
  } finally {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Starts one of our scripts; its first line on stdout says that it is ready. */
async function startNode(children, script, args) {
  const child = spawn(process.execPath, [new URL(script, import.meta.url).pathname, ...args.map(String)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  const lines = child.stdout.setEncoding('utf8');
  let text = '';
  const waiting = [];
  lines.on('data', (piece) => {
    text += piece;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
      waiting.shift()?.(JSON.parse(text.slice(0, end)));
      text = text.slice(end + 1);
    }
  });
  const next = () => new Promise((done) => waiting.push(done));
  const ask = () => {
    child.stdin.write('\n');
    return next();
  };
  return { pid: child.pid, ready: await next(), ask };
}

async function meshslo(children, name, ports, gzip) {
  const scraper = await startNode(children, './scrape-meshslo.mjs', [intervalSeconds, gzip, ...ports]);
  return { name, agent: `meshslo ${gzip ? 'gzip' : 'identity'}`, pid: scraper.pid, ask: scraper.ask };
}

function startPrometheus(children, folder, ports) {
  const paths = (process.env.PATH ?? '').split(delimiter).map((path) => join(path, 'prometheus'));
  const program = paths.find((path) => existsSync(path));
  if (!program) return undefined;
  const addresses = ports.map((port) => `127.0.0.1:${port}`);
  const config = {
    global: { scrape_interval: `${intervalSeconds}s`, scrape_timeout: `${intervalSeconds}s` },
    scrape_configs: [
      { job_name: 'sidecars', metrics_path: '/stats/prometheus', static_configs: [{ targets: addresses }] },
    ],
  };
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config));
  const child = spawn(
    program,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'tsdb')}`,
      '--web.listen-address=127.0.0.1:0',
    ],
    { stdio: 'ignore' },
  );
  children.push(child);
  return { name: 'Prometheus, gzip', agent: 'Prometheus', pid: child.pid };
}

/** CPU time, memory and scrapes of every scraper so far. */
async function measure(fleet, scrapers) {
  const { scrapes } = await fleet.ask();
  return scrapers.map(({ agent, pid }) => ({ scrapes: scrapes[agent] ?? 0, ...processUse(pid) }));
}

function processUse(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1];
  return { cpuMilliseconds: ticks * 10, megabytes: Number(kilobytes) / 1024 };
}

async function delays(scrapers) {
  return Promise.all(scrapers.map(async ({ ask }) => (ask ? (await ask()).longestDelayMilliseconds : undefined)));
}

function report({ json, bodyBytes, scrapers, before, after, delays }) {
  const measured = scrapers.map(({ name }, index) => {
    const scrapes = after[index].scrapes - before[index].scrapes;
    const cpuMilliseconds = after[index].cpuMilliseconds - before[index].cpuMilliseconds;
    return {
      name,
      scrapes,
      cpuMillisecondsPerScrape: round(cpuMilliseconds / scrapes, 3),
      megabytes: Math.round(after[index].megabytes),
      longestDelayMilliseconds: delays[index],
    };
  });
  const prometheus = measured.find(({ name }) => name.startsWith('Prometheus'));
  for (const row of measured) {
    if (!prometheus || row === prometheus) continue;
    row.cpuToPrometheus = round(row.cpuMillisecondsPerScrape / prometheus.cpuMillisecondsPerScrape, 3);
    row.memoryToPrometheus = round(row.megabytes / prometheus.megabytes, 3);
  }
  show({
    title: `${targets} targets, ${Math.round(bodyBytes / 1000)} KB each, every ${intervalSeconds} s for ${seconds - warmUpSeconds} s`,
    columns: [
      'scraper',
      'scrapes',
      'CPU ms/scrape',
      `ratio (goal ${goals.cpu})`,
      'RSS MB',
      `ratio (goal ${goals.memory})`,
      'longest delay ms',
    ],
    rows: measured.map((row) => [
      row.name,
      row.scrapes,
      row.cpuMillisecondsPerScrape.toFixed(2),
      row.cpuToPrometheus ?? '',
      row.megabytes,
      row.memoryToPrometheus ?? '',
      row.longestDelayMilliseconds ?? '',
    ]),
    figures: { targets, bodyBytes, intervalSeconds, measured },
    json,
  });
}

function round(number, digits) {
  return Number(number.toFixed(digits));
}
