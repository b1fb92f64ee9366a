import type { AlertSeverity } from './alert.js';

/**
 * Every alert that there is, and how much it asks of a person.
 *
 * One name for one thing: it is the alert in Alertmanager, its rule, the evaluator's verdict, its test, and the file of its
 * runbook, `docs/runbooks/<name>.md`.
 */
export const alertSeverities = {
  /** The budget goes so fast that somebody must look now. */
  ErrorBudgetBurnFast: 'page',
  /** The budget goes faster than it may, for hours. */
  ErrorBudgetBurnSlow: 'ticket',
  /** Nothing is left of the budget. */
  ErrorBudgetExhausted: 'ticket',
  /** An SLO that was measured is measured no longer. */
  SliDataMissing: 'ticket',
  /** So little of the time was observed that the figures say little. */
  CoverageLow: 'ticket',
  /** A target that was scraped is not. */
  ScrapeTargetLost: 'ticket',
  /** What the service depends on promises less than the service does. */
  ObjectiveOutOfReach: 'ticket',
  /** Always firing: its silence says that nobody would be told of anything. */
  MeshsloWatchdog: 'heartbeat',
  /** Meshslo scrapes later than it should. */
  MeshsloScrapeLagging: 'page',
  /** Meshslo has stopped looking at its ledger. */
  MeshsloEvaluatorStuck: 'page',
  /** Prometheus cannot evaluate rules that meshslo generated; only such a rule can tell. */
  MeshsloRulesFailing: 'page',
  /** Alertmanager does not take what meshslo tells it. */
  MeshsloNotificationsFailing: 'ticket',
} as const satisfies Readonly<Record<string, AlertSeverity>>;

/** The name of an alert. */
export type AlertName = keyof typeof alertSeverities;

/** All of them: what concerns services first, then what concerns meshslo itself. */
export const alertNames = Object.keys(alertSeverities) as readonly AlertName[];
