import { lookup } from 'node:dns/promises';
import { Failure } from '../../domain/failure.js';
import type { TargetGroup } from '../../config/target-settings.js';
import type { TargetList } from './target-list.js';

/** An address and whether it is one of IPv4 or of IPv6. */
interface FoundAddress {
  readonly address: string;
  readonly family: number;
}

/**
 * All addresses that names have, as a headless service of Kubernetes tells its pods; each with the same port. Where a name has
 * addresses of both families, those of IPv6 belong to the same pods, and are left out.
 */
export class DnsTargetList implements TargetList {
  readonly kind = 'dns';
  readonly name: string;
  readonly refreshSeconds: number;
  readonly #names: readonly string[];
  readonly #port: number;
  readonly #lookUp: (name: string) => Promise<readonly FoundAddress[]>;
  #text = '';
  #groups: readonly TargetGroup[] = [];

  /** @param lookUp as the system does when left out */
  constructor(
    names: readonly string[],
    port: number,
    refreshSeconds: number,
    lookUp: (name: string) => Promise<readonly FoundAddress[]> = (name) => lookup(name, { all: true }),
  ) {
    this.#lookUp = lookUp;
    this.name = `DNS of ${names.join(', ')}, port ${port}`;
    this.refreshSeconds = refreshSeconds;
    this.#names = names;
    this.#port = port;
  }

  /** @throws Failure `target-unreachable` when a name cannot be looked up */
  async read(): Promise<readonly TargetGroup[]> {
    const found = await Promise.all(this.#names.map((name) => this.#targetsOf(name)));
    const targets = [...new Set(found.flat())].sort();
    const text = targets.join(' ');
    // The same array while nothing has changed.
    if (text !== this.#text || this.#groups.length === 0) this.#groups = [{ targets, labels: {} }];
    this.#text = text;
    return this.#groups;
  }

  close(): void {
    this.#groups = [];
  }

  async #targetsOf(name: string): Promise<readonly string[]> {
    try {
      const found = await this.#lookUp(name);
      const older = found.filter(({ family }) => family === 4);
      return (older.length > 0 ? older : found).map(
        ({ address, family }) => `${family === 6 ? `[${address}]` : address}:${this.#port}`,
      );
    } catch (error) {
      const code = (error as { code?: string }).code ?? 'unknown';
      throw new Failure('target-unreachable', `the name ${name} cannot be looked up: ${code}`, { cause: error });
    }
  }
}
