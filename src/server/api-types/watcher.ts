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
    readonly place: string;
    readonly targets: number;
    readonly error: ErrorView | null;
  }[];
  /** Services without SLOs because there are too many already. */
  readonly refusedServices: number;
  /** The last change of the configuration, where it was refused; the one before is in force. */
  readonly refusedConfiguration: { readonly sinceSeconds: number; readonly mistakes: number } | null;
  /** Since when gaps and unseen ends are told: some days. */
  readonly lossesSinceSeconds: number;
  /** Stretches in which nobody counted, newest first. */
  readonly gaps: readonly { readonly fromSeconds: number; readonly toSeconds: number }[];
  /** Ends of processes, between last scrape and death, that nobody could count. */
  readonly unseen: { readonly processes: number; readonly seconds: number };
  readonly importedOrigins: readonly string[];
  /** Who asks; null where nobody has to say so. */
  readonly identity: { readonly name: string; readonly role: 'viewer' | 'editor' } | null;
}
