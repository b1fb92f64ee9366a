import type { SignalPack } from '../../../packs/signal-pack.js';
import { unitsPerSecond } from '../../../packs/signal-pack.js';
import { type Examples, seriesText } from './example-series.js';
import type { PromtoolTest } from './promtool-file.js';
import { ageValues, counterValues, type Phase, startValues } from './test-story.js';

export type InputSeries = PromtoolTest['input_series'];

/** A proxy of a test, as a target: each story has one of its own. */
export type ExampleTarget = Readonly<Record<'job' | 'instance', string>>;

/** What a proxy prints while requests go as phases tell, with the age of its process where its mesh tells it. */
export function storyInput(
  { process: { uptime, startTimeSeconds } }: SignalPack,
  target: ExampleTarget,
  { good, bad }: Examples,
  phases: readonly Phase[],
): InputSeries {
  const age: InputSeries = uptime
    ? [{ series: seriesText(uptime.family, target), values: ageValues(phases, unitsPerSecond[uptime.unit]) }]
    : startTimeSeconds === undefined
      ? []
      : [{ series: seriesText(startTimeSeconds, target), values: startValues(phases) }];
  return [
    ...age,
    ...good.map((series) => ({ series, values: counterValues(phases, 'good') })),
    ...bad.map((series) => ({ series, values: counterValues(phases, 'bad') })),
  ];
}

/** The same, and then nothing any more. */
export function ended(series: InputSeries): InputSeries {
  return series.map((one) => ({ ...one, values: `${one.values} stale` }));
}

/** Whether the target answers. */
export function upInput(target: ExampleTarget, values: string): InputSeries {
  return [{ series: seriesText('up', target), values }];
}
