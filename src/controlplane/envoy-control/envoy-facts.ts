import type { EndpointClient } from '../endpoint-client.js';

/** What an Envoy says of itself beside its metrics. */
export interface EnvoyFacts {
  /** `1.31.0`; undefined where it does not tell. */
  readonly version: string | undefined;
  /** Its node as JSON, as envoy-control wants it; undefined where it does not tell. */
  readonly node: string | undefined;
}

/** Asks `/server_info` of an Envoy, and of an old one that names no node there, `/config_dump`. */
export async function askEnvoy(client: EndpointClient): Promise<EnvoyFacts> {
  const info = (await client.json('/server_info')).value as { version?: unknown; node?: unknown } | null;
  const version = typeof info?.version === 'string' ? versionOf(info.version) : undefined;
  const node = nodeText(info?.node);
  if (node !== undefined) return { version, node };
  const dump = (await client.json('/config_dump')).value as { configs?: unknown } | null;
  const configs = Array.isArray(dump?.configs) ? (dump.configs as ({ bootstrap?: { node?: unknown } } | null)[]) : [];
  return { version, node: configs.map((config) => nodeText(config?.bootstrap?.node)).find((one) => one !== undefined) };
}

/** Nobody nests what tells Envoys apart any deeper; whatever does could not be written as a text again. */
const deepestNode = 50;

/** A node without the list of all that is built into an Envoy: nothing hangs on it, and it is the larger part of a node. */
function nodeText(node: unknown): string | undefined {
  if (typeof node !== 'object' || node === null || isDeeperThan(node, deepestNode)) return undefined;
  return JSON.stringify({ ...node, extensions: undefined });
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((one) => isDeeperThan(one, levels - 1));
}

/** `1.31.0` of `8a3511ba.../1.31.0/Clean/RELEASE/BoringSSL`. */
function versionOf(text: string): string | undefined {
  return text.split('/').find((part) => /^\d+\.\d+/.test(part));
}

/** The node without what is its own: Envoys that differ in nothing else are sent the same. */
export function groupOf(node: string): string {
  const members = Object.entries(JSON.parse(node) as Record<string, unknown>);
  return JSON.stringify(members.filter(([name]) => name !== 'id'));
}
