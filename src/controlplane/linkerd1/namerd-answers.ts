/** Hosts of a name, sorted; another text where a name has none: why. */
export type NameState = string;

/**
 * Reads Linkerd's `/client_state.json`: to every client the hosts in its balancer.
 *
 * @see linkerd/linkerd linkerd/admin com/twitter/finagle/client/buoyant/ClientStateHandler.scala
 */
export function readClientState(document: unknown): ReadonlyMap<string, NameState> | undefined {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return undefined;
  const clients = Object.entries(document as Readonly<Record<string, unknown>>);
  return new Map(
    clients.flatMap(([client, state]) => {
      const path = boundPath(client);
      if (path === undefined) return [];
      return [[path, Array.isArray(state) ? hostsOf(state) : withoutHosts(state)] as const];
    }),
  );
}

/**
 * Reads Namerd's `/api/1/addr/<ns>?path=`: the addresses that a bound name has.
 *
 * @returns undefined for what is no such answer
 * @see linkerd/linkerd admin/names DelegateApiHandler.scala (Addr)
 */
export function readAddr(document: unknown): NameState | undefined {
  const { type, addrs } = (document ?? {}) as { type?: unknown; addrs?: unknown };
  if (type === 'bound' && Array.isArray(addrs))
    return hostsOf(addrs.map((one) => (one as { ip?: unknown } | null)?.ip));
  if (type === 'neg' || type === 'failed' || type === 'pending') return 'no hosts';
  return undefined;
}

/**
 * Reads the dtab of a namespace, as one text.
 *
 * @returns undefined for what is no such answer
 */
export function readDtab(document: unknown): string | undefined {
  if (!Array.isArray(document)) return undefined;
  const entries = document.flatMap((entry) => {
    const { prefix, dst } = (entry ?? {}) as { prefix?: unknown; dst?: unknown };
    return typeof prefix === 'string' && typeof dst === 'string' ? [`${prefix} => ${dst}`] : [];
  });
  return entries.length === document.length ? entries.join(' ; ') : undefined;
}

/** The path of a client that Namerd has bound; undefined for others, and for those whose addresses a transformer has changed. */
function boundPath(client: string): string | undefined {
  const path = client.startsWith('/') ? client : `/${client}`;
  return path.startsWith('/#/') ? path : undefined;
}

/** Linkerd tells hosts by name or address and without ports; the same host may serve at several. */
function hostsOf(hosts: readonly unknown[]): NameState {
  const known = hosts.filter((host) => typeof host === 'string');
  return known.length === 0 ? 'no hosts' : [...new Set(known)].sort().join(' ');
}

function withoutHosts(state: unknown): NameState {
  // Pending is what a client is before it has asked.
  return typeof state === 'string' && state.includes('Pending') ? 'pending' : 'no hosts';
}
