import type { EpochSeconds } from './clock.js';
import type { Checkpoint, SlotBatch } from './slot-batch.js';
import type { ServiceId } from './service-id.js';
import type { Perspective, Slo, SloId } from './slo.js';

/**
 * Where events come from: proxies that are scraped, or a metric store that is queried. One meaning, one test suite.
 *
 * A source is asked about once a minute; what it hands out is committed, in order, before any later batch.
 */
export interface Source {
  /** Takes up its work where the checkpoints left it; called once, before the first {@link collect}. */
  start(checkpoints: Iterable<Checkpoint>): Promise<void>;
  /**
   * The slots that are complete by `until` (a whole minute) and were not handed out before, oldest first.
   *
   * Proxies know the present only: they give one slot, the minute before `until`, with everything that has become known
   * since the last call. A store with history gives the slots that were missed, too; one that is late gives none yet. A
   * batch that could not be committed stays with the caller.
   *
   * @throws Failure when nothing can be known now; the same is asked for again later
   */
  collect(until: EpochSeconds): Promise<readonly SlotBatch[]>;
  /** Ends all work; nothing is pending afterwards. */
  stop(): Promise<void>;
}

/** Which SLOs there are; asked by a source whenever it meets a service. */
export interface SloDirectory {
  /**
   * The SLOs of a service from a perspective of a mesh; a service met for the first time gets its defaults here.
   *
   * None where the service belongs to another mesh ({@link meshOf}): what two meshes see of it must not add up.
   */
  slosOf(service: ServiceId, perspective: Perspective, mesh: string): readonly Slo[];
  /** The one mesh through which a service is counted; undefined while that is not decided. */
  meshOf(service: ServiceId): string | undefined;
  /** Whether anybody has met the service, or declared it. */
  knows(service: ServiceId): boolean;
  /** Whether it is known to have proxies of its own in a mesh: they were met, now or before a restart, or a catalogue knows them. */
  isServed(service: ServiceId, mesh: string): boolean;
  /** Whether there is such an SLO now; what was counted for one that is gone since belongs nowhere. */
  has(slo: SloId): boolean;
  /** Changes whenever an earlier answer of {@link slosOf} may be different now. */
  readonly version: number;
}
