import type { EpochSeconds } from './clock.js';

/** `page` wakes somebody now; a `ticket` waits for working hours; a `heartbeat` always fires, and its silence is the news. */
export type AlertSeverity = 'page' | 'ticket' | 'heartbeat';

/**
 * What should be firing at one moment, as one look at the ledger says.
 *
 * The same name and labels are the same alert, however long it lasts and whatever its texts say meanwhile. Generated rules
 * and the embedded evaluator give the same identity to the same trouble: Alertmanager takes them as one.
 */
export interface ActiveAlert {
  /** `ErrorBudgetBurnFast`, ...: the name of the alert, its rule, its runbook and its test. */
  readonly name: string;
  readonly severity: AlertSeverity;
  /**
   * What it is about; with name and severity, the identity. `cluster`, `namespace`, `service`, `slo` and `owner` where it
   * has them; never anything that changes while the alert goes on.
   */
  readonly labels: Readonly<Record<string, string>>;
  /** Texts and links of this moment: `summary`, `description`, `action`, `page_url`, `runbook_url`, `dashboard_url`. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** One run of an alert, from its first moment to its last: what the history keeps. */
export interface AlertEpisode extends ActiveAlert {
  /** Unique, and the same over restarts. */
  readonly id: string;
  readonly startedAt: EpochSeconds;
  /** Undefined while it goes on. */
  readonly endedAt: EpochSeconds | undefined;
  /** Nobody was called for it so far: a page of the same SLO has been firing ever since it began. */
  readonly inhibited: boolean;
  /** Somebody looks after it. */
  readonly acknowledged: AlertMark | undefined;
  /** Somebody says that it called for nothing. */
  readonly noise: AlertMark | undefined;
}

/** Who said something of an alert, and when. */
export interface AlertMark {
  readonly by: string;
  readonly at: EpochSeconds;
  readonly note: string;
}

/** Label values that are the same for the same alert and for no other. */
export function alertKey({ name, severity, labels }: Pick<ActiveAlert, 'name' | 'severity' | 'labels'>): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([name, severity, sorted]);
}
