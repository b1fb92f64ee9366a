import { bucketShares, type BucketCounts } from './latency.js';
import {
  type Degradation,
  type EdgeModel,
  type MeshModel,
  type OutcomeShares,
  serviceOf,
  type ServiceModel,
  type TrafficCurve,
} from './mesh-model.js';
import { type Outcome, type OutcomeKind, outcomes } from './outcome.js';
import { multinomial, poisson, type Random } from './random.js';

const daySeconds = 86_400;

/** An edge with everything that does not change from step to step. */
export interface EdgeTraffic {
  readonly edge: EdgeModel;
  /** Absent: a caller without a proxy of its own. */
  readonly source: ServiceModel | undefined;
  readonly destination: ServiceModel;
  readonly healthy: Mood;
  readonly degraded: readonly Mood[];
  /** What a caller's proxy says when no pod of the destination is there. */
  readonly nobodyThere: Mood;
}

/** How the requests of an edge end while it lasts. */
interface Mood {
  readonly endings: readonly Ending[];
  readonly weights: readonly number[];
}

interface Ending {
  readonly outcome: Outcome;
  readonly buckets: readonly number[];
}

/** A pod (or a version, in the history) that takes a share of the requests. */
export interface Peer {
  readonly weight: number;
}

/** What was drawn: requests of one edge between two peers that ended alike. */
export interface DrawnRequests<Client, Server> {
  readonly outcome: Outcome;
  readonly client: Client | undefined;
  /** Absent when the request never reached a proxy of the destination. */
  readonly server: Server | undefined;
  readonly count: number;
  readonly buckets: BucketCounts;
}

/** Prepares every edge of a model. */
export function edgeTraffic(model: MeshModel): readonly EdgeTraffic[] {
  return model.edges.map((edge) => {
    const caller = edge.source === undefined ? undefined : serviceOf(model, edge.source);
    const source = caller?.proxied ? caller : undefined;
    const destination = serviceOf(model, edge.destination);
    if (!destination.proxied && !source) throw new RangeError(`nobody's proxy would see ${edge.destination}`);
    const mood = (shares: OutcomeShares, slowdown = 1): Mood =>
      moodOf(destination, source !== undefined, shares, slowdown);
    return {
      edge,
      source,
      destination,
      healthy: mood(edge.shares),
      degraded: edge.degradations.map(({ shares, slowdown }) => mood(added(edge.shares, shares), slowdown)),
      nobodyThere: mood({ 'no-healthy-upstream': 1 }),
    };
  });
}

/** Draws the requests of one edge in `[fromSeconds, toSeconds)`, and hands them out group by group. */
export function drawRequests<Client extends Peer, Server extends Peer>(
  random: Random,
  traffic: EdgeTraffic,
  [fromSeconds, toSeconds]: readonly [number, number],
  { clients, servers }: { readonly clients: readonly Client[]; readonly servers: readonly Server[] },
  take: (drawn: DrawnRequests<Client, Server>) => void,
): void {
  const { edge, source, destination } = traffic;
  const nobodyThere = destination.proxied && servers.length === 0;
  if (source ? clients.length === 0 : nobodyThere) return;
  const at = (fromSeconds + toSeconds) / 2;
  const requests = poisson(random, edge.requestsPerSecond * trafficShare(edge.curve, at) * (toSeconds - fromSeconds));
  if (requests === 0) return;
  const { endings, weights } = nobodyThere ? traffic.nobodyThere : moodAt(traffic, at);
  const counts = multinomial(random, requests, weights);
  endings.forEach(({ outcome, buckets }, index) => {
    const seen = destination.proxied && outcome.server !== undefined;
    share(random, counts[index]!, clients, (client, ofClient) =>
      share(random, ofClient, seen ? servers : [], (server, count) =>
        take({ outcome, client, server, count, buckets: multinomial(random, count, buckets) }),
      ),
    );
  });
}

/** The share of an edge's full traffic at a moment, in [0, 1]. */
export function trafficShare({ dailySwing, peakHour, weekendShare, silentHours }: TrafficCurve, at: number): number {
  const hour = (at % daySeconds) / 3600;
  if (silentHours) {
    const [from, until] = silentHours;
    if (from < until ? hour >= from && hour < until : hour >= from || hour < until) return 0;
  }
  const wave = (1 + Math.cos(((hour - peakHour) / 24) * 2 * Math.PI)) / 2;
  // The epoch began on a Thursday; Saturday and Sunday are the third and fourth day from there.
  const day = Math.floor(at / daySeconds) % 7;
  return (1 - dailySwing * (1 - wave)) * (day === 2 || day === 3 ? weekendShare : 1);
}

/** Whether a degradation holds at a moment. */
export function isDegraded({ firstSeconds, lastsSeconds, everySeconds }: Degradation, at: number): boolean {
  const since = at - firstSeconds;
  if (since < 0) return false;
  return (everySeconds === undefined ? since : since % everySeconds) < lastsSeconds;
}

function moodAt({ edge, healthy, degraded }: EdgeTraffic, at: number): Mood {
  const index = edge.degradations.findIndex((degradation) => isDegraded(degradation, at));
  return degraded[index] ?? healthy;
}

function moodOf(
  { protocol, latency }: ServiceModel,
  callerHasProxy: boolean,
  shares: OutcomeShares,
  slowdown: number,
): Mood {
  const every = outcomes(protocol);
  const ends = (kind: OutcomeKind): Ending => ({
    outcome: every[kind],
    buckets: bucketShares(every[kind].latency ?? { ...latency, medianMs: latency.medianMs * slowdown }),
  });
  // Without a proxy of its own, a caller has nobody who could report what the mesh did not deliver.
  const kinds = (Object.keys(shares) as (keyof OutcomeShares)[]).filter(
    (kind) => callerHasProxy || every[kind].server !== undefined,
  );
  const weights = kinds.map((kind) => shares[kind] ?? 0);
  const failing = weights.reduce((sum, weight) => sum + weight, 0);
  return { endings: [ends('ok'), ...kinds.map(ends)], weights: [Math.max(0, 1 - failing), ...weights] };
}

function added(first: OutcomeShares, second: OutcomeShares): OutcomeShares {
  const sum: Partial<Record<keyof OutcomeShares, number>> = { ...first };
  for (const kind of Object.keys(second) as (keyof OutcomeShares)[]) {
    sum[kind] = (sum[kind] ?? 0) + (second[kind] ?? 0);
  }
  return sum;
}

/** Shares requests out over peers; where there are none, everything goes to nobody. */
function share<P extends Peer>(
  random: Random,
  count: number,
  peers: readonly P[],
  take: (peer: P | undefined, count: number) => void,
): void {
  if (count === 0) return;
  if (peers.length < 2) {
    take(peers[0], count);
    return;
  }
  const parts = multinomial(
    random,
    count,
    peers.map(({ weight }) => weight),
  );
  peers.forEach((peer, index) => {
    if (parts[index]! > 0) take(peer, parts[index]!);
  });
}
