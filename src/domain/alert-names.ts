import type { AlertSeverity } from './alert.js';

/** Alerts about control planes, what their proxies have taken of them, and registries. */
export const controlPlaneAlertSeverities = {
  /** A change takes long until every proxy was sent it. */
  ControlPlanePushSlow: 'ticket',
  /** Pushes that cannot be made or sent, or that proxies refuse. */
  ControlPlanePushesFailing: 'ticket',
  /** The control plane is about to run out of memory or processors. */
  ControlPlaneSaturated: 'ticket',
  /** Proxies ask for certificates and do not get them. */
  ControlPlaneCertificateErrors: 'page',
  /** A certificate that must be rotated within days. */
  CertificateEnding: 'ticket',
  /** A certificate that ends within a day, or has ended. */
  CertificateEndingNow: 'page',
  /** Proxies that have not taken what they were sent. */
  SidecarsOutOfSync: 'ticket',
  /** Proxies of another version than wanted, for a day. */
  SidecarVersionDrift: 'ticket',
  /** No instance of a control plane is there. */
  ControlPlaneDown: 'page',
  /** Instances of a control plane tell their proxies different things. */
  ControlPlaneInstancesDisagree: 'ticket',
  /** Meshslo cannot see how a control plane is. */
  ControlPlaneUnobserved: 'ticket',
  /** Clusters of proxies that have been warming for long. */
  ClustersWarmingStuck: 'ticket',
  /** Instances in the registry whose pod is gone, or whose address belongs to another workload. */
  RegistryZombies: 'ticket',
  /** So many instances left the registry at once that it is no rollout. */
  RegistryMassDeregistration: 'page',
  /** Instances that come and go in the registry. */
  RegistryFlapping: 'ticket',
  /** Proxies learn of changes in the registry late. */
  RegistrySyncSlow: 'ticket',
  /** A finding without an alert of its own that has gone on for an hour. */
  FindingUnattended: 'ticket',
} as const satisfies Readonly<Record<string, AlertSeverity>>;

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
  ...controlPlaneAlertSeverities,
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
