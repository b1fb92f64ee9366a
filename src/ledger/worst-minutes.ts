import type { TimeRange } from '../domain/window.js';
import { hourOfMoment } from './hour.js';
import type { HourStore } from './hour-store.js';

/**
 * Bad events of the worst slot in a range, by the ordinal of the SLO; where only wider slots are left than a minute, these
 * count.
 */
export function worstMinutes(hours: HourStore, { from, to }: TimeRange): Float64Array {
  const worst = new Columns();
  for (const { columns } of hours.slots(from, to)) worst.raise(columns.bad);
  for (const hour of hours.hours(hourOfMoment(from), to)) {
    if (hour.fine) continue;
    const { start, cellSeconds } = hour;
    for (let at = start; at < start + 3600; at += cellSeconds) {
      if (at >= from && at < to) worst.raise(hours.sumHour(hour, { from: at, to: at + cellSeconds }).bad);
    }
  }
  return worst.values;
}

/** The largest number seen of each SLO. */
class Columns {
  values = new Float64Array(0);

  raise(column: Float64Array): void {
    this.#grow(column.length);
    for (let slo = 0; slo < column.length; slo++) {
      if (column[slo]! > this.values[slo]!) this.values[slo] = column[slo]!;
    }
  }

  #grow(size: number): void {
    if (size <= this.values.length) return;
    const larger = new Float64Array(size);
    larger.set(this.values);
    this.values = larger;
  }
}
