import { type Slo, sloId } from '../domain/slo.js';
import type { TimeRange } from '../domain/window.js';
import type { Ledger } from '../ledger/ledger.js';
import type { SloEventsReader } from '../ledger/slo-events.js';
import { breathe } from './breathe.js';

/** Hours that are read before others have their turn. */
const hoursAtOnce = 4;

/**
 * Events of all SLOs by the hours of a week: whole hours of UTC, the first and the last of them cut where the week is. They
 * add up to the week, each gap in the hour that it ended in.
 */
export class HourTable {
  /** In order of time. */
  readonly hours: readonly TimeRange[];
  readonly #slos: number;
  readonly #total: Float64Array;
  readonly #bad: Float64Array;

  private constructor(hours: readonly TimeRange[], slos: number) {
    this.hours = hours;
    this.#slos = slos;
    this.#total = new Float64Array(hours.length * slos);
    this.#bad = new Float64Array(hours.length * slos);
  }

  /** Reads the hours of a stretch, for SLOs in the order given. */
  static async read(
    ledger: Ledger,
    events: SloEventsReader,
    slos: readonly Slo[],
    range: TimeRange,
  ): Promise<HourTable> {
    const table = new HourTable(hoursOf(range), slos.length);
    const ids = slos.map(sloId);
    const since = ids.map((id) => events.definedSince(id) ?? -Infinity);
    for (const [index, hour] of table.hours.entries()) {
      if (index % hoursAtOnce === 0) await breathe();
      const sums = ledger.sums(hour, { unplaced: 'ending-inside' });
      for (const [number, slo] of slos.entries()) {
        // Before that it was something else that was counted.
        const cut = since[number]! > hour.from ? events.read(slo, hour, 'ending-inside') : undefined;
        if (cut) table.#set(index, number, cut.total, cut.bad);
        else {
          const { total, bad, slices, badSlices } = sums.of(ids[number]!);
          const isSliced = slo.budgeting.method === 'time-slices';
          table.#set(index, number, isSliced ? slices : total, isSliced ? badSlices : bad);
        }
      }
    }
    return table;
  }

  total(hour: number, slo: number): number {
    return this.#total[hour * this.#slos + slo]!;
  }

  bad(hour: number, slo: number): number {
    return this.#bad[hour * this.#slos + slo]!;
  }

  #set(hour: number, slo: number, total: number, bad: number): void {
    this.#total[hour * this.#slos + slo] = total;
    this.#bad[hour * this.#slos + slo] = bad;
  }
}

function hoursOf({ from, to }: TimeRange): readonly TimeRange[] {
  const hours: TimeRange[] = [];
  for (let at = from; at < to;) {
    const next = Math.min(to, (Math.floor(at / 3600) + 1) * 3600);
    hours.push({ from: at, to: next });
    at = next;
  }
  return hours;
}
