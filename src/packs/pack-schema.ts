import { z } from 'zod';
import { issue } from '../documents/checked-value.js';
import { wordHint } from '../documents/nearest-word.js';
import { isPlainLabelName, isPlainMetricName } from '../promql/escaping.js';
import { perspectives } from '../domain/slo.js';
import type { Condition } from './condition.js';
import { nameLabel } from './condition.js';
import { extractionPattern } from './extraction-pattern.js';
import { type LabelSource, latencyUnits } from './signal-pack.js';

/** A metric that Prometheus 2 can write before braces. */
export const metricName = z.string().superRefine((name, ctx) => {
  if (!isPlainMetricName(name)) ctx.addIssue(issue('bad-metric-name', `${JSON.stringify(name)} is no metric name`));
});

/** A label that needs no quotes. */
export const labelName = z.string().superRefine((name, ctx) => {
  if (!isPlainLabelName(name)) ctx.addIssue(issue('bad-label-name', `${JSON.stringify(name)} is no label name`));
});

/** Small letters, digits and single dashes. */
export const packName = z.string().superRefine((name, ctx) => {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) {
    ctx.addIssue(issue('bad-name', `${JSON.stringify(name)} is no name`, 'small letters, digits and single dashes'));
  }
});

const values = z.array(z.string()).min(1);

/** A pattern is compiled by Prometheus too: only what both dialects know and mean alike. */
const patternText = z.string().superRefine((text, ctx) => {
  if (!/\(\?[=!<]|\\[1-9kbB]/.test(text)) return;
  ctx.addIssue(issue('pattern-unknown-to-prometheus', 'Prometheus has no look-around and no back-references'));
});

const pattern = patternText.transform((text, ctx) => {
  try {
    return { kind: 'pattern' as const, pattern: text, expression: new RegExp(`^(?:${text})$`, 'u') };
  } catch (cause) {
    ctx.addIssue(issue('bad-pattern', `the pattern does not compile: ${(cause as Error).message}`));
    return z.NEVER;
  }
});

const test = z.union([
  z.string().transform((value) => sure({ kind: 'any-of', values: [value] })),
  z.strictObject({ any_of: values }).transform(({ any_of }) => sure({ kind: 'any-of', values: any_of })),
  z.strictObject({ element: values }).transform(({ element }) => sure({ kind: 'element', values: element })),
  z.strictObject({ no_element: values }).transform(({ no_element }) => ({
    test: { kind: 'element' as const, values: no_element },
    negated: true,
  })),
  z.strictObject({ none_of: values }).transform(({ none_of }) => ({
    test: { kind: 'any-of' as const, values: none_of },
    negated: true,
  })),
  z.strictObject({ pattern }).transform((one) => sure(one.pattern)),
  z.strictObject({ no_pattern: pattern }).transform((one) => ({ test: one.no_pattern, negated: true })),
]);

function sure(test: Condition['test']): Omit<Condition, 'label'> {
  return { test, negated: false };
}

const conditionLabel = z.union([z.literal(nameLabel), labelName]);

const conditionsByLabel = z
  .record(conditionLabel, test)
  .transform((tests) => Object.entries(tests).map(([label, one]): Condition => ({ label, ...one })));

/** All must hold; a list is for two conditions on one label. */
export const conditions = z.union([conditionsByLabel, z.array(conditionsByLabel).transform((maps) => maps.flat())]);

/** The part of a value that is wanted. */
const extraction = patternText.transform((text, ctx) => {
  const found = extractionPattern(text);
  if (!('code' in found)) return found;
  ctx.addIssue(issue(found.code, found.message, found.hint));
  return z.NEVER;
});

const plainSource = labelName.transform((label): LabelSource => ({ label, where: [] }));

const namingSource = z.union([
  plainSource,
  z
    .strictObject({ label: labelName, pattern: extraction })
    .transform(({ label, pattern: part }): LabelSource => ({ label, pattern: part, where: [] })),
]);

const factSource = z.union([
  plainSource,
  z
    .strictObject({ label: labelName, pattern: extraction.optional(), where: conditions.default([]) })
    .transform(({ label, pattern: part, where }): LabelSource => ({ label, pattern: part, where })),
]);

const unusable = z.array(z.string()).default([]);

/** Where a name stands. */
const nameChoice = z.strictObject({
  labels: z.array(namingSource).min(1),
  unusable,
  otherwise: z.string().min(1).optional(),
});

/** Where a fact of a request stands. */
const labelChoice = z.strictObject({ labels: z.array(factSource).min(1), unusable });

const clusterChoice = labelChoice
  .extend({ default_ids: z.array(z.string()).default([]) })
  .transform(({ default_ids, ...choice }) => ({ ...choice, defaultIds: default_ids }));

const methodChoice = labelChoice
  .extend({ only_when: z.string().optional() })
  .transform(({ only_when, ...choice }) => ({ ...choice, onlyWhen: only_when }));

const requestClass = z.strictObject({
  name: packName,
  verdict: z.enum(['good', 'bad', 'left-out']),
  where: conditions.default([]),
});

/** First match decides, so names are unique, and the last class, and only it, takes what is left. */
const classList = z
  .array(requestClass)
  .min(1)
  .superRefine((classes, ctx) => {
    for (const [index, { name, where }] of classes.entries()) {
      if (classes.findIndex((other) => other.name === name) < index) {
        ctx.addIssue({ ...issue('duplicate-class', `class ${name} is there twice`), path: [index, 'name'] });
      }
      const last = index === classes.length - 1;
      if (!last && where.length === 0) {
        const hint = 'give it conditions, or put it last';
        ctx.addIssue({ ...issue('class-takes-all', `nothing gets past class ${name}`, hint), path: [index] });
      }
      if (last && where.length > 0) {
        const hint = 'end the list with a class without conditions';
        ctx.addIssue({ ...issue('class-missing', 'some requests are in no class', hint), path: [index] });
      }
    }
  });

const labelOrConstant = z.union([nameChoice, z.strictObject({ constant: z.string().min(1) })]);

const serviceLabels = z.strictObject({
  name: labelOrConstant,
  namespace: labelOrConstant,
  cluster: clusterChoice.optional(),
});

const latency = z
  .strictObject({
    /** One histogram; `families` for several, such as one for each side. */
    family: metricName.optional(),
    families: z.array(metricName).min(1).optional(),
    unit: z.enum(latencyUnits),
    bounds: z
      .array(z.number().positive())
      .min(1)
      .superRefine((bounds, ctx) => {
        const fallen = bounds.findIndex((bound, index) => index > 0 && bound <= bounds[index - 1]!);
        if (fallen > 0) ctx.addIssue({ ...issue('bounds-not-ascending', 'bounds must ascend'), path: [fallen] });
      }),
  })
  .superRefine(({ family, families }, ctx) => {
    if ((family === undefined) !== (families === undefined)) return;
    ctx.addIssue(issue('one-of-two', 'either family or families', 'families is for several histograms'));
  })
  .transform(({ family, families, ...rest }) => ({ ...rest, families: families ?? [family!] }));

const quantile = z.number().gt(0).lt(1);

const latencyWindows = z
  .strictObject({
    family: metricName,
    count: metricName,
    unit: z.enum(latencyUnits),
    quantile_label: labelName.default('quantile'),
    quantiles: z.array(quantile).min(1),
    usual: quantile,
  })
  .superRefine(({ quantiles, usual }, ctx) => {
    if (quantiles.includes(usual)) return;
    ctx.addIssue({ ...issue('unknown-quantile', `${usual} is not among the quantiles`), path: ['usual'] });
  });

/** A family, or those of its series that pass conditions. */
const gauge = z.union([
  metricName.transform((family) => ({ family, where: [] as Condition[] })),
  z.strictObject({ family: metricName, where: conditions.default([]) }),
]);

const view = z.strictObject({
  perspective: z.enum(perspectives),
  where: conditions.default([]),
  service: z.string(),
  classes: z.string(),
  latency_classes: z.string().optional(),
});

/** Counters whose sum, without that of others, is a number of connections. */
const connectionCounters = z.strictObject({ more: z.array(gauge).min(1), less: z.array(gauge).default([]) });

/** Of requests by conditions on their series, or of connections by counters of their own. */
const mtls = z
  .strictObject({
    authenticated: conditions.optional(),
    plain: conditions.optional(),
    connections: z
      .strictObject({ service: z.string(), authenticated: connectionCounters, plain: connectionCounters })
      .optional(),
  })
  .superRefine(({ authenticated, plain, connections }, ctx) => {
    if (connections === undefined ? authenticated && plain : !authenticated && !plain) return;
    ctx.addIssue(issue('one-of-two', 'either authenticated and plain, or connections'));
  });

/** A signal pack as it is written; its names of services and classes are known to exist. */
export const packSchema = z
  .strictObject({
    pack: packName,
    title: z.string().min(1),
    detect: z.array(z.strictObject({ family: metricName, where: conditions.default([]) })).min(1),
    rather_than: z.array(packName).default([]),
    version: z.strictObject({ family: metricName, label: labelName, where: conditions.default([]) }).optional(),
    target: z.strictObject({
      path: z.string().startsWith('/'),
      port: z.int().min(1).max(65_535).optional(),
      filter: z.strictObject({ parameter: z.string().min(1), value: z.string().min(1) }).optional(),
      namespace_labels: z.array(labelName).default([]),
      service_labels: z.array(labelName).default([]),
    }),
    requests: z.strictObject({
      of: z.enum(['requests', 'connections']).default('requests'),
      families: z.array(metricName).min(1),
    }),
    latency: latency.optional(),
    latency_windows: latencyWindows.optional(),
    process: z
      .strictObject({
        uptime_seconds: metricName.optional(),
        uptime_milliseconds: metricName.optional(),
        start_time_seconds: metricName.optional(),
        memory_bytes: gauge.optional(),
        connections: gauge.optional(),
      })
      .default({}),
    facts: z
      .strictObject({
        caller: labelChoice.optional(),
        caller_cluster: clusterChoice.optional(),
        caller_namespace: labelChoice.optional(),
        version: labelChoice.optional(),
        method: methodChoice.optional(),
        flags: labelChoice.optional(),
        http_code: labelChoice.optional(),
        grpc_code: labelChoice.optional(),
      })
      .default({}),
    mtls: mtls.optional(),
    services: z.record(z.string(), serviceLabels),
    classes: z.record(z.string(), classList),
    views: z.array(view).min(1),
  })
  .superRefine(({ requests, latency: histogram }, ctx) => {
    const durations = (histogram?.families ?? []).flatMap((family) => [`${family}_count`, `${family}_bucket`]);
    for (const [index, family] of requests.families.entries()) {
      if (!durations.includes(family)) continue;
      const hint = 'count requests by another counter, such as another histogram of the same requests';
      const found = issue(
        'counted-twice',
        `${family} is a part of the latency's histogram, and is read as that alone`,
        hint,
      );
      ctx.addIssue({ ...found, path: ['requests', 'families', index] });
    }
  })
  .superRefine(({ services, classes, views, mtls: { connections } = {} }, ctx) => {
    if (connections !== undefined && !Object.hasOwn(services, connections.service)) {
      const found = unknownName(connections.service, services);
      ctx.addIssue({ ...found, path: ['mtls', 'connections', 'service'] });
    }
    for (const [index, one] of views.entries()) {
      const names = [
        ['service', one.service, services],
        ['classes', one.classes, classes],
        ['latency_classes', one.latency_classes, classes],
      ] as const;
      for (const [key, name, known] of names) {
        if (name === undefined || Object.hasOwn(known, name)) continue;
        ctx.addIssue({ ...unknownName(name, known), path: ['views', index, key] });
      }
    }
  });

/** A signal pack as it is written. */
export type WrittenPack = z.infer<typeof packSchema>;

function unknownName(name: string, known: object) {
  return issue('unknown-name', `${JSON.stringify(name)} is not there`, wordHint(name, Object.keys(known)));
}
