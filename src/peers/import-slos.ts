import type { Diagnostic } from '../domain/diagnostic.js';
import { hasErrors, inReadingOrder } from '../domain/diagnostic.js';
import type { Slo } from '../domain/slo.js';
import type { Window } from '../domain/window.js';
import { checkServices } from '../config/check-slos.js';
import { tierOf } from '../config/slo-catalogue.js';
import type { SloRules } from '../config/slo-rules.js';
import { formatDuration, parseDuration } from '../domain/duration.js';
import { parseYaml } from '../documents/yaml-document.js';
import type { YamlDocument } from '../documents/yaml-document.js';
import type { SignalPacks } from '../packs/load-packs.js';
import type { ClusterWords } from './meaning/named-service.js';
import type { ReadPromise } from './meaning/read-promise.js';
import { promiseOf } from './promise-of.js';
import { placed, placedInQuery, readDefinitions } from './read-definitions.js';
import { fileNameOf, sloFileText } from './slo-file-text.js';
import { namedSlos } from './slo-names.js';
import { serviceText } from './taken-slo.js';
import type { NamedSlo, TakenService, TakenSlo } from './taken-slo.js';

/** What is known of the meshslo that promises are taken to. */
export interface Destination {
  readonly packs: SignalPacks;
  readonly policies: readonly string[];
  /** Defaults and tiers, and what its SLO files say already. */
  readonly rules: SloRules;
  /** Packs of the meshes that its jobs scrape; empty where nothing is known. */
  readonly inUse: readonly string[];
  readonly clusters: ClusterWords;
  /** The window of Sloth's SLOs, whose files do not say it. */
  readonly slothWindow: Window;
  /** How a file is called in comments. */
  readonly nameOf: (file: string) => string;
  /** Whether a SLO file of this name is there from an earlier time: what it says may be in the rules. */
  readonly isThere: (name: string) => boolean;
}

/** A promise that was taken over, and where it went. */
export interface ImportedSlo extends NamedSlo {
  readonly window: Window;
}

/** A SLO file of one service. */
export interface ImportedFile {
  readonly name: string;
  readonly text: string;
  readonly service: TakenService;
  readonly slos: readonly ImportedSlo[];
}

/** What became of the promises of other tools. */
export interface Import {
  readonly files: readonly ImportedFile[];
  /** How many promises there were. */
  readonly found: number;
  /** How many of them are in the files, some as one with another. */
  readonly taken: number;
  /** `error`: could not be taken. `warning`: was taken, and means something else in this. In reading order. */
  readonly diagnostics: readonly Diagnostic[];
  /** Documents that promise nothing. */
  readonly strangers: readonly YamlDocument[];
}

/** The promises in documents of Sloth, Pyrra and OpenSLO as SLO files of meshslo. Pure; the same documents give the same bytes. */
export function importSlos(documents: readonly YamlDocument[], to: Destination): Import {
  const { slos, found, diagnostics, strangers } = readDefinitions(documents);
  const all: Diagnostic[] = [...diagnostics];
  const meshes = { packs: to.packs, inUse: to.inUse, clusters: to.clusters };
  const taken = slos.flatMap((from): TakenSlo[] => {
    const promise = promiseOf(from, meshes);
    if (isRefusal(promise)) {
      all.push(...promise.map(placedInQuery));
      return [];
    }
    const refusal = unsayable(promise);
    if (refusal !== undefined) {
      all.push(placed(from.document, from.path, refusal, 'error'));
      return [];
    }
    const { document } = queryOf(from);
    all.push(...promise.differences.map((one) => placed(document, queryOf(from).path, one, 'warning')));
    return [{ from, promise }];
  });
  const files = byService(taken, all, to)
    .flatMap((service) => fileOf(service, all, to) ?? [])
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const inFiles = new Set(files.flatMap(({ slos }) => slos.map(promiseKey)));
  const kept = taken.filter((one) => inFiles.has(promiseKey(one)));
  return { files, found, taken: kept.length, diagnostics: inReadingOrder(all), strangers };
}

function isRefusal(
  promise: ReturnType<typeof promiseOf>,
): promise is Exclude<ReturnType<typeof promiseOf>, ReadPromise> {
  return Array.isArray(promise);
}

/** The query that an SLO's differences are told at. */
function queryOf({ sli }: TakenSlo['from']) {
  return 'ratio' in sli ? sli.ratio : sli.part;
}

/** Few disks take more than 255 bytes. */
const longestName = 240;

/** What an SLO file has no words for. */
function unsayable({ service, indicator }: ReadPromise): { code: string; message: string } | undefined {
  const parts = [service.cluster ?? 'x', service.namespace, service.name];
  if (
    parts.some((part) => part === '' || /[\s/\p{Surrogate}]/u.test(part)) ||
    fileNameOf(service).length > longestName
  ) {
    return { code: 'bad-service', message: `no name of a service: ${JSON.stringify(serviceText(service))}` };
  }
  const seconds = indicator.kind === 'availability' ? 0 : indicator.thresholdSeconds;
  if (parseDuration(formatDuration(seconds)) === seconds) return undefined;
  return { code: 'threshold-too-fine', message: `a threshold of ${seconds} s is less than whole milliseconds` };
}

function byService(taken: readonly TakenSlo[], all: Diagnostic[], { inUse }: Destination): readonly TakenService[] {
  const groups = new Map<string, TakenSlo[]>();
  const firsts = new Map<string, TakenSlo>();
  for (const one of taken) {
    const twin = firsts.get(promiseKey(one));
    if (twin !== undefined) {
      const message = `the same promise as ${twin.from.title}: it is there once`;
      all.push(placed(one.from.document, one.from.path, { code: 'said-twice', message }, 'warning'));
      continue;
    }
    firsts.set(promiseKey(one), one);
    const service = serviceText(one.promise.service);
    const group = groups.get(service);
    if (group) group.push(one);
    else groups.set(service, [one]);
  }
  return [...groups.values()].map((slos): TakenService => {
    const { cluster, namespace, name } = slos[0]!.promise.service;
    const meshes = new Set(slos.map(({ promise }) => promise.mesh));
    const owner = slos.map(({ from }) => from.owner).find((one) => one !== undefined);
    for (const { from } of slos) {
      if (from.owner === undefined || from.owner === owner) continue;
      const message = `a service has one owner: ${owner!}, not ${from.owner}`;
      all.push(placed(from.document, from.path, { code: 'owners-differ', message }, 'warning'));
    }
    const mesh = inUse.length > 1 && meshes.size === 1 ? [...meshes][0] : undefined;
    return { cluster, namespace, name, owner, mesh, slos: namedSlos(slos) };
  });
}

/** The same for two that promise the same of one service. */
function promiseKey({ from, promise }: TakenSlo): string {
  const { service, indicator, perspective, filter, mesh } = promise;
  const terms = [from.objective, from.window, from.budgeting, indicator, perspective, filter, mesh];
  return JSON.stringify([serviceText(service), ...terms]);
}

/** The file of a service, if what it says can be kept; what cannot is said. */
function fileOf(service: TakenService, all: Diagnostic[], to: Destination): ImportedFile | undefined {
  const isFromBefore = to.isThere(fileNameOf(service));
  const known = isFromBefore ? [] : (to.rules.services.get(`${service.namespace}/${service.name}`) ?? []);
  const slos = service.slos.filter(({ sloName, from }) => {
    const isThere = known.some((one) => one.cluster === service.cluster && one.slos.has(sloName));
    if (isThere) {
      const message = `${serviceText(service)} has ${sloName} in a SLO file of yours already`;
      all.push(
        placed(from.document, from.path, { code: 'already-promised', message, hint: 'keep one of the two' }, 'error'),
      );
    }
    return !isThere;
  });
  if (slos.length === 0) return undefined;
  const windowOf = ({ from }: NamedSlo): Window => from.window ?? to.slothWindow;
  const usual = { windowOf: (one: TakenService, name: string) => usualWindow(one, name, to.rules) };
  const placeOf = ({ from }: NamedSlo): string => {
    const { file, line } = from.document.position(from.path);
    return `${from.title} (${to.nameOf(file)}:${line})`;
  };
  const kept = { ...service, slos };
  const text = sloFileText(kept, usual, placeOf, windowOf);
  const wrong = mistakesOf(fileNameOf(kept), text, to);
  if (wrong.length > 0) {
    for (const { from } of slos) {
      all.push(...wrong.map((one) => ({ ...one, position: from.document.position(from.path) })));
    }
    return undefined;
  }
  return { name: fileNameOf(kept), text, service: kept, slos: slos.map((slo) => ({ ...slo, window: windowOf(slo) })) };
}

/** What `meshslo check` would refuse. */
function mistakesOf(name: string, text: string, { packs, policies, rules, inUse }: Destination): readonly Diagnostic[] {
  const { documents, diagnostics } = parseYaml(name, new TextEncoder().encode(text));
  const jobPacks = [...(inUse.length > 0 ? inUse.flatMap((one) => packs.get(one) ?? []) : packs.values())];
  const checked = checkServices(documents, { ...rules }, { packs, policies }, jobPacks);
  const found = [...diagnostics, ...checked.diagnostics];
  return hasErrors(found) ? found.filter(({ severity }) => severity === 'error') : [];
}

function usualWindow(service: TakenService, name: string, rules: SloRules): Window {
  const cluster = service.cluster ?? rules.clusters[0] ?? 'unknown';
  const tier = rules.tiers.get(tierOf(rules, { ...service, cluster }));
  return tier?.get(name)?.window ?? rules.window;
}

/** Defaults of the tier that a service has beside what was taken. */
export function furtherDefaults({ service, slos }: ImportedFile, rules: SloRules): readonly string[] {
  const cluster = service.cluster ?? rules.clusters[0] ?? 'unknown';
  const tier = rules.tiers.get(tierOf(rules, { ...service, cluster }));
  const names: readonly Slo['name'][] = slos.map(({ sloName }) => sloName);
  return [...(tier?.keys() ?? [])].filter((name) => !names.includes(name));
}
