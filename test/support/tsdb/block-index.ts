import { closeSync, openSync, writeSync } from 'node:fs';
import { ByteWriter } from './byte-writer.js';

/** Labels of a series, `__name__` among them. */
export type SeriesLabels = Readonly<Record<string, string>>;

/** A series of a block: its labels, and where its chunks are, already in the index's encoding. */
export interface IndexedSeries {
  readonly labels: SeriesLabels;
  readonly chunkCount: number;
  readonly chunks: Uint8Array;
}

/**
 * Writes a block's index: symbols, series, and for every label the series that carry it.
 *
 * @see prometheus/prometheus tsdb/docs/format/index.md
 */
export function writeIndex(path: string, unsorted: readonly IndexedSeries[]): void {
  const file = openSync(path, 'w');
  let written = 0;
  const flush = (writer: ByteWriter): void => {
    writeSync(file, writer.bytes);
    written += writer.length;
    writer.clear();
  };
  const series = unsorted
    .map((one) => ({ ...one, pairs: pairsOf(one.labels) }))
    .sort((one, other) => comparePairs(one.pairs, other.pairs));
  const out = new ByteWriter(1 << 20);

  out.u32(0xbaaad700);
  out.u8(2);
  const symbolsAt = out.length;
  const symbols = symbolTable(out, series);
  flush(out);

  const seriesAt = written;
  const carriers = new Map<string, { readonly label: string; readonly value: string; readonly ids: number[] }>();
  const all: number[] = [];
  for (const { pairs, chunkCount, chunks } of series) {
    out.align(16, written);
    const id = (written + out.length) / 16;
    all.push(id);
    for (const [label, value] of pairs) {
      const key = `${label}\xff${value}`;
      let carrier = carriers.get(key);
      if (!carrier) carriers.set(key, (carrier = { label, value, ids: [] }));
      carrier.ids.push(id);
    }
    writeSeries(out, pairs, symbols, chunkCount, chunks);
    if (out.length > 1 << 24) flush(out);
  }
  flush(out);

  const sorted = [...carriers.values()].sort((one, other) =>
    comparePairs([[one.label, one.value]], [[other.label, other.value]]),
  );
  const lists = [{ label: '', value: '', ids: all }, ...sorted];
  const postingsAt = written;
  const offsets = lists.map(({ ids }) => {
    out.align(4, written);
    const offset = written + out.length;
    writePostings(out, ids);
    if (out.length > 1 << 24) flush(out);
    return offset;
  });
  flush(out);

  const offsetTableAt = written;
  const table = new ByteWriter(1 << 16);
  table.u32(lists.length);
  lists.forEach(({ label, value }, index) => {
    table.uvarint(2);
    table.text(label);
    table.text(value);
    table.uvarint(offsets[index]!);
  });
  withLengthAndChecksum(out, table);

  const contentsAt = out.length;
  // Nobody has read the label indices since version 2 of the format; their place may be empty.
  for (const at of [symbolsAt, seriesAt, 0, 0, postingsAt, offsetTableAt]) out.u64(at);
  out.checksum(contentsAt);
  flush(out);
  closeSync(file);
}

type Pairs = readonly (readonly [label: string, value: string])[];

function symbolTable(out: ByteWriter, series: readonly { readonly pairs: Pairs }[]): ReadonlyMap<string, number> {
  const texts = new Set<string>();
  for (const { pairs } of series) for (const pair of pairs) for (const text of pair) texts.add(text);
  const sorted = [...texts].sort(compareBytes);
  const table = new ByteWriter(1 << 16);
  table.u32(sorted.length);
  for (const text of sorted) table.text(text);
  withLengthAndChecksum(out, table);
  return new Map(sorted.map((text, index) => [text, index]));
}

function writeSeries(
  out: ByteWriter,
  pairs: Pairs,
  symbols: ReadonlyMap<string, number>,
  chunkCount: number,
  chunks: Uint8Array,
): void {
  const entry = new ByteWriter(256 + chunks.length);
  entry.uvarint(pairs.length);
  for (const [label, value] of pairs) {
    entry.uvarint(symbols.get(label)!);
    entry.uvarint(symbols.get(value)!);
  }
  entry.uvarint(chunkCount);
  entry.append(chunks);
  out.uvarint(entry.length);
  const from = out.length;
  out.append(entry.bytes);
  out.checksum(from);
}

function writePostings(out: ByteWriter, ids: readonly number[]): void {
  out.u32(4 + 4 * ids.length);
  const from = out.length;
  out.u32(ids.length);
  for (const id of ids) out.u32(id);
  out.checksum(from);
}

function withLengthAndChecksum(out: ByteWriter, part: ByteWriter): void {
  out.u32(part.length);
  const from = out.length;
  out.append(part.bytes);
  out.checksum(from);
}

/** Sorted; an empty value is none. */
function pairsOf(labels: SeriesLabels): Pairs {
  return Object.entries(labels)
    .filter(([, value]) => value !== '')
    .sort(byBytes);
}

function byBytes([one]: readonly [string, string], [other]: readonly [string, string]): number {
  return compareBytes(one, other);
}

function comparePairs(one: Pairs, other: Pairs): number {
  for (let index = 0; index < Math.min(one.length, other.length); index++) {
    const order = compareBytes(one[index]![0], other[index]![0]) || compareBytes(one[index]![1], other[index]![1]);
    if (order !== 0) return order;
  }
  return one.length - other.length;
}

/** Go compares bytes; in ASCII JavaScript's own order is the same. */
function compareBytes(one: string, other: string): number {
  if (one === other) return 0;
  if (/^[\x00-\x7f]*$/.test(one) && /^[\x00-\x7f]*$/.test(other)) return one < other ? -1 : 1;
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
