import { z } from 'zod';
import { weekdayNames } from '../domain/weekday.js';
import { issue } from '../documents/checked-value.js';
import { durationField } from '../documents/quantities.js';
import { accessFields, httpUrl, secretField } from './access-schema.js';
import { address } from './config-schema.js';
import { isAddressMistake, parseMailAddress } from './mail-address.js';
import { timeZone } from './slo-schema.js';

/** One address; a name may stand before it. */
export const mailAddress = z.string().transform((text, ctx) => {
  const read = parseMailAddress(text);
  if (!isAddressMistake(read)) return read;
  ctx.addIssue(issue(read.code, read.message, read.hint));
  return z.NEVER;
});

const timeOfDay = z.string().transform((text, ctx): number => {
  const [, hour, minute] = /^(\d\d):(\d\d)$/.exec(text) ?? [];
  if (Number(hour) < 24 && Number(minute) < 60) return Number(hour) * 60 + Number(minute);
  ctx.addIssue(issue('bad-time', `${JSON.stringify(text)} is no time of day`, "like '08:00', in quotes"));
  return z.NEVER;
});

const schedule = z
  .strictObject({ day: z.enum(weekdayNames).default('monday'), at: timeOfDay.default(8 * 60) })
  .prefault({});

const smtp = z
  .strictObject({
    server: address,
    encryption: z.enum(['starttls', 'tls', 'none']),
    username: z.string().min(1).optional(),
    password_file: z.string().min(1).optional(),
    password_env: z.string().min(1).optional(),
    password: secretField('password_file'),
    ca_file: z.string().min(1).optional(),
    server_name: z.string().min(1).optional(),
    timeout: durationField({ least: 1, most: 300 }).default(30),
    connections: z.int().min(1).max(20).default(2),
  })
  .superRefine(({ username, password_file, password_env, encryption }, ctx) => {
    const places = [password_file, password_env].filter((place) => place !== undefined).length;
    if ((username === undefined) !== (places === 0)) {
      ctx.addIssue(issue('half-a-login', 'username and a password go together', 'write both, or none'));
    }
    if (places > 1) {
      ctx.addIssue(issue('two-passwords', 'a password comes from a file or from the environment', 'keep one'));
    }
    if (encryption === 'none' && username !== undefined) {
      const hint = 'write encryption: starttls (mostly port 587) or tls (mostly 465), or leave the login out';
      ctx.addIssue(issue('password-in-the-open', 'without encryption everybody on the way reads the password', hint));
    }
  });

const transport = z.union([z.strictObject({ smtp }), z.strictObject({ folder: z.string().min(1) })]);

/** The section but for its destinations, which are checked one by one. */
export const reportsSchema = z.strictObject({
  time_zone: timeZone.default('UTC'),
  schedule,
  from: mailAddress.optional(),
  reply_to: mailAddress.optional(),
  transport: transport.optional(),
  lists: z.unknown().optional(),
  organisation: z.unknown().optional(),
  teams: z.array(z.unknown()).default([]),
  default: z.unknown().optional(),
});

/** A webhook's address is often its secret, and then stands in a file. */
const webhook = z
  .strictObject({
    url: httpUrl.optional(),
    url_file: z.string().min(1).optional(),
    timeout: durationField({ least: 1, most: 60 }).default(10),
    ...accessFields,
  })
  .superRefine(({ url, url_file }, ctx) => {
    if ((url === undefined) !== (url_file === undefined)) return;
    ctx.addIssue(issue('webhook-where', 'a webhook has one address', 'write either url or url_file'));
  });

const slack = z.strictObject({ url_file: z.string().min(1), url: secretField('url_file') });

const destination = {
  to: z.unknown().optional(),
  slack: z.union([slack, z.array(slack).min(1)]).optional(),
  webhook: z.union([webhook, z.array(webhook).min(1)]).optional(),
};

/** Where one report goes; its recipients are checked one by one. */
export const destinationSchema = z.strictObject(destination);

export const teamDestinationSchema = z.strictObject({ owner: z.string().min(1), ...destination });

export type WrittenReports = z.infer<typeof reportsSchema>;
export type WrittenDestination = z.infer<typeof destinationSchema>;
export type WrittenWebhook = z.infer<typeof webhook>;
export type WrittenSmtp = z.infer<typeof smtp>;
