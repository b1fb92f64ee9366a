import { formatDuration } from './duration.js';
import type { Slo } from './slo.js';
import type { BurnPace } from './urgency.js';
import type { Window } from './window.js';

/** `99.95 %`: every digit that an objective was written with. */
export function percentInWords(ratio: number): string {
  return `${Number((ratio * 100).toPrecision(12))} %`;
}

/** `12.3 %`: a measured ratio, to a tenth of a percent; never a full 100 or an empty 0 that is not exactly so. */
export function roundPercentInWords(ratio: number): string {
  const percent = ratio * 100;
  const rounded = Math.abs(percent) >= 1000 ? Math.round(percent) : Math.round(percent * 10) / 10;
  if (rounded === 100 && ratio < 1) return 'over 99.9 %';
  if (rounded === 0 && ratio > 0) return 'under 0.1 %';
  return `${rounded === 0 ? 0 : rounded} %`;
}

/** `93.1 % observed`, where less was observed than a reader would expect; undefined from 99.9 % on. */
export function coverageInWords(coverage: number): string | undefined {
  return coverage < 0.999 ? `${roundPercentInWords(coverage)} observed` : undefined;
}

const spans = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

/** `2 days`, `5 hours`, `under a minute`: the largest unit that fits, rounded. */
export function spanInWords(seconds: number): string {
  for (const [unit, size] of spans) {
    const amount = Math.round(seconds / size);
    // A day and some hours are told in hours: "1 day" would hide a third of them.
    if (amount >= (unit === 'day' ? 2 : 1)) return `${amount} ${unit}${amount === 1 ? '' : 's'}`;
  }
  return 'under a minute';
}

/** `99.9 % of requests succeed`, `99 % of requests within 250 ms`; slices of time are told as such. */
export function objectiveInWords(slo: Pick<Slo, 'indicator' | 'objective' | 'budgeting'>): string {
  const { indicator, objective, budgeting } = slo;
  if (indicator.kind === 'latency-windows') {
    const { quantile, thresholdSeconds } = indicator;
    const minutes = `${percentInWords(objective)} of its proxies\u2019 minutes with ${quantileInWords(quantile)}`;
    return `${minutes} within ${latencyInWords(thresholdSeconds)}`;
  }
  const goodRequests =
    indicator.kind === 'availability' ? 'succeed' : `within ${latencyInWords(indicator.thresholdSeconds)}`;
  const events = indicator.kind === 'availability' ? (indicator.of ?? 'requests') : 'requests';
  if (budgeting.method === 'occurrences') return `${percentInWords(objective)} of ${events} ${goodRequests}`;
  const slice = budgeting.sliceSeconds === 60 ? 'minutes' : `${budgeting.sliceSeconds / 60}-minute slices`;
  return (
    `${percentInWords(objective)} of ${slice} in which ` +
    `${percentInWords(budgeting.sliceObjective)} of ${events} ${goodRequests === 'succeed' ? goodRequests : `are ${goodRequests}`}`
  );
}

/** `p99`, `p99.9`, `p50`. */
export function quantileInWords(quantile: number): string {
  return `p${Number((quantile * 100).toPrecision(6))}`;
}

/** `250 ms`, `2.5 s`. */
export function latencyInWords(seconds: number): string {
  return seconds < 1 ? `${Number((seconds * 1000).toPrecision(6))} ms` : `${seconds} s`;
}

/** `over 30 days`, `this month (Europe/Berlin)`. */
export function windowInWords(window: Window): string {
  return window.kind === 'rolling'
    ? `over ${spanInWords(window.seconds)}`
    : `this ${window.period} (${window.timeZone})`;
}

/** `14x`, `0.3x`, `0x`. */
export function burnRateInWords(burnRate: number): string {
  if (burnRate >= 10) return `${Math.round(burnRate)}x`;
  return burnRate > 0 && burnRate < 0.05 ? 'under 0.1x' : `${Math.round(burnRate * 10) / 10}x`;
}

/**
 * `14x: spent in 2 days`, `67x over 5m: spent in 7 hours`: the pace of the last hour, unless another window is named; only
 * a pace faster than allowed says when the budget ends.
 */
export function paceInWords({ windowSeconds, burnRate, exhaustedInSeconds }: BurnPace): string {
  const over = windowSeconds === 3600 ? '' : ` over ${formatDuration(windowSeconds)}`;
  const rate = `${burnRateInWords(burnRate)}${over}`;
  if (burnRate <= 1 || exhaustedInSeconds === undefined) return rate;
  return exhaustedInSeconds === 0 ? `${rate}: nothing left` : `${rate}: spent in ${spanInWords(exhaustedInSeconds)}`;
}

const counts = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** `1,234,567`; up to the thousands as they are. */
export function countInWords(count: number): string {
  return counts.format(count);
}
