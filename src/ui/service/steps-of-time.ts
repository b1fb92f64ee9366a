import type { StepRange } from '../../server/api-types/service-detail.js';
import type { Stretch } from '../charts/stretch.js';

/** Beginnings of the steps of a range. */
export function timesOf({ fromSeconds, stepSeconds }: StepRange, count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => fromSeconds + index * stepSeconds);
}

/** Stretches without any value. */
export function holes(values: readonly (number | null)[], { fromSeconds, stepSeconds }: StepRange): readonly Stretch[] {
  const result: Stretch[] = [];
  let start: number | undefined;
  for (let index = 0; index <= values.length; index += 1) {
    const isHole = index < values.length && values[index] === null;
    if (isHole) start ??= index;
    else if (start !== undefined) {
      result.push({ fromSeconds: fromSeconds + start * stepSeconds, toSeconds: fromSeconds + index * stepSeconds });
      start = undefined;
    }
  }
  return result;
}
