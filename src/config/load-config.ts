import { dirname, resolve } from 'node:path';
import type { Diagnostic } from '../domain/diagnostic.js';
import { hasErrors, inReadingOrder } from '../domain/diagnostic.js';
import { checkPart, checkValue, mistake } from '../documents/checked-value.js';
import type { CheckedValue } from '../documents/checked-value.js';
import { readYamlFile } from '../documents/yaml-file.js';
import type { YamlDocument } from '../documents/yaml-document.js';
import { loadAlertPolicies } from '../packs/load-alert-policies.js';
import type { BoardPacks } from '../packs/board-pack.js';
import { loadBoards } from '../packs/load-boards.js';
import type { AlertPolicies } from '../packs/load-alert-policies.js';
import { loadPacks } from '../packs/load-packs.js';
import type { SignalPacks } from '../packs/load-packs.js';
import type { SignalPack } from '../packs/signal-pack.js';
import { checkScrape } from './check-jobs.js';
import { checkAlerting, checkLinks } from './check-alerting.js';
import { checkCatalog } from './check-catalog.js';
import { checkControlPlanes } from './check-control-planes.js';
import { checkListen } from './check-listen.js';
import { checkNotifications } from './check-notifications.js';
import { checkReportOwners } from './check-report-owners.js';
import { checkReports } from './check-reports.js';
import { checkDefaultThresholds, checkOffers } from './check-measurable.js';
import { checkOwners } from './check-owners.js';
import { checkPublish } from './check-publish.js';
import { checkDefaults, checkServices } from './check-slos.js';
import type { TierDefaults } from './check-slos.js';
import type { Config, JobSettings } from './config.js';
import { configSchema } from './config-schema.js';
import type { WrittenConfig } from './config-schema.js';
import { filesOf, hasWildcard } from './file-patterns.js';
import type { NotificationSettings } from './notifications.js';
import type { ReportSettings } from './reports.js';
import { rulesSchema } from './rules-schema.js';
import { shippedDefaults } from './shipped-rules.js';
import type { MatchRule, SloRules } from './slo-rules.js';

/** A configuration, or why there is none. */
export interface LoadedConfig {
  /** There exactly when no diagnostic is an error. */
  readonly config?: Config;
  /** All mistakes of all files, in reading order; with a configuration, only warnings. */
  readonly diagnostics: readonly Diagnostic[];
  /** Every file that was read: when one of them changes, another attempt may end differently. */
  readonly files: readonly string[];
}

/** Defaults, and the document that they stand in. */
interface CheckedDefaults {
  readonly document: YamlDocument;
  readonly value: TierDefaults;
}

/**
 * The configuration that a file describes together with the packs, defaults and SLO files that it names.
 *
 * Refused as a whole, with all mistakes of all files at once; never throws for what a file says or lacks.
 *
 * @param environment where tokens may stand
 */
export function loadConfig(file: string, environment: NodeJS.ProcessEnv = process.env): LoadedConfig {
  const absolute = resolve(file);
  const reading = readYamlFile(absolute);
  const [document, second] = reading.documents;
  if (document === undefined) return { diagnostics: withFirstStep(reading.diagnostics), files: [absolute] };
  const loading = new Loading(document, dirname(absolute));
  if (second !== undefined) {
    loading.report(mistake(second, [], 'second-document', 'meshslo.yaml is one document', { hint: 'remove the ---' }));
  }
  return loading.finish(environment);
}

function withFirstStep(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const hint = 'meshslo init writes a commented one';
  return diagnostics.map((one) => (/file-unreadable|empty-file/.test(one.code) ? { ...one, hint } : one));
}

/** One attempt to load: gathers files and mistakes on its way. */
class Loading {
  readonly #document: YamlDocument;
  readonly #folder: string;
  readonly #files: string[];
  readonly #diagnostics: Diagnostic[] = [];

  constructor(document: YamlDocument, folder: string) {
    this.#document = document;
    this.#folder = folder;
    this.#files = [document.file];
  }

  report(...diagnostics: readonly Diagnostic[]): void {
    this.#diagnostics.push(...diagnostics);
  }

  finish(environment: NodeJS.ProcessEnv): LoadedConfig {
    const document = this.#document;
    const packs = this.#packs();
    const policies = this.#policies();
    const boards = this.#boards();
    const policyNames = [...policies.keys()];
    const defaults = this.#defaults(policyNames);
    const tiers = [...(defaults?.value.tiers.keys() ?? [])];
    const known = { meshes: [...packs.keys()], tiers, policies: policyNames };

    const written = this.#take(checkValue(document, configSchema(known)));
    const listen = this.#take(checkListen(document, this.#folder, environment));
    const context = { document, packs, cluster: written?.cluster ?? '', folder: this.#folder };
    const scrape = this.#take(checkScrape(context, known));
    const alerting = this.#take(checkAlerting(document, this.#folder));
    const links = this.#take(checkLinks(document));
    const rules = this.#take(checkPart(document, ['rules'], rulesSchema));
    const notifications = this.#take(checkNotifications(document, this.#folder));
    const reports = this.#take(checkReports(document, this.#folder, environment));
    const controlPlanes = this.#take(checkControlPlanes(document, context));
    const publish = this.#take(checkPublish(document, this.#folder, written?.cluster ?? ''));
    const catalog = this.#take(checkCatalog(document, context));
    const slos =
      defaults &&
      this.#slos(written, defaults, scrape?.jobs ?? [], { packs, policies: policyNames }, { notifications, reports });

    const outcome = { diagnostics: inReadingOrder(this.#diagnostics), files: this.#files };
    if (hasErrors(this.#diagnostics)) return outcome;
    if (!written || !listen || !scrape || !slos || !alerting || !links || !rules || !controlPlanes || !catalog)
      return outcome;
    const config: Config = {
      file: document.file,
      files: this.#files,
      filePatterns: [...written.packs, ...written.policies, ...written.boards, ...written.slos].map((pattern) =>
        resolve(this.#folder, pattern),
      ),
      listen,
      ledgerPath: resolve(this.#folder, written.ledger),
      cluster: written.cluster,
      clusterAliases: new Map(Object.entries(written.cluster_aliases)),
      scrape,
      packs,
      policies,
      boards,
      slos,
      alerting,
      links,
      rules: {
        delaySeconds: rules.delay,
        clusterLabel: rules.cluster_label,
        targetLabels: rules.target_labels,
        alertFiles: rules.alert_files,
      },
      notifications,
      reports,
      controlPlanes: controlPlanes.map((one) => ({ ...one, owner: one.owner ?? alerting.owner })),
      publish,
      catalog,
    };
    return { config, ...outcome };
  }

  #take<T>({ value, diagnostics }: CheckedValue<T>): T | undefined {
    this.report(...diagnostics);
    return value;
  }

  #packs(): SignalPacks {
    const files = this.#filesOf('packs');
    const { packs, diagnostics } = loadPacks(files);
    this.report(...diagnostics);
    return packs;
  }

  #policies(): AlertPolicies {
    const { policies, diagnostics } = loadAlertPolicies(this.#filesOf('policies'));
    this.report(...diagnostics);
    return policies;
  }

  #boards(): BoardPacks {
    const { packs, diagnostics } = loadBoards(this.#filesOf('boards'));
    this.report(...diagnostics);
    return packs;
  }

  #defaults(policies: readonly string[]): CheckedDefaults | undefined {
    const { defaults } = this.#document.value as { defaults?: unknown };
    const own = typeof defaults === 'string' ? resolve(this.#folder, defaults) : undefined;
    if (own !== undefined) this.#files.push(own);
    const [document] = this.#read(own ?? shippedDefaults);
    const value = document && this.#take(checkDefaults(document, policies));
    return document && value && { document, value };
  }

  #slos(
    written: WrittenConfig | undefined,
    { document, value: defaults }: CheckedDefaults,
    jobs: readonly JobSettings[],
    known: { readonly packs: SignalPacks; readonly policies: readonly string[] },
    people: {
      readonly notifications: NotificationSettings | undefined;
      readonly reports: ReportSettings | undefined;
    },
  ): SloRules {
    const inUse = [...new Set(jobs.map(({ pack }) => pack))];
    const meant = inUse.length > 0 ? inUse : namedMeshes(this.#document, known.packs);
    const jobPacks = meant.length > 0 ? meant : [...known.packs.values()];
    const isOwn = document.file !== shippedDefaults;
    if (isOwn) this.report(...checkDefaultThresholds(document, defaults.tiers, jobPacks));
    this.report(...checkOffers(this.#document, defaults.tiers, jobs));
    const base = {
      ...defaults,
      tierRules: (written?.tiers ?? []).map(({ tier, ...match }) => matchRule(tier, match)),
      ownerRules: (written?.owners ?? []).map(({ owner, ...match }) => matchRule(owner, match)),
      meshes: new Map(jobPacks.map((pack) => [pack.name, pack])),
      clusters: [...new Set(jobs.map(({ cluster }) => cluster))].sort(),
    };
    const documents = this.#filesOf('slos').flatMap((file) => this.#read(file));
    const { services, diagnostics } = checkServices(documents, base, known, jobPacks);
    this.report(...diagnostics);
    if (people.notifications) this.report(...checkOwners([this.#document, ...documents], people.notifications));
    if (people.reports) this.report(...checkReportOwners([this.#document, ...documents], people.reports));
    return { ...base, services };
  }

  #read(file: string): readonly YamlDocument[] {
    const { documents, diagnostics } = readYamlFile(file);
    this.report(...diagnostics);
    return documents;
  }

  /** The files behind a list of patterns of meshslo.yaml, each once, and never that file itself. */
  #filesOf(key: 'packs' | 'policies' | 'boards' | 'slos'): readonly string[] {
    const found = new Set<string>();
    for (const [index, pattern] of this.#patterns(key)) {
      const path = [key, index];
      if (pattern.includes('**')) {
        this.report(
          mistake(this.#document, path, 'bad-file-pattern', `** is not known: ${pattern}`, {
            hint: 'one * per folder',
          }),
        );
        continue;
      }
      const files = filesOf(resolve(this.#folder, pattern));
      if (files.length === 0 && hasWildcard(pattern)) {
        const message = `no file fits ${pattern}`;
        this.report(mistake(this.#document, path, 'no-such-file', message, { severity: 'warning' }));
      }
      for (const file of files) if (file !== this.#document.file) found.add(file);
    }
    const files = [...found].sort();
    this.#files.push(...files);
    return files;
  }

  /** Read from what is written, so that one wrong key elsewhere does not hide the mistakes of all these files. */
  #patterns(key: 'packs' | 'policies' | 'boards' | 'slos'): readonly (readonly [number, string])[] {
    const list: unknown = (this.#document.value as Partial<Record<string, unknown>>)[key];
    if (!Array.isArray(list)) return [];
    return list.flatMap((pattern: unknown, index) => (typeof pattern === 'string' ? [[index, pattern] as const] : []));
  }
}

type WrittenMatch = Omit<WrittenConfig['tiers'][number], 'tier'>;

function matchRule(gives: string, { cluster, namespace, service }: WrittenMatch): MatchRule {
  return { gives, cluster, namespace, service };
}

/** Packs that jobs name, however wrong the rest of these is: their SLOs are checked against what is meant. */
function namedMeshes({ value }: YamlDocument, packs: SignalPacks): readonly SignalPack[] {
  const { scrape } = value as { scrape?: { jobs?: unknown } | null };
  const jobs: readonly unknown[] = Array.isArray(scrape?.jobs) ? scrape.jobs : [];
  const names = jobs.flatMap((job) => (typeof job === 'object' && job !== null && 'mesh' in job ? [job.mesh] : []));
  return [...new Set(names)].flatMap((name) => (typeof name === 'string' ? (packs.get(name) ?? []) : []));
}
