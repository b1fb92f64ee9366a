import { z } from 'zod';
import { accessFields, httpUrl, secretField } from './access-schema.js';
import { issue } from '../documents/checked-value.js';
import { bytesField, durationField } from '../documents/quantities.js';
import { starUserInfo } from '../domain/user-info.js';
import { isPlainLabelName } from '../promql/escaping.js';
import { knownName, nameField } from './slo-schema.js';
import type { KnownNames } from './slo-schema.js';

const MiB = 1024 ** 2;

/** `host:port`. */
export const address = z.string().superRefine((text, ctx) => {
  if (/^(\[[0-9a-fA-F:.]+\]|[^\s:/@]+):\d{1,5}$/.test(text) && Number(text.slice(text.lastIndexOf(':') + 1)) <= 65_535)
    return;
  ctx.addIssue(issue('bad-address', `${JSON.stringify(starUserInfo(text))} is no address`, 'host:port, or [::1]:port'));
});

const labelName = z.string().superRefine((name, ctx) => {
  if (!isPlainLabelName(name)) ctx.addIssue(issue('bad-label-name', `${JSON.stringify(name)} is no label name`));
});

const refresh = durationField({ least: 1, most: 3600 });

/** One list of targets; which one is told by its key. */
export const targetLists = z.union([
  z.strictObject({ static: z.array(address).min(1), labels: z.record(labelName, z.string()).default({}) }),
  z.strictObject({
    file_sd: z.strictObject({ files: z.array(z.string().min(1)).min(1), refresh: refresh.default(30) }),
  }),
  z.strictObject({
    dns_sd: z.strictObject({
      names: z.array(z.string().min(1)).min(1),
      port: z.int().min(1).max(65_535),
      refresh: refresh.default(30),
    }),
  }),
  z.strictObject({ http_sd: z.strictObject({ url: httpUrl, refresh: refresh.default(60), ...accessFields }) }),
]);

const limits = z.strictObject({
  body: bytesField(1024 * MiB).default(32 * MiB),
  decompressed: bytesField(4096 * MiB).default(64 * MiB),
  series: z.int().min(1).max(1_000_000).default(50_000),
  services: z.int().min(1).max(50_000).default(1000),
  concurrency: z.int().min(1).max(10_000).default(64),
});

const interval = durationField({ least: 1, most: 60 });

/** One job; the others' mistakes are no business of it. */
export function jobSchema(known: KnownNames) {
  return z.strictObject({
    name: nameField,
    mesh: knownName('mesh', known.meshes),
    cluster: z.string().min(1).optional(),
    interval: interval.optional(),
    timeout: interval.optional(),
    scheme: z.enum(['http', 'https']).default('http'),
    path: z.string().startsWith('/').optional(),
    params: z.record(z.string(), z.array(z.string())).default({}),
    use_filter: z.boolean().default(true),
    gzip: z.boolean().default(true),
    targets: z.array(targetLists).min(1),
    ...accessFields,
  });
}

const token = z
  .strictObject({
    name: z.string().min(1),
    role: z.enum(['viewer', 'editor']),
    file: z.string().min(1).optional(),
    env: z.string().min(1).optional(),
    token: secretField('file'),
  })
  .superRefine(({ file, env }, ctx) => {
    if ((file === undefined) !== (env === undefined)) return;
    ctx.addIssue(
      issue('token-from-where', 'a token comes from a file or from the environment', 'write either file or env'),
    );
  });

export const listenSchema = z
  .strictObject({
    address: z.string().min(1).default('127.0.0.1'),
    port: z.int().min(0).max(65_535).default(8080),
    authentication: z.enum(['none']).optional(),
    tokens: z.array(token).min(1).optional(),
  })
  .prefault({});

const match = {
  cluster: z.string().min(1).optional(),
  namespace: z.string().min(1).optional(),
  service: z.string().min(1).optional(),
};

/** What all jobs share; the jobs themselves are checked one by one. */
export const scrapeSchema = z.strictObject({
  interval: interval.default(15),
  timeout: interval.optional(),
  limits: limits.prefault({}),
  jobs: z.array(z.unknown()).min(1),
});

/** meshslo.yaml but for those sections that are checked by themselves. */
export function configSchema(known: KnownNames) {
  return z.strictObject({
    cluster: z.string().min(1),
    cluster_aliases: z.record(z.string(), z.string().min(1)).default({}),
    listen: z.unknown().optional(),
    ledger: z.string().min(1).default('.meshslo/ledger.db'),
    packs: z.array(z.string().min(1)).default([]),
    policies: z.array(z.string().min(1)).default([]),
    boards: z.array(z.string().min(1)).default([]),
    defaults: z.string().min(1).optional(),
    slos: z.array(z.string().min(1)).default([]),
    tiers: z.array(z.strictObject({ tier: knownName('tier', known.tiers), ...match })).default([]),
    owners: z.array(z.strictObject({ owner: z.string().min(1), ...match })).default([]),
    // Whether it is there is said where it is checked.
    scrape: z.unknown().optional(),
    alerting: z.unknown().optional(),
    catalog: z.unknown().optional(),
    links: z.unknown().optional(),
    rules: z.unknown().optional(),
    notifications: z.unknown().optional(),
    reports: z.unknown().optional(),
    control_planes: z.unknown().optional(),
    publish: z.unknown().optional(),
  });
}

export type WrittenConfig = z.infer<ReturnType<typeof configSchema>>;
export type WrittenListen = z.infer<typeof listenSchema>;
export type WrittenScrape = z.infer<typeof scrapeSchema>;
export type WrittenJob = z.infer<ReturnType<typeof jobSchema>>;
