import { Packer, Unpacker } from './packed-bytes.js';
import type { SlotColumns } from './slot-columns.js';

const names = ['total', 'bad', 'observedMs', 'imported', 'unplaced', 'unplacedBad', 'slices', 'badSlices'] as const;

type ColumnName = (typeof names)[number];

const packer = new Packer();

/**
 * Sums of all SLOs over some stretch of time, by the ordinal of the SLO; grows as it meets more SLOs.
 *
 * `total` and `bad` are the events that slots hold, `imported` those of `total` that were not observed; `unplaced` and
 * `unplacedBad` come from gaps and are not part of them. `slices` are those with traffic, of SLOs whose budgets count slices.
 */
export class SumColumns implements Readonly<Record<ColumnName, Float64Array>> {
  size = 0;
  total = new Float64Array(0);
  bad = new Float64Array(0);
  observedMs = new Float64Array(0);
  imported = new Float64Array(0);
  unplaced = new Float64Array(0);
  unplacedBad = new Float64Array(0);
  slices = new Float64Array(0);
  badSlices = new Float64Array(0);

  constructor(size = 0) {
    this.grow(size);
  }

  /** Makes room for SLOs up to `size`. */
  grow(size: number): void {
    if (size <= this.size) return;
    for (const name of names) {
      const larger = new Float64Array(size);
      larger.set(this[name]);
      this[name] = larger;
    }
    this.size = size;
  }

  /** @param imported how many of the slot's events were, per SLO; none when left out */
  addSlot(slot: SlotColumns, imported?: Float64Array): void {
    this.grow(slot.size);
    for (let slo = 0; slo < slot.size; slo++) {
      this.total[slo]! += slot.total[slo]!;
      this.bad[slo]! += slot.bad[slo]!;
      this.observedMs[slo]! += slot.observedMs[slo]!;
      if (imported) this.imported[slo]! += imported[slo]!;
    }
  }

  /** @param sign -1 takes the events out again */
  addUnplaced(slo: number, total: number, bad: number, sign: 1 | -1 = 1): void {
    this.grow(slo + 1);
    this.unplaced[slo]! += sign * total;
    this.unplacedBad[slo]! += sign * bad;
  }

  addSlices(slo: number, slices: number, bad: number): void {
    this.grow(slo + 1);
    this.slices[slo]! += slices;
    this.badSlices[slo]! += bad;
  }

  /** Takes over one SLO's slices, or everybody's. */
  setSlices(from: SumColumns, slos: Iterable<number>): void {
    for (const slo of slos) {
      this.grow(slo + 1);
      this.slices[slo] = from.slices[slo] ?? 0;
      this.badSlices[slo] = from.badSlices[slo] ?? 0;
    }
  }

  addSums(other: SumColumns): void {
    this.grow(other.size);
    for (const name of names) {
      const into = this[name];
      const from = other[name];
      for (let slo = 0; slo < from.length; slo++) into[slo]! += from[slo]!;
    }
  }

  /** As bytes, for a roll-up. */
  pack(): Uint8Array {
    packer.varint(this.size);
    for (const name of names) {
      if (name === 'observedMs') packer.runs(this.observedMs, 0, this.size);
      else packer.sparse(this[name], 0, this.size);
    }
    return packer.seal();
  }

  /** The inverse of {@link pack}. */
  static unpack(bytes: Uint8Array): SumColumns {
    const unpacker = new Unpacker(bytes, 'a roll-up');
    const sums = new SumColumns(unpacker.varint());
    for (const name of names) {
      if (name === 'observedMs') unpacker.runs(sums.observedMs, 0, sums.size);
      else unpacker.sparse(sums[name], 0, sums.size);
    }
    return sums;
  }

  /** Whether both hold the same events; a missing SLO is one with zeros. Slices are not events: fine ones outlive their slots. */
  equals(other: SumColumns): boolean {
    const size = Math.max(this.size, other.size);
    this.grow(size);
    other.grow(size);
    return names.slice(0, 6).every((name) => this[name].every((value, slo) => value === other[name][slo]));
  }
}
