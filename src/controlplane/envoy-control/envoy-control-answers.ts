/** What an instance of envoy-control knows: endpoints of every service, as a text that is the same for the same endpoints. */
export type KnownEndpoints = ReadonlyMap<string, string>;

/** What envoy-control sends of its own, by the names of its parts. */
export const xdsTypes = ['clusters', 'endpoints', 'routes', 'listeners'] as const;
export type XdsType = (typeof xdsTypes)[number];

/** One type of a snapshot: what an Envoy tells once it has taken it. */
export interface SentVersion {
  /** The hash that Envoy makes of the version: beyond 2^53, and both sides are rounded alike. */
  readonly hash: number;
  /** Of the resources, as Envoy writes them in the names of its statistics. */
  readonly names: ReadonlySet<string>;
}

/** What one instance sends a group of Envoys; types of which there is nothing to send are left out. */
export type SnapshotVersions = ReadonlyMap<XdsType, SentVersion>;

/**
 * Reads `/state`: instances of services as they came from Consul.
 *
 * @returns undefined for what is no such answer
 * @see allegro/envoy-control envoy-control-runner synchronization/StateController.kt
 */
export function readState(document: unknown): KnownEndpoints | undefined {
  const services = recordOf(recordOf(document)?.['serviceNameToInstances']);
  if (!services) return undefined;
  return new Map(
    Object.entries(services).map(([name, service]) => {
      const instances = recordOf(service)?.['instances'];
      const addresses = (Array.isArray(instances) ? instances : []).map((instance: unknown) => {
        const { address, port } = recordOf(instance) ?? {};
        return `${textOf(address)}:${textOf(port)}`;
      });
      return [name, addresses.sort().join(' ')];
    }),
  );
}

/** Reads `/snapshot-global`: endpoints as they are sent to Envoys; names of members differ with the version of the API. */
export function readGlobalSnapshot(document: unknown): KnownEndpoints | undefined {
  const snapshot = recordOf(recordOf(document)?.['snapshot']);
  if (!snapshot) return undefined;
  const endpoints = [snapshot['endpoints'], snapshot['endpointsV3']].map(recordOf);
  return new Map(
    endpoints.flatMap((one) =>
      Object.entries(one ?? {}).map(([name, value]) => [name, addressesIn(value, 0).sort().join(' ')] as const),
    ),
  );
}

/** Versions that stand for nothing to send: `EMPTY_VERSION` of SnapshotsVersions.kt, and that of releases before it. */
const emptyVersions = new Set(['', 'empty']);

/**
 * Reads the answer to `POST /snapshot`.
 *
 * @returns undefined for what is no such answer
 */
export function readVersions(document: unknown): SnapshotVersions | undefined {
  const versions = recordOf(recordOf(document)?.['versions']);
  const snapshot = recordOf(recordOf(document)?.['snapshot']);
  if (!versions) return undefined;
  return new Map(
    xdsTypes.flatMap((type) => {
      const { raw, metric } = recordOf(versions[type]) ?? {};
      if (emptyVersions.has(textOf(raw)) || !/^\d+$/.test(textOf(metric))) return [];
      const names = [snapshot?.[type], snapshot?.[`${type}V3`]].flatMap((one) => Object.keys(recordOf(one) ?? {}));
      // Envoy keeps colons for the parts of its own names.
      return [
        [type, { hash: Number(metric), names: new Set(names.map((name) => name.replaceAll(':', '_'))) }] as const,
      ];
    }),
  );
}

/** Every `socketAddress` somewhere inside. */
function addressesIn(value: unknown, depth: number): string[] {
  if (depth > 12) return [];
  if (Array.isArray(value)) return value.flatMap((one) => addressesIn(one, depth + 1));
  const record = recordOf(value);
  if (!record) return [];
  const socket = recordOf(record['socketAddress'] ?? record['socket_address']);
  if (socket) return [`${textOf(socket['address'])}:${textOf(socket['portValue'] ?? socket['port_value'])}`];
  return Object.values(record).flatMap((one) => addressesIn(one, depth + 1));
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}
