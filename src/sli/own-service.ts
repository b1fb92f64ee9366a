import type { ServiceId } from '../domain/service-id.js';
import { keyed, type KeyedService } from './request-paths.js';

/** Whose proxy it is: by somebody's word, else by the first request that it took in, else by what it served when it was last read. */
export class OwnService {
  #named: KeyedService | undefined;
  #shown: KeyedService | undefined;
  #before: readonly KeyedService[] = [];

  /** Takes the word of labels or of a catalogue. */
  name(service: ServiceId): void {
    this.#named = keyed(service);
  }

  /** Takes a service of whose requests the proxy has taken in some. */
  show(service: ServiceId): void {
    this.#shown ??= keyed(service);
  }

  /** Takes the services that it served when it was last read; it may come to serve others. */
  remember(services: readonly ServiceId[]): void {
    this.#before = services.map(keyed);
  }

  get known(): KeyedService | undefined {
    const [only, ...others] = this.#before;
    return this.#named ?? this.#shown ?? (others.length === 0 ? only : undefined);
  }

  /** Known by somebody's word, whatever its series say. */
  get named(): KeyedService | undefined {
    return this.#named;
  }

  /**
   * Services whose requests may come at any moment, although no series says so yet: a process that has begun again has none
   * before its first request. One that has taken in requests says by these whose it is.
   */
  get expected(): readonly KeyedService[] {
    if (this.#named) return [this.#named];
    return this.#shown ? [] : this.#before;
  }
}
