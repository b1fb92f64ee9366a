import type { SeriesLabels } from '../tsdb/block-index.js';
import type { ScrapeBook } from './scrape-book.js';
import type { PodStory } from './service-story.js';
import type { TakeSeries } from './told-service.js';
import type { ToldTime } from './told-time.js';

// Looked up once: within Jest every global is slow to reach.
const { ceil, floor } = Math;
const stale = Number.NaN;

/** What one label set counts, by the number of cells that have ended: since its process began, or forgot it. */
export interface RowCounters {
  readonly all: Float64Array;
  /** Those of them that took longer than the threshold. */
  readonly slow: Float64Array;
  /** Cells at whose beginning everything starts from zero. */
  readonly resets: ReadonlySet<number>;
}

export interface ReadRow {
  readonly labels: SeriesLabels;
  readonly pod: PodStory;
  readonly scrapes: ScrapeBook;
  readonly time: ToldTime;
  readonly boundsMs: readonly number[];
  readonly thresholdMs: number;
}

/** Cells at whose beginning a pod's counters start from zero. */
export function resetCells(pod: PodStory, { from, cellSeconds }: ToldTime): ReadonlySet<number> {
  return new Set([...pod.restartsAt, ...pod.evictionsAt].map((at) => (at - from) / cellSeconds));
}

/**
 * Reads a row as Prometheus would: it is there from its first event on, and ends with a marker whenever it is not printed.
 *
 * `onGrowth` is told of every growth that a scrape shows, with the cell in whose time the scrape was.
 */
export function readRow(
  { labels, pod, scrapes, time, boundsMs, thresholdMs }: ReadRow,
  counters: RowCounters,
  take: TakeSeries,
  onGrowth: (cell: number, all: number, slow: number) => void,
): void {
  const { times, results } = scrapes;
  const most = times.length;
  const at = new Float64Array(most);
  const all = new Float64Array(most);
  const slow = new Float64Array(most);
  let length = 0;
  let isPresent = false;
  // An old process says what it had counted before anybody looked: that has no place in time.
  let known = pod.scrapedFrom > pod.bornAt ? undefined : { all: 0, slow: 0, cell: 0 };
  for (let scrape = 0; scrape < most; scrape++) {
    const seconds = times[scrape]! / 1000 - time.from;
    const cell = floor(seconds / time.cellSeconds);
    const [nowAll, nowSlow] = [counters.all[cell]!, counters.slow[cell]!];
    const isRead = results[scrape] === 'read';
    if (isRead) {
      if (known) {
        const before = hasReset(counters.resets, known.cell, cell) ? { all: 0, slow: 0 } : known;
        if (nowAll > before.all) {
          onGrowth(ceil(seconds / time.cellSeconds) - 1, nowAll - before.all, nowSlow - before.slow);
        }
      }
      known = { all: nowAll, slow: nowSlow, cell };
    }
    const isPrinted = isRead && nowAll > 0;
    if (!isPrinted && !isPresent) continue;
    at[length] = times[scrape]!;
    all[length] = isPrinted ? nowAll : stale;
    slow[length] = isPrinted ? nowSlow : stale;
    length++;
    isPresent = isPrinted;
  }
  take({ __name__: 'istio_requests_total', ...labels }, at, all, length);
  writeHistogram(labels, at, { all, slow, length }, { boundsMs, thresholdMs }, take);
}

const duration = 'istio_request_duration_milliseconds';

/** Below the threshold the fast ones spread evenly over the bounds, and above it the slow ones do. */
function writeHistogram(
  labels: SeriesLabels,
  times: Float64Array,
  { all, slow, length }: { readonly all: Float64Array; readonly slow: Float64Array; readonly length: number },
  { boundsMs, thresholdMs }: Pick<ReadRow, 'boundsMs' | 'thresholdMs'>,
  take: TakeSeries,
): void {
  if (boundsMs.length === 0) return;
  const values = new Float64Array(length);
  const below = boundsMs.filter((bound) => bound < thresholdMs).length;
  const above = boundsMs.length - below;
  boundsMs.forEach((bound, index) => {
    const fastShare = index < below ? (index + 1) / (below + 1) : 1;
    const slowShare = index <= below ? 0 : (index - below) / above;
    for (let sample = 0; sample < length; sample++) {
      const fast = all[sample]! - slow[sample]!;
      values[sample] = floor(fast * fastShare) + floor(slow[sample]! * slowShare);
    }
    take({ __name__: `${duration}_bucket`, ...labels, le: String(bound) }, times, values, length);
  });
  take({ __name__: `${duration}_bucket`, ...labels, le: '+Inf' }, times, all, length);
  take({ __name__: `${duration}_count`, ...labels }, times, all, length);
  for (let sample = 0; sample < length; sample++) values[sample] = all[sample]! * 40 + slow[sample]! * 700;
  take({ __name__: `${duration}_sum`, ...labels }, times, values, length);
}

/** What Prometheus and the proxy say of the target itself: `up`, the uptime and the build. */
export function readProcess(
  pod: PodStory,
  { times, results }: ScrapeBook,
  target: SeriesLabels,
  take: TakeSeries,
): void {
  const up = Float64Array.from(results, (result) => (result === 'gone' ? stale : result === 'read' ? 1 : 0));
  take({ __name__: 'up', ...target }, times, up, times.length);
  const starts = [pod.bornAt, ...pod.restartsAt];
  const [at, uptime, build] = [
    new Float64Array(times.length),
    new Float64Array(times.length),
    new Float64Array(times.length),
  ];
  let length = 0;
  let isPresent = false;
  results.forEach((result, scrape) => {
    const isRead = result === 'read';
    if (!isRead && !isPresent) return;
    const seconds = times[scrape]! / 1000;
    const start = starts.findLast((start) => start <= seconds)!;
    at[length] = times[scrape]!;
    uptime[length] = isRead ? floor(seconds - start) : stale;
    build[length] = isRead ? 1 : stale;
    length++;
    isPresent = isRead;
  });
  take({ __name__: 'envoy_server_uptime', ...target }, at, uptime, length);
  take({ __name__: 'istio_build', ...target, component: 'proxy', tag: '1.24.3' }, at, build, length);
}

function hasReset(resets: ReadonlySet<number>, after: number, until: number): boolean {
  if (resets.size === 0) return false;
  for (const cell of resets) if (cell > after && cell <= until) return true;
  return false;
}
