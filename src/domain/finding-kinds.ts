/** `critical` hurts somebody now; a `warning` will; `info` is good to know. */
export type FindingSeverity = 'critical' | 'warning' | 'info';

/**
 * Every kind of finding that there is, and how much it matters. One name for one thing: it is the finding on the page, in the
 * API and in `meshslo_findings`, its test, and the heading in docs/findings.md.
 */
export const findingSeverities = {
  /** A sidecar that was sent configuration and has not taken it. */
  SidecarOutOfSync: 'critical',
  /** A proxy that refuses what its control plane sends. */
  ConfigRejected: 'critical',
  /** A proxy of another version than its control plane, or than the wanted one. */
  VersionDrift: 'warning',
  /** A certificate of a workload or of a control plane that ends soon, or has ended. */
  CertificateExpiring: 'critical',
  /** Instances of one control plane that tell their proxies different things. */
  InstancesDisagree: 'critical',
  /** An instance of a control plane that does not answer. */
  ControlPlaneDown: 'critical',
  /** What asks a control plane has no right to: meshslo sees nothing there. */
  ControlPlaneForbidden: 'warning',
  /** Nobody tells how proxies stand against their control plane, although it answers: what is out of sync stays unseen. */
  SyncUnreadable: 'warning',
  /** A control plane of a version that meshslo does not know: what it tells is read with care. */
  UnknownVersion: 'info',
  /** Clusters of a proxy that have been warming for long. */
  WarmingStuck: 'critical',
  /** A gauge that tells what was true before a hot restart. */
  GaugeAfterHotRestart: 'info',
  /** An instance in the registry whose pod is gone. */
  ZombieRegistration: 'critical',
  /** An address in the registry that belongs to another workload now. */
  ReusedAddress: 'critical',
  /** So many instances left the registry at once that it is no rollout. */
  MassDeregistration: 'critical',
  /** An instance that comes and goes in the registry. */
  RegistryFlapping: 'warning',
  /** Proxies learn of a change in the registry late. */
  SlowRegistrySync: 'warning',
  /** In the mesh, and none of its proxies that are to be read answers. */
  ProxiesUnreadable: 'warning',
  /** In the mesh, and not a request seen. */
  MeshedButSilent: 'warning',
  /** Requests, and no SLO that counts them. */
  TrafficWithoutSlo: 'warning',
  /** An SLO that nothing was ever counted for. */
  SloWithoutData: 'warning',
  /** A service that nobody answers for. */
  NoOwner: 'info',
  /** A service that is not yet where its migration is meant to be. */
  MigrationBehind: 'info',
  /** A place that the catalogue comes from cannot be read. */
  CatalogUnreadable: 'warning',
  /** A report that a recipient's server refused, or that nobody could be told of. */
  ReportRefused: 'warning',
} as const satisfies Readonly<Record<string, FindingSeverity>>;

/** The name of a kind of findings. */
export type FindingKind = keyof typeof findingSeverities;
