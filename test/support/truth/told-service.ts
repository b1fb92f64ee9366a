import { seededRandom } from '../../../src/simulator/random.js';
import type { SeriesLabels } from '../tsdb/block-index.js';
import { type Ending, endings as allEndings, type Moment, type TruthPerspective } from './ending.js';
import { EventBook } from './event-book.js';
import { requestLabels, targetLabels } from './proxy-labels.js';
import { readProcess, readRow, resetCells } from './read-series.js';
import { hashOf, type ScrapeBook, scrapesOf } from './scrape-book.js';
import { type PodStory, type ServiceStory, steadyPod } from './service-story.js';
import { cellCount, type ToldTime } from './told-time.js';

// Looked up once: within Jest every global is slow to reach.
const { floor, min } = Math;

/** An SLI that the truth is known of. */
export interface TruthSli {
  readonly perspective: TruthPerspective;
  readonly kind: 'availability' | 'latency';
}

/** The threshold of every latency SLI of the stories. */
export const thresholdMs = 250;

/** Takes a series: times in whole milliseconds, values with NaN for a marker of staleness, and how many there are. */
export type TakeSeries = (labels: SeriesLabels, times: Float64Array, values: Float64Array, length: number) => void;

/** Both books of an SLI of a service. */
export interface Truth {
  /** By the cell in which it happened. */
  readonly happened: EventBook;
  /**
   * By the cell in which a scrape showed it for the first time: what a perfect reader of the same scrapes knows. It has
   * lost the last moments of processes, what an old process counted before it was found, and nothing else.
   */
  readonly seen: EventBook;
}

export interface TellOptions {
  /** Bounds of the written buckets in milliseconds, as proxies print them, +Inf aside; the threshold is one of them. */
  readonly boundsMs: readonly number[];
  /** How requests end; every way unless said otherwise. */
  readonly endings?: readonly Ending[];
  /** Which SLIs are counted. */
  readonly slis: readonly TruthSli[];
}

/**
 * Lets a story happen: every series that its proxies print goes to `take`, as a Prometheus would have stored it; returns
 * what really happened, in the order of the SLIs.
 */
export function tellService(
  story: ServiceStory,
  time: ToldTime,
  { boundsMs, slis, endings = allEndings }: TellOptions,
  take: TakeSeries,
): readonly Truth[] {
  const cells = cellCount(time);
  const book = (): EventBook => new EventBook(time.from, time.cellSeconds, cells);
  const truths = slis.map(() => ({ happened: book(), seen: book() }));
  const requests = new Float64Array(cells);
  const moments = Array.from(requests, (_, cell) => {
    const at = time.from + cell * time.cellSeconds;
    requests[cell] = story.requestsPerSecond(at) * time.cellSeconds;
    return story.momentAt(at);
  });
  const living = livingPods(story.pods, time, cells);
  const teller = { story, time, cells, boundsMs, slis, truths, take };

  for (const pod of story.pods) {
    const owner = `${story.name}-${pod.name}`;
    const scrapes = scrapesOf(story, pod, time.to, time.scrapeSeconds);
    readProcess(pod, scrapes, targetLabels(story.namespace, owner), take);
    for (const ending of endings.filter(({ reporter }) => reporter === 'destination')) {
      const [first, end] = lifeOf(pod, time, cells);
      const expected = new Float64Array(cells);
      for (let cell = first; cell < end; cell++) {
        expected[cell] = (requests[cell]! * ending.shareOf(moments[cell]!)) / living[cell]!;
      }
      for (let caller = 0; caller < story.callers; caller++) {
        tellRow(teller, { pod, scrapes, ending, caller, owner, namespace: story.namespace }, expected, moments);
      }
    }
  }
  for (let caller = 0; caller < story.callers; caller++) {
    const owner = `caller-${caller}-of-${story.name}-${story.pods[0]!.name}`;
    const pod = steadyPod(owner, time.from);
    const scrapes = scrapesOf(story, pod, time.to, time.scrapeSeconds);
    readProcess(pod, scrapes, targetLabels('callers', owner), take);
    for (const ending of endings.filter(({ reporter }) => reporter === 'source')) {
      const expected = requests.map((count, cell) => (living[cell]! > 0 ? count * ending.shareOf(moments[cell]!) : 0));
      tellRow(teller, { pod, scrapes, ending, caller, owner, namespace: 'callers' }, expected, moments);
    }
  }
  return truths;
}

interface Teller {
  readonly story: ServiceStory;
  readonly time: ToldTime;
  readonly cells: number;
  readonly boundsMs: readonly number[];
  readonly slis: readonly TruthSli[];
  readonly truths: readonly Truth[];
  readonly take: TakeSeries;
}

interface Row {
  readonly pod: PodStory;
  readonly scrapes: ScrapeBook;
  readonly ending: Ending;
  readonly caller: number;
  /** The pod whose proxy prints it, and where that lives. */
  readonly owner: string;
  readonly namespace: string;
}

/** One label set: its events are drawn, written down, counted, and only then read by scrapes. */
function tellRow(teller: Teller, row: Row, expected: Float64Array, moments: readonly Moment[]): void {
  const { story, time, cells, boundsMs, slis, truths, take } = teller;
  const { pod, ending, caller } = row;
  const draw = seededRandom(hashOf(`${row.owner} ${caller} ${ending.code} ${ending.flags} ${ending.grpcStatus}`));
  const weight = callerWeight(caller, story.callers);
  const resets = resetCells(pod, time);
  const counters = { all: new Float64Array(cells + 1), slow: new Float64Array(cells + 1), resets };
  const counts = slis.map((sli) => countsOf(sli, ending));
  const book = (which: keyof Truth, cell: number, all: number, slow: number): void => {
    for (let index = 0; index < counts.length; index++) {
      const { total, bad } = counts[index]!;
      if (total) truths[index]![which].add(cell, total === 'all' ? all : slow, bad ? (bad === 'all' ? all : slow) : 0);
    }
  };
  let [due, dueSlow, all, slow] = [draw(), draw(), 0, 0];
  const [firstCell, endCell] = lifeOf(pod, time, cells);
  for (let cell = firstCell; cell < endCell; cell++) {
    if (resets.size > 0 && resets.has(cell)) {
      all = 0;
      slow = 0;
      // What a scrape shows before the first cell of the new process has ended.
      counters.all[cell] = 0;
      counters.slow[cell] = 0;
    }
    due += expected[cell]! * weight;
    if (due >= 1) {
      const events = floor(due);
      due -= events;
      dueSlow += events * ending.slowShareOf(moments[cell]!);
      const slowEvents = min(events, floor(dueSlow));
      dueSlow -= slowEvents;
      all += events;
      slow += slowEvents;
      book('happened', cell, events, slowEvents);
    }
    counters.all[cell + 1] = all;
    counters.slow[cell + 1] = slow;
  }
  const own = targetLabels(row.namespace, row.owner);
  const labels = { ...requestLabels(story, caller, ending), ...own };
  readRow({ labels, pod, scrapes: row.scrapes, time, boundsMs, thresholdMs }, counters, take, (cell, more, moreSlow) =>
    book('seen', cell, more, moreSlow),
  );
}

/** Which events of a row an SLI counts; absent: none. */
interface Counts {
  readonly total?: 'all' | 'slow';
  readonly bad?: 'all' | 'slow';
}

/** docs/decisions/0002: a fast failure is bad for latency, and so is an abort that came late. */
function countsOf({ perspective, kind }: TruthSli, { verdicts }: Ending): Counts {
  const verdict = verdicts[perspective];
  if (verdict === undefined) return {};
  switch (verdict) {
    case 'bad':
      return { total: 'all', bad: 'all' };
    case 'good':
      return kind === 'availability' ? { total: 'all' } : { total: 'all', bad: 'slow' };
    case 'left-out':
      return kind === 'availability' ? {} : { total: 'slow', bad: 'slow' };
  }
}

/** The callers of a service differ: the first makes as many requests as the second and the third, nearly. */
function callerWeight(caller: number, callers: number): number {
  let sum = 0;
  for (let other = 1; other <= callers; other++) sum += 1 / other;
  return 1 / (caller + 1) / sum;
}

function livingPods(pods: readonly PodStory[], time: ToldTime, cells: number): Float64Array {
  const living = new Float64Array(cells);
  for (const pod of pods) {
    const [first, end] = lifeOf(pod, time, cells);
    for (let cell = first; cell < end; cell++) living[cell]!++;
  }
  return living;
}

/** The cells in which a pod lives: the first, and the first in which it does not any more. */
function lifeOf(
  { bornAt, goneAt }: PodStory,
  { from, cellSeconds }: ToldTime,
  cells: number,
): readonly [first: number, end: number] {
  return [(bornAt - from) / cellSeconds, min(cells, (goneAt - from) / cellSeconds)];
}
