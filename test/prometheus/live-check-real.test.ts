import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { check } from '../../src/cli/check.js';
import { EventLog } from '../../src/simulator/event-log.js';
import { Mesh } from '../../src/simulator/mesh.js';
import { MeshServers } from '../../src/simulator/mesh-servers.js';
import { catchUp, wallTick } from '../../src/simulator/real-time.js';
import { leastConfig } from '../config/workspace.js';
import { smallMesh } from '../simulator/small-mesh.js';
import { describeWith } from '../support/programs.js';
import type { Program } from '../support/find-program.js';
import { freePort } from '../support/prometheus/free-port.js';
import { until } from '../support/until.js';

interface Store {
  readonly program: Program;
  /** Arguments of the program. */
  readonly options: (folder: string, scrapeFile: string, port: number) => readonly string[];
  /** What is not good about it, as `verdict code`. */
  readonly lacks: readonly string[];
  readonly version: string;
}

const stores: readonly Store[] = [
  {
    program: 'prometheus',
    options: (folder, scrapeFile, port) => [
      `--config.file=${scrapeFile}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      '--storage.tsdb.retention.time=10d',
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ],
    lacks: ['error bucket-absent', 'error retention-too-short', 'warning history-short'],
    version: 'version 2.',
  },
  {
    program: 'victoria-metrics',
    options: (folder, scrapeFile, port) => [
      `-promscrape.config=${scrapeFile}`,
      `-storageDataPath=${join(folder, 'data')}`,
      `-httpListenAddr=127.0.0.1:${port}`,
      // Half a minute unless said otherwise.
      '-search.latencyOffset=4s',
      '-loggerLevel=ERROR',
    ],
    lacks: ['error bucket-absent', 'unknown retention-unknown', 'warning history-short', 'warning moment-moved'],
    version: 'of unknown version',
  },
];

/** Envoy's buckets end at 3,600 s; the pack's user says that there is one of 2 s, and it is not there. */
const slos = 'service: shop/cart\nslos: { latency: { objective: 99%, threshold: 2s } }\n';

for (const { program, options, lacks, version } of stores) {
  describeWith(program, `check --live against ${program}`, (path) => {
    const folder = mkdtempSync(join(tmpdir(), 'meshslo-live-'));
    const config = join(folder, 'meshslo.yaml');
    const mesh = new Mesh(smallMesh(), wallTick() - 60, 1, new EventLog().write);
    const servers = new MeshServers(mesh, () => catchUp(mesh));
    let process: ChildProcess;
    let url: string;

    beforeAll(async () => {
      catchUp(mesh);
      await servers.reconcile();
      const port = await freePort();
      url = `http://127.0.0.1:${port}`;
      const scrapeFile = join(folder, 'scrape.yml');
      writeFileSync(scrapeFile, scrapeConfig(servers));
      writeFileSync(config, `${leastConfig}slos: [slos.yaml]\npacks: [mine.yaml]\n`);
      writeFileSync(join(folder, 'slos.yaml'), slos);
      const istio = readFileSync('rules/meshes/istio.yaml', 'utf8');
      writeFileSync(join(folder, 'mine.yaml'), istio.replace('1000, 2500', '1000, 2000, 2500'));
      process = spawn(path, options(folder, scrapeFile, port), { stdio: ['ignore', 'ignore', 'inherit'] });
      await until(() => hasTwelveScrapes(url));
    });

    afterAll(async () => {
      process.kill();
      await once(process, 'exit');
      await servers.close();
      rmSync(folder, { recursive: true });
    });

    test('says what is there and what is missing, and what to do about it', async () => {
      let text = '';
      const terminal = { color: false, write: (part: string) => void (text += part) };
      const code = await check({ config, output: 'json', live: url }, terminal);
      const { good, live } = JSON.parse(text) as {
        good: boolean;
        live: { findings: { verdict: string; code: string; message: string }[] };
      };
      const troubles = live.findings.filter(({ verdict }) => verdict !== 'good');
      expect(troubles.map(({ verdict, code: what }) => `${verdict} ${what}`).sort()).toEqual(lacks);
      expect(live.findings.map(({ message }) => message)).toContainEqual(
        expect.stringMatching(/^job "mesh" is scraped every 1s;/),
      );
      expect(good).toBe(false);
      expect(code).toBe(1);
    });

    test('as text, what people read', async () => {
      let text = '';
      const terminal = { color: false, write: (part: string) => void (text += part) };
      expect(await check({ config, output: 'text', live: `${url}/` }, terminal)).toBe(1);
      expect(text).toContain(`${url} (${version}`);
      expect(text).toMatch(
        /✗ istio_request_duration_milliseconds_bucket has no bucket of 2s: nothing for latency of shop\/cart\n {6}it has 1s or 2s500ms;/,
      );
      expect(text).toMatch(/✓ istio_requests_total is there: \d+ series\n/);
    });
  });
}

function scrapeConfig(servers: MeshServers): string {
  const targets = servers.targets().flatMap((one) => one.targets);
  return JSON.stringify({
    global: { scrape_interval: '1s', scrape_timeout: '1s' },
    scrape_configs: [{ job_name: 'mesh', metrics_path: '/stats/prometheus', static_configs: [{ targets }] }],
  });
}

async function hasTwelveScrapes(url: string): Promise<boolean> {
  const query = encodeURIComponent('max(count_over_time(istio_requests_total[1h]))');
  const answer = (await (await fetch(`${url}/api/v1/query?query=${query}`)).json()) as {
    data?: { result: { value: [number, string] }[] };
  };
  return Number(answer.data?.result[0]?.value[1] ?? 0) >= 12;
}
