import type { EpochSeconds } from '../domain/clock.js';
import type { Budgeting } from '../domain/slo.js';
import { countSlices } from '../domain/time-slices.js';
import type { SlotColumns } from './slot-columns.js';
import type { SumColumns } from './sum-columns.js';

/** How an SLO's slices are judged. */
export type TimeSlices = Extract<Budgeting, { method: 'time-slices' }>;

/** The slice of one SLO that is being gathered. */
interface OpenSlice {
  readonly slo: number;
  readonly budgeting: TimeSlices;
  start: EpochSeconds;
  seconds: number;
  total: number;
  bad: number;
}

/**
 * Counts slices while slots go by in order of time, for those SLOs whose budgets count slices.
 *
 * A slot wider than a slice is all that is left of several: it counts as many times as slices fit into it.
 */
export class SliceCounter {
  readonly #sums: SumColumns;
  readonly #open: readonly OpenSlice[];

  /** @param budgetings by the ordinal of the SLO */
  constructor(sums: SumColumns, budgetings: ReadonlyMap<number, TimeSlices>) {
    this.#sums = sums;
    this.#open = [...budgetings].map(([slo, budgeting]) => ({
      slo,
      budgeting,
      start: -1,
      seconds: 0,
      total: 0,
      bad: 0,
    }));
  }

  add(slot: SlotColumns, start: EpochSeconds, seconds: number): void {
    for (const open of this.#open) {
      if (open.slo >= slot.size) continue;
      const sliceStart = Math.floor(start / open.budgeting.sliceSeconds) * open.budgeting.sliceSeconds;
      if (sliceStart !== open.start) this.#close(open);
      open.start = sliceStart;
      open.seconds = seconds;
      open.total += slot.total[open.slo]!;
      open.bad += slot.bad[open.slo]!;
    }
  }

  /** Ends the last slices; called once. */
  finish(): void {
    for (const open of this.#open) this.#close(open);
  }

  #close(open: OpenSlice): void {
    const { total, bad } = countSlices([open], open.budgeting);
    if (total > 0) {
      const weight = Math.max(1, open.seconds / open.budgeting.sliceSeconds);
      this.#sums.addSlices(open.slo, total * weight, bad * weight);
    }
    open.total = open.bad = 0;
  }
}
