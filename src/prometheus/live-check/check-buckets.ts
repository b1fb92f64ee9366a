import { formatDuration } from '../../domain/duration.js';
import { nearestBounds } from '../../domain/histogram.js';
import { leMatcher } from '../../packs/bucket-bound.js';
import { unitsPerSecond } from '../../packs/signal-pack.js';
import type { LatencyFamily, LatencyUnit } from '../../packs/signal-pack.js';
import type { PrometheusApi } from '../prometheus-api.js';
import { good, named } from './finding.js';
import type { LiveFinding } from './finding.js';
import type { MeshNeeds } from './live-needs.js';
import { countByLabel, seriesOf } from './series-count.js';

/** Whether there is a bucket for every latency threshold, in whatever spelling of its bound. */
export async function checkBuckets(api: PrometheusApi, { pack, slos }: MeshNeeds): Promise<readonly LiveFinding[]> {
  const { latency } = pack;
  if (latency === undefined) return [];
  const thresholds = slos.flatMap(({ name, indicator }) =>
    indicator.kind === 'latency' ? [{ name, seconds: indicator.thresholdSeconds }] : [],
  );
  const findings: LiveFinding[] = [];
  for (const seconds of [...new Set(thresholds.map((one) => one.seconds))].sort((a, b) => a - b)) {
    const asking = thresholds.filter((one) => one.seconds === seconds).map(({ name }) => name);
    for (const family of latency.families) findings.push(await checkBucket(api, latency, family, seconds, asking));
  }
  return findings;
}

async function checkBucket(
  api: PrometheusApi,
  latency: LatencyFamily,
  family: string,
  seconds: number,
  asking: readonly string[],
): Promise<LiveFinding> {
  const metric = `${family}_bucket`;
  const spellings = await countByLabel(api, 'le', seriesOf(metric, [leMatcher(latency, seconds)]));
  const bound = formatDuration(seconds);
  if (spellings.length > 0) {
    const spelled = spellings.map(({ value }) => `le="${value}"`).join(' and ');
    return good('bucket', `${bound} is a bucket of ${metric} (${spelled})`);
  }
  const there = await boundsThere(api, metric, latency.unit);
  const message = `${metric} has no bucket of ${bound}: nothing for ${named(asking)}`;
  const near = nearestBounds(there, seconds).map(formatDuration).join(' or ');
  const hint =
    near === ''
      ? 'it has no buckets at all: are they dropped on the way in?'
      : `it has ${near}; take one of these as threshold, or keep the bucket on the way in`;
  return { verdict: 'error', code: 'bucket-absent', message, hint };
}

/** The bounds that the server has, in seconds, ascending. */
async function boundsThere(api: PrometheusApi, metric: string, unit: LatencyUnit): Promise<readonly number[]> {
  const found = await countByLabel(api, 'le', seriesOf(metric));
  const bounds = found.map(({ value }) => Number(value) / unitsPerSecond[unit]).filter(Number.isFinite);
  return [...new Set(bounds)].sort((a, b) => a - b);
}
