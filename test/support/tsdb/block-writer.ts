import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type IndexedSeries, type SeriesLabels, writeIndex } from './block-index.js';
import { ByteWriter } from './byte-writer.js';
import { samplesPerChunk, xorChunk } from './xor-chunk.js';

const largestSegment = 512 * 1024 * 1024;

/**
 * Writes a block of Prometheus' storage: what a Prometheus that had scraped these samples would have on its disk.
 *
 * `promtool tsdb create-blocks-from openmetrics` cannot write markers of staleness, and takes hours for a month.
 *
 * @see prometheus/prometheus tsdb/docs/format
 */
export class BlockWriter {
  readonly #folder: string;
  readonly #id: string;
  readonly #series: IndexedSeries[] = [];
  readonly #pending = new ByteWriter(1 << 20);
  #segments = 0;
  #segment: number | undefined;
  #segmentLength = 0;
  #from = Infinity;
  #to = -Infinity;
  #samples = 0;
  #chunks = 0;

  /** A block in a storage folder. Blocks of one folder have different numbers, and no time in common. */
  constructor(storage: string, number = 1) {
    this.#id = blockId(number);
    this.#folder = join(storage, this.#id);
  }

  get samples(): number {
    return this.#samples;
  }

  get seriesCount(): number {
    return this.#series.length;
  }

  /** Adds a series: times in whole milliseconds, ascending; NaN is a marker of staleness. One without samples is none. */
  add(labels: SeriesLabels, times: Float64Array, values: Float64Array, length = times.length): void {
    if (length === 0) return;
    const references = new ByteWriter(16 * Math.ceil(length / samplesPerChunk));
    let chunkCount = 0;
    let lastTime = 0;
    let lastPlace = 0;
    for (let from = 0; from < length; from += samplesPerChunk) {
      const to = Math.min(length, from + samplesPerChunk);
      const place = this.#writeChunk(xorChunk(times, values, from, to));
      const [first, last] = [times[from]!, times[to - 1]!];
      if (chunkCount === 0) references.varint(first);
      else references.uvarint(first - lastTime);
      references.uvarint(last - first);
      if (chunkCount === 0) references.uvarint(place);
      else references.varint(place - lastPlace);
      [lastTime, lastPlace] = [last, place];
      chunkCount++;
    }
    this.#series.push({ labels, chunkCount, chunks: Uint8Array.from(references.bytes) });
    this.#samples += length;
    this.#chunks += chunkCount;
    this.#from = Math.min(this.#from, times[0]!);
    this.#to = Math.max(this.#to, lastTime);
  }

  /**
   * Writes index and description: the next Prometheus that starts on the folder has everything that was added so far.
   *
   * Series may be added afterwards, and published again; a Prometheus that reads the block must have been stopped.
   */
  publish(): void {
    this.#flush();
    if (this.#segment !== undefined) closeSync(this.#segment);
    this.#segment = undefined;
    if (this.#series.length === 0) return;
    writeIndex(join(this.#folder, 'index'), this.#series);
    const meta = {
      ulid: this.#id,
      minTime: this.#from,
      maxTime: this.#to + 1,
      stats: { numSamples: this.#samples, numSeries: this.#series.length, numChunks: this.#chunks },
      compaction: { level: 1, sources: [this.#id] },
      version: 1,
    };
    writeFileSync(join(this.#folder, 'meta.json'), JSON.stringify(meta));
  }

  /** The chunk's place: the number of its file and its position there. */
  #writeChunk(data: Uint8Array): number {
    if (this.#segment === undefined || this.#segmentLength > largestSegment) this.#nextSegment();
    const before = this.#pending.length;
    const place = (this.#segments - 1) * 2 ** 32 + this.#segmentLength;
    this.#pending.uvarint(data.length);
    const from = this.#pending.length;
    this.#pending.u8(1);
    this.#pending.append(data);
    this.#pending.checksum(from);
    this.#segmentLength += this.#pending.length - before;
    if (this.#pending.length > 1 << 24) this.#flush();
    return place;
  }

  #nextSegment(): void {
    this.#flush();
    if (this.#segment !== undefined) closeSync(this.#segment);
    this.#segments++;
    mkdirSync(join(this.#folder, 'chunks'), { recursive: true });
    this.#segment = openSync(join(this.#folder, 'chunks', String(this.#segments).padStart(6, '0')), 'w');
    this.#pending.u32(0x85bd40dd);
    this.#pending.u32(0x01000000);
    this.#segmentLength = 8;
  }

  #flush(): void {
    if (this.#segment !== undefined) writeSync(this.#segment, this.#pending.bytes);
    this.#pending.clear();
  }
}

/** A ULID whose random part is a number: the same block has the same name. */
function blockId(number: number): string {
  const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  let text = '';
  for (let rest = number; text.length < 16; rest = Math.floor(rest / 32)) text = `${digits[rest % 32]!}${text}`;
  return `0000000001${text}`;
}
