import { z } from 'zod';
import { isTimeZone } from '../domain/window.js';
import type { Window } from '../domain/window.js';
import { perspectives } from '../domain/slo.js';
import type { Budgeting } from '../domain/slo.js';
import { issue } from '../documents/checked-value.js';
import { wordHint } from '../documents/nearest-word.js';
import { present } from '../documents/present.js';
import { durationField, objectiveField } from '../documents/quantities.js';

const hour = 3600;
const day = 24 * hour;

/** A name in keys, addresses and labels. */
export const nameField = z.string().superRefine((name, ctx) => {
  if (!/^[a-z0-9]+([-_.][a-z0-9]+)*$/.test(name) || name.length > 63) {
    ctx.addIssue(
      issue('bad-name', `${JSON.stringify(name)} is no name`, 'small letters, digits and dashes, at most 63'),
    );
  }
});

/** What the files round a document define. */
export interface KnownNames {
  readonly meshes: readonly string[];
  readonly tiers: readonly string[];
  readonly policies: readonly string[];
}

const kindsOfNames = { mesh: 'signal pack', tier: 'tier', policy: 'alert policy' };

/** One of the names that are defined elsewhere. */
export function knownName(what: 'mesh' | 'tier' | 'policy', known: readonly string[]) {
  return z.string().superRefine((name, ctx) => {
    if (known.includes(name)) return;
    const message = `${JSON.stringify(name)}: there is no ${kindsOfNames[what]} of this name`;
    ctx.addIssue(issue(`unknown-${what}`, message, wordHint(name, known)));
  });
}

/** The ledger keeps fine slots for 2 years; a budget over minutes would be an alert, not a promise. */
const rolling = durationField({ least: hour, most: 366 * day }).transform((seconds, ctx): Window => {
  if (seconds % 60 === 0) return { kind: 'rolling', seconds };
  ctx.addIssue(issue('bad-window', 'a window is whole minutes', '7d, 28d, 30d or 90d'));
  return z.NEVER;
});

/** A zone that this Node knows. */
export const timeZone = z.string().superRefine((name, ctx) => {
  if (isTimeZone(name)) return;
  ctx.addIssue(
    issue('unknown-time-zone', `${JSON.stringify(name)} is no time zone`, 'an IANA name, such as Europe/Berlin'),
  );
});

const calendar = z
  .strictObject({ calendar: z.enum(['week', 'month', 'quarter']), time_zone: timeZone.default('UTC') })
  .transform(({ calendar: period, time_zone }): Window => ({ kind: 'calendar', period, timeZone: time_zone }));

const window = z.union([rolling, calendar]);

const slice = durationField({ least: 60, most: 900 }).superRefine((seconds, ctx) => {
  if (![60, 300, 900].includes(seconds)) ctx.addIssue(issue('bad-slice', 'no such slice', '1m, 5m or 15m'));
});

const budgeting = z.union([
  z.literal('occurrences').transform((method): Budgeting => ({ method })),
  z
    .strictObject({ time_slices: slice, slice_objective: objectiveField })
    .transform(({ time_slices, slice_objective }): Budgeting => ({
      method: 'time-slices',
      sliceSeconds: time_slices,
      sliceObjective: slice_objective,
    })),
]);

const filter = z
  .strictObject({
    caller: z.string().min(1).optional(),
    version: z.string().min(1).optional(),
    method: z.string().min(1).optional(),
  })
  .transform((written) => present(written));

/** YAML 1.2 reads `off` as a text. */
const onOrOff = z.union([z.boolean(), z.enum(['on', 'off']).transform((text) => text === 'on')]);

/** How alerts of SLOs are judged, and whether they may wake anybody. */
function alerts(policies: readonly string[]) {
  return z
    .strictObject({ policy: knownName('policy', policies).optional(), pages: onOrOff.optional() })
    .transform((written) => present(written));
}

/** One SLO as people write it; a threshold makes it one of latency, a quantile one over proxies' minutes. */
export function sloSchema({ policies }: Pick<KnownNames, 'policies'>) {
  return writtenSlo.extend({ alerts: alerts(policies).optional() });
}

const writtenSlo = z.strictObject({
  objective: objectiveField.optional(),
  threshold: durationField({ least: 0, most: hour }).optional(),
  quantile: objectiveField.optional(),
  window: window.optional(),
  budgeting: budgeting.optional(),
  perspective: z.enum(perspectives).optional(),
  filter: filter.optional(),
});

export type WrittenSlo = z.infer<ReturnType<typeof sloSchema>>;

const serviceName = z.string().transform((text, ctx) => {
  const parts = text.split('/');
  if ((parts.length !== 2 && parts.length !== 3) || parts.includes('') || /\s/.test(text)) {
    const hint = 'namespace/name, or cluster/namespace/name';
    ctx.addIssue(issue('bad-service', `${JSON.stringify(text)} is no service`, hint));
    return z.NEVER;
  }
  const [name, namespace, cluster] = parts.reverse() as [string, string, string?];
  return { cluster, namespace, name };
});

/** One document of a SLO file, but for the SLOs themselves: these are checked one by one. */
export function serviceSchema(known: KnownNames) {
  return z.strictObject({
    service: serviceName,
    owner: z.string().min(1).optional(),
    tier: knownName('tier', known.tiers).optional(),
    mesh: knownName('mesh', known.meshes).optional(),
    alerts: alerts(known.policies).optional(),
    slos: z.record(nameField, z.unknown()).default({}),
  });
}

/** An SLO of a service: terms, or that a default is not wanted. */
export function serviceSloSchema(known: Pick<KnownNames, 'policies'>) {
  return z.union([z.literal('off'), sloSchema(known)]);
}

export type WrittenService = z.infer<ReturnType<typeof serviceSchema>>;

/** rules/defaults.yaml. A tier's SLO has whatever an SLO needs. */
export function defaultsSchema(known: Pick<KnownNames, 'policies'>) {
  const tierSlo = sloSchema(known).extend({ objective: objectiveField });
  const tier = z.strictObject({ alerts: alerts(known.policies).optional(), slos: z.record(nameField, tierSlo) });
  return z
    .strictObject({
      default_tier: nameField,
      window: window.default({ kind: 'rolling', seconds: 30 * day }),
      tiers: z.record(nameField, tier),
    })
    .superRefine(({ default_tier, tiers }, ctx) => {
      if (Object.hasOwn(tiers, default_tier)) return;
      const found = issue(
        'unknown-tier',
        `${JSON.stringify(default_tier)} is no tier`,
        `tiers: ${Object.keys(tiers).join(', ')}`,
      );
      ctx.addIssue({ ...found, path: ['default_tier'] });
    });
}
