import { readExposition } from '../../../src/exposition/read-exposition.js';
import { remoteWrite, type WrittenSeries } from './remote-write.js';

/** A target and the labels that discovery gives it. */
export interface SteppedTarget {
  readonly address: string;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Scrapes targets for a Prometheus as it would itself, but at moments that the caller names: `up`, how much there was, the wanted metrics with
 * the target's labels, and a marker where a series ends because it is gone, its target failed, or nobody lists that.
 */
export class SteppedScrapes {
  readonly #writeUrl: string;
  readonly #wanted: ReadonlySet<string>;
  readonly #present = new Map<string, Map<string, WrittenSeries['labels']>>();

  constructor(address: string, wanted: readonly string[]) {
    this.#writeUrl = `${address}/api/v1/write`;
    this.#wanted = new Set(wanted);
  }

  async scrape(targets: readonly SteppedTarget[], atSeconds: number): Promise<void> {
    const listed = new Set(targets.map(({ address }) => address));
    const gone = [...this.#present.keys()].filter((address) => !listed.has(address));
    const read = await Promise.all(targets.map((target) => this.#read(target)));
    const written = [...read.flat(), ...gone.flatMap((address) => this.#ended(address, new Map()))];
    const times = Float64Array.of(atSeconds * 1000);
    await remoteWrite(
      this.#writeUrl,
      written.map(({ labels, value }) => ({ labels, times, values: Float64Array.of(value) })),
    );
  }

  async #read({ address, labels }: SteppedTarget): Promise<readonly Written[]> {
    const target = { job: 'sidecars', instance: address, ...labels };
    const body = await fetch(`http://${address}/stats/prometheus`).then(
      async (response) => (response.ok ? Buffer.from(await response.arrayBuffer()) : undefined),
      () => undefined,
    );
    const samples = body === undefined ? [] : readExposition(body).families.flatMap((family) => family.samples);
    const found = new Map(
      samples
        .filter(({ name }) => this.#wanted.has(name))
        .map(({ name, labels: own, value }) => {
          const all = { __name__: name, ...target, ...Object.fromEntries(own) };
          return [JSON.stringify(all), { labels: all, value }] as const;
        }),
    );
    const up = { labels: { __name__: 'up', ...target }, value: body === undefined ? 0 : 1 };
    found.set(JSON.stringify(up.labels), up);
    const scraped = { labels: { __name__: 'scrape_samples_scraped', ...target }, value: samples.length };
    found.set(JSON.stringify(scraped.labels), scraped);
    return [...found.values(), ...this.#ended(address, found)];
  }

  /** Markers for what was there and is not found any more. */
  #ended(address: string, found: ReadonlyMap<string, Written>): readonly Written[] {
    const before = this.#present.get(address) ?? new Map<string, WrittenSeries['labels']>();
    this.#present.set(address, new Map([...found].map(([key, { labels }]) => [key, labels])));
    if (found.size === 0) this.#present.delete(address);
    return [...before].filter(([key]) => !found.has(key)).map(([, labels]) => ({ labels, value: Number.NaN }));
  }
}

interface Written {
  readonly labels: WrittenSeries['labels'];
  readonly value: number;
}
