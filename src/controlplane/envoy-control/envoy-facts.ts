import { Failure } from '../../domain/failure.js';
import type { EndpointClient } from '../endpoint-client.js';

/** What an Envoy says of itself beside its metrics. */
export interface EnvoyFacts {
  /** `1.31.0`; undefined where it does not tell. */
  readonly version: string | undefined;
  /** Undefined where it does not tell. */
  readonly node: EnvoyNode | undefined;
}

/** What tells Envoys apart. */
export interface EnvoyNode {
  /** As JSON, as envoy-control wants it. */
  readonly text: string;
  /** The node without what is its own: Envoys that differ in nothing else are sent the same. */
  readonly group: string;
}

/** A node that an Envoy has told with all that it is configured with. */
interface Dumped {
  readonly node: EnvoyNode | undefined;
  /** Of the process that was asked: another process may be another node. */
  readonly version: string | undefined;
  /** When it began, on the clock that does not jump; undefined where it does not tell. */
  readonly begun: number | undefined;
  /** When it was asked, on the clock that does not jump. */
  readonly askedAt: number;
}

/** A dump holds every cluster and every endpoint: few are read at a time, and none beyond this. */
const mostDumps = 2;
const mostDumpBytes = 32 * 1024 * 1024;

/** Moments at which a process may seem to have begun differ by so much: it tells whole seconds, and takes its time to answer. */
const begunErrorSeconds = 5;

/** A dump that could not be read is asked for again after so long. */
const secondAttemptSeconds = 600;

/** Asks Envoys for what they are; those before 1.15 name no node in `/server_info`, only in all of their configuration. */
export class EnvoyFactsBook {
  readonly #monotonic: () => number;
  readonly #dumped = new WeakMap<EndpointClient, Dumped>();
  #dumps = 0;

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
  }

  /** Throws as {@link EndpointClient.json} does. */
  async ask(client: EndpointClient): Promise<EnvoyFacts> {
    const info = (await client.json('/server_info')).value as Readonly<Record<string, unknown>> | null;
    const version = typeof info?.['version'] === 'string' ? versionOf(info['version']) : undefined;
    const node = nodeOf(info?.['node']);
    return { version, node: node ?? (await this.#nodeInDump(client, version, uptimeOf(info))) };
  }

  /** Asked once of a process: nothing of its node changes while it lives. */
  async #nodeInDump(
    client: EndpointClient,
    version: string | undefined,
    uptimeSeconds: number | undefined,
  ): Promise<EnvoyNode | undefined> {
    const known = this.#dumped.get(client);
    const now = this.#monotonic();
    const begun = uptimeSeconds === undefined ? undefined : now - uptimeSeconds;
    if (known && known.version === version && !isLater(begun, known.begun)) {
      // Clocks drift apart: each look is held against the one before.
      this.#dumped.set(client, { ...known, begun });
      if (known.node !== undefined || now - known.askedAt < secondAttemptSeconds) return known.node;
    }
    // Whose turn does not come now is asked at a later look.
    if (this.#dumps >= mostDumps) return undefined;
    this.#dumps += 1;
    try {
      const node = await dumpedNode(client);
      this.#dumped.set(client, { node, version, begun, askedAt: now });
      return node;
    } finally {
      this.#dumps -= 1;
    }
  }
}

/** Undefined where it cannot be read: all else that is known of the Envoy stays. */
async function dumpedNode(client: EndpointClient): Promise<EnvoyNode | undefined> {
  try {
    const { value } = await client.json('/config_dump', { mostBytes: mostDumpBytes });
    const { configs } = (value ?? {}) as { readonly configs?: unknown };
    const parts = Array.isArray(configs) ? (configs as ({ readonly bootstrap?: { node?: unknown } } | null)[]) : [];
    return parts.map((part) => nodeOf(part?.bootstrap?.node)).find((one) => one !== undefined);
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

function isLater(begun: number | undefined, before: number | undefined): boolean {
  return begun !== undefined && before !== undefined && begun - before > begunErrorSeconds;
}

/** Of this process, as `/server_info` writes durations: `3600s`; undefined where it does not tell. */
function uptimeOf(info: Readonly<Record<string, unknown>> | null): number | undefined {
  const told = info?.['uptime_current_epoch'];
  const seconds = typeof told === 'string' ? Number.parseFloat(told) : NaN;
  return Number.isFinite(seconds) ? seconds : undefined;
}

/** Nobody nests what tells Envoys apart any deeper; whatever does could not be written as a text again. */
const deepestNode = 50;

/** A node without the list of all that is built into an Envoy: nothing hangs on it, and it is the larger part of a node. */
function nodeOf(node: unknown): EnvoyNode | undefined {
  if (typeof node !== 'object' || node === null || isDeeperThan(node, deepestNode)) return undefined;
  const told = { ...node, extensions: undefined };
  return { text: JSON.stringify(told), group: JSON.stringify({ ...told, id: undefined }) };
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((one) => isDeeperThan(one, levels - 1));
}

/** `1.31.0` of `8a3511ba.../1.31.0/Clean/RELEASE/BoringSSL`. */
function versionOf(text: string): string | undefined {
  return text.split('/').find((part) => /^\d+\.\d+/.test(part));
}
