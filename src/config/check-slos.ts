import type { Diagnostic } from '../domain/diagnostic.js';
import { formatDuration, parseDuration } from '../domain/duration.js';
import { nearestBounds } from '../domain/histogram.js';
import { checkValue, mistake } from '../documents/checked-value.js';
import { wordHint } from '../documents/nearest-word.js';
import { present } from '../documents/present.js';
import type { ValuePath, YamlDocument } from '../documents/yaml-document.js';
import type { SignalPack } from '../packs/signal-pack.js';
import { defaultsSchema, serviceSchema } from './slo-schema.js';
import type { WrittenService, WrittenSlo } from './slo-schema.js';
import { completeTerms } from './slo-rules.js';
import type { ServiceRules, SloChange, SloRules, SloTerms } from './slo-rules.js';
import { tierOf } from './slo-catalogue.js';

/** The tiers of a defaults file, or its mistakes; `packs` are those whose services may get these defaults. */
export function checkDefaults(
  document: YamlDocument,
  packs: readonly SignalPack[],
): {
  readonly value?: Pick<SloRules, 'tiers' | 'defaultTier' | 'window'>;
  readonly diagnostics: readonly Diagnostic[];
} {
  const { value, diagnostics } = checkValue(document, defaultsSchema);
  if (value === undefined) return { diagnostics };
  const tiers = new Map<string, ReadonlyMap<string, SloTerms>>();
  const found: Diagnostic[] = [];
  for (const [tier, { slos }] of Object.entries(value.tiers)) {
    const terms = Object.entries(slos).map(([name, slo]) => {
      found.push(...checkAgainstPacks(document, ['tiers', tier, 'slos', name], slo, packs));
      return [name, completeTerms({ window: value.window, ...changeOf(slo), objective: slo.objective })] as const;
    });
    tiers.set(tier, new Map(terms));
  }
  return { value: { tiers, defaultTier: value.default_tier, window: value.window }, diagnostics: found };
}

function changeOf({ objective, threshold, window, budgeting, perspective, filter }: WrittenSlo): SloChange {
  const indicator = threshold === undefined ? undefined : ({ kind: 'latency', thresholdSeconds: threshold } as const);
  return present({ objective, indicator, window, budgeting, perspective, filter });
}

/** What of an SLO its meshes cannot measure: a threshold between two buckets, a label that is not there. */
function checkAgainstPacks(
  document: YamlDocument,
  path: ValuePath,
  { threshold, filter }: WrittenSlo,
  packs: readonly SignalPack[],
): readonly Diagnostic[] {
  return packs.flatMap((pack) => [
    ...(threshold === undefined ? [] : checkThreshold(document, [...path, 'threshold'], threshold, pack)),
    ...(filter === undefined ? [] : checkFilter(document, [...path, 'filter'], filter, pack)),
  ]);
}

function checkThreshold(
  document: YamlDocument,
  path: ValuePath,
  seconds: number,
  pack: SignalPack,
): readonly Diagnostic[] {
  if (pack.latency === undefined) {
    return [mistake(document, path, 'no-latency', `${pack.name} has no latency buckets`)];
  }
  const bounds = pack.latency.boundsSeconds;
  if (bounds.includes(seconds)) return [];
  const message = `${formatDuration(seconds)} is no bucket bound of ${pack.name}: nobody counted how many were faster`;
  const writable = bounds.filter((bound) => parseDuration(formatDuration(bound)) === bound);
  const near = nearestBounds(writable, seconds).map((bound) => formatDuration(bound));
  return [mistake(document, path, 'threshold-is-no-bucket-bound', message, { hint: near.join(' or ') })];
}

function checkFilter(
  document: YamlDocument,
  path: ValuePath,
  filter: NonNullable<WrittenSlo['filter']>,
  pack: SignalPack,
): readonly Diagnostic[] {
  return (['caller', 'version', 'method'] as const).flatMap((key) => {
    if (filter[key] === undefined) return [];
    if (pack.facts[key] === undefined) {
      const message = `${pack.name} does not tell the ${key} of a request`;
      return [mistake(document, [...path, key], 'filter-without-label', message, { part: 'key' })];
    }
    const condition = key === 'method' ? pack.facts.method?.onlyWhen : undefined;
    if (condition === undefined) return [];
    const message = `${pack.name} tells the ${key} of a request only when ${condition}`;
    const hint = 'until then this SLO has no traffic';
    return [
      mistake(document, [...path, key], 'filter-needs-setting', message, { part: 'key', hint, severity: 'warning' }),
    ];
  });
}

/** One document of a SLO file, whose form is right. */
interface ServiceDocument {
  readonly document: YamlDocument;
  readonly written: WrittenService;
}

/** All SLO files' documents as rules, with every mistake of each and between them. */
export function checkServices(
  documents: readonly YamlDocument[],
  base: Omit<SloRules, 'services'>,
  packs: ReadonlyMap<string, SignalPack>,
  jobPacks: readonly SignalPack[],
): { readonly services: SloRules['services']; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const sound = documents.flatMap((document): ServiceDocument[] => {
    const { value, diagnostics: found } = checkValue(document, serviceSchema);
    diagnostics.push(...found);
    return value === undefined ? [] : [{ document, written: value }];
  });
  diagnostics.push(...checkContradictions(sound));
  for (const { document, written } of sound) diagnostics.push(...checkNames(document, written, base, packs));

  const services = new Map<string, ServiceRules[]>();
  for (const { written } of sound) {
    const key = `${written.service.namespace}/${written.service.name}`;
    services.set(key, [...(services.get(key) ?? []), rulesOf(written)]);
  }
  const rules = { ...base, services };
  for (const { document, written } of sound) {
    const own = written.mesh === undefined ? jobPacks : [packs.get(written.mesh)].filter((pack) => pack !== undefined);
    diagnostics.push(...checkSlos(document, written, rules, own));
  }
  return { services, diagnostics };
}

function rulesOf({ service, owner, tier, slos }: WrittenService): ServiceRules {
  const changes = Object.entries(slos).map(([name, slo]) => [name, slo === 'off' ? slo : changeOf(slo)] as const);
  return { ...service, owner, tier, slos: new Map(changes) };
}

function checkNames(
  document: YamlDocument,
  { tier, mesh }: WrittenService,
  { tiers }: Pick<SloRules, 'tiers'>,
  packs: ReadonlyMap<string, SignalPack>,
): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  if (tier !== undefined && !tiers.has(tier)) {
    found.push(
      mistake(document, ['tier'], 'unknown-tier', `there is no tier ${JSON.stringify(tier)}`, {
        hint: wordHint(tier, [...tiers.keys()]),
      }),
    );
  }
  if (mesh !== undefined && !packs.has(mesh)) {
    found.push(
      mistake(document, ['mesh'], 'unknown-mesh', `there is no signal pack for ${JSON.stringify(mesh)}`, {
        hint: wordHint(mesh, [...packs.keys()]),
      }),
    );
  }
  return found;
}

/** Two documents may speak of one service, but not of one thing of it. */
function checkContradictions(documents: readonly ServiceDocument[]): readonly Diagnostic[] {
  const said = new Map<string, { readonly value: string; readonly file: string; readonly line: number }>();
  return documents.flatMap(({ document, written: { service, owner, tier, slos } }) => {
    const key = [service.cluster ?? '*', service.namespace, service.name].join('/');
    const sayings: [string, string, ValuePath][] = Object.keys(slos).map((name) => [`SLO ${name}`, '', ['slos', name]]);
    if (owner !== undefined) sayings.push(['owner', owner, ['owner']]);
    if (tier !== undefined) sayings.push(['tier', tier, ['tier']]);
    return sayings.flatMap(([what, value, path]) => {
      const position = document.position(path, 'key');
      const before = said.get(`${key} ${what}`);
      if (before === undefined) {
        said.set(`${key} ${what}`, { value, file: position.file, line: position.line });
        return [];
      }
      const isSlo = what.startsWith('SLO');
      if (!isSlo && before.value === value) return [];
      const code = isSlo ? 'duplicate-slo' : `contradicting-${what}`;
      const message = `${what} of ${service.namespace}/${service.name} is already given in ${before.file}:${before.line}`;
      return [mistake(document, path, code, message, { part: 'key', hint: 'keep one of the two' })];
    });
  });
}

function checkSlos(
  document: YamlDocument,
  { service, slos }: WrittenService,
  rules: SloRules,
  packs: readonly SignalPack[],
): readonly Diagnostic[] {
  const jobClusters = rules.clusters.length > 0 ? rules.clusters : ['unknown'];
  const clusters = service.cluster === undefined ? jobClusters : [service.cluster];
  const tiers = clusters.map((cluster) => rules.tiers.get(tierOf(rules, { ...service, cluster })));
  return Object.entries(slos).flatMap(([name, slo]) => {
    const path = ['slos', name];
    const defaults = tiers.map((tier) => tier?.get(name));
    const known = defaults.length > 0 && defaults.every((terms) => terms !== undefined);
    if (slo === 'off') {
      if (known) return [];
      const hint = wordHint(name, [...(tiers[0]?.keys() ?? [])]);
      return [
        mistake(document, path, 'unknown-slo', `there is no default ${name} to take away`, { part: 'key', hint }),
      ];
    }
    const found = [...checkAgainstPacks(document, path, slo, packs)];
    if (!known && slo.objective === undefined) {
      const message = `${name} is no default of the service's tier, so it needs an objective`;
      const hint = wordHint(name, [...(tiers[0]?.keys() ?? [])]);
      found.push(mistake(document, path, 'objective-missing', message, { part: 'key', hint }));
    }
    if (slo.threshold !== undefined && defaults.some((terms) => terms?.indicator.kind === 'availability')) {
      const message = `${name} counts failures; a threshold would make it count slow requests under the same name`;
      const hint = 'give the SLO of latency a name of its own';
      found.push(mistake(document, [...path, 'threshold'], 'indicator-changed', message, { part: 'key', hint }));
    }
    return found;
  });
}
