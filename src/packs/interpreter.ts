import type { ServiceId } from '../domain/service-id.js';
import type { RequestFacts, RequestPath, SeriesInterpreter, SeriesMeaning, View } from '../domain/series-meaning.js';
import { holds, nameLabel } from './condition.js';
import type { Condition } from './condition.js';
import { extract } from './extraction-pattern.js';
import type {
  ClusterChoice,
  Constant,
  LabelChoice,
  LatencyWindows,
  PackView,
  RequestClass,
  SeriesPattern,
  ServiceLabels,
  SignalPack,
} from './signal-pack.js';
import { isUsable, unitsPerSecond } from './signal-pack.js';

/** Where a target stands: what its series do not tell, or tell in the mesh's own words. */
export interface ClusterNames {
  /** The cluster of the job; what a series without a usable cluster label belongs to. */
  readonly cluster: string;
  /** From the mesh's cluster id to the name that is used here. */
  readonly clusterAliases: ReadonlyMap<string, string>;
}

type Labels = ReadonlyMap<string, string>;
type SampleKind =
  | 'requests'
  | 'latency-bucket'
  | 'latency-count'
  | 'window-quantile'
  | 'window-count'
  | 'arrivals'
  | 'presence'
  | 'process-uptime'
  | 'process-start-time'
  | 'memory-bytes'
  | 'connections';

/**
 * The reader of one pack's series for the targets of one cluster.
 *
 * A series of requests that belongs to no service (traffic to the outside, an unknown destination) has a meaning without
 * views: it can be counted as left out, and feeds nothing.
 */
export function seriesInterpreter(pack: SignalPack, names: ClusterNames): SeriesInterpreter {
  const kinds = sampleKinds(pack);
  return {
    mesh: pack.name,
    sampleNames: new Set(kinds.keys()),
    meaning: (sampleName, labels) => {
      const kind = kinds.get(sampleName);
      switch (kind) {
        case undefined:
          return undefined;
        case 'process-uptime':
          return { kind, perSecond: unitsPerSecond[pack.process.uptime!.unit] };
        case 'process-start-time':
        case 'presence':
          return { kind };
        case 'memory-bytes':
          return saturation(kind, pack.process.memoryBytes, sampleName, labels);
        case 'connections':
          return saturation(kind, pack.process.connections, sampleName, labels);
        case 'window-count':
          return { kind, window: windowOf(pack.latencyWindows!, labels) };
        case 'window-quantile':
          return windowMeaning(pack, names, pack.latencyWindows!, sampleName, labels);
        case 'arrivals':
          return arrivals(pack, names, sampleName, labels);
        case 'requests':
          return requestMeaning(pack, names, kind, sampleName, labels) ?? arrivals(pack, names, sampleName, labels);
        case 'latency-bucket':
        case 'latency-count':
          return requestMeaning(pack, names, kind, sampleName, labels);
      }
    },
  };
}

function sampleKinds(pack: SignalPack): ReadonlyMap<string, SampleKind> {
  const { detect, requests, latency, latencyWindows, process } = pack;
  const kinds = new Map<string, SampleKind>(requests.families.map((family) => [family, 'requests']));
  for (const family of latency?.families ?? []) {
    kinds.set(`${family}_bucket`, 'latency-bucket');
    kinds.set(`${family}_count`, 'latency-count');
  }
  if (latencyWindows !== undefined) {
    kinds.set(latencyWindows.family, 'window-quantile').set(latencyWindows.count, 'window-count');
  }
  for (const { family } of pack.arrivals) if (!kinds.has(family)) kinds.set(family, 'arrivals');
  if (process.uptime !== undefined) kinds.set(process.uptime.family, 'process-uptime');
  if (process.startTimeSeconds !== undefined) kinds.set(process.startTimeSeconds, 'process-start-time');
  if (process.memoryBytes !== undefined) kinds.set(process.memoryBytes.family, 'memory-bytes');
  if (process.connections !== undefined) kinds.set(process.connections.family, 'connections');
  // A proxy that tells nothing of its process has nothing to print before its first request, but what it is known by.
  const tellsOfItself = Object.values(process).some((family) => family !== undefined);
  for (const { family } of tellsOfItself ? [] : detect) if (!kinds.has(family)) kinds.set(family, 'presence');
  return kinds;
}

/** Connections to a service, by what all counters together say of this series; undefined where none says anything. */
function arrivals(
  pack: SignalPack,
  names: ClusterNames,
  sampleName: string,
  labels: Labels,
): SeriesMeaning | undefined {
  const saying = pack.arrivals.filter(
    ({ family, where }) => family === sampleName && allHold(where, sampleName, labels),
  );
  const service = saying[0] && serviceOf(saying[0].service, names, sampleName, labels);
  if (service === undefined) return undefined;
  const sharesOf = (isAuthenticated: boolean): -1 | 0 | 1 => {
    const one = saying.find((counter) => counter.isAuthenticated === isAuthenticated);
    return one === undefined ? 0 : one.isLess ? -1 : 1;
  };
  // Where requests of the service's own side are counted, these are what it took in.
  const isReceived =
    pack.requests.of === 'connections' && !pack.views.some(({ perspective }) => perspective === 'server');
  const [authenticated, plain] = [sharesOf(true), sharesOf(false)];
  return { kind: 'arrivals', service, received: isReceived ? 1 : 0, authenticated, plain };
}

function saturation(
  resource: 'memory-bytes' | 'connections',
  gauge: SeriesPattern | undefined,
  sampleName: string,
  labels: Labels,
): SeriesMeaning | undefined {
  return gauge && allHold(gauge.where, sampleName, labels) ? { kind: 'saturation', resource } : undefined;
}

function requestMeaning(
  pack: SignalPack,
  names: ClusterNames,
  kind: 'requests' | 'latency-bucket' | 'latency-count',
  sampleName: string,
  labels: Labels,
): SeriesMeaning | undefined {
  const looking = pack.views.filter((view) => allHold(view.where, sampleName, labels));
  if (looking.length === 0) return undefined;
  const views = looking.flatMap((view) => viewOf(pack.name, view, names, kind, sampleName, labels) ?? []);
  const facts = requestFacts(pack, names, sampleName, labels);
  if (kind === 'requests') return { kind, views, facts, path: requestPath(pack, names, views, sampleName, labels) };
  if (kind === 'latency-count') return { kind, views, facts };
  const boundSeconds = parseBound(labels.get('le'), unitsPerSecond[pack.latency!.unit]);
  return boundSeconds === undefined ? undefined : { kind, boundSeconds, views, facts };
}

function requestPath(
  { facts, mtls }: SignalPack,
  names: ClusterNames,
  views: readonly View[],
  sampleName: string,
  labels: Labels,
): RequestPath {
  const isSenders = views.some(({ perspective }) => perspective === 'client');
  const [name, namespace] = [facts.caller, facts.callerNamespace].map((one) => choose(one, sampleName, labels));
  const cluster = clusterOf(facts.callerCluster, names, sampleName, labels) || names.cluster;
  const isSecured = mtls && allHold(mtls.authenticated, sampleName, labels);
  const isPlain = mtls && allHold(mtls.plain, sampleName, labels);
  return {
    ...(isSenders && name && namespace && { sender: { cluster, namespace, name } }),
    ...((isSecured || isPlain) && { isAuthenticated: isSecured }),
  };
}

function windowMeaning(
  pack: SignalPack,
  names: ClusterNames,
  windows: LatencyWindows,
  sampleName: string,
  labels: Labels,
): SeriesMeaning | undefined {
  const quantile = Number(labels.get(windows.quantileLabel));
  if (!windows.quantiles.includes(quantile)) return undefined;
  const looking = pack.views.filter((view) => allHold(view.where, sampleName, labels));
  const views = looking.flatMap((view) => viewOf(pack.name, view, names, 'latency-count', sampleName, labels) ?? []);
  return {
    kind: 'window-quantile',
    quantile,
    perSecond: unitsPerSecond[windows.unit],
    window: windowOf(windows, labels),
    views,
    facts: requestFacts(pack, names, sampleName, labels),
  };
}

/** All labels but the quantile. */
function windowOf({ quantileLabel }: LatencyWindows, labels: Labels): string {
  return JSON.stringify([...labels].filter(([name]) => name !== quantileLabel).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function viewOf(
  mesh: string,
  view: PackView,
  names: ClusterNames,
  kind: SampleKind,
  sampleName: string,
  labels: Labels,
): View | undefined {
  const service = serviceOf(view.service, names, sampleName, labels);
  if (service === undefined) return undefined;
  const classes = kind === 'requests' ? view.classes : view.latencyClasses;
  const decided = classOf(classes, sampleName, labels);
  return { mesh, perspective: view.perspective, service, verdict: decided.verdict, className: decided.name };
}

function classOf(classes: readonly RequestClass[], sampleName: string, labels: Labels): RequestClass {
  // A pack's last class has no conditions: something is always found.
  return classes.find(({ where }) => allHold(where, sampleName, labels))!;
}

function allHold(conditions: readonly Condition[], sampleName: string, labels: Labels): boolean {
  return conditions.every((condition) =>
    holds(condition, condition.label === nameLabel ? sampleName : (labels.get(condition.label) ?? '')),
  );
}

function serviceOf(
  service: ServiceLabels,
  names: ClusterNames,
  sampleName: string,
  labels: Labels,
): ServiceId | undefined {
  const name = valueOf(service.name, sampleName, labels);
  const namespace = valueOf(service.namespace, sampleName, labels);
  if (name === '' || namespace === '') return undefined;
  return { cluster: clusterOf(service.cluster, names, sampleName, labels) || names.cluster, namespace, name };
}

/** The cluster as it is called here; empty where the series does not tell. */
function clusterOf(choice: ClusterChoice | undefined, names: ClusterNames, sampleName: string, labels: Labels): string {
  const id = choose(choice, sampleName, labels);
  const alias = names.clusterAliases.get(id);
  if (alias !== undefined) return alias;
  return choice?.defaultIds.includes(id) === true ? names.cluster : id;
}

function valueOf(choice: LabelChoice | Constant, sampleName: string, labels: Labels): string {
  return 'constant' in choice ? choice.constant : choose(choice, sampleName, labels);
}

/** The first usable value; empty when there is none. */
function choose(choice: LabelChoice | undefined, sampleName: string, labels: Labels): string {
  for (const { label, pattern, where } of choice?.labels ?? []) {
    const value = labels.get(label) ?? '';
    if (!isUsable(choice!, value) || !allHold(where, sampleName, labels)) continue;
    const part = pattern === undefined ? value : extract(pattern, value);
    if (part !== '') return part;
  }
  return choice?.otherwise ?? '';
}

function requestFacts({ facts }: SignalPack, names: ClusterNames, sampleName: string, labels: Labels): RequestFacts {
  const of = (choice: LabelChoice | undefined): string => choose(choice, sampleName, labels);
  return {
    caller: of(facts.caller),
    callerCluster: clusterOf(facts.callerCluster, names, sampleName, labels),
    version: of(facts.version),
    method: of(facts.method),
    flags: of(facts.flags),
    code: codeOf(of(facts.httpCode), of(facts.grpcCode)),
  };
}

/** gRPC fails with HTTP 200, so where HTTP calls it a success the gRPC status says more. */
function codeOf(http: string, grpc: string): string {
  const grpcTells = grpc !== '' && grpc !== '0' && (http === '' || http.startsWith('2'));
  return grpcTells ? `grpc ${grpc}` : http;
}

/** `250`, `250.0` and `2.5e+02` are one bound; undefined for a text that is no number. */
function parseBound(le: string | undefined, unitsInSecond: number): number | undefined {
  if (le === '+Inf' || le === 'Inf') return Infinity;
  if (le === undefined || !/^\d+(\.\d*)?(e[+-]?\d+)?$/i.test(le)) return undefined;
  return Number(le) / unitsInSecond;
}
