import { z } from 'zod';
import { durationField } from '../documents/quantities.js';
import { type AlertName, alertNames } from '../domain/alert-names.js';
import { toldByMeshslo } from './control-plane-alert.js';
import { controlPlaneKinds } from './control-plane-pack.js';

const day = 86_400;
const duration = durationField({ least: 1, most: 400 * day });
const window = durationField({ least: 60, most: day });

/** A metric, or those of its series whose labels are so; `'=~...'` and `'!~...'` are patterns, `'!=...'` is another value. */
const series = z.union([
  z.string().transform((metric) => ({ metric, where: {} })),
  z.strictObject({ metric: z.string(), where: z.record(z.string(), z.string()) }),
]);

const condition = z.union([
  z.strictObject({ quantile: z.number().gt(0).lt(1), of: series, over: window, above: z.number() }),
  z.strictObject({ mean: series, over: window, above: z.number() }),
  z.strictObject({
    share: z.array(series).min(1),
    in: z.array(series).min(1),
    over: window,
    above: z.number(),
    at_least: z.int().min(1),
  }),
  z.strictObject({ growth: z.array(series).min(1), over: window, above: z.number() }),
  z.strictObject({
    gauge: series,
    combine: z.enum(['sum', 'min', 'max', 'count']),
    above: z.number().optional(),
    below: z.number().optional(),
  }),
  z.strictObject({ ratio: series, to: series, above: z.number() }),
  z.strictObject({ time_left: series, below: duration }),
  z.strictObject({ age: series, above: duration }),
  z.strictObject({ gone: series, within: window }),
  z.strictObject({ distinct: z.string(), of: series, above: z.number() }),
]);

const of = z.enum([...controlPlaneKinds, ...toldByMeshslo]);

/** A series as a test names it: `metric`, or `metric{label="value",...}`. */
export const seriesPattern = /^([a-z_]\w*)(?:\{((?:[a-z_]\w*="[^"\\]*",?)*)\})?$/;

/** An alert about control planes as it is written. */
export const controlPlaneAlertSchema = z.strictObject({
  alert: z.enum(alertNames as readonly [AlertName, ...AlertName[]]),
  rules: z
    .array(
      z.strictObject({
        of,
        when: condition,
        by: z.array(z.string()).default([]),
        labels: z.record(z.string(), z.string()).default({}),
        for: durationField({ least: 0, most: 7 * day }),
        summary: z.string().min(1).optional(),
      }),
    )
    .min(1),
  summary: z.string().min(1),
  description: z.string().min(1),
  action: z.string().min(1),
  tests: z
    .array(
      z.strictObject({
        of,
        when: z.string().min(1),
        fires: z.boolean(),
        at: duration,
        series: z.record(z.string().regex(seriesPattern), z.string()),
      }),
    )
    .min(2),
});

export type WrittenControlPlaneAlert = z.infer<typeof controlPlaneAlertSchema>;
export type WrittenCondition = z.infer<typeof condition>;
export type WrittenSeries = z.infer<typeof series>;
