import type { EpochSeconds } from '../domain/clock.js';
import type { Database } from './database.js';
import { Packer, Unpacker } from './packed-bytes.js';
import type { SlotColumns } from './slot-columns.js';

/** The start of the first and of the last slot in which an SLO has data. */
export interface Sighting {
  readonly first: EpochSeconds;
  readonly last: EpochSeconds;
}

const packer = new Packer();

/** When each SLO was seen for the first and for the last time; 0 is never. */
export class Sight {
  #first = new Float64Array(0);
  #last = new Float64Array(0);

  /** Takes in a slot. */
  add(slot: SlotColumns, start: EpochSeconds): void {
    if (slot.size > this.#first.length) this.#grow(slot.size);
    for (let slo = 0; slo < slot.size; slo++) {
      if (slot.total[slo] === 0 && slot.observedMs[slo] === 0) continue;
      if (this.#first[slo] === 0 || start < this.#first[slo]!) this.#first[slo] = start;
      if (start > this.#last[slo]!) this.#last[slo] = start;
    }
  }

  of(slo: number): Sighting | undefined {
    const first = this.#first[slo];
    return first ? { first, last: this.#last[slo]! } : undefined;
  }

  /** Reads what {@link save} wrote; an empty one in a new ledger. */
  static load(database: Database): Sight {
    const sight = new Sight();
    const row = database.row('SELECT columns FROM sight');
    if (!row) return sight;
    const unpacker = new Unpacker(row[0] as Buffer, 'the list of first sights');
    const size = unpacker.varint();
    sight.#grow(size);
    unpacker.runs(sight.#first, 0, size);
    unpacker.runs(sight.#last, 0, size);
    return sight;
  }

  save(database: Database): void {
    const size = this.#first.length;
    packer.varint(size);
    packer.runs(this.#first, 0, size);
    packer.runs(this.#last, 0, size);
    database.run('INSERT OR REPLACE INTO sight VALUES (1, ?)', packer.seal());
  }

  #grow(size: number): void {
    const [first, last] = [new Float64Array(size), new Float64Array(size)];
    first.set(this.#first);
    last.set(this.#last);
    this.#first = first;
    this.#last = last;
  }
}
