import { latencyInWords, percentInWords } from '../../domain/in-words.js';
import type { UnknownReason } from '../../server/api-types/service-detail.js';
import { momentText, shortText } from '../words/numbers.js';

type Values = readonly (number | null)[];

/** Why there is no picture. */
export const unknownTexts: Readonly<Record<UnknownReason, string>> = {
  'no-data': 'Unknown: nobody looked in this time.',
  'no-traffic': 'No requests in this time.',
  'not-told': 'Unknown: the proxies do not tell.',
};

/** `120 MB` */
export function bytesText(bytes: number): string {
  return bytes >= 1e9 ? `${shortText(bytes / 1e9)} GB` : `${shortText(bytes / 1e6)} MB`;
}

/** `0.35 %`: for axes and figures of a chart, fine enough for small ratios. */
export function ratioText(ratio: number): string {
  return percentInWords(Number(ratio.toPrecision(3)));
}

/** `310 ms`, to three digits. */
export function secondsText(seconds: number): string {
  return latencyInWords(Number(seconds.toPrecision(3)));
}

/** `Between 12/s and 40/s, 38/s at the end.` */
export function spreadSentence(values: Values, format: (value: number) => string): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return unknownTexts['no-data'];
  const [low, high] = [format(Math.min(...known)), format(Math.max(...known))];
  const last = format(known.at(-1)!);
  if (low === high) return `${low} ${known.length === values.length ? 'throughout' : 'as far as known'}.`;
  return `Between ${low} and ${high}; ${last} at the end.`;
}

/** `Worst 4.1 % at 12:05; the objective allows 0.1 %.` */
export function badSentence(ratios: Values, times: readonly number[], allowedRatio: number): string {
  const worst = Math.max(...ratios.map((ratio) => ratio ?? -1));
  const allowed = `the objective allows ${percentInWords(Number(allowedRatio.toPrecision(6)))}`;
  if (worst < 0) return `No requests are known; ${allowed}.`;
  if (worst === 0) return `None is bad; ${allowed}.`;
  return `Worst ${ratioText(worst)} at ${momentText(times[ratios.indexOf(worst)]!)}; ${allowed}.`;
}
