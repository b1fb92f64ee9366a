import { z } from 'zod';
import { issue } from '../documents/checked-value.js';
import { durationField } from '../documents/quantities.js';
import { accessFields, httpUrl } from './access-schema.js';
import { address } from './config-schema.js';
import { packName } from '../packs/pack-schema.js';
import { nameField } from './slo-schema.js';

const day = 86_400;
const interval = durationField({ least: 1, most: 3600 });
const words = z.array(z.string().min(1)).min(1);

/** Exactly one of some keys. */
function oneOf(keys: readonly string[], what: string) {
  return (written: object, ctx: z.RefinementCtx): void => {
    const given = keys.filter((key) => (written as Record<string, unknown>)[key] !== undefined);
    if (given.length === 1) return;
    ctx.addIssue(issue('catalog-from-where', `${what} comes from one place`, `write one of ${keys.join(', ')}`));
  };
}

export const kubernetesSchema = z
  .strictObject({
    name: nameField,
    cluster: z.string().min(1).optional(),
    in_cluster: z.literal(true).optional(),
    kubeconfig: z.string().min(1).optional(),
    context: z.string().min(1).optional(),
    url: httpUrl.optional(),
    owner_labels: words.default(['meshslo.io/owner', 'owner', 'team', 'app.kubernetes.io/owner']),
    tier_labels: words.default(['meshslo.io/tier', 'tier']),
    ignore_namespaces: z.array(z.string().min(1)).default(['kube-system', 'kube-public', 'kube-node-lease']),
    root_namespace: z.string().min(1).default('istio-system'),
    sidecars: z.record(z.string().min(1), packName).default({}),
    ...accessFields,
  })
  .superRefine(oneOf(['in_cluster', 'kubeconfig', 'url'], 'a cluster'));

const registryThresholds = z
  .strictObject({
    zombie: durationField({ least: 1, most: day }).default(60),
    mass_deregistration: z.number().gt(0).max(1).default(0.3),
    flaps: z.int().min(2).max(1000).default(6),
    sync: durationField({ least: 1, most: 3600 }).default(30),
  })
  .prefault({});

export const consulSchema = z.strictObject({
  name: nameField,
  url: httpUrl,
  token_file: z.string().min(1).optional(),
  datacenter: z.string().min(1).optional(),
  cluster: z.string().min(1).optional(),
  namespace: z.string().min(1).default('default'),
  interval: interval.default(15),
  owner: z.string().min(1).optional(),
  envoys: z.array(address).default([]),
  thresholds: registryThresholds,
  tls: accessFields.tls,
});

export const backstageSchema = z
  .strictObject({
    name: nameField,
    url: httpUrl.optional(),
    files: words.optional(),
    interval: interval.default(300),
    ...accessFields,
  })
  .superRefine(oneOf(['url', 'files'], 'a Backstage'));

/** What all places share; the places themselves are checked one by one. */
export const catalogSchema = z
  .strictObject({
    kubernetes: z.array(z.unknown()).default([]),
    consul: z.array(z.unknown()).default([]),
    backstage: z.array(z.unknown()).default([]),
    files: words.default([]).optional(),
    thresholds: z
      .strictObject({
        silent: durationField({ least: 60, most: 30 * day }).default(3600),
        unreadable: durationField({ least: 1, most: day }).default(60),
      })
      .prefault({}),
  })
  .prefault({});

export type WrittenKubernetes = z.infer<typeof kubernetesSchema>;
export type WrittenConsul = z.infer<typeof consulSchema>;
export type WrittenBackstage = z.infer<typeof backstageSchema>;
