import type { AlertSeverity } from '../../domain/alert.js';

/** `GET /api/v1/alerts?state=active|ended&service=&from=&to=&cursor=`: newest first, at most a hundred at a time. */
export interface AlertList {
  readonly alerts: readonly AlertView[];
  /** `?cursor=` of the next page; null on the last one. */
  readonly nextCursor: string | null;
}

/** One run of an alert, from its first moment to its last: `GET /api/v1/alerts/{id}`. */
export interface AlertView {
  readonly id: string;
  /** `ErrorBudgetBurnFast`, ...; also the name of its runbook. */
  readonly name: string;
  readonly severity: AlertSeverity;
  /** All labels; the usual ones stand beside it, too. */
  readonly labels: Readonly<Record<string, string>>;
  readonly cluster: string | null;
  readonly namespace: string | null;
  readonly service: string | null;
  readonly slo: string | null;
  readonly owner: string | null;
  readonly summary: string | null;
  readonly description: string | null;
  /** What to do next. */
  readonly action: string | null;
  /** Null where the configuration names no place for them. */
  readonly pageUrl: string | null;
  readonly runbookUrl: string | null;
  readonly dashboardUrl: string | null;
  readonly startedSeconds: number;
  /** Null while it fires. */
  readonly endedSeconds: number | null;
  /** Nobody was called for it so far: a page of the same SLO has been firing ever since it began. */
  readonly inhibited: boolean;
  /** Somebody looks after it. */
  readonly acknowledged: MarkView | null;
  /** Somebody says that it called for nothing. */
  readonly noise: MarkView | null;
}

/** Who said something of an alert, and when. */
export interface MarkView {
  readonly by: string;
  readonly atSeconds: number;
  readonly note: string;
}

/**
 * Body of `POST /api/v1/alerts/{id}/acknowledgement` and of `POST /api/v1/alerts/{id}/noise`; `DELETE` takes it back.
 * All of them need the role of an editor, and answer with the alert as it is then.
 */
export interface MarkRequest {
  /** At most 2,000 characters. */
  readonly note?: string;
  /** Who says so, where nobody has to log in; `somebody on loopback` when left out. With tokens, the token's name counts. */
  readonly by?: string;
}
