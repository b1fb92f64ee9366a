import { Packer, Unpacker } from './packed-bytes.js';

/**
 * Events of all SLOs in one slot, by the ordinal of the SLO. An SLO without events and without observed time has no data.
 *
 * `size` is how many SLOs there were when the slot was written; later ones are not in it.
 */
export interface SlotColumns {
  readonly size: number;
  readonly total: Float64Array;
  readonly bad: Float64Array;
  /** Observed time in milliseconds: a whole number, so that sums stay exact. */
  readonly observedMs: Float64Array;
}

/** Columns of zeros. */
export function emptyColumns(size: number): SlotColumns {
  return { size, total: new Float64Array(size), bad: new Float64Array(size), observedMs: new Float64Array(size) };
}

const packer = new Packer();

/** One slot as bytes. */
export function packSlot({ size, total, bad, observedMs }: SlotColumns): Uint8Array {
  packer.varint(size);
  packer.sparse(total, 0, size);
  packer.sparse(bad, 0, size);
  packer.runs(observedMs, 0, size);
  return packer.seal();
}

/** The inverse of {@link packSlot}. */
export function unpackSlot(bytes: Uint8Array): SlotColumns {
  const unpacker = new Unpacker(bytes, 'a slot');
  const columns = emptyColumns(unpacker.varint());
  unpacker.sparse(columns.total, 0, columns.size);
  unpacker.sparse(columns.bad, 0, columns.size);
  unpacker.runs(columns.observedMs, 0, columns.size);
  return columns;
}
