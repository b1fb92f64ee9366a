import { burnRateInWords, roundPercentInWords, spanInWords, windowInWords } from '../../domain/in-words.js';
import type { SloView } from '../../server/api-types/slo.js';
import { momentText } from '../words/numbers.js';
import { burnWindowText } from '../words/slo-words.js';

/** How an SLO stands, in one sentence: what, how fast, how much is left. */
export function stateSentence(slo: SloView): string {
  return sentences[slo.urgency](slo);
}

const sentences: Readonly<Record<SloView['urgency'], (slo: SloView) => string>> = {
  burning: (slo) => `${slo.slo} ${spending(slo)}${left(slo)}.`,
  missed: (slo) =>
    `${slo.slo} has missed its objective ${windowInWords(slo.window)}${overspent(slo)}${isFast(slo) ? `; it ${spending(slo)}` : ''}.`,
  'at-risk': (slo) =>
    `${slo.slo} ${isFast(slo) ? `${spending(slo)}${left(slo)}` : `has${leftShare(slo)} of its budget left`}.`,
  insufficient: (slo) =>
    `only ${roundPercentInWords(slo.events.coverage)} of the time was observed ${windowInWords(slo.window)}: too little to judge ${slo.slo}.`,
  'no-data': ({ slo, lastObservedSeconds }) =>
    lastObservedSeconds === null
      ? `nobody has ever seen ${slo}.`
      : `nobody has seen ${slo} since ${momentText(lastObservedSeconds)}.`,
  'no-traffic': (slo) => `there was nothing to judge ${slo.slo} by: no requests ${windowInWords(slo.window)}.`,
  healthy: (slo) => `every SLO is kept; ${slo.slo} has${leftShare(slo)} of its budget left.`,
};

function isFast({ pace }: SloView): boolean {
  return pace !== null && pace.burnRate >= 1.2;
}

function spending({ pace }: SloView): string {
  if (!pace) return 'spends its budget too fast';
  const times = burnRateInWords(pace.burnRate).replace('x', ' times');
  const over = pace.windowSeconds === 3600 ? '' : ` (last ${burnWindowText(pace.windowSeconds)})`;
  return `spends its budget ${times} as fast as allowed${over}`;
}

function left(slo: SloView): string {
  const { budget, pace } = slo;
  if (!budget || budget.remainingRatio <= 0) return '; nothing of it is left';
  const gone = pace?.exhaustedInSeconds == null ? '' : `, gone in ${spanInWords(pace.exhaustedInSeconds)} at this pace`;
  return `;${leftShare(slo)} is left${gone}`;
}

function leftShare({ budget }: SloView): string {
  return budget ? ` ${roundPercentInWords(budget.remainingRatio)}` : ' an unknown share';
}

function overspent({ budget }: SloView): string {
  if (!budget || budget.remainingRatio >= 0) return '';
  const { remainingRatio, spentRatio } = budget;
  // From twice on, people count in times.
  if (remainingRatio <= -1) return `: ${Number(spentRatio.toPrecision(2))} times its budget is spent`;
  return `: ${roundPercentInWords(-remainingRatio)} more than its budget is spent`;
}
