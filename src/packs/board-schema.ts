import { z } from 'zod';
import { issue } from '../documents/checked-value.js';
import { durationField } from '../documents/quantities.js';
import { boardUnits, panelKinds, tones } from '../domain/board.js';
import { boardSubjects, cellTargets, eventSources } from './board-pack.js';
import { controlPlaneKinds } from './control-plane-pack.js';
import { measureSchema } from './measure-schema.js';
import { metricTypes } from './metric-vocabulary.js';
import { conditions, labelName, metricName, packName } from './pack-schema.js';

const text = z.string().min(1);

const metricWord = z.strictObject({
  type: z.enum(metricTypes),
  labels: z.array(labelName).default([]),
  of: packName.optional(),
});

/** Metrics by name. */
export const metricsSchema = z
  .record(metricName, metricWord)
  .default({})
  .transform((words) => Object.entries(words).map(([name, word]) => ({ name, ...word })));

/** Ascending from a first one that holds below all others. */
const steps = z
  .array(z.strictObject({ from: z.number().optional(), tone: z.enum(tones) }))
  .superRefine((all, ctx) => {
    for (const [index, { from }] of all.entries()) {
      const before = all[index - 1]?.from ?? -Infinity;
      if (index === 0 ? from === undefined : from !== undefined && from > before) continue;
      const hint = 'the first has no from, the others ascend';
      ctx.addIssue({ ...issue('steps-not-ascending', 'steps must ascend', hint), path: [index] });
    }
  })
  .transform((all) => all.map(({ from, tone }) => ({ from, tone })));

/** By value; in ascending order. */
const words = z.record(z.string().regex(/^-?\d+(?:\.\d+)?$/, 'words stand for numbers'), text).transform((all) =>
  Object.entries(all)
    .map(([value, word]) => ({ value: Number(value), text: word }))
    .sort((a, b) => a.value - b.value),
);

const query = z
  .strictObject({
    measure: measureSchema,
    legend: text,
    tone: z.enum(tones).optional(),
    unit: z.enum(boardUnits).optional(),
    steps: steps.optional(),
    words: words.optional(),
    top: z.int().min(1).max(100).optional(),
    bottom: z.int().min(1).max(100).optional(),
    above: z.number().optional(),
    below: z.number().optional(),
    count: z.boolean().default(false),
    count_by: z.array(labelName).default([]),
    zero_where: measureSchema.optional(),
    decimals: z.int().min(0).max(6).optional(),
    first: z.enum(['least', 'most']).optional(),
    instant: z.boolean().optional(),
  })
  .transform(({ count_by: countBy, zero_where: zeroWhere, ...rest }) => ({ ...rest, countBy, zeroWhere }));

const tableLabel = z.strictObject({
  label: labelName,
  title: text,
  to: z.enum(cellTargets).optional(),
  first: z.literal('least').optional(),
});

const panel = z
  .strictObject({
    title: text,
    description: text,
    kind: z.enum(panelKinds),
    unit: z.enum(boardUnits),
    width: z.int().min(2).max(24).optional(),
    height: z.int().min(2).max(40).optional(),
    steps: steps.default([]),
    words: words.default([]),
    least: z.number().optional(),
    most: z.number().optional(),
    no_value: text.default('no data'),
    stacked: z.boolean().default(false),
    labels: z.array(tableLabel).default([]),
    queries: z.array(query).min(1).max(26),
  })
  .superRefine(({ kind, labels }, ctx) => {
    if ((kind === 'table') === labels.length > 0) return;
    const message = kind === 'table' ? 'a table names the labels of its rows' : `a ${kind} has no labels of rows`;
    ctx.addIssue({ ...issue('labels-of-rows', message), path: ['labels'] });
  })
  .transform(({ no_value: noValue, labels, ...rest }) => ({
    ...rest,
    noValue,
    labels: labels.map(({ to, first, ...one }) => ({ ...one, to, first: first !== undefined })),
  }));

/** Rows of panels. */
export const rowsSchema = z.array(z.strictObject({ title: text, panels: z.array(panel).min(1) })).min(1);

const variable = z
  .strictObject({
    name: z.string().regex(/^[a-z][a-z_]*$/),
    title: text,
    of: metricName,
    label: labelName.optional(),
    where: conditions.default([]),
    single: z.boolean().default(false),
  })
  .transform(({ of, label, ...rest }) => ({ ...rest, metric: of, label: label ?? rest.name }));

/** A board's pack as it is written. */
export const boardSchema = z.strictObject({
  board: packName,
  about: z.enum(boardSubjects),
  title: text,
  each: text.optional(),
  answers: text,
  audience: text,
  meshes: z.array(packName).default([]),
  control_planes: z.array(z.enum(controlPlaneKinds)).default([]),
  range: durationField({ least: 300, most: 90 * 86_400 }).default(6 * 3600),
  variables: z.array(variable).default([]),
  events: z.array(z.enum(eventSources)).default([]),
  metrics: metricsSchema,
  rows: rowsSchema,
});

/** What one mesh adds to boards, as it is written. */
export const additionSchema = z.strictObject({
  mesh: packName,
  metrics: metricsSchema,
  rows: z.record(packName, rowsSchema),
});

/** Metrics that stand for themselves, as they are written. */
export const vocabularySchema = z.strictObject({ metrics: metricsSchema });
