import { expect, test } from '@jest/globals';
import type { RuleFile } from '../../../src/generate/rules/rule-file.js';
import { fiveMinuteRules } from '../../../src/generate/rules/sli-rules.js';
import { describeWith } from '../../support/programs.js';
import { promtoolFindings } from './promtool.js';

const sli = '{cluster="eu-1",namespace="shop",service="cart",sli="istio/server"}';

/** The rules of five minutes alone, made of what stands in the input; promtool evaluates them at 0, 5 and 10 minutes. */
const fiveMinutes: RuleFile = {
  name: 'five-minutes',
  about: [],
  groups: [{ name: 'five', intervalSeconds: 300, rules: fiveMinuteRules() }],
};

/** A series that has a sample a minute, so many seconds after each, of a grid of 15 seconds. */
function everyMinute(series: string, seconds: number, valueOf: (minute: number) => number | undefined) {
  const values = Array.from({ length: 11 * 4 }, (_, index) => {
    const minute = Math.floor(index / 4);
    return (index % 4) * 15 === seconds ? String(valueOf(minute) ?? '_') : '_';
  });
  return { series, values: values.join(' ') };
}

describeWith('promtool', 'five minutes', (promtool) => {
  test.each([
    { why: 'end with the minute of half a minute ago', seconds: 30, minutes: [5, 6, 7, 8, 9], newest: 9 },
    { why: 'end with the minute of 45 s ago', seconds: 15, minutes: [5, 6, 7, 8, 9], newest: 9 },
    {
      why: 'leave out the minute of 15 s ago, which may still be written',
      seconds: 45,
      minutes: [4, 5, 6, 7, 8],
      newest: 8,
    },
    { why: 'leave out the minute that is recorded just now', seconds: 0, minutes: [5, 6, 7, 8, 9], newest: 9 },
    {
      why: 'hold those that were recorded where one was skipped, and say the same time',
      seconds: 15,
      skipped: 9,
      minutes: [5, 6, 7, 8],
      newest: 9,
    },
  ])('$why', ({ seconds, skipped, minutes, newest }) => {
    // Minute n has 2^n events: their sum says which minutes it holds.
    const events = (minute: number): number | undefined => (minute === skipped ? undefined : 2 ** minute);
    const time = (minute: number): number | undefined => (minute === skipped ? undefined : minute * 60 + seconds);
    const input = [
      everyMinute(`service_sli:events:delta1m${sli}`, seconds, events),
      everyMinute(`service_sli:bad_events:delta1m${sli}`, seconds, events),
      everyMinute('meshslo:minute:timestamp_seconds', seconds, time),
    ];
    const sum = minutes.reduce((all, minute) => all + 2 ** minute, 0);
    const expected = [
      ...['service_sli:events:delta5m', 'service_sli:bad_events:delta5m'].map((metric) => ({
        expr: metric,
        eval_time: '10m',
        exp_samples: [{ labels: `${metric}${sli}`, value: sum }],
      })),
      {
        expr: 'service_sli:delta5m:timestamp_seconds',
        eval_time: '10m',
        exp_samples: [{ labels: 'service_sli:delta5m:timestamp_seconds', value: newest * 60 + seconds }],
      },
    ];
    expect(promtoolFindings(promtool, [fiveMinutes], input, expected)).toBe('');
  });
});
