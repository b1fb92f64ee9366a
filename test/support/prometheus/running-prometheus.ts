import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { findProgram } from '../find-program.js';

/** A series of an answer, its samples in ascending time. */
export interface AnsweredSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly timesSeconds: Float64Array;
  readonly values: Float64Array;
}

/** A value of an instant query. */
export interface AnsweredValue {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** More steps than these in one answer are refused. */
const mostSteps = 11_000;

/** A real Prometheus on a folder of blocks; time is what a query says it is. */
export class RunningPrometheus {
  readonly address: string;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, address: string) {
    this.#process = process;
    this.address = address;
  }

  /** Starts Prometheus on a folder, which it makes where there is none; the configuration is empty unless given. */
  static async start(folder: string, config: object = {}): Promise<RunningPrometheus> {
    const program = findProgram('prometheus');
    if (program === undefined) throw new Error('prometheus is not installed');
    const port = await freePort();
    const file = `${folder}.yml`;
    writeFileSync(file, JSON.stringify(config));
    const child = spawn(
      program,
      [
        `--config.file=${file}`,
        `--storage.tsdb.path=${folder}`,
        '--storage.tsdb.retention.time=100y',
        // Blocks stay as they were written.
        '--storage.tsdb.min-block-duration=2h',
        '--storage.tsdb.max-block-duration=2h',
        `--web.listen-address=127.0.0.1:${port}`,
        '--web.enable-remote-write-receiver',
        '--query.max-samples=2000000000',
        '--query.timeout=30m',
        '--log.level=error',
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    const prometheus = new RunningPrometheus(child, `http://127.0.0.1:${port}`);
    while (!(await prometheus.#isReady())) {
      if (child.exitCode !== null) throw new Error(`prometheus ended with ${child.exitCode}`);
      await sleep(20);
    }
    return prometheus;
  }

  /** Values at a moment. */
  async instant(query: string, atSeconds: number): Promise<readonly AnsweredValue[]> {
    const { result } = await this.#ask<InstantData>('query', { query, time: String(atSeconds) });
    return result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
  }

  /** Values at `[fromSeconds, toSeconds]` in steps; asked for in as many pieces as it takes. */
  async range(
    query: string,
    fromSeconds: number,
    toSeconds: number,
    stepSeconds: number,
  ): Promise<readonly AnsweredSeries[]> {
    const steps = Math.floor((toSeconds - fromSeconds) / stepSeconds) + 1;
    // Two pieces at least: one for each of two cores.
    const stepsOfPiece = Math.min(mostSteps, Math.max(10, Math.ceil(steps / 2)));
    const ranges: Readonly<Record<string, string>>[] = [];
    for (let step = 0; step < steps; step += stepsOfPiece) {
      const last = Math.min(steps, step + stepsOfPiece) - 1;
      const [start, end] = [fromSeconds + step * stepSeconds, fromSeconds + last * stepSeconds];
      ranges.push({ query, start: String(start), end: String(end), step: String(stepSeconds) });
    }
    const pieces: RangeSeries[][] = [];
    const worker = async (): Promise<void> => {
      for (let range = ranges.shift(); range; range = ranges.shift()) {
        const place = pieces.push([]) - 1;
        pieces[place]!.push(...(await this.#ask<RangeData>('query_range', range)).result);
      }
    };
    await Promise.all([worker(), worker()]);
    return joined(pieces.flat());
  }

  /** How many samples an instant query reads, by Prometheus' own count. */
  async samplesRead(query: string, atSeconds: number): Promise<number> {
    const { stats } = await this.#ask<InstantData>('query', { query, time: String(atSeconds), stats: 'all' });
    return stats!.samples.totalQueryableSamples;
  }

  /** CPU time of the process so far. */
  cpuSeconds(): number {
    const fields = readFileSync(`/proc/${this.#process.pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill();
    await ended;
  }

  async #isReady(): Promise<boolean> {
    return fetch(`${this.address}/-/ready`).then(
      (response) => response.ok,
      () => false,
    );
  }

  async #ask<Data>(path: string, parameters: Readonly<Record<string, string>>): Promise<Data> {
    const response = await fetch(`${this.address}/api/v1/${path}`, {
      method: 'POST',
      body: new URLSearchParams(parameters),
      signal: AbortSignal.timeout(1_800_000),
    });
    const answer = (await response.json()) as { readonly error?: string; readonly data: Data };
    if (answer.error !== undefined) throw new Error(`${answer.error}: ${parameters['query']}`);
    return answer.data;
  }
}

interface InstantData {
  readonly result: readonly {
    readonly metric: Readonly<Record<string, string>>;
    readonly value: readonly [number, string];
  }[];
  readonly stats?: { readonly samples: { readonly totalQueryableSamples: number } };
}

interface RangeSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [number, string])[];
}

interface RangeData {
  readonly result: readonly RangeSeries[];
}

function joined(pieces: readonly RangeSeries[]): readonly AnsweredSeries[] {
  const bySeries = new Map<string, RangeSeries[]>();
  for (const piece of pieces) {
    const key = JSON.stringify(Object.entries(piece.metric).sort());
    const known = bySeries.get(key);
    if (known) known.push(piece);
    else bySeries.set(key, [piece]);
  }
  return [...bySeries.values()].map((parts) => {
    const samples = parts.flatMap(({ values }) => values);
    return {
      labels: parts[0]!.metric,
      timesSeconds: Float64Array.from(samples, ([time]) => time),
      values: Float64Array.from(samples, ([, value]) => Number(value)),
    };
  });
}

/** A port that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
