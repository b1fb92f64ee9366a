import type { TimeRange } from '../domain/window.js';
import type { SeriesPoint } from '../ledger/series.js';
import type { SignalPoint } from '../ledger/signal-store.js';

/** The widest slot that is kept. */
const widestSeconds = 900;

/** A range that begins with the slot that holds its begin: what is read so and spread leaves no hole there. */
export function fromSlotStart({ from, to }: TimeRange): TimeRange {
  return { from: Math.floor(from / widestSeconds) * widestSeconds, to };
}

/**
 * Points of which some stand for a slot that is wider than a step: those are spread over the steps that the slot holds, since
 * nobody knows where in it the events were. Counts stay whole, and add up to what they were, unless the points end first.
 *
 * @param points one for every step, as the ledger gives them: after a wide slot's point come unknown ones
 */
export function spreadEvents(points: readonly SeriesPoint[], stepSeconds: number): readonly SeriesPoint[] {
  const result = [...points];
  for (const [index, point] of points.entries()) {
    const steps = coveredSteps(point, stepSeconds);
    for (let step = 0; steps > 1 && step < steps; step += 1) {
      const here = points[index + step];
      if (!here || (step > 0 && here.coverage !== undefined)) break;
      const [total, bad] = [share(point.total, step, steps), share(point.bad, step, steps)];
      result[index + step] = { at: here.at, seconds: stepSeconds, total, bad, coverage: point.coverage };
    }
  }
  return result;
}

/** The same for golden signals: rates and levels are those of the whole slot in each of its steps. */
export function spreadSignals(points: readonly SignalPoint[], stepSeconds: number): readonly SignalPoint[] {
  const result = [...points];
  for (const [index, point] of points.entries()) {
    const steps = coveredSteps(point, stepSeconds);
    for (let step = 1; step < steps; step += 1) {
      const here = points[index + step];
      if (!here || here.signals) break;
      result[index + step] = { ...point, at: here.at };
    }
  }
  return result;
}

/** How many steps a point stands for; one, unless its slot is wider. */
function coveredSteps({ at, seconds }: Pick<SeriesPoint, 'at' | 'seconds'>, stepSeconds: number): number {
  const isWholeSlot = seconds > stepSeconds && at % seconds === 0;
  return isWholeSlot ? Math.round(seconds / stepSeconds) : 1;
}

/** The part of a count that falls to one of several steps: the first ones take what is left over. */
function share(count: number, step: number, steps: number): number {
  return Math.floor(count / steps) + (step < count % steps ? 1 : 0);
}
