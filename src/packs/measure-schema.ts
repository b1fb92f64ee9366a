import { z } from 'zod';
import { durationField } from '../documents/quantities.js';
import { perspectives } from '../domain/slo.js';
import { trafficFacts } from './measure.js';
import type { FamilyMeasure, FamilyWay, Measure, TrafficMeasure } from './measure.js';
import { conditions, labelName, metricName } from './pack-schema.js';
import { latencyUnits } from './signal-pack.js';

const labels = z.array(labelName).default([]);
const quantile = z.number().gt(0).lt(1);
const joins = ['sum', 'max', 'min', 'avg', 'count'] as const;
const perspective = z.enum(perspectives).default('server');
const where = conditions.default([]);
const facts = z.array(z.enum(trafficFacts)).default([]);
const amounts = z.enum(['all', 'bad', 'bad-share']);
const someMetrics = z.union([metricName.transform((name) => [name]), z.array(metricName).min(1)]).default([]);

const shared = { where, by: labels, beside: someMetrics, apart_from: someMetrics };

type Shared = z.output<z.ZodObject<typeof shared>>;

function of(
  kind: FamilyWay,
  metric: string,
  { apart_from: apartFrom, ...rest }: Shared & Partial<Pick<FamilyMeasure, 'at' | 'join'>>,
): Measure {
  return { kind, metric, at: 0.5, join: 'sum', apartFrom, ...rest };
}

function ofTraffic(
  what: TrafficMeasure['what'],
  rest: Omit<TrafficMeasure, 'kind' | 'what' | 'at' | 'bounds'> & Partial<TrafficMeasure>,
): Measure {
  return { at: 0.5, bounds: undefined, ...rest, kind: 'traffic', what };
}

/** One metric, read in the way that its key says. */
const families = [
  z.strictObject({ rate: metricName, ...shared }).transform(({ rate, ...rest }) => of('rate', rate, rest)),
  z
    .strictObject({ increase: metricName, ...shared })
    .transform(({ increase, ...rest }) => of('increase', increase, rest)),
  z.strictObject({ mean: metricName, ...shared }).transform(({ mean, ...rest }) => of('mean', mean, rest)),
  z.strictObject({ buckets: metricName, ...shared }).transform(({ buckets, ...rest }) => of('buckets', buckets, rest)),
  z.strictObject({ until: metricName, ...shared }).transform(({ until, ...rest }) => of('until', until, rest)),
  z.strictObject({ since: metricName, ...shared }).transform(({ since, ...rest }) => of('since', since, rest)),
  z
    .strictObject({ level: metricName, ...shared, join: z.enum(joins).default('sum') })
    .transform(({ level, ...rest }) => of('level', level, rest)),
  z
    .strictObject({ quantile, of: metricName, ...shared })
    .transform(({ quantile: at, of: metric, ...rest }) => of('quantile', metric, { at, ...rest })),
] as const;

/** A measure as it is written: which one it is, its first key tells. */
export const measureSchema: z.ZodType<Measure> = z.lazy(() =>
  z.union([
    ...families,
    z
      .strictObject({ sli: amounts, perspective, by: labels })
      .transform(({ sli, ...rest }): Measure => ({ kind: 'sli', what: sli, ...rest })),
    z
      .strictObject({
        slo: z.enum(['objective', 'budget-left', 'burn-rate']),
        over: durationField({ least: 60, most: 3 * 86_400 }).default(3600),
      })
      .transform(({ slo, over }): Measure => ({ kind: 'slo', what: slo, overSeconds: over })),
    z
      .strictObject({ traffic: z.enum(['requests', 'bad']), perspective, by: facts, where })
      .transform(({ traffic, ...rest }) => ofTraffic(traffic, rest)),
    z
      .strictObject({ traffic: z.literal('buckets'), bounds: z.enum(latencyUnits), perspective, by: facts, where })
      .transform(({ traffic, ...rest }) => ofTraffic(traffic, rest)),
    z
      .strictObject({ latency: quantile, perspective, by: facts, where })
      .transform(({ latency: at, ...rest }) => ofTraffic('quantile', { ...rest, at })),
    z
      .strictObject({
        proxies: z.enum(['memory', 'connections', 'uptime', 'version', 'up']),
        by: labels,
        join: z.enum(joins).default('sum'),
      })
      .transform(({ proxies, ...rest }): Measure => ({ kind: 'process', what: proxies, ...rest })),
    z
      .strictObject({
        calls: amounts,
        scope: z.enum(['service', 'dependency', 'both']).default('service'),
        by: labels,
        graph: z.enum(['edges', 'nodes']).optional(),
      })
      .transform(({ calls, graph, ...rest }): Measure => ({ kind: 'calls', what: calls, graph, ...rest })),
    z
      .strictObject({ share: measureSchema, in: measureSchema })
      .transform(({ share, in: whole }): Measure => ({ kind: 'share', of: share, in: whole })),
    z
      .strictObject({ sum: z.array(measureSchema).min(2), by: labels })
      .transform(({ sum, by }): Measure => ({ kind: 'sum', of: sum, by })),
  ]),
);
