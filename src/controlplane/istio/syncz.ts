import type { ProxyType } from '../control-plane-state.js';
import { proxyTypes } from '../control-plane-state.js';

/** One row of `/debug/syncz`: a proxy as one istiod sees it. */
export interface SynczRow {
  readonly clusterId: string;
  readonly namespace: string;
  readonly pod: string;
  readonly type: ProxyType;
  readonly version: string;
  readonly resources: readonly SynczResource[];
}

/** What a proxy was sent of one type, and what it has said to it. */
export interface SynczResource {
  /** `clusters`, `listeners`, ... */
  readonly type: string;
  /** As `istioctl proxy-status` decides; types that a proxy does not watch are not told. */
  readonly status: 'error' | 'not-sent' | 'synced' | 'stale';
  readonly acked: string;
  /** By the clock of istiod; undefined before 1.24. */
  readonly sentAt: number | undefined;
  readonly error: string | undefined;
}

/** All that an istiod knows. */
export interface Syncz {
  readonly rows: readonly SynczRow[];
  /** Rows without a proxy's name. */
  readonly unreadable: number;
}

/** Answers have as many rows as an istiod has proxies: more than this is none. */
const mostRows = 200_000;

/**
 * Reads `/debug/syncz` of any release: with `resources` since 1.24, with a pair of fields for each type before.
 *
 * @returns undefined for what is no such answer
 * @see istio/istio pilot/pkg/xds/debug.go SyncStatus, istioctl/pkg/writer/pilot/status.go
 */
export function readSyncz(document: unknown): Syncz | undefined {
  // An istiod without proxies answers null.
  if (document === null) return { rows: [], unreadable: 0 };
  if (!Array.isArray(document)) return undefined;
  const rows = document.slice(0, mostRows).map(rowOf);
  return {
    rows: rows.filter((row) => row !== undefined),
    unreadable: rows.filter((row) => row === undefined).length + Math.max(0, document.length - mostRows),
  };
}

function rowOf(value: unknown): SynczRow | undefined {
  if (!isRecord(value)) return undefined;
  const proxy = textOf(value['proxy']);
  // A pod's name may have dots in it, a namespace none.
  const dot = proxy.lastIndexOf('.');
  if (dot < 1 || dot === proxy.length - 1) return undefined;
  const type = textOf(value['proxy_type']);
  return {
    clusterId: textOf(value['cluster_id']),
    pod: proxy.slice(0, dot),
    namespace: proxy.slice(dot + 1),
    type: proxyTypes.find((known) => known === type) ?? 'unknown',
    version: textOf(value['istio_version']),
    resources: isRecord(value['resources']) ? newResources(value['resources']) : oldResources(value),
  };
}

const oldTypes = {
  cluster: 'clusters',
  listener: 'listeners',
  route: 'routes',
  endpoint: 'endpoints',
  extensionconfig: 'extensions',
} as const;

function oldResources(row: Readonly<Record<string, unknown>>): readonly SynczResource[] {
  return Object.entries(oldTypes).flatMap(([field, type]) => {
    const [sent, acked] = [textOf(row[`${field}_sent`]), textOf(row[`${field}_acked`])];
    if (sent === '' && acked === '') return [];
    return [{ type, acked, status: statusOf({ sent, acked, error: '' }), sentAt: undefined, error: undefined }];
  });
}

function newResources(resources: Readonly<Record<string, unknown>>): readonly SynczResource[] {
  return Object.entries(resources).flatMap(([url, value]) => {
    if (!isRecord(value)) return [];
    const [sent, acked, error] = [textOf(value['sent']), textOf(value['acked']), textOf(value['lastError'])];
    const sentAt = Date.parse(textOf(value['sentTime'])) / 1000;
    return [
      {
        type: typeOfUrl(url),
        acked,
        status: statusOf({ sent, acked, error }),
        // Go writes the year 1 where there is no time.
        sentAt: sentAt > 0 ? sentAt : undefined,
        error: error === '' ? undefined : error,
      },
    ];
  });
}

function statusOf({ sent, acked, error }: Record<'sent' | 'acked' | 'error', string>): SynczResource['status'] {
  if (error !== '') return 'error';
  if (sent === '') return 'not-sent';
  return acked === sent ? 'synced' : 'stale';
}

const typeNames: Readonly<Record<string, string>> = {
  Cluster: 'clusters',
  Listener: 'listeners',
  RouteConfiguration: 'routes',
  ClusterLoadAssignment: 'endpoints',
  TypedExtensionConfig: 'extensions',
  Secret: 'secrets',
};

/** The last word of a type URL; known ones in the plural. */
function typeOfUrl(url: string): string {
  const word = url.slice(Math.max(url.lastIndexOf('.'), url.lastIndexOf('/')) + 1);
  return typeNames[word] ?? word;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
