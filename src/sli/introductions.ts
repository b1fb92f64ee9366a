import { serviceKey, type ServiceId } from '../domain/service-id.js';
import type { Perspective } from '../domain/slo.js';
import type { SloDirectory } from '../domain/source.js';

/** What one proxy has brought in. Written by {@link Introductions} alone. */
export class Introducer {
  readonly proxy: string;
  /** Services that it may bring in. */
  most = 0;
  /** Services that it was the first to show, and that no other proxy has shown as its own since. */
  broughtIn = 0;
  /** Keys of the services that it showed beyond that. */
  readonly refused = new Set<string>();
  /** Whether a service that it was refused is known meanwhile, or there is room for more. */
  hasNews = false;

  constructor(proxy: string) {
    this.proxy = proxy;
  }
}

/**
 * Who brought which services in, so that one broken or hostile proxy cannot fill the room that there is for all.
 *
 * Names of services come from the network. One that anybody knows is free; one that nobody knows is put down to the proxy
 * that shows it first, until another proxy shows it as its own.
 */
export class Introductions {
  readonly #directory: Pick<SloDirectory, 'knows'>;
  /** Whom a service is put down to, by its key. */
  readonly #broughtInBy = new Map<string, Introducer>();
  /** Those who have brought something in, by proxy: one that comes back has no more room than before. */
  readonly #introducers = new Map<string, Introducer>();
  /** Those who were refused a service, by its key. */
  readonly #refused = new Map<string, Set<Introducer>>();

  constructor(directory: Pick<SloDirectory, 'knows'>) {
    this.#directory = directory;
  }

  /**
   * What a proxy has brought in so far.
   *
   * @param most that it may bring in from now on
   */
  introducer(proxy: string, most: number): Introducer {
    const introducer = this.#introducers.get(proxy) ?? new Introducer(proxy);
    introducer.most = most;
    return introducer;
  }

  /** Takes in a service that a proxy shows; false where the proxy has no room for it. */
  admits(introducer: Introducer, service: ServiceId, perspective: Perspective): boolean {
    const key = serviceKey(service);
    const first = this.#broughtInBy.get(key);
    if (first !== undefined) {
      if (first !== introducer && perspective === 'server') this.#release(key, first);
      return true;
    }
    if (this.#directory.knows(service)) return true;
    if (introducer.broughtIn >= introducer.most) {
      this.#refuse(key, introducer);
      return false;
    }
    introducer.broughtIn += 1;
    this.#broughtInBy.set(key, introducer);
    this.#introducers.set(introducer.proxy, introducer);
    for (const refused of this.#refused.get(key) ?? []) refused.hasNews = true;
    this.#refused.delete(key);
    return true;
  }

  /** Forgets what a proxy was refused: it is about to show its services again, or is gone. */
  forgetRefused(introducer: Introducer): void {
    for (const key of introducer.refused) {
      const others = this.#refused.get(key);
      others?.delete(introducer);
      if (others?.size === 0) this.#refused.delete(key);
    }
    introducer.refused.clear();
    introducer.hasNews = false;
  }

  #release(key: string, introducer: Introducer): void {
    this.#broughtInBy.delete(key);
    introducer.broughtIn -= 1;
    if (introducer.refused.size > 0) introducer.hasNews = true;
  }

  #refuse(key: string, introducer: Introducer): void {
    introducer.refused.add(key);
    const others = this.#refused.get(key);
    if (others) others.add(introducer);
    else this.#refused.set(key, new Set([introducer]));
  }
}
