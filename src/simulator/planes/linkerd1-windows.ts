import { bucketCount, type BucketCounts } from '../latency.js';
import type { CounterTable } from './tables.js';

/** How long a snapshot of the histograms takes; it is shown until the next one is complete. */
const windowSeconds = 60;

/** Requests by bucket, of one router and service, in the running window and in the one before it. */
export interface LatencyWindow {
  index: number;
  running: number[];
  finished: BucketCounts | undefined;
}

/** A process of Linkerd 1. */
export interface Linkerd1Process {
  readonly startedSeconds: number;
  readonly counters: CounterTable;
  readonly windows: Map<string, LatencyWindow>;
}

/** The requests of the last complete window; undefined before the first one ends. */
export function lastWindow(
  process: Linkerd1Process,
  window: LatencyWindow,
  nowSeconds: number,
): BucketCounts | undefined {
  const index = windowIndex(process, nowSeconds);
  if (index === window.index) return window.finished;
  return index === window.index + 1 ? window.running : index > 0 ? new Array<number>(bucketCount).fill(0) : undefined;
}

/** Counts requests in the window that a moment lies in; the one before is shown until that is complete. */
export function addToWindow(process: Linkerd1Process, labels: string, buckets: BucketCounts, atSeconds: number): void {
  const index = windowIndex(process, atSeconds);
  let window = process.windows.get(labels);
  if (!window) {
    const finished = index > 0 ? new Array<number>(bucketCount).fill(0) : undefined;
    process.windows.set(labels, (window = { index, running: new Array<number>(bucketCount).fill(0), finished }));
  }
  if (index !== window.index) {
    window.finished = index === window.index + 1 ? window.running : new Array<number>(bucketCount).fill(0);
    window.running = new Array<number>(bucketCount).fill(0);
    window.index = index;
  }
  buckets.forEach((inBucket, bucket) => (window.running[bucket]! += inBucket));
}

function windowIndex({ startedSeconds }: Linkerd1Process, atSeconds: number): number {
  return Math.floor((atSeconds - startedSeconds) / windowSeconds);
}
