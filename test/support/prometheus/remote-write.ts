import { ByteWriter } from '../tsdb/byte-writer.js';
import type { SeriesLabels } from '../tsdb/block-index.js';

/** Samples of a series; times in whole milliseconds, NaN is a marker of staleness. */
export interface WrittenSeries {
  readonly labels: SeriesLabels;
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/**
 * Sends series to whatever takes Prometheus' remote write, with success or an error.
 *
 * @see https://prometheus.io/docs/concepts/remote_write_spec/ (version 1.0)
 */
export async function remoteWrite(url: string, series: readonly WrittenSeries[]): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
      'x-prometheus-remote-write-version': '0.1.0',
    },
    body: snappyLiterals(writeRequest(series)),
  });
  if (!response.ok) throw new Error(`remote write: ${response.status} ${await response.text()}`);
}

/** The message WriteRequest of prometheus/prometheus prompb/remote.proto. */
function writeRequest(series: readonly WrittenSeries[]): Buffer {
  const request = new ByteWriter(1 << 20);
  const one = new ByteWriter(1 << 16);
  const part = new ByteWriter(256);
  for (const { labels, times, values } of series) {
    one.clear();
    const pairs = Object.entries(labels).filter(([, value]) => value !== '');
    for (const [name, value] of pairs.sort(([a], [b]) => (a < b ? -1 : 1))) {
      part.clear();
      lengthDelimited(part, 1, Buffer.from(name));
      lengthDelimited(part, 2, Buffer.from(value));
      lengthDelimited(one, 1, part.bytes);
    }
    for (let index = 0; index < times.length; index++) {
      part.clear();
      part.u8((1 << 3) | 1);
      part.append(littleEndian(values[index]!));
      part.u8(2 << 3);
      part.uvarint(times[index]!);
      lengthDelimited(one, 2, part.bytes);
    }
    lengthDelimited(request, 1, one.bytes);
  }
  return request.bytes;
}

function lengthDelimited(out: ByteWriter, field: number, bytes: Uint8Array): void {
  out.u8((field << 3) | 2);
  out.uvarint(bytes.length);
  out.append(bytes);
}

const double = Buffer.alloc(8);

function littleEndian(value: number): Buffer {
  if (Number.isNaN(value)) {
    double.writeUInt32LE(2, 0);
    double.writeUInt32LE(0x7ff00000, 4);
  } else double.writeDoubleLE(value);
  return double;
}

/** Snappy's block format without compressing anything: literals only. @see google/snappy format_description.txt */
function snappyLiterals(bytes: Uint8Array): Buffer {
  const out = new ByteWriter(bytes.length + (bytes.length >> 12) + 16);
  out.uvarint(bytes.length);
  for (let from = 0; from < bytes.length; from += 65_536) {
    const literal = bytes.subarray(from, from + 65_536);
    out.u8(61 << 2);
    out.u8((literal.length - 1) & 0xff);
    out.u8((literal.length - 1) >> 8);
    out.append(literal);
  }
  return out.bytes;
}
