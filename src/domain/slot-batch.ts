import type { EpochSeconds } from './clock.js';
import type { ServiceId } from './service-id.js';
import type { RequestFacts } from './series-meaning.js';
import type { SloId } from './slo.js';

/** Events of one SLO in one slot. Counts are safe integers, `0 <= bad <= total`. */
export interface SloEvents {
  readonly slo: SloId;
  readonly total: number;
  readonly bad: number;
  /** Share of the slot that was observed, in [0, 1]. 1 with `total` 0 is "no traffic"; a slot without a row is "no data". */
  readonly coverage: number;
}

/**
 * Events that are known to have happened between two moments, but not when: growth of counters over a gap.
 *
 * They count in every budget, and never in a window that does not hold the whole gap.
 */
export interface UnplacedEvents {
  readonly slo: SloId;
  readonly from: EpochSeconds;
  readonly to: EpochSeconds;
  readonly total: number;
  readonly bad: number;
}

/** Bad events of one SLO by what is known of them; all rows of a slot add up to its bad events, unplaced ones included. */
export interface BadBreakdown {
  readonly slo: SloId;
  readonly facts: RequestFacts;
  readonly bad: number;
}

/** Golden signals of one service in one slot, for charts; never the source of a budget. */
export interface ServiceSignals {
  readonly service: ServiceId;
  readonly requests: number;
  readonly errors: number;
  /** Requests that no SLI counts because their client went away. */
  readonly leftOut: number;
  /** Requests by latency: `counts[i]` took at most `boundsSeconds[i]` and more than the bound before; the last bound is Infinity. */
  readonly latency: { readonly boundsSeconds: readonly number[]; readonly counts: readonly number[] } | undefined;
  /** Summed over the service's proxies at the end of the slot; undefined where no proxy tells. */
  readonly memoryBytes: number | undefined;
  readonly connections: number | undefined;
  /** Proxies of the service that were read in this slot. */
  readonly proxies: number;
}

/** The ways that requests of one service took in one slot; never the source of a budget. */
export interface ServicePaths {
  readonly service: ServiceId;
  /** Requests that its own proxies took in. */
  readonly received: number;
  /** Those of them over connections that both ends authenticated, and those over others; of the rest nobody tells. */
  readonly authenticated: number;
  readonly plain: number;
  /** Requests that it sent through its own proxies. */
  readonly sent: number;
}

/** A stretch of one process's life that nobody can count: between its last scrape and its end. */
export interface UnseenTail {
  readonly target: string;
  /** Services whose requests the process carried. */
  readonly services: readonly ServiceId[];
  readonly from: EpochSeconds;
  readonly to: EpochSeconds;
}

/** What a source must find again after a restart, opaque to the ledger; an undefined state forgets the key. */
export interface Checkpoint {
  readonly key: string;
  readonly state: Uint8Array | undefined;
}

/**
 * Everything that became known in one slot: the unit that is committed, in one transaction, or not at all.
 *
 * `checkpoints` belong to exactly these events: growth is counted from them on, so nothing is counted twice or lost.
 */
export interface SlotBatch {
  /** Start of the slot; a multiple of `slotSeconds`. */
  readonly slotStart: EpochSeconds;
  readonly slotSeconds: SlotSeconds;
  readonly events: readonly SloEvents[];
  readonly unplaced: readonly UnplacedEvents[];
  readonly breakdown: readonly BadBreakdown[];
  readonly signals: readonly ServiceSignals[];
  /** Undefined where nobody looked for them; kept in no ledger. */
  readonly paths?: readonly ServicePaths[];
  readonly unseen: readonly UnseenTail[];
  readonly checkpoints: readonly Checkpoint[];
}

/** Widths of a slot: 1 min is observed and kept for days, 5 min for months, 15 min for years. */
export type SlotSeconds = 60 | 300 | 900;
