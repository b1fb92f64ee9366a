import type { EventLog, RequestEvents } from './event-log.js';
import { boundIndex } from './latency.js';
import type { ServiceKey } from './mesh-model.js';
import type { ProxyFacts } from './outcome.js';

export type Perspective = 'server' | 'mesh-failures' | 'client' | 'union';

/** What an error budget must come to. */
export interface Truth {
  readonly total: number;
  readonly bad: number;
  /** Neither good nor bad: the client went away. */
  readonly leftOut: number;
}

export interface TruthRange {
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

type Verdict = 'good' | 'bad' | 'left-out' | 'unseen';

/** UNKNOWN, DEADLINE_EXCEEDED, PERMISSION_DENIED, INTERNAL, UNAVAILABLE, DATA_LOSS. */
const grpcFailures = new Set([2, 4, 7, 13, 14, 15]);
const meshFlags = new Set(['UF', 'UH', 'UO', 'NR', 'NC', 'DF']);
const unseenFlags = new Set([...meshFlags, 'UT']);

/**
 * What really happened to a service, from the log of requests and not from any metric.
 *
 * With a threshold it is the latency SLI: bad requests stay bad however fast they were, good ones that took longer are
 * bad, and so are aborts that came later than the threshold; earlier aborts are left out. A threshold must be a bound of
 * the histogram (RangeError) and has no meaning for failures of the mesh, which took no time.
 */
export function truth(
  log: EventLog,
  service: ServiceKey,
  perspective: Perspective,
  { fromSeconds, toSeconds }: TruthRange,
  thresholdMs?: number,
): Truth {
  const sum = { total: 0, bad: 0, leftOut: 0 };
  for (const events of log.requests(fromSeconds, toSeconds, ({ destination }) => destination === service)) {
    for (const verdict of verdicts(events, perspective)) add(sum, events, verdict, thresholdMs);
  }
  return sum;
}

/** One verdict, or two where a perspective looks at both proxies: of one request, at most one of them is seen. */
function verdicts(events: RequestEvents, perspective: Perspective): readonly Verdict[] {
  const { server, client } = events;
  switch (perspective) {
    case 'server':
      return [verdictOf(server)];
    case 'client':
      return [verdictOf(client)];
    case 'mesh-failures':
      return [meshVerdictOf(client)];
    case 'union':
      return [isCutOff(events) ? 'unseen' : verdictOf(server), outsideVerdictOf(client)];
  }
}

/** The client ended it: what that was (a timeout, or somebody who went away) its own proxy knows, where it has one. */
function isCutOff({ server, clientPod }: RequestEvents): boolean {
  return clientPod !== undefined && server?.flags.includes('DC') === true;
}

/** What only the client's proxy can tell of a request. */
function outsideVerdictOf(facts: ProxyFacts | undefined): Verdict {
  if (facts?.flags.includes('DC')) return 'left-out';
  return facts?.flags.some((flag) => unseenFlags.has(flag)) ? 'bad' : 'unseen';
}

function verdictOf(facts: ProxyFacts | undefined): Verdict {
  if (!facts) return 'unseen';
  if (facts.flags.includes('DC')) return 'left-out';
  if (facts.code >= 500 || facts.code === 0) return 'bad';
  return facts.grpcStatus !== undefined && grpcFailures.has(facts.grpcStatus) ? 'bad' : 'good';
}

function meshVerdictOf(facts: ProxyFacts | undefined): Verdict {
  if (!facts) return 'unseen';
  if (facts.flags.includes('DC')) return 'left-out';
  return facts.flags.some((flag) => meshFlags.has(flag)) ? 'bad' : 'good';
}

function add(
  sum: { total: number; bad: number; leftOut: number },
  { count, buckets }: RequestEvents,
  verdict: Verdict,
  thresholdMs: number | undefined,
): void {
  if (verdict === 'unseen') return;
  const within = thresholdMs === undefined ? count : sumUpTo(buckets, boundIndex(thresholdMs));
  const late = count - within;
  if (verdict === 'left-out') {
    sum.leftOut += within;
    sum.total += late;
    sum.bad += late;
    return;
  }
  sum.total += count;
  sum.bad += verdict === 'bad' ? count : late;
}

function sumUpTo(buckets: readonly number[], last: number): number {
  let sum = 0;
  for (let index = 0; index <= last; index++) sum += buckets[index]!;
  return sum;
}
