import { dirname, relative } from 'node:path';
import type { Diagnostic } from '../domain/diagnostic.js';
import type { Indicator } from '../domain/slo.js';
import { checkPart, checkValue, mistake } from '../documents/checked-value.js';
import type { CheckedValue } from '../documents/checked-value.js';
import { wordHint } from '../documents/nearest-word.js';
import { present } from '../documents/present.js';
import type { ValuePath, YamlDocument } from '../documents/yaml-document.js';
import type { SignalPacks } from '../packs/load-packs.js';
import type { SignalPack } from '../packs/signal-pack.js';
import { defaultsSchema, serviceSchema, serviceSloSchema, sloSchema } from './slo-schema.js';
import type { WrittenService, WrittenSlo } from './slo-schema.js';
import { checkMeasurable } from './check-measurable.js';
import type { MeasuredTerms } from './measurable.js';
import { completeTerms } from './slo-rules.js';
import type { ServiceRules, SloChange, SloRules } from './slo-rules.js';
import { tierOf } from './slo-catalogue.js';

/** What a defaults file decides. */
export type TierDefaults = Pick<SloRules, 'tiers' | 'defaultTier' | 'window'>;

/** The tiers of a defaults file, or the mistakes of its form. */
export function checkDefaults(document: YamlDocument, policies: readonly string[]): CheckedValue<TierDefaults> {
  const { value, diagnostics } = checkValue(document, defaultsSchema({ policies }));
  if (value === undefined) return { diagnostics };
  const tiers = Object.entries(value.tiers).map(([tier, { slos, alerts }]) => {
    const terms = Object.entries(slos).map(([name, slo]) => {
      const said = { ...changeOf(slo), objective: slo.objective, alerts: { ...alerts, ...slo.alerts } };
      return [name, completeTerms({ window: value.window, ...said })] as const;
    });
    return [tier, new Map(terms)] as const;
  });
  return { value: { tiers: new Map(tiers), defaultTier: value.default_tier, window: value.window }, diagnostics };
}

function changeOf(written: WrittenSlo): SloChange {
  const { objective, threshold, quantile, window, budgeting, perspective, filter, alerts } = written;
  const indicator = threshold === undefined ? undefined : latencyOf(threshold, quantile);
  return present({ objective, indicator, window, budgeting, perspective, filter, alerts });
}

function latencyOf(thresholdSeconds: number, quantile: number | undefined): Indicator {
  return quantile === undefined
    ? { kind: 'latency', thresholdSeconds }
    : { kind: 'latency-windows', thresholdSeconds, quantile };
}

/** What an SLO is measured by where nobody says anything. */
const noTerms: MeasuredTerms = { indicator: { kind: 'availability' }, filter: {}, perspective: undefined };

/** What is right of one document of a SLO file. */
interface ServiceDocument {
  readonly document: YamlDocument;
  readonly head: WrittenService;
  readonly slos: ReadonlyMap<string, WrittenSlo | 'off'>;
}

/** All SLO files' documents as rules, with every mistake of each and between them. */
export function checkServices(
  documents: readonly YamlDocument[],
  base: Omit<SloRules, 'services'>,
  { packs, policies }: { readonly packs: SignalPacks; readonly policies: readonly string[] },
  jobPacks: readonly SignalPack[],
): { readonly services: SloRules['services']; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const schema = serviceSchema({ meshes: [...packs.keys()], tiers: [...base.tiers.keys()], policies });
  const sound = documents.flatMap((document): ServiceDocument[] => {
    const head = checkValue(document, schema);
    const { value: slos, remnants, ...checked } = checkEachSlo(document, policies);
    diagnostics.push(...head.diagnostics, ...checked.diagnostics);
    const alone = head.value === undefined ? new Map([...slos, ...remnants]) : remnants;
    diagnostics.push(...checkAlone(document, alone, meshOf(document, packs) ?? jobPacks));
    return head.value === undefined ? [] : [{ document, head: head.value, slos }];
  });
  diagnostics.push(...checkContradictions(sound));

  const services = new Map<string, ServiceRules[]>();
  for (const { head, slos } of sound) {
    const key = `${head.service.namespace}/${head.service.name}`;
    services.set(key, [...(services.get(key) ?? []), rulesOf(head, slos, packs)]);
  }
  const rules = { ...base, services };
  for (const one of sound) {
    const own = one.head.mesh === undefined ? jobPacks : [packs.get(one.head.mesh)!];
    diagnostics.push(...checkMesh(one, jobPacks), ...checkSlos(one, rules, own));
  }
  return { services, diagnostics };
}

/** The SLOs that are well-formed, even where the rest of the document, or another SLO, is not. */
function checkEachSlo(
  document: YamlDocument,
  policies: readonly string[],
): {
  readonly value: ServiceDocument['slos'];
  /** What is right of those that are not. */
  readonly remnants: ReadonlyMap<string, WrittenSlo>;
  readonly diagnostics: readonly Diagnostic[];
} {
  const value = new Map<string, WrittenSlo | 'off'>();
  const remnants = new Map<string, WrittenSlo>();
  const diagnostics: Diagnostic[] = [];
  const { slos } = document.value as { slos?: unknown };
  if (typeof slos !== 'object' || slos === null || Array.isArray(slos)) return { value, remnants, diagnostics };
  const schema = serviceSloSchema({ policies });
  for (const [name, written] of Object.entries(slos)) {
    const checked = checkPart(document, ['slos', name], schema);
    diagnostics.push(...checked.diagnostics);
    if (checked.value !== undefined) value.set(name, checked.value);
    else remnants.set(name, soundFields(written, policies));
  }
  return { value, remnants, diagnostics };
}

function soundFields(written: unknown, policies: readonly string[]): WrittenSlo {
  if (typeof written !== 'object' || written === null) return {};
  const sound = Object.entries(sloSchema({ policies }).shape).flatMap(([key, field]) => {
    const checked = field.safeParse((written as Readonly<Record<string, unknown>>)[key]);
    return checked.success ? [[key, checked.data]] : [];
  });
  return present(Object.fromEntries(sound) as WrittenSlo);
}

/** The one mesh that a document names; undefined where it names none, or one that is not known. */
function meshOf(document: YamlDocument, packs: SignalPacks): readonly SignalPack[] | undefined {
  const { mesh } = document.value as { mesh?: unknown };
  const pack = typeof mesh === 'string' ? packs.get(mesh) : undefined;
  return pack && [pack];
}

/**
 * What no mesh can measure, by the words of each SLO alone.
 *
 * For SLOs that come to nothing because of another mistake: so that mending that one does not bring up the next.
 */
function checkAlone(
  document: YamlDocument,
  slos: ServiceDocument['slos'],
  packs: readonly SignalPack[],
): readonly Diagnostic[] {
  return [...slos].flatMap(([name, written]) => {
    if (written === 'off') return [];
    const terms = { ...noTerms, ...changeOf(written) };
    return checkMeasurable(document, { path: ['slos', name], written, terms }, packs);
  });
}

function rulesOf(
  { service, owner, tier, mesh, alerts = {} }: WrittenService,
  slos: ServiceDocument['slos'],
  packs: SignalPacks,
): ServiceRules {
  const changes = [...slos].map(([name, slo]) => [name, slo === 'off' ? slo : changeOf(slo)] as const);
  const pack = mesh === undefined ? undefined : packs.get(mesh)!;
  return { ...service, owner, tier, mesh: pack, alerts, slos: new Map(changes) };
}

/** Two documents may speak of one service, but not of one thing of it. */
function checkContradictions(documents: readonly ServiceDocument[]): readonly Diagnostic[] {
  const said = new Map<string, { readonly value: string; readonly file: string; readonly line: number }>();
  return documents.flatMap(({ document, head: { service, owner, tier, mesh, alerts, slos } }) => {
    const key = [service.cluster ?? '*', service.namespace, service.name].join('/');
    const sayings: [string, string, ValuePath][] = Object.keys(slos).map((name) => [`SLO ${name}`, '', ['slos', name]]);
    if (owner !== undefined) sayings.push(['owner', owner, ['owner']]);
    if (tier !== undefined) sayings.push(['tier', tier, ['tier']]);
    if (mesh !== undefined) sayings.push(['mesh', mesh, ['mesh']]);
    if (alerts !== undefined) sayings.push(['alerts', JSON.stringify(alerts), ['alerts']]);
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
      const message = `${what} of ${service.namespace}/${service.name} is already given in ${relative(dirname(document.file), before.file)}:${before.line}`;
      return [mistake(document, path, code, message, { part: 'key', hint: 'keep one of the two' })];
    });
  });
}

/** A service that is counted through a mesh which nobody scrapes is not counted. */
function checkMesh(
  { document, head: { mesh } }: ServiceDocument,
  jobPacks: readonly SignalPack[],
): readonly Diagnostic[] {
  if (mesh === undefined || jobPacks.some(({ name }) => name === mesh)) return [];
  const hint = `meshes of jobs: ${jobPacks.map(({ name }) => name).join(', ')}`;
  const message = `no job scrapes ${mesh}: nothing is counted for this service`;
  return [mistake(document, ['mesh'], 'mesh-without-job', message, { hint, severity: 'warning' })];
}

function checkSlos(
  { document, head: { service }, slos }: ServiceDocument,
  rules: SloRules,
  packs: readonly SignalPack[],
): readonly Diagnostic[] {
  const jobClusters = rules.clusters.length > 0 ? rules.clusters : ['unknown'];
  const clusters = service.cluster === undefined ? jobClusters : [service.cluster];
  const tiers = clusters.map((cluster) => rules.tiers.get(tierOf(rules, { ...service, cluster })));
  return [...slos].flatMap(([name, slo]) => {
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
    const found: Diagnostic[] = [];
    const [usual] = defaults;
    if (usual !== undefined || slo.objective !== undefined) {
      const terms = { ...noTerms, ...usual, ...changeOf(slo) };
      found.push(...checkMeasurable(document, { path, written: slo, terms }, packs));
    }
    if (!known && slo.objective === undefined) {
      const message = `${name} is no default of the service's tier, so it needs an objective`;
      const hint = wordHint(name, [...(tiers[0]?.keys() ?? [])]);
      found.push(mistake(document, path, 'objective-missing', message, { part: 'key', hint }));
    }
    if (slo.quantile !== undefined && slo.threshold === undefined) {
      const hint = 'say within which threshold it is to stay';
      found.push(
        mistake(document, [...path, 'quantile'], 'quantile-without-threshold', 'a quantile of what?', { hint }),
      );
    }
    if (slo.threshold !== undefined && defaults.some((terms) => terms?.indicator.kind === 'availability')) {
      const message = `${name} counts failures; a threshold would make it count slow requests under the same name`;
      const hint = 'give the SLO of latency a name of its own';
      found.push(mistake(document, [...path, 'threshold'], 'indicator-changed', message, { part: 'key', hint }));
    }
    return found;
  });
}
