import { z } from 'zod';
import { issue } from '../documents/checked-value.js';
import { durationField, shareField } from '../documents/quantities.js';

const day = 86_400;

/** The ledger is read in minutes, and fine slots are kept for so long. */
const window = durationField({ least: 60, most: 3 * day }).superRefine((seconds, ctx) => {
  if (seconds % 60 !== 0) ctx.addIssue(issue('bad-window', 'a window is whole minutes', '5m, 1h or 3d'));
});

/** Every minute of such a window is looked at, at every look. */
const mostMinutesSeconds = 6 * 3600;

const name = z.string().superRefine((text, ctx) => {
  if (/^[a-z0-9]+(-[a-z0-9]+)*$/.test(text)) return;
  ctx.addIssue(issue('bad-name', `${JSON.stringify(text)} is no name`, 'small letters, digits and single dashes'));
});

const step = z
  .strictObject({
    name,
    severity: z.enum(['page', 'ticket']),
    budget_share: shareField,
    long: window,
    short: window,
    short_pace: shareField.default(1),
    least_bad: z.int().min(0).default(0),
    worst_minutes_left_out: z.int().min(0).max(10).default(0),
    action: z.string().min(1),
  })
  .superRefine(({ long, short, worst_minutes_left_out }, ctx) => {
    if (short > long) {
      const found = issue('short-window-longer', 'the short window is longer than the long one', 'swap the two');
      ctx.addIssue({ ...found, path: ['short'] });
    }
    if (worst_minutes_left_out > 0 && long > mostMinutesSeconds) {
      const found = issue('window-too-long', 'the worst minute is known of long windows up to 6h only', 'leave it out');
      ctx.addIssue({ ...found, path: ['worst_minutes_left_out'] });
    }
  });

const steps = z
  .array(step)
  .min(1)
  .superRefine((all, ctx) => {
    for (const [index, one] of all.entries()) {
      if (all.findIndex((other) => other.name === one.name) === index) continue;
      ctx.addIssue({ ...issue('duplicate-step', `step ${one.name} is there twice`), path: [index, 'name'] });
    }
  });

/** An alert policy as it is written. */
export const alertPolicySchema = z.strictObject({
  policy: name,
  title: z.string().min(1),
  least_factor: z.number().min(0).default(0),
  evidence: z
    .strictObject({ least_bad: z.int().min(1), least_bad_lately: z.int().min(1), chance: shareField })
    .optional(),
  hold: z.strictObject({ fewer_events: z.int().min(1), within: window, bad_within: window }).optional(),
  steps,
});

/** An alert policy as it is written. */
export type WrittenAlertPolicy = z.infer<typeof alertPolicySchema>;
