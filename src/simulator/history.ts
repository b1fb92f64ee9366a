import type { IstioLabels } from './istio-labels.js';
import { LabelBook } from './label-book.js';
import { bucketCount, type BucketCounts } from './latency.js';
import type { MeshModel, ServiceModel } from './mesh-model.js';
import type { Outcome } from './outcome.js';
import { type Random, seededRandom } from './random.js';
import { type DrawnRequests, drawRequests, type EdgeTraffic, edgeTraffic, type Peer } from './traffic.js';

/** Requests of one label set in one step of the past. */
export interface HistoryRow {
  readonly at: number;
  readonly seconds: number;
  /** The same object in every row of the same label set. */
  readonly labels: IstioLabels;
  readonly count: number;
  readonly buckets: BucketCounts;
}

/** A version stands for its pods: the past is not told pod by pod. */
interface VersionPeer extends Peer {
  readonly service: ServiceModel;
  readonly version: string;
}

interface Peers {
  readonly clients: readonly VersionPeer[];
  readonly servers: readonly VersionPeer[];
}

type Labels = readonly IstioLabels[];

const lastStepsSeconds = 60;

/** What of the past is told. */
export interface HistoryRange {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly stepSeconds: number;
  /** Step of what is older than three days; the same where it is absent. */
  readonly olderStepSeconds?: number;
}

const recentSeconds = 3 * 86_400;

/**
 * The past of a mesh by the same traffic model, as both proxies of every request would have reported it.
 *
 * One list of rows for each whole step in the range, in order of time; what is left after the last one comes in steps of
 * a minute. The same model and seed give the same past.
 */
export function* history(model: MeshModel, seed: number, range: HistoryRange): Generator<readonly HistoryRow[]> {
  const { stepSeconds, olderStepSeconds = stepSeconds, toSeconds } = range;
  const random = seededRandom(seed);
  const reports = new Reports(new LabelBook(model));
  const edges = edgeTraffic(model).map((traffic) => ({
    traffic,
    peers: {
      clients: traffic.source ? versionsOf(traffic.source) : [],
      servers: traffic.destination.proxied ? versionsOf(traffic.destination) : [],
    },
  }));
  let at = Math.ceil(range.fromSeconds / olderStepSeconds) * olderStepSeconds;
  for (const [seconds, until] of [
    [olderStepSeconds, toSeconds - recentSeconds],
    [stepSeconds, toSeconds],
    [lastStepsSeconds, toSeconds],
  ] as const) {
    for (; at + seconds <= until; at += seconds) yield stepRows(random, reports, edges, at, seconds);
  }
}

function stepRows(
  random: Random,
  reports: Reports,
  edges: readonly { readonly traffic: EdgeTraffic; readonly peers: Peers }[],
  at: number,
  seconds: number,
): readonly HistoryRow[] {
  const rows = new Map<IstioLabels, { count: number; buckets: number[] }>();
  const add = (labels: IstioLabels, count: number, buckets: BucketCounts): void => {
    const row = rows.get(labels);
    if (!row) {
      rows.set(labels, { count, buckets: buckets.slice() });
      return;
    }
    row.count += count;
    for (let bucket = 0; bucket < bucketCount; bucket++) row.buckets[bucket]! += buckets[bucket]!;
  };
  for (const { traffic, peers } of edges) {
    drawRequests(random, traffic, [at, at + seconds], peers, (drawn) => {
      for (const labels of reports.of(traffic, drawn)) add(labels, drawn.count, drawn.buckets);
    });
  }
  return [...rows].map(([labels, { count, buckets }]) => ({ at, seconds, labels, count, buckets }));
}

/**
 * The label sets under which a group was reported: by the destination's proxy, by the source's, or by both.
 *
 * Remembered by the identity of the outcome and the peers: a month has a million groups and only some hundred answers.
 */
class Reports {
  readonly #book: LabelBook;
  readonly #known = new Map<Outcome, Map<VersionPeer | undefined, Map<VersionPeer | undefined, Labels>>>();

  constructor(book: LabelBook) {
    this.#book = book;
  }

  of(traffic: EdgeTraffic, drawn: DrawnRequests<VersionPeer, VersionPeer>): Labels {
    const { outcome, client, server } = drawn;
    let ofOutcome = this.#known.get(outcome);
    if (!ofOutcome)
      this.#known.set(outcome, (ofOutcome = new Map<VersionPeer | undefined, Map<VersionPeer | undefined, Labels>>()));
    let ofClient = ofOutcome.get(client);
    if (!ofClient) ofOutcome.set(client, (ofClient = new Map<VersionPeer | undefined, Labels>()));
    let labels = ofClient.get(server);
    if (!labels) ofClient.set(server, (labels = this.#labels(traffic, drawn)));
    return labels;
  }

  #labels({ destination }: EdgeTraffic, drawn: DrawnRequests<VersionPeer, VersionPeer>): Labels {
    const { server, client } = this.#book.reports(destination, drawn);
    return [server, client].filter((labels) => labels !== undefined);
  }
}

function versionsOf(service: ServiceModel): readonly VersionPeer[] {
  return service.versions.map(({ version, replicas }) => ({ service, version, weight: replicas }));
}
