import { describeWindow } from '../domain/window.js';
import { present } from '../documents/present.js';
import type { Config } from './config.js';
import type { ServiceRules, SloRules } from './slo-rules.js';

/** Deeper than any sentence about a configuration should go. */
const deepest = 4;

/**
 * What differs between two configurations, a line each, in a fixed order: `~ listen.port: 8080 -> 9090`, `+ job edge`,
 * `- shop/cart slo latency`. Empty when nothing does. Neither configuration holds a secret, so no line does.
 */
export function describeChanges(before: Config, after: Config): readonly string[] {
  return [
    ...compare('cluster', before.cluster, after.cluster),
    ...compare('cluster_aliases', plain(before.clusterAliases), plain(after.clusterAliases)),
    ...compare('listen', plain(before.listen), plain(after.listen)),
    ...compare('ledger', before.ledgerPath, after.ledgerPath),
    ...compare('scrape.limits.concurrency', before.scrape.concurrency, after.scrape.concurrency),
    ...compareNamed('job', jobsOf(before), jobsOf(after)),
    ...compareNamed('pack', plainEach(before.packs), plainEach(after.packs)),
    ...compareNamed('tier', plainEach(before.slos.tiers), plainEach(after.slos.tiers)),
    ...compare('default_tier', before.slos.defaultTier, after.slos.defaultTier),
    ...compare('tiers', plain(before.slos.tierRules), plain(after.slos.tierRules)),
    ...compare('owners', plain(before.slos.ownerRules), plain(after.slos.ownerRules)),
    ...compareNamed('service', servicesOf(before.slos), servicesOf(after.slos)),
  ];
}

type Named = ReadonlyMap<string, unknown>;

function jobsOf({ scrape }: Config): Named {
  // The pack of a job is compared among the packs.
  return new Map(scrape.jobs.map((job) => [job.name, plain({ ...job, pack: job.pack.name })]));
}

function servicesOf({ services }: SloRules): Named {
  const named = new Map<string, Record<string, unknown>>();
  for (const rules of [...services.values()].flat()) {
    const key = `${rules.cluster === undefined ? '' : `${rules.cluster}/`}${rules.namespace}/${rules.name}`;
    named.set(key, { ...named.get(key), ...serviceOf(rules) });
  }
  return named;
}

function serviceOf({ owner, tier, mesh, slos }: ServiceRules): Record<string, unknown> {
  const said = [...slos].map(([name, change]): [string, unknown] => {
    if (change === 'off') return [`slo ${name}`, 'off'];
    const window = change.window === undefined ? {} : { window: describeWindow(change.window) };
    return [`slo ${name}`, plain({ ...change, ...window })];
  });
  return { ...present({ owner, tier, mesh }), ...Object.fromEntries(said) };
}

function compareNamed(kind: string, before: Named, after: Named): readonly string[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.flatMap((name) => compare(`${kind} ${name}`, before.get(name), after.get(name)));
}

function compare(name: string, before: unknown, after: unknown, depth = 0): readonly string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (before === undefined) return [`+ ${name}${short(after)}`];
  if (after === undefined) return [`- ${name}`];
  if (isMap(before) && isMap(after) && depth < deepest) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => compare(`${name}.${key}`, before[key], after[key], depth + 1));
  }
  return [`~ ${name}: ${JSON.stringify(before)} -> ${JSON.stringify(after)}`];
}

function short(value: unknown): string {
  return isMap(value) ? '' : `: ${JSON.stringify(value)}`;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function plainEach(named: Named): Named {
  return new Map([...named].map(([name, value]) => [name, plain(value)]));
}

/** The value with maps as objects and patterns as texts: what JSON can compare. */
function plain(value: unknown): unknown {
  if (value instanceof Map) return plain(Object.fromEntries(value as ReadonlyMap<string, unknown>));
  if (value instanceof RegExp) return value.source;
  if (Array.isArray(value)) return value.map(plain);
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}
