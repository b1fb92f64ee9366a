import type { CatalogSettings } from './catalog-settings.js';
import type { AccessSettings } from './access-settings.js';
import type { SignalPack } from '../packs/signal-pack.js';
import type { SignalPacks } from '../packs/load-packs.js';
import type { AlertPolicies } from '../packs/load-alert-policies.js';
import type { BoardPacks } from '../packs/board-pack.js';
import type { ControlPlaneSettings } from './control-planes.js';
import type { NotificationSettings } from './notifications.js';
import type { ReportSettings } from './reports.js';
import type { PublishSettings } from './publishing.js';
import type { SloRules } from './slo-rules.js';
import type { TargetListSettings } from './target-settings.js';

/** Everything that people decide about one meshslo: checked, immutable, and without secrets. */
export interface Config {
  /** meshslo.yaml itself; relative paths inside it were relative to its folder and are absolute here. */
  readonly file: string;
  /** All files that were read, packs and policies of users and SLO files among them: a change of any asks for a reload. */
  readonly files: readonly string[];
  /** Lists of SLO files with wildcards, absolute: a new file that fits asks for a reload too. */
  readonly filePatterns: readonly string[];
  readonly listen: ListenSettings;
  readonly ledgerPath: string;
  readonly cluster: string;
  /** From a mesh's cluster id to the name that is used here. */
  readonly clusterAliases: ReadonlyMap<string, string>;
  readonly scrape: ScrapeSettings;
  readonly packs: SignalPacks;
  /** Alert policies by name: those that come with meshslo and those of users. */
  readonly policies: AlertPolicies;
  /** Dashboards: those that come with meshslo and those of users. */
  readonly boards: BoardPacks;
  readonly slos: SloRules;
  readonly alerting: AlertingSettings;
  readonly links: LinkSettings;
  readonly rules: RuleStoreSettings;
  /** Where services, their owners and their instances are known. */
  readonly catalog: CatalogSettings;
  /** Undefined where nobody is told by generated files. */
  readonly notifications: NotificationSettings | undefined;
  /** Undefined where nobody is sent reports; they are on the page all the same. */
  readonly reports: ReportSettings | undefined;
  readonly controlPlanes: readonly ControlPlaneSettings[];
  /** Undefined where nothing is put anywhere. */
  readonly publish: PublishSettings | undefined;
}

/** What generated rules must know of the Prometheus that evaluates them. */
export interface RuleStoreSettings {
  /**
   * How far behind the clock the rules look: longer than the slowest scrape and the way of its samples into the store. A
   * sample that comes later than this is not counted.
   */
  readonly delaySeconds: number;
  /**
   * Label of every raw series that says which cluster its target is in, where one store holds those of many; undefined
   * where the series have none.
   */
  readonly clusterLabel: string | undefined;
  /** Labels that tell one target from every other. */
  readonly targetLabels: readonly string[];
  /** Whether alerts of SLOs stand in a file for each tier, or for each owner. */
  readonly alertFiles: 'tier' | 'owner';
}

/** Who is told of alerts. */
export interface AlertingSettings {
  /** Who acts for meshslo, its rules, and control planes that name nobody; undefined where nobody is named. */
  readonly owner: string | undefined;
  /** Every one of them is told everything; without any, alerts are on the page and in the history. */
  readonly alertmanagers: readonly AlertmanagerSettings[];
}

export interface AlertmanagerSettings {
  /** Without `/api/v2/alerts`; no two are the same. */
  readonly url: string;
  readonly timeoutSeconds: number;
  readonly access: AccessSettings;
}

/** Where links in alerts lead; undefined where nobody said. */
export interface LinkSettings {
  /** Base address of the page, as people reach it; without a slash at its end. */
  readonly page: string | undefined;
  /** With `{alert}` where the name of the alert stands. */
  readonly runbooks: string | undefined;
  /** With `{cluster}`, `{namespace}`, `{service}` and `{slo}` where these stand; `{from}` and `{to}` in milliseconds. */
  readonly dashboards: string | undefined;
  /** Of control planes, with `{cluster}` and `{mesh}`; likewise. */
  readonly controlPlaneDashboards?: string | undefined;
  /** Of meshslo itself, with `{cluster}`; likewise. */
  readonly meshsloDashboard?: string | undefined;
}

export interface ListenSettings {
  readonly address: string;
  readonly port: number;
  readonly authentication: Authentication;
}

/** `none` is allowed on loopback, elsewhere only where it is `explicit`. */
export type Authentication =
  | { readonly kind: 'none'; readonly explicit: boolean }
  | { readonly kind: 'tokens'; readonly tokens: readonly TokenSettings[] };

/** Where a bearer token stands; never the token. */
export interface TokenSettings {
  readonly name: string;
  readonly role: 'viewer' | 'editor';
  readonly from:
    { readonly kind: 'file'; readonly file: string } | { readonly kind: 'environment'; readonly variable: string };
}

export interface ScrapeSettings {
  /** Scrapes at the same time. */
  readonly concurrency: number;
  readonly jobs: readonly JobSettings[];
}

/** What is scraped and how; the defaults of its pack and of the whole are filled in. */
export interface JobSettings {
  readonly name: string;
  readonly pack: SignalPack;
  readonly cluster: string;
  readonly intervalSeconds: number;
  /** At most the interval. */
  readonly timeoutSeconds: number;
  readonly scheme: 'http' | 'https';
  readonly path: string;
  readonly params: Readonly<Record<string, readonly string[]>>;
  /** The target's own filter; empty where it has none or it is not wanted. */
  readonly filterParams: Readonly<Record<string, string>>;
  readonly gzip: boolean;
  readonly access: AccessSettings;
  readonly targets: readonly TargetListSettings[];
  readonly limits: ScrapeLimits;
}

/** What one scrape may cost. */
export interface ScrapeLimits {
  /** On the wire. */
  readonly bodyBytes: number;
  readonly decompressedBytes: number;
  readonly series: number;
  /** That one target may bring in while nobody else knows them. */
  readonly services: number;
}
