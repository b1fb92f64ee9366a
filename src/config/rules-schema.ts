import { z } from 'zod';
import { issue } from '../documents/checked-value.js';
import { durationField } from '../documents/quantities.js';
import { isPlainLabelName } from '../promql/escaping.js';

const labelField = z.string().superRefine((name, ctx) => {
  if (!isPlainLabelName(name)) ctx.addIssue(issue('bad-label-name', `${JSON.stringify(name)} is no label name`));
});

/** What generated rules must know of the Prometheus that evaluates them; the usual one scrapes its own cluster. */
export const rulesSchema = z
  .strictObject({
    delay: durationField({ least: 0, most: 600 }).default(15),
    cluster_label: labelField.optional(),
    target_labels: z.array(labelField).min(1).default(['job', 'instance']),
    alert_files: z.enum(['tier', 'owner']).default('tier'),
  })
  .prefault({});
