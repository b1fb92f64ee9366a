import { type BucketCounts, typicalMs } from '../latency.js';
import { lastWindow, type Linkerd1Process } from './linkerd1-windows.js';

const quantiles = ['0', '0.5', '0.9', '0.95', '0.99', '0.999', '0.9999', '1'] as const;

/** What a Linkerd 1 prints: no types, a blank after each comma, counters as whole numbers and gauges as floats. */
export function linkerd1Text(process: Linkerd1Process, nowSeconds: number): string {
  const { startedSeconds, counters } = process;
  const upMs = Math.round((nowSeconds - startedSeconds) * 1000);
  const lines = [
    `jvm:start_time ${(startedSeconds * 1000).toExponential(8).replace('e+', 'E')}`,
    `jvm:num_cpus 2.0`,
    `jvm:uptime ${upMs}.0`,
    `jvm:heap:committed 4.3810816E7`,
    `jvm:heap:max 1.05630925E9`,
    `jvm:heap:used ${(25_757_896 + 1_000 * counters.count).toExponential().replace('e+', 'E')}`,
    `jvm:fd_count 165.0`,
    ...counters.families.flatMap((family) =>
      counters.series(family).map(([labels, value]) => `${family}{${labels}} ${value}`),
    ),
    ...counters.series('rt:server:requests').map(([labels]) => `rt:server:connections{${labels}} ${5 + (upMs % 7)}.0`),
    ...windowLines(process, nowSeconds),
    'rt:bindcache:path:misses{rt="outgoing"} 1',
  ];
  return `${lines.join('\n')}\n`;
}

function windowLines(process: Linkerd1Process, nowSeconds: number): readonly string[] {
  return [...process.windows].flatMap(([labels, window]) => {
    const last = lastWindow(process, window, nowSeconds);
    if (last === undefined) return [];
    const family = 'rt:service:request_latency_ms';
    const total = last.reduce((sum, inBucket) => sum + inBucket, 0);
    const sum = last.reduce((so, inBucket, bucket) => so + inBucket * typicalMs(bucket), 0);
    return [
      `${family}_count{${labels}} ${total}`,
      `${family}_sum{${labels}} ${sum}`,
      `${family}_avg{${labels}} ${total === 0 ? '0.0' : sum / total}`,
      ...quantiles.map(
        (quantile) => `${family}{${labels}, quantile="${quantile}"} ${quantileMs(last, Number(quantile))}`,
      ),
    ];
  });
}

/** The duration that a share of the requests stayed within; 0 without requests, as Finagle prints it. */
export function quantileMs(buckets: BucketCounts, quantile: number): number {
  const total = buckets.reduce((sum, inBucket) => sum + inBucket, 0);
  let below = 0;
  for (const [bucket, inBucket] of buckets.entries()) {
    below += inBucket;
    if (inBucket > 0 && below >= quantile * total) return typicalMs(bucket);
  }
  return 0;
}
