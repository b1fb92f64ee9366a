/** What an instance of envoy-control knows: endpoints of every service, as a text that is the same for the same endpoints. */
export type KnownEndpoints = ReadonlyMap<string, string>;

/** Hashes of the versions of a snapshot, as Envoy tells those that it has taken. */
export interface SnapshotVersions {
  readonly clusters: number;
  readonly listeners: number;
}

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

/** Reads the answer to `POST /snapshot`; a hash is beyond 2^53, and both sides are rounded alike. */
export function readVersions(document: unknown): SnapshotVersions | undefined {
  const versions = recordOf(recordOf(document)?.['versions']);
  const hashOf = (type: string): number => {
    const text = textOf(recordOf(versions?.[type])?.['metric']);
    return /^\d+$/.test(text) ? Number(text) : NaN;
  };
  const read = { clusters: hashOf('clusters'), listeners: hashOf('listeners') };
  return Number.isNaN(read.clusters) && Number.isNaN(read.listeners) ? undefined : read;
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
