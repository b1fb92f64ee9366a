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

/** PromQL over HTTP, as Prometheus and VictoriaMetrics answer it. */
export class QueryApi {
  readonly address: string;

  /** The address has no path: `http://127.0.0.1:9090`. */
  constructor(address: string) {
    this.address = address;
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
