import type { HistoryRow } from './history.js';
import type { IstioLabels } from './istio-labels.js';
import { latencyBoundsMs } from './latency.js';

/** How a row names its label set: by a number that a line before it declares, or by the labels themselves. */
export type LabelStyle = 'declared' | 'inline';

const boundTexts = [...latencyBoundsMs.map(String), '+Inf'];

/**
 * A history as NDJSON, one string for each step.
 *
 * `declared`: `{"series":0,"labels":{...}}` once, then `{"at":...,"seconds":300,"series":0,"count":5,"buckets":{"25":5}}`.
 * `inline`: `{"at":...,"seconds":300,"metric":"requests","labels":{...},"count":5,"buckets":{"25":5}}`, about ten times as
 * many bytes. Buckets are not cumulative and are named by their upper bound in milliseconds.
 */
export function* historyText(
  steps: Iterable<readonly HistoryRow[]>,
  style: LabelStyle = 'declared',
): Generator<string> {
  const numbers = new Map<IstioLabels, number>();
  for (const rows of steps) {
    let text = '';
    for (const { at, seconds, labels, count, buckets } of rows) {
      let set = `"metric":"requests","labels":`;
      if (style === 'inline') set += JSON.stringify(labels);
      else {
        let number = numbers.get(labels);
        if (number === undefined) {
          numbers.set(labels, (number = numbers.size));
          text += `${JSON.stringify({ series: number, labels })}\n`;
        }
        set = `"series":${number}`;
      }
      text += `{"at":${at},"seconds":${seconds},${set},"count":${count},"buckets":{${bucketText(buckets)}}}\n`;
    }
    if (text !== '') yield text;
  }
}

function bucketText(buckets: readonly number[]): string {
  let text = '';
  for (let bucket = 0; bucket < buckets.length; bucket++) {
    const count = buckets[bucket]!;
    if (count > 0) text += `${text === '' ? '' : ','}"${boundTexts[bucket]!}":${count}`;
  }
  return text;
}
