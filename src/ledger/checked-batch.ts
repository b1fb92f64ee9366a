import type { SlotBatch, SloEvents } from '../domain/slot-batch.js';
import type { SloId } from '../domain/slo.js';
import type { SloRegistry } from './slo-registry.js';
import { emptyColumns, type SlotColumns } from './slot-columns.js';

/** Turns batches into columns and refuses those that no correct source hands out. */
export class BatchReader {
  readonly #registry: SloRegistry;
  /** Batches name the same SLOs in the same order, minute after minute: the last one's ordinals are the best guess. */
  readonly #lastIds: SloId[] = [];
  readonly #lastOrdinals: number[] = [];

  constructor(registry: SloRegistry) {
    this.#registry = registry;
  }

  /** @throws RangeError for anything that would make the ledger wrong; nothing has been written then. */
  columns(batch: SlotBatch): SlotColumns {
    const { slotStart, slotSeconds } = batch;
    if (![60, 300, 900].includes(slotSeconds) || !Number.isSafeInteger(slotStart) || slotStart % slotSeconds !== 0) {
      throw new RangeError(`a slot of ${slotSeconds} s cannot begin at ${slotStart}`);
    }
    const columns = emptyColumns(this.#registry.size);
    const seen = new Uint8Array(columns.size);
    for (let index = 0; index < batch.events.length; index++) {
      const events = batch.events[index]!;
      const slo = this.#guess(index, events.slo);
      checkCounts(events);
      if (!(events.coverage >= 0 && events.coverage <= 1))
        throw new RangeError(`coverage ${events.coverage} of ${events.slo}`);
      if (seen[slo] === 1) throw new RangeError(`${events.slo} twice in one slot`);
      seen[slo] = 1;
      columns.total[slo] = events.total;
      columns.bad[slo] = events.bad;
      columns.observedMs[slo] = Math.round(events.coverage * slotSeconds * 1000);
    }
    for (const row of batch.unplaced) {
      this.ordinal(row.slo);
      checkCounts(row);
      if (!(row.from < row.to)) throw new RangeError(`a gap of ${row.slo} from ${row.from} to ${row.to}`);
    }
    for (const row of batch.breakdown) {
      this.ordinal(row.slo);
      checkCounts({ slo: row.slo, total: row.bad, bad: row.bad });
    }
    return columns;
  }

  /** @throws RangeError for an SLO that was never declared */
  ordinal(id: SloId): number {
    const slo = this.#registry.ordinal(id);
    if (slo === undefined) throw new RangeError(`${id} was never declared`);
    return slo;
  }

  #guess(index: number, id: SloId): number {
    if (this.#lastIds[index] === id) return this.#lastOrdinals[index]!;
    const slo = this.ordinal(id);
    this.#lastIds[index] = id;
    this.#lastOrdinals[index] = slo;
    return slo;
  }
}

function checkCounts({ slo, total, bad }: Pick<SloEvents, 'slo' | 'total' | 'bad'>): void {
  if (Number.isSafeInteger(total) && Number.isSafeInteger(bad) && bad >= 0 && bad <= total) return;
  throw new RangeError(`${bad} bad of ${total} events of ${slo}`);
}
