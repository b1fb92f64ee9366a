import { errorBudget } from '../domain/budget.js';
import type { EpochSeconds } from '../domain/clock.js';
import { type Slo, sloId } from '../domain/slo.js';
import type { SloStatus } from '../domain/slo-status.js';
import { countSlices, type SliceEvents } from '../domain/time-slices.js';
import { type TimeRange, type Window, windowAt } from '../domain/window.js';
import { CumulativeEvents } from './cumulative-events.js';
import type { Ledger } from './ledger.js';
import type { SeriesPoint } from './series.js';
import type { TimeSlices } from './slice-counter.js';

const stepSeconds = 3600;

/** How far back the curve goes. */
const shownSeconds = 7 * 86_400;

/** How an SLO's budget went down over the last week, hour by hour. */
export interface BurnDown extends TimeRange {
  readonly stepSeconds: number;
  /** What was left of the budget at `from`, at each whole hour since, and at `to`; undefined without events. */
  readonly remainingRatio: readonly (number | undefined)[];
  /**
   * From here on windows lie wholly in time that is known: before, they reach back beyond the SLO's first observation, or
   * to when it measured something else. Undefined where it was never observed.
   */
  readonly completeFrom: EpochSeconds | undefined;
  /** Beginnings of calendar windows after `from`: the budget is whole again. Empty for a rolling window. */
  readonly resets: readonly EpochSeconds[];
}

/**
 * The budget at each whole hour, over the window that ended then, by the rules of {@link SloEventsReader}: what a status of
 * that moment would say, from what is known today. The newest hour is the last one that the status's window holds.
 */
export function burnDown(
  ledger: Ledger,
  status: Pick<SloStatus, 'slo' | 'window' | 'observed' | 'definedSince'>,
): BurnDown {
  const { slo, definedSince } = status;
  const to = Math.floor(status.window.to / stepSeconds) * stepSeconds;
  const from = to - shownSeconds;
  const resets = calendarStarts(slo.window, { from, to });
  const begin = (end: EpochSeconds): EpochSeconds =>
    slo.window.kind === 'rolling' ? end - slo.window.seconds : resets.findLast((start) => start < end)!;
  const ends = Array.from({ length: shownSeconds / stepSeconds + 1 }, (_, hour) => from + hour * stepSeconds);
  const stretches = ends.map((end) => ({ from: begin(end), to: end }));
  const known = { from: Math.max(stretches[0]!.from, definedSince ?? -Infinity), to };
  const starts = stretches.map((stretch) => stretch.from);
  const events = eventsReader(ledger, slo, known, starts);
  return {
    from,
    to,
    stepSeconds,
    remainingRatio: stretches.map((stretch) => errorBudget(events(stretch), slo.objective)?.remainingRatio),
    completeFrom: completeFrom(slo.window, status),
    resets: resets.filter((start) => start > from),
  };
}

/** Beginnings of calendar windows, oldest first: those in the range, and the one that its first moment ends or lies in. */
function calendarStarts(window: Window, { from, to }: TimeRange): readonly EpochSeconds[] {
  if (window.kind === 'rolling') return [];
  const starts: EpochSeconds[] = [];
  for (let start = to; start >= from;) {
    start = windowAt(window, start - 1).from;
    starts.unshift(start);
  }
  return starts;
}

function completeFrom(
  window: Window,
  { observed, definedSince = -Infinity }: Pick<SloStatus, 'observed' | 'definedSince'>,
): EpochSeconds | undefined {
  if (!observed) return undefined;
  const first = Math.max(observed.first, definedSince);
  if (window.kind === 'rolling') return first + window.seconds;
  const { from, ends } = windowAt(window, first);
  return from === first ? first : ends;
}

/** What lies in each stretch of a range, as a budget counts it: events, or slices. */
function eventsReader(ledger: Ledger, slo: Slo, range: TimeRange, starts: readonly EpochSeconds[]) {
  const id = sloId(slo);
  if (slo.budgeting.method === 'time-slices') {
    const { budgeting } = slo;
    const slices = ledger.series(id, wholeSteps(range, budgeting.sliceSeconds), budgeting.sliceSeconds);
    const judged = new CumulativeEvents(slices.map((slice) => judgedSlice(slice, budgeting)));
    return (stretch: TimeRange) => judged.beginningIn(stretch);
  }
  const known = wholeSteps(range, 60);
  const slots = new CumulativeEvents(ledger.series(id, known, cellSeconds(starts)));
  const gaps = new CumulativeEvents(ledger.unplaced(id, known).map((gap) => ({ ...gap, at: gap.to })));
  return (stretch: TimeRange) => {
    const [placed, unplaced] = [slots.beginningIn(stretch), gaps.endingIn(stretch)];
    return { total: placed.total + unplaced.total, bad: placed.bad + unplaced.bad };
  };
}

function judgedSlice({ at, seconds, total, bad }: SeriesPoint, budgeting: TimeSlices): SliceEvents & { at: number } {
  const slices = countSlices([{ total, bad }], budgeting);
  // A wider slot is all that is left of several slices.
  const weight = Math.max(1, seconds / budgeting.sliceSeconds);
  return { at, total: slices.total * weight, bad: slices.bad * weight };
}

/** The widest cells that have an edge at each of these moments: time zones lie at :30 and :45, too. */
function cellSeconds(moments: readonly EpochSeconds[]): number {
  return [3600, 900, 300].find((width) => moments.every((at) => at % width === 0)) ?? 60;
}

function wholeSteps({ from, to }: TimeRange, seconds: number): TimeRange {
  return { from: Math.ceil(from / seconds) * seconds, to };
}
