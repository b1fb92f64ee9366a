import { z } from 'zod';
import { weekdayNames } from '../domain/weekday.js';
import { issue } from '../documents/checked-value.js';
import { wordHint } from '../documents/nearest-word.js';
import { durationField } from '../documents/quantities.js';
import { isPlainLabelName } from '../promql/escaping.js';
import { routedSeverities } from './notifications.js';
import type { HourRange } from './notifications.js';
import { nameField, timeZone } from './slo-schema.js';

const day = 86_400;

const choice = z.union([z.string().min(1), z.strictObject({ page: z.string().min(1), ticket: z.string().min(1) })]);

const ownerRoute = z
  .strictObject({
    owner: z.string().min(1),
    receiver: z.string().min(1).optional(),
    page: z.string().min(1).optional(),
    ticket: z.string().min(1).optional(),
  })
  .superRefine(({ receiver, page, ticket }, ctx) => {
    if ((receiver === undefined) !== (page === undefined && ticket === undefined)) return;
    const message = 'an owner has one receiver for all, or one for pages and tickets each';
    ctx.addIssue(issue('receiver-or-severities', message, 'write receiver, or page and ticket'));
  });

const dayNames: readonly string[] = weekdayNames;

/** `monday`, or `monday:friday`; a stretch may go over the end of the week. */
const weekdays = z.string().transform((text, ctx): readonly number[] => {
  const ends = text.split(':').map((name) => dayNames.indexOf(name));
  const [first = -1, last = first] = ends;
  if (ends.length > 2 || ends.includes(-1)) {
    const wrong = text.split(':').find((name) => !dayNames.includes(name)) ?? text;
    ctx.addIssue(issue('bad-weekday', `${JSON.stringify(text)} is no day of the week`, wordHint(wrong, dayNames)));
    return z.NEVER;
  }
  const count = ((last - first + 7) % 7) + 1;
  return Array.from({ length: count }, (_, step) => (first + step) % 7);
});

const hours = z.string().transform((text, ctx): HourRange => {
  const [from, to] = text.split('-').map(minuteOfDay);
  if (from === undefined || to === undefined || from === to || from === day / 60) {
    ctx.addIssue(issue('bad-hours', `${JSON.stringify(text)} are no hours`, 'like 18:00-24:00, or 22:00-06:00'));
    return z.NEVER;
  }
  return { fromMinute: from, toMinute: to };
});

function minuteOfDay(text: string): number | undefined {
  const [, hour, minute] = /^(\d\d):(\d\d)$/.exec(text) ?? [];
  const total = Number(hour) * 60 + Number(minute);
  return Number(minute) < 60 && total <= day / 60 ? total : undefined;
}

const muteTime = z
  .strictObject({
    name: nameField,
    severity: z.enum(routedSeverities).default('ticket'),
    owner: z.string().min(1).optional(),
    weekdays: z.array(weekdays).min(1).optional(),
    hours: z.array(hours).min(1).optional(),
    time_zone: timeZone.default('UTC'),
  })
  .superRefine(({ name, weekdays: days, hours: ranges }, ctx) => {
    if (days !== undefined || ranges !== undefined) return;
    ctx.addIssue(issue('mute-for-ever', `${name} would mute for ever`, 'write weekdays, hours, or both'));
  });

const groupLabel = z.string().superRefine((name, ctx) => {
  if (!isPlainLabelName(name)) ctx.addIssue(issue('bad-label-name', `${JSON.stringify(name)} is no label name`));
});

/** What is grouped and how often it is told; the usual values are an opinion about tired people. */
function grouping(usual: { readonly by: readonly string[]; wait: number; interval: number; repeat: number }) {
  return z
    .strictObject({
      by: z
        .array(groupLabel)
        .min(1)
        .default([...usual.by]),
      wait: durationField({ least: 0, most: 3600 }).default(usual.wait),
      interval: durationField({ least: 1, most: day }).default(usual.interval),
      repeat: durationField({ least: 60, most: 7 * day }).default(usual.repeat),
    })
    .prefault({});
}

/** One page per service and kind of trouble, soon; one list of tickets per owner and cluster, repeated once a day. */
const groupings = z
  .strictObject({
    page: grouping({ by: ['alertname', 'cluster', 'namespace', 'service'], wait: 15, interval: 300, repeat: 4 * 3600 }),
    ticket: grouping({ by: ['alertname', 'cluster', 'owner'], wait: 60, interval: 1800, repeat: day }),
  })
  .prefault({});

/** The section but for its receivers, which are checked one by one. */
export const notificationSchema = z.strictObject({
  receivers: z.array(z.unknown()).min(1),
  default: choice,
  owners: z.array(ownerRoute).default([]),
  heartbeat: z
    .strictObject({ receiver: z.string().min(1), every: durationField({ least: 10, most: 3600 }).default(60) })
    .optional(),
  mute: z.array(muteTime).default([]),
  grouping: groupings,
  merge_into: z.string().min(1).optional(),
});

export type WrittenNotifications = z.infer<typeof notificationSchema>;
