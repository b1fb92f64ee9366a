import { z } from 'zod';
import { issue } from '../documents/checked-value.js';
import { wordHint } from '../documents/nearest-word.js';
import { isPlainLabelName, isPlainMetricName } from '../promql/escaping.js';
import { controlPlaneKinds, controlPlaneQuestions } from './control-plane-pack.js';

const metricName = z.string().superRefine((name, ctx) => {
  if (!isPlainMetricName(name)) ctx.addIssue(issue('bad-metric-name', `${JSON.stringify(name)} is no metric name`));
});

const labelName = z.string().superRefine((name, ctx) => {
  if (!isPlainLabelName(name)) ctx.addIssue(issue('bad-label-name', `${JSON.stringify(name)} is no label name`));
});

const release = z.string().superRefine((text, ctx) => {
  if (/^\d+\.\d+$/.test(text)) return;
  ctx.addIssue(issue('bad-release', `${JSON.stringify(text)} is no release`, `in quotes: '1.24'`));
});

const answer = z
  .strictObject({
    metrics: z.array(metricName).min(1).optional(),
    polled: z.string().min(1).optional(),
    untold: z.string().min(1).optional(),
  })
  .superRefine(({ metrics, polled, untold }, ctx) => {
    const told = metrics !== undefined || polled !== undefined;
    if (told !== (untold !== undefined)) return;
    const message = told ? 'what is told cannot be untold' : 'a question without an answer';
    ctx.addIssue(issue('bad-answer', message, 'metrics and polled say who answers; untold says why nobody does'));
  });

const questions = z.strictObject(Object.fromEntries(controlPlaneQuestions.map((question) => [question, answer])));

const metric = z
  .strictObject({
    type: z.enum(['counter', 'gauge', 'histogram', 'summary']),
    unit: z.string().min(1).optional(),
    of: z.enum(['control-plane', 'proxy', 'kubernetes']).default('control-plane'),
    labels: z.array(labelName).default([]),
    bounds: z.array(z.number().positive()).default([]),
    since: release.optional(),
    until: release.optional(),
    appears: z.enum(['at-start', 'first-event']).default('at-start'),
    meaning: z.string().min(1),
    trap: z.string().min(1).optional(),
  })
  .superRefine(({ type, bounds }, ctx) => {
    if ((type === 'histogram') === bounds.length > 0) return;
    ctx.addIssue({ ...issue('bad-bounds', 'a histogram, and nothing else, has bounds'), path: ['bounds'] });
  });

/** A control-plane pack as it is written; every metric of an answer is in its vocabulary. */
export const controlPlanePackSchema = z
  .strictObject({
    control_plane: z.enum(controlPlaneKinds),
    title: z.string().min(1),
    versions: z.strictObject({ from: release, until: release }).optional(),
    target: z.strictObject({ path: z.string().startsWith('/'), port: z.int().min(1).max(65_535) }),
    containers: z.array(z.string().min(1)).default([]),
    questions,
    metrics: z.record(metricName, metric),
    absent: z.record(metricName, z.string().min(1)).default({}),
  })
  .superRefine(({ questions: asked, metrics, absent }, ctx) => {
    for (const [question, { metrics: named = [] }] of Object.entries(asked)) {
      for (const [index, name] of named.entries()) {
        if (Object.hasOwn(metrics, name)) continue;
        const found = issue('unknown-metric', `${name} is not there`, wordHint(name, Object.keys(metrics)));
        ctx.addIssue({ ...found, path: ['questions', question, 'metrics', index] });
      }
    }
    for (const name of Object.keys(absent).filter((one) => Object.hasOwn(metrics, one))) {
      ctx.addIssue({ ...issue('absent-and-there', `${name} is a metric and is none`), path: ['absent', name] });
    }
  });

/** A control-plane pack as it is written. */
export type WrittenControlPlanePack = z.infer<typeof controlPlanePackSchema>;
