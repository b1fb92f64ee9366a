import type { EpochSeconds } from '../../domain/clock.js';
import { formatDuration } from '../../domain/duration.js';
import type { Expression, Selector } from '../../promql/expression.js';
import { printExpression } from '../../promql/printer.js';
import type { PrometheusApi } from '../prometheus-api.js';
import { good } from './finding.js';
import type { LiveFinding } from './finding.js';
import type { MeshNeeds } from './live-needs.js';
import { countByLabel, countSeries, seriesOf } from './series-count.js';

/** Over so many seconds scrapes are counted: the longest of them that a target has lived through. */
const looks: readonly number[] = [600, 120, 30, 10];

/** Increments are recorded by the minute. */
const longestIntervalSeconds = 60;

/** A window with fewer scrapes than these in it holds what happened before it, or misses what happened in it. */
const fewestScrapes = 2;

const mostJobs = 20;

/** Whether proxies are scraped often enough for the shortest window; looked up job by job, at one target of each. */
export async function checkInterval(
  api: PrometheusApi,
  { pack, slos }: MeshNeeds,
  now: EpochSeconds,
): Promise<readonly LiveFinding[]> {
  const [family = ''] = pack.requests.families;
  const shortest = Math.min(...slos.flatMap(({ policy }) => policy.steps.map(({ shortSeconds }) => shortSeconds)));
  const findings: LiveFinding[] = [];
  for (const { value: job } of (await countByLabel(api, 'job', seriesOf(family))).slice(0, mostJobs)) {
    const found = await intervalOf(api, family, job, now);
    findings.push(found === undefined ? tooYoung(job) : judge(found, job, shortest));
  }
  return findings;
}

/** Seconds between two scrapes of a job's first target, by its oldest series; undefined where that is too young to tell. */
async function intervalOf(
  api: PrometheusApi,
  family: string,
  job: string,
  now: EpochSeconds,
): Promise<number | undefined> {
  const ofJob = seriesOf(family, [{ label: 'job', operator: '=', value: job }]);
  const [instance] = await countByLabel(api, 'instance', ofJob);
  const matchers = [...ofJob.matchers, { label: 'instance', operator: '=', value: instance?.value ?? '' } as const];
  const target = seriesOf(family, matchers);
  for (const look of looks) {
    // What was not there when the look began has had its scrapes in a part of it.
    if ((await countSeries(api, target, now - look)) === 0) continue;
    const samples = await mostSamples(api, { ...target, rangeSeconds: look }, now);
    return samples < 2 ? undefined : look / samples;
  }
  return undefined;
}

async function mostSamples(api: PrometheusApi, target: Selector, now: EpochSeconds): Promise<number> {
  const of: Expression = { kind: 'call', name: 'count_over_time', args: [target] };
  const [most] = await api.instant(printExpression({ kind: 'aggregation', operator: 'max', by: [], of }), now);
  return most?.value ?? 0;
}

function tooYoung(job: string): LiveFinding {
  const message = `nothing of job ${JSON.stringify(job)} is old enough to tell how often it is scraped`;
  return { verdict: 'unknown', code: 'interval-unknown', message, hint: 'ask again in ten minutes' };
}

function judge(interval: number, job: string, shortest: number): LiveFinding {
  const every = `job ${JSON.stringify(job)} is scraped every ${formatDuration(Math.round(interval))}`;
  if (interval > longestIntervalSeconds * 1.1) {
    const hint = 'scrape it at least every 30s';
    return {
      verdict: 'error',
      code: 'interval-too-long',
      message: `${every}, and events are counted by the minute`,
      hint,
    };
  }
  const scrapes = shortest / interval;
  if (scrapes < fewestScrapes * 0.9) {
    const message = `${every}: the shortest window of its alerts, ${formatDuration(shortest)}, holds ${Math.floor(scrapes)} scrapes`;
    const hint = `scrape it at least every ${formatDuration(Math.floor(shortest / fewestScrapes))}`;
    return { verdict: 'warning', code: 'interval-long', message, hint };
  }
  return good('interval', `${every}; the shortest window of its alerts is ${formatDuration(shortest)}`);
}
