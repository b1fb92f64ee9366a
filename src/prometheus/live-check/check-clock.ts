import type { RuleStoreSettings } from '../../config/config.js';
import type { EpochSeconds } from '../../domain/clock.js';
import { formatDuration } from '../../domain/duration.js';
import { binary, call } from '../../promql/expression.js';
import type { Expression } from '../../promql/expression.js';
import { printExpression } from '../../promql/printer.js';
import type { PrometheusApi } from '../prometheus-api.js';
import { good } from './finding.js';
import type { LiveFinding } from './finding.js';
import type { MeshNeeds } from './live-needs.js';
import { seriesOf } from './series-count.js';

/** The date of an answer counts whole seconds, and answers take a while. */
const tolerableSeconds = 5;

/** From here on, what happened stands in another minute. */
const badSeconds = 30;

/** The newest sample may be as old as the longest interval, beside what it took to arrive. */
const longestIntervalSeconds = 60;

/** Whether the server's clock is ours. */
export function checkClock(api: PrometheusApi): LiveFinding {
  const ahead = api.clockAheadSeconds;
  if (ahead === undefined) {
    const message = 'it does not tell what time it has';
    return { verdict: 'unknown', code: 'clock-unknown', message, hint: 'make sure that its clock is kept (NTP)' };
  }
  const off = Math.abs(ahead);
  if (off <= tolerableSeconds) return good('clock', `its clock and ours are less than ${tolerableSeconds} s apart`);
  const message = `its clock is ${formatDuration(Math.round(off))} ${ahead > 0 ? 'ahead of' : 'behind'} ours`;
  return {
    verdict: off > badSeconds ? 'error' : 'warning',
    code: 'clock-skew',
    message,
    hint: 'keep both clocks (NTP)',
  };
}

/** Whether samples arrive before rules look for them: over remote write and federation they may not. */
export async function checkLateness(
  api: PrometheusApi,
  { pack }: MeshNeeds,
  { now, rules: { delaySeconds } }: { readonly now: EpochSeconds; readonly rules: RuleStoreSettings },
): Promise<readonly LiveFinding[]> {
  const [family = ''] = pack.requests.families;
  const times: Expression = { kind: 'call', name: 'timestamp', args: [seriesOf(family)] };
  const newest: Expression = { kind: 'aggregation', operator: 'max', by: [], of: times };
  // By the moment that the server looks at, which need not be the one that it was asked about.
  const age = printExpression(binary(call('time'), '-', newest));
  const [sample] = await api.instant(age, now);
  if (sample === undefined || Number.isNaN(sample.value)) return [];
  const late = Math.round(Math.max(0, sample.value));
  const message = `the newest sample of ${family} is ${formatDuration(late)} old; rules wait ${formatDuration(delaySeconds)}`;
  if (late <= longestIntervalSeconds + delaySeconds) return [good('samples-fresh', message)];
  const hint = `scrape it at least every 30s; or let rules wait for what comes late: rules: { delay: ${formatDuration(Math.ceil(late / 60) * 60)} }`;
  return [{ verdict: 'warning', code: 'samples-late', message, hint }];
}

/**
 * Whether it looks at the moment that it is asked about. A VictoriaMetrics hides its last half minute: asked about now it looks at a moment
 * before, which differs with every question, and rules look at minutes that overlap or leave something out.
 */
export async function checkMoment(api: PrometheusApi, now: EpochSeconds): Promise<readonly LiveFinding[]> {
  const [moment] = await api.instant(printExpression(call('vector', call('time'))), now);
  if (moment === undefined) return [];
  const before = Math.round(now - moment.value);
  if (before < 1) return [good('moment', 'it looks at the very moment that it is asked about')];
  return [
    {
      verdict: 'warning',
      code: 'moment-moved',
      message: `asked about now, it looks at ${formatDuration(before)} before, each time at another moment: minutes of rules overlap or leave something out`,
      hint: 'start VictoriaMetrics with -search.latencyOffset=1ms and let rules wait for what comes late (rules: { delay: 1m }), or vmalert with -datasource.lookback=1m',
    },
  ];
}
