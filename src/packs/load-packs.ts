import type { Diagnostic } from '../domain/diagnostic.js';
import { checkValue } from '../documents/checked-value.js';
import type { CheckedValue } from '../documents/checked-value.js';
import type { YamlDocument } from '../documents/yaml-document.js';
import { loadDefinitions } from './definition-files.js';
import { packSchema } from './pack-schema.js';
import type { WrittenPack } from './pack-schema.js';
import type { ArrivalCounter, ProcessFamilies, ServiceLabels, SignalPack } from './signal-pack.js';
import { unitsPerSecond } from './signal-pack.js';

/** Packs by the name that jobs use. */
export type SignalPacks = ReadonlyMap<string, SignalPack>;

/** The shipped packs and those of further files; a further one takes the place of a shipped one of its name. */
export function loadPacks(furtherFiles: readonly string[] = []): {
  readonly packs: SignalPacks;
  readonly diagnostics: readonly Diagnostic[];
} {
  const { known, diagnostics } = loadDefinitions('rules/meshes', furtherFiles, 'pack', checkPack);
  return { packs: known, diagnostics };
}

/** The pack that a job's `mesh` names. */
export function packFor(packs: SignalPacks, mesh: string): SignalPack | undefined {
  return packs.get(mesh);
}

/** One document as a pack, or every mistake of it. */
export function checkPack(document: YamlDocument): CheckedValue<SignalPack> {
  const { value, diagnostics } = checkValue(document, packSchema);
  return value === undefined ? { diagnostics } : { value: compilePack(value), diagnostics };
}

function compilePack(written: WrittenPack): SignalPack {
  const { target, process, facts, latency, latency_windows: windows, mtls } = written;
  return {
    name: written.pack,
    title: written.title,
    detect: written.detect,
    ratherThan: written.rather_than,
    version: written.version,
    target: {
      path: target.path,
      port: target.port,
      filter: target.filter,
      namespaceLabels: target.namespace_labels,
      serviceLabels: target.service_labels,
    },
    requests: written.requests,
    latency: latency && {
      families: latency.families,
      unit: latency.unit,
      boundsSeconds: latency.bounds.map((bound) => bound / unitsPerSecond[latency.unit]),
    },
    latencyWindows: windows && {
      family: windows.family,
      count: windows.count,
      unit: windows.unit,
      quantileLabel: windows.quantile_label,
      quantiles: windows.quantiles,
      usual: windows.usual,
    },
    process: {
      uptime: uptimeOf(process),
      startTimeSeconds: process.start_time_seconds,
      memoryBytes: process.memory_bytes,
      connections: process.connections,
    },
    facts: {
      caller: facts.caller,
      callerCluster: facts.caller_cluster,
      callerNamespace: facts.caller_namespace,
      version: facts.version,
      method: facts.method,
      flags: facts.flags,
      httpCode: facts.http_code,
      grpcCode: facts.grpc_code,
    },
    mtls: mtls?.authenticated && mtls.plain && { authenticated: mtls.authenticated, plain: mtls.plain },
    arrivals: arrivalsOf(written),
    views: written.views.map(({ perspective, where, service, classes, latency_classes }) => ({
      perspective,
      where,
      service: serviceOf(written, service),
      classes: written.classes[classes]!,
      latencyClasses: written.classes[latency_classes ?? classes]!,
    })),
  };
}

function serviceOf({ services }: WrittenPack, name: string): ServiceLabels {
  return { cluster: undefined, ...services[name]! };
}

function arrivalsOf(written: WrittenPack): readonly ArrivalCounter[] {
  const { connections } = written.mtls ?? {};
  if (connections === undefined) return [];
  const service = serviceOf(written, connections.service);
  const { authenticated, plain } = connections;
  return [
    ...authenticated.more.map((of) => ({ ...of, service, isAuthenticated: true, isLess: false })),
    ...authenticated.less.map((of) => ({ ...of, service, isAuthenticated: true, isLess: true })),
    ...plain.more.map((of) => ({ ...of, service, isAuthenticated: false, isLess: false })),
    ...plain.less.map((of) => ({ ...of, service, isAuthenticated: false, isLess: true })),
  ];
}

function uptimeOf({ uptime_seconds, uptime_milliseconds }: WrittenPack['process']): ProcessFamilies['uptime'] {
  if (uptime_seconds !== undefined) return { family: uptime_seconds, unit: 'seconds' };
  return uptime_milliseconds === undefined ? undefined : { family: uptime_milliseconds, unit: 'milliseconds' };
}
