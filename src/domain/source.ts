import type { EpochSeconds } from './clock.js';
import type { Checkpoint, SlotBatch } from './slot-batch.js';
import type { ServiceId } from './service-id.js';
import type { Perspective, Slo, SloId } from './slo.js';

/**
 * Where events come from: proxies that are scraped, or a metric store that is queried. One meaning, one test suite.
 *
 * A source is asked once per slot, after the slot's end, in order; what it hands out is committed before the next call.
 */
export interface Source {
  /** Takes up its work where the checkpoints left it; called once, before the first {@link collect}. */
  start(checkpoints: Iterable<Checkpoint>): Promise<void>;
  /**
   * Everything that has become known since the last call, booked to the minute that begins at `slotStart`.
   *
   * What becomes known later goes into a later batch. A batch that could not be committed stays with the caller, which
   * commits it before the next one.
   */
  collect(slotStart: EpochSeconds): Promise<SlotBatch>;
  /** Ends all work; nothing is pending afterwards. */
  stop(): Promise<void>;
}

/** Which SLOs there are; asked by a source whenever it meets a service. */
export interface SloDirectory {
  /** The SLOs of a service from a perspective; a service met for the first time gets its defaults here. */
  slosOf(service: ServiceId, perspective: Perspective): readonly Slo[];
  /** Whether there is such an SLO now; what was counted for one that is gone since belongs nowhere. */
  has(slo: SloId): boolean;
  /** Changes whenever an earlier answer of {@link slosOf} may be different now. */
  readonly version: number;
}
