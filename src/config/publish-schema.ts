import { z } from 'zod';
import { issue } from '../documents/checked-value.js';
import { durationField } from '../documents/quantities.js';
import { accessFields, httpUrl } from './access-schema.js';

const day = 86_400;

/** A part of names in every place: tags, labels, uids. */
const setField = z.string().superRefine((name, ctx) => {
  if (/^[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?$/.test(name)) return;
  const hint = 'up to 30 small letters, digits and dashes, such as prod-eu';
  ctx.addIssue(issue('bad-set-name', `${JSON.stringify(name)} is no name for what is published`, hint));
});

/** What all destinations share; the destinations themselves are checked one by one. */
export const publishSchema = z.strictObject({
  name: setField.optional(),
  grace: durationField({ least: 0, most: 365 * day }).default(7 * day),
  every: durationField({ least: 10, most: day }).default(900),
  to: z.array(z.unknown()).default([]),
});

const name = z.string().min(1).optional();
const timeout = durationField({ least: 1, most: 300 }).default(30);

/** The address of a server, without a question in it. */
const serverUrl = httpUrl.superRefine((text, ctx) => {
  if (/[?#]/.test(text)) ctx.addIssue(issue('bad-url', 'no ? and no # in it', 'http://host:port/prefix'));
});

const http = { url: serverUrl, timeout, ...accessFields };

/** Becomes a header. */
const tenant = z
  .string()
  .regex(/^[\x21-\x7e]{1,150}$/, 'no tenant: printable characters without a space')
  .optional();

const files = z.strictObject({
  name,
  folder: z.string().min(1),
  contents: z
    .array(z.enum(['rules', 'tests', 'alertmanager', 'dashboards']))
    .min(1)
    .default(['rules', 'alertmanager']),
  reload: z.array(z.union([serverUrl, z.strictObject(http)])).default([]),
});

const uid = z.string().regex(/^[A-Za-z0-9_-]{1,40}$/, 'no uid of Grafana: up to 40 letters, digits, - and _');

const grafana = z.strictObject({
  name,
  ...http,
  folder: z.string().min(1).max(189).default('Service mesh'),
  folder_uid: uid.optional(),
  annotations: durationField({ least: 0, most: 365 * day }).default(30 * day),
});

const ruler = z.strictObject({
  name,
  ...http,
  api: z.enum(['cortex', 'mimir']),
  tenant,
  namespace: z.string().min(1).max(200).optional(),
  check_limits: z.boolean().default(true),
  rules_per_group: z.number().int().min(20).optional(),
});

const alertmanager = z.strictObject({ name, ...http, tenant });

const dnsName = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, 'no name in Kubernetes: small letters, digits, - and .');

const label = z
  .string()
  .regex(/^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$/, 'no value of a label in Kubernetes');

const kubernetes = z.strictObject({
  name,
  ...http,
  url: serverUrl.optional(),
  namespace: dnsName,
  labels: z.record(z.string().min(1).max(317), label).default({}),
  dashboards: z.enum(['config-map', 'grafana-dashboard', 'none']).default('config-map'),
  rules: z.boolean().default(true),
  alertmanager_secret: dnsName.optional(),
});

/** One destination: which kind is told by its key. */
export const destinationSchema = z.union([
  z.strictObject({ files }),
  z.strictObject({ grafana }),
  z.strictObject({ ruler }),
  z.strictObject({ alertmanager }),
  z.strictObject({ kubernetes }),
]);

export type WrittenDestination = z.infer<typeof destinationSchema>;
export type WrittenHttp = z.infer<z.ZodObject<typeof http>>;
