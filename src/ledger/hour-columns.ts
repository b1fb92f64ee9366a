import { Packer, Unpacker } from './packed-bytes.js';
import { emptyColumns, type SlotColumns } from './slot-columns.js';

/** SLOs whose hour stands in one row: few enough to read one SLO quickly, enough to make rows worth their overhead. */
export const slosPerPage = 32;

/** Widths of the cells that a closed hour is kept in. */
export type CellSeconds = 300 | 900;

/** Events of one SLO in one cell of an hour. */
export interface Cell {
  readonly total: number;
  readonly bad: number;
  readonly observedMs: number;
}

const packer = new Packer();

/** One hour of all SLOs, SLO-major: the cells of one SLO stand side by side. */
export class HourColumns {
  readonly cellSeconds: CellSeconds;
  readonly cells: number;
  readonly size: number;
  readonly #total: Float64Array;
  readonly #bad: Float64Array;
  readonly #observedMs: Float64Array;
  /** Those of the total that were imported. */
  readonly #imported: Float64Array;

  constructor(size: number, cellSeconds: CellSeconds) {
    this.size = size;
    this.cellSeconds = cellSeconds;
    this.cells = 3600 / cellSeconds;
    this.#total = new Float64Array(size * this.cells);
    this.#bad = new Float64Array(size * this.cells);
    this.#observedMs = new Float64Array(size * this.cells);
    this.#imported = new Float64Array(size * this.cells);
  }

  get pages(): number {
    return Math.ceil(this.size / slosPerPage);
  }

  /**
   * Adds a slot to the cell that holds its start.
   *
   * @param imported how many of its events were, per SLO; none when left out
   */
  addSlot(slot: SlotColumns, secondsIntoHour: number, imported?: Float64Array): void {
    let at = Math.floor(secondsIntoHour / this.cellSeconds);
    for (let slo = 0; slo < slot.size; slo++, at += this.cells) {
      this.#total[at]! += slot.total[slo]!;
      this.#bad[at]! += slot.bad[slo]!;
      this.#observedMs[at]! += slot.observedMs[slo]!;
      if (imported) this.#imported[at]! += imported[slo]!;
    }
  }

  /** How many events of one cell were imported, per SLO. */
  importedIn(index: number): Float64Array {
    const imported = new Float64Array(this.size);
    for (let slo = 0, at = index; slo < this.size; slo++, at += this.cells) imported[slo] = this.#imported[at]!;
    return imported;
  }

  /** One cell of all SLOs. */
  cell(index: number): SlotColumns {
    const columns = emptyColumns(this.size);
    for (let slo = 0, at = index; slo < this.size; slo++, at += this.cells) {
      columns.total[slo] = this.#total[at]!;
      columns.bad[slo] = this.#bad[at]!;
      columns.observedMs[slo] = this.#observedMs[at]!;
    }
    return columns;
  }

  /** A copy with wider cells, or with room for more SLOs. */
  recut(cellSeconds: CellSeconds, size: number): HourColumns {
    const wider = new HourColumns(size, cellSeconds);
    for (let index = 0; index < this.cells; index++) {
      wider.addSlot(this.cell(index), index * this.cellSeconds, this.importedIn(index));
    }
    return wider;
  }

  /**
   * The hour of the page's SLOs as bytes; each SLO's part tells its length, so that a reader can step over it.
   *
   * What was imported follows only where the origins of the cells do not tell.
   *
   * @param isImported by cell, whether its minutes say that it was
   */
  packPage(page: number, isImported: readonly boolean[]): Uint8Array {
    const first = page * slosPerPage;
    const last = Math.min(first + slosPerPage, this.size);
    packer.varint(this.cells);
    packer.varint(last - first);
    for (let slo = first; slo < last; slo++) {
      const [from, to] = [slo * this.cells, (slo + 1) * this.cells];
      const place = packer.reserveLength();
      packer.sparse(this.#total, from, to);
      packer.sparse(this.#bad, from, to);
      packer.runs(this.#observedMs, from, to);
      if (!this.#isToldBy(isImported, from)) packer.sparse(this.#imported, from, to);
      packer.fillLength(place);
    }
    return packer.seal();
  }

  /** Takes the page's SLOs in; the inverse of {@link packPage}. */
  unpackPage(page: number, bytes: Uint8Array, isImported: readonly boolean[]): void {
    const unpacker = new Unpacker(bytes, 'an hour');
    const cells = unpacker.varint();
    const first = page * slosPerPage;
    const last = first + unpacker.varint();
    for (let slo = first; slo < last; slo++) {
      const end = unpacker.reservedLength() + unpacker.at;
      const [from, to] = [slo * cells, (slo + 1) * cells];
      unpacker.sparse(this.#total, from, to);
      unpacker.sparse(this.#bad, from, to);
      unpacker.runs(this.#observedMs, from, to);
      if (unpacker.at < end) unpacker.sparse(this.#imported, from, to);
      else isImported.forEach((all, cell) => (this.#imported[from + cell] = all ? this.#total[from + cell]! : 0));
    }
  }

  /** Whether each cell of an SLO, of which this is the first, is imported as a whole or not at all, as is said of it. */
  #isToldBy(isImported: readonly boolean[], first: number): boolean {
    return isImported.every((all, cell) => this.#imported[first + cell] === (all ? this.#total[first + cell] : 0));
  }
}

const lane = { total: new Float64Array(12), bad: new Float64Array(12), observedMs: new Float64Array(12) };

/** The cells of one SLO in a page that {@link HourColumns.packPage} wrote; none where the SLO came later. */
export function unpackSlo(bytes: Uint8Array, positionInPage: number): readonly Cell[] {
  const unpacker = new Unpacker(bytes, 'an hour');
  const cells = unpacker.varint();
  if (positionInPage >= unpacker.varint()) return [];
  for (let before = 0; before < positionInPage; before++) unpacker.skip(unpacker.reservedLength());
  unpacker.reservedLength();
  unpacker.sparse(lane.total, 0, cells);
  unpacker.sparse(lane.bad, 0, cells);
  unpacker.runs(lane.observedMs, 0, cells);
  const row: Cell[] = [];
  for (let cell = 0; cell < cells; cell++) {
    row.push({ total: lane.total[cell]!, bad: lane.bad[cell]!, observedMs: lane.observedMs[cell]! });
  }
  return row;
}
