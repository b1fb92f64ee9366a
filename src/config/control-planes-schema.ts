import { z } from 'zod';
import { issue } from '../documents/checked-value.js';
import { durationField } from '../documents/quantities.js';
import { controlPlaneKinds } from '../packs/control-plane-pack.js';
import { accessFields } from './access-schema.js';
import { targetLists } from './config-schema.js';
import { nameField } from './slo-schema.js';

const day = 86_400;
const interval = durationField({ least: 1, most: 600 });

const endpoints = z.strictObject({
  targets: z.array(targetLists).min(1),
  scheme: z.enum(['http', 'https']).default('http'),
  ...accessFields,
});

const thresholds = z
  .strictObject({
    out_of_sync: durationField({ least: 1, most: day }).default(60),
    warming: durationField({ least: 1, most: day }).default(300),
    disagree: durationField({ least: 1, most: day }).default(60),
    certificate: durationField({ least: 1, most: 365 * day }).default(14 * day),
    workload_certificate: durationField({ least: 1, most: 365 * day }).default(3600),
  })
  .prefault({});

/** One control plane; the others' mistakes are no business of it. */
export const controlPlaneSchema = z
  .strictObject({
    name: nameField,
    kind: z.enum(controlPlaneKinds),
    cluster: z.string().min(1).optional(),
    owner: z.string().min(1).optional(),
    interval: interval.default(15),
    timeout: interval.optional(),
    instances: endpoints,
    proxies: endpoints.optional(),
    controllers: endpoints.optional(),
    namespaces: z.array(z.string().min(1)).min(1).optional(),
    wanted_version: z.string().min(1).optional(),
    thresholds,
  })
  .superRefine(({ kind, controllers, namespaces, proxies }, ctx) => {
    const refuse = (key: string, message: string, hint: string): void => {
      ctx.addIssue({ ...issue('not-for-this-kind', message, hint), path: [key] });
    };
    if (kind !== 'linkerd1' && controllers) refuse('controllers', 'only Namerd has controllers', 'leave it out');
    if (kind !== 'linkerd1' && namespaces) refuse('namespaces', 'only Namerd has namespaces', 'leave it out');
    if (kind === 'linkerd1' && proxies && !controllers) {
      refuse(
        'proxies',
        'Linkerds are compared with their Namerd',
        'write controllers: Namerd serves them at port 4180',
      );
    }
  });

/** A control plane as it is written. */
export type WrittenControlPlane = z.infer<typeof controlPlaneSchema>;

export type WrittenEndpoints = z.infer<typeof endpoints>;

export const controlPlaneListSchema = z.array(z.unknown()).default([]);
