import { parseDuration } from '../domain/duration.js';
import { Failure } from '../domain/failure.js';
import type { SloStatus } from '../domain/slo-status.js';
import type { TimeRange } from '../domain/window.js';

/** Widths that slots add up to; a chart takes the finest one that needs few enough points. */
export const stepsSeconds = [60, 300, 900, 3600, 10_800, 21_600, 86_400] as const;

const mostPoints = 360;

export const longestSeconds = 366 * 86_400;

/** The stretch that an SLO's details are about, and the step of its series. */
export interface DetailRange extends TimeRange {
  readonly stepSeconds: number;
}

/**
 * Reads `?range=`: a duration that ends now (`24h`), or `window` for the SLO's own window; whole steps.
 *
 * @throws Failure `bad-arguments`
 */
export function detailRange(text: string, status: SloStatus): DetailRange {
  const { from: windowFrom, to } = status.window;
  const seconds = text === 'window' ? to - windowFrom : parseDuration(text);
  if (seconds === undefined || seconds < 60 || seconds > longestSeconds) {
    throw new Failure('bad-arguments', `range ${JSON.stringify(text.slice(0, 40))} is no duration that can be shown`, {
      hint: 'write a duration from 1m to 366d, such as 24h, or `window` for the SLO’s own window',
    });
  }
  const stepSeconds = stepsSeconds.find((step) => seconds / step <= mostPoints) ?? stepsSeconds.at(-1)!;
  // The step that holds "now" is left out: half a step would look like a fall of traffic.
  const end = Math.floor(to / stepSeconds) * stepSeconds;
  return { from: end - Math.ceil(seconds / stepSeconds) * stepSeconds, to: end, stepSeconds };
}
