import type { SloState } from '../../domain/budget.js';
import { latencyInWords, percentInWords, quantileInWords, windowInWords } from '../../domain/in-words.js';
import type { Indicator, Slo } from '../../domain/slo.js';

/** `99.9 % over 30 days`, `99 % within 500 ms this month (Europe/Berlin)`; what is no request is said. */
export function promiseInWords({ objective, indicator, window, budgeting }: Slo): string {
  const slices = budgeting.method === 'time-slices' ? ` of ${budgeting.sliceSeconds / 60}-minute slices` : '';
  return `${percentInWords(objective)}${slices}${goodWords(indicator)} ${windowInWords(window)}`;
}

function goodWords(indicator: Indicator): string {
  if (indicator.kind === 'availability') return indicator.of === undefined ? '' : ` of ${indicator.of}`;
  const within = ` within ${latencyInWords(indicator.thresholdSeconds)}`;
  return indicator.kind === 'latency' ? within : ` of minutes with ${quantileInWords(indicator.quantile)}${within}`;
}

/** `kept`, `broken`, ...: what became of a promise, in a word or two. */
export const stateWords: Readonly<Record<SloState, string>> = {
  met: 'kept',
  missed: 'broken',
  'no-traffic': 'no traffic',
  'no-data': 'no data',
  insufficient: 'too little seen',
};

/**
 * `99.971 %`: a measured ratio with as many digits as it takes to tell it from its promise, rounded so that a promise that
 * was broken never looks kept, and one bad event never like none.
 */
export function goodInWords(ratio: number): string {
  if (ratio === 1) return '100 %';
  const digits = ratio >= 0.9999 ? 4 : ratio >= 0.99 ? 3 : 2;
  const scale = 10 ** digits;
  return `${(Math.floor(Number((ratio * 100 * scale).toPrecision(12))) / scale).toFixed(digits)} %`;
}
