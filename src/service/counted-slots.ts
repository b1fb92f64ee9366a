import type { Clock, EpochSeconds } from '../domain/clock.js';
import { Failure } from '../domain/failure.js';
import { type Slo, sloId } from '../domain/slo.js';
import type { SlotBatch } from '../domain/slot-batch.js';
import type { Source } from '../domain/source.js';
import type { Ledger } from '../ledger/ledger.js';
import type { OwnMetrics } from '../server/own-metrics.js';
import type { CurrentSlos } from './current-slos.js';
import { forgetSilent } from './know-again.js';

const hourSeconds = 3600;

export interface CountedSlotsParts {
  readonly source: Pick<Source, 'collect'>;
  readonly slos: CurrentSlos;
  readonly ledger: Pick<Ledger, 'declare' | 'commit' | 'sightings'>;
  readonly metrics: Pick<OwnMetrics, 'commitEnded'>;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly onNotice: (notice: string) => void;
  /** Called with every slot that is in the ledger. */
  readonly onCommitted: (batch: SlotBatch) => void;
}

/** Slots on their way from the source into the ledger, each with the SLOs that there were when it was counted. */
export class CountedSlots {
  readonly #parts: CountedSlotsParts;
  readonly #slosOf = new WeakMap<SlotBatch, readonly Slo[]>();

  constructor(parts: CountedSlotsParts) {
    this.#parts = parts;
  }

  async collect(until: EpochSeconds): Promise<readonly SlotBatch[]> {
    const { source, slos } = this.#parts;
    const batches = await source.collect(until);
    for (const batch of batches) this.#slosOf.set(batch, slos.all());
    return batches;
  }

  /** @throws Failure of the ledger, which has then written nothing */
  commit(batch: SlotBatch): void {
    const { metrics, clock, onCommitted } = this.#parts;
    const began = clock.monotonic();
    try {
      this.#write(batch);
      metrics.commitEnded('ok', clock.monotonic() - began);
    } catch (error) {
      if (error instanceof Failure) metrics.commitEnded(error.code, clock.monotonic() - began);
      throw error;
    }
    onCommitted(batch);
  }

  #write(batch: SlotBatch): void {
    const { slos, ledger, onNotice } = this.#parts;
    if (batch.slotStart % hourSeconds === 0) forgetSilent(slos, ledger, batch.slotStart);
    // A slot that had to wait may hold SLOs that a reload has removed since.
    const removed = (this.#slosOf.get(batch) ?? []).filter((slo) => !slos.has(sloId(slo)));
    ledger.declare([...slos.all(), ...removed], batch.slotStart);
    const { isCounted, lostSeconds } = ledger.commit(batch);
    if (!isCounted) onNotice('an imported hour stands where this minute was to be written; its events are left out');
    if (lostSeconds > 0) onNotice(`${lostSeconds} s of imported history gave way to what is observed now`);
  }
}
