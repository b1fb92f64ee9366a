import type { FindingCounts } from './finding.js';
import type { ErrorView } from './problem.js';
import type { TargetCounts } from './target.js';

/** `GET /api/v1/status` */
export interface WatcherView {
  readonly version: string;
  readonly startedSeconds: number;
  readonly uptimeSeconds: number;
  /** End of the newest slot of the ledger: everything before it is counted. */
  readonly countedUntilSeconds: number | null;
  readonly lagSeconds: number | null;
  readonly slotsWaiting: number;
  readonly failure: ErrorView | null;
  readonly targets: TargetCounts;
  /** Every list that targets come from; one that cannot be read keeps its last good targets. */
  readonly places: readonly {
    readonly job: string;
    /** `secrets` are the files of certificates and secrets, and stand here while they cannot be read only. */
    readonly kind: 'static' | 'file' | 'dns' | 'http' | 'secrets';
    readonly place: string;
    readonly targets: number;
    /** When it was last read and made sense; null where it never was since the start, or since its job was changed. */
    readonly lastSuccessSeconds: number | null;
    readonly error: ErrorView | null;
  }[];
  /** Services without SLOs because there are too many already. */
  readonly refusedServices: number;
  /** Targets that show more services than one target may bring in; see `refusedServices` of each. */
  readonly targetsOverServiceLimit: number;
  /** The last change of the configuration, where it was refused; the one before is in force. */
  readonly refusedConfiguration: { readonly sinceSeconds: number; readonly mistakes: number } | null;
  /** Since when gaps and unseen ends are told: some days. */
  readonly lossesSinceSeconds: number;
  /** Stretches in which nobody counted, newest first. */
  readonly gaps: readonly { readonly fromSeconds: number; readonly toSeconds: number }[];
  /** Ends of processes, between last scrape and death, that nobody could count. */
  readonly unseen: { readonly processes: number; readonly seconds: number };
  readonly importedOrigins: readonly string[];
  readonly alerting: AlertingView;
  /** What is found wrong with meshes, registries and the catalogue. */
  readonly findings: FindingCounts;
  /** Who asks; null where nobody has to say so. */
  readonly identity: { readonly name: string; readonly role: 'viewer' | 'editor' } | null;
}

/** How alerts are looked for, and told. */
export interface AlertingView {
  /** Alerts that call somebody. */
  readonly pages: number;
  readonly tickets: number;
  /** Tickets that call nobody, because a page of their SLO fires. */
  readonly inhibited: number;
  /** When meshslo last looked, or began to run. */
  readonly lastLookSeconds: number;
  /** Why the last look failed; what fired before goes on. */
  readonly error: ErrorView | null;
  /** Alerts that could not be written into the history yet. */
  readonly unsaved: number;
  /** In the order of the configuration; none where alerts are told to nobody. */
  readonly alertmanagers: readonly AlertmanagerView[];
}

export interface AlertmanagerView {
  readonly url: string;
  /** When it last took something; null where it never did since the start. */
  readonly lastSuccessSeconds: number | null;
  /** Since when it fails or refuses something; null while all is well. */
  readonly troubleSinceSeconds: number | null;
  /** Why the last attempt failed. */
  readonly error: ErrorView | null;
  /** Alerts that it does not take, whatever happens. */
  readonly refused: number;
  /** Alerts, and ends of alerts, that it has not heard of yet. */
  readonly waiting: number;
}
