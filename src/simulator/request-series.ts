import { bucketCount, latencyBoundsMs, typicalMs, type BucketCounts } from './latency.js';
import { type IstioLabels, labelText } from './istio-labels.js';

export const requestHistograms = [
  'istio_request_bytes',
  'istio_request_duration_milliseconds',
  'istio_response_bytes',
] as const;

export type RequestHistogram = (typeof requestHistograms)[number];

/** Sizes of one request, bytes. */
export interface RequestSizes {
  readonly requestBytes: number;
  readonly responseBytes: number;
}

/** What a proxy counts of the requests of one label set: a counter and three histograms. */
export class RequestSeries {
  /** The labels as printed, without braces. */
  readonly text: string;
  /** What Envoy's own name of the statistic has after the family's. */
  readonly statTags: string;
  readonly #sizes: RequestSizes;
  readonly #buckets = new Float64Array(bucketCount);
  readonly #lines = new Map<RequestHistogram, string>();
  #count = 0;
  #durationSumMs = 0;
  #lastSeconds = 0;

  constructor(labels: IstioLabels, sizes: RequestSizes) {
    this.text = labelText(labels);
    this.statTags = Object.entries(labels)
      .map(([name, value]) => `.${name}.${value}`)
      .join('');
    this.#sizes = sizes;
  }

  get count(): number {
    return this.#count;
  }

  /** When it last counted something. */
  get lastSeconds(): number {
    return this.#lastSeconds;
  }

  add(count: number, buckets: BucketCounts, atSeconds: number): void {
    this.#count += count;
    buckets.forEach((inBucket, bucket) => {
      this.#buckets[bucket]! += inBucket;
      this.#durationSumMs += inBucket * typicalMs(bucket);
    });
    this.#lastSeconds = atSeconds;
    this.#lines.clear();
  }

  /** The lines of one histogram; printed once for as long as nothing is added. */
  histogramLines(family: RequestHistogram): string {
    let lines = this.#lines.get(family);
    if (lines === undefined) this.#lines.set(family, (lines = this.#print(family)));
    return lines;
  }

  #print(family: RequestHistogram): string {
    if (family === 'istio_request_duration_milliseconds')
      return this.#printed(family, this.#buckets, this.#durationSumMs);
    const bytes = family === 'istio_request_bytes' ? this.#sizes.requestBytes : this.#sizes.responseBytes;
    const buckets = new Float64Array(bucketCount);
    const bucket = latencyBoundsMs.findIndex((bound) => bytes <= bound);
    buckets[bucket < 0 ? bucketCount - 1 : bucket] = this.#count;
    return this.#printed(family, buckets, bytes * this.#count);
  }

  #printed(family: RequestHistogram, buckets: Float64Array, sum: number): string {
    let lines = '';
    let below = 0;
    for (let bucket = 0; bucket < bucketCount; bucket++) {
      below += buckets[bucket]!;
      lines += `${family}_bucket{${this.text},le="${latencyBoundsMs[bucket] ?? '+Inf'}"} ${below}\n`;
    }
    return `${lines}${family}_sum{${this.text}} ${sum}\n${family}_count{${this.text}} ${this.#count}\n`;
  }
}
