/** `GET /api/v1/control-planes`: in the order of the configuration. */
export interface ControlPlaneList {
  readonly controlPlanes: readonly ControlPlaneView[];
  /** How many are configured; those that nobody has looked at yet are not listed. */
  readonly configured: number;
  /** How late Envoys learn of registries; those of which nobody has learnt anything in the last hour are not listed. */
  readonly registries: readonly RegistrySyncView[];
}

/** Over the last hour and all Envoys that are asked for their clusters. */
export interface RegistrySyncView {
  readonly registry: string;
  /** One change that two Envoys have learnt counts twice. */
  readonly changes: number;
  readonly p50Seconds: number;
  readonly p99Seconds: number;
  /** How far each delay may be off at most. */
  readonly errorSeconds: number;
}

/** What nobody tells is null, and `untold` says why. */
export interface ControlPlaneView {
  readonly name: string;
  /** `istio`, `linkerd2`, `linkerd1`, `envoy-control` or `consul`. */
  readonly mesh: string;
  readonly title: string;
  readonly cluster: string;
  readonly owner: string | null;
  readonly lookedSeconds: number;
  readonly lookDurationSeconds: number;
  /** Lists of addresses and secrets that cannot be read. */
  readonly troubles: readonly string[];
  readonly instances: readonly ControlPlaneInstanceView[];
  readonly sync: ProxySyncView | null;
  readonly versions: ProxyVersionsView | null;
  readonly certificates: readonly CertificateView[] | null;
  readonly pushes: PushesView | null;
  /** In what its instances have differed for long. */
  readonly differences: readonly string[] | null;
  readonly warming: WarmingView | null;
  /** Why a member above is null, by its name. */
  readonly untold: Readonly<Record<string, string>>;
}

export interface ControlPlaneInstanceView {
  readonly address: string;
  readonly health: 'up' | 'down' | 'forbidden' | 'unknown';
  readonly trouble: string | null;
  readonly version: string | null;
  readonly uptimeSeconds: number | null;
  readonly proxies: number | null;
  readonly memoryBytes: number | null;
  readonly processors: number | null;
}

export interface ProxySyncView {
  readonly proxies: readonly ProxySyncCountView[];
  /** Out of sync or rejecting, by owner; null for nobody's. */
  readonly behind: readonly ProxyBehindView[];
}

export interface ProxySyncCountView {
  readonly type: string;
  readonly status: string;
  readonly count: number;
}

export interface ProxyBehindView extends ProxySyncCountView {
  readonly owner: string | null;
}

export interface ProxyVersionsView {
  /** Of the control plane's instances, newest first. */
  readonly controlPlane: readonly string[];
  readonly wanted: string | null;
  readonly proxies: readonly VersionCountView[];
  readonly drifting: readonly VersionDriftView[];
}

export interface VersionCountView {
  readonly version: string;
  readonly count: number;
}

export interface VersionDriftView extends VersionCountView {
  readonly owner: string | null;
}

export interface CertificateView {
  readonly name: string;
  readonly of: 'control-plane' | 'workload';
  readonly owner: string | null;
  /** Negative once it has ended. */
  readonly secondsLeft: number;
  /** With less left it is a finding: a threshold of the configuration. */
  readonly neededSeconds: number;
  /** Told in whole days, rounded down: none left may be most of a day, or an end long ago. */
  readonly isInWholeDays: boolean;
  /** Whose it is, of many. */
  readonly example: string | null;
}

/** Over the last five minutes and all instances. */
export interface PushesView {
  readonly p50Seconds: number | null;
  readonly p99Seconds: number | null;
  /** Of those that tell no distribution. */
  readonly meanSeconds: number | null;
  readonly pushesPerSecond: number | null;
  readonly rejects: number | null;
  readonly failures: number | null;
  readonly certificateErrors: number | null;
}

export interface WarmingView {
  /** Proxies that have told. */
  readonly proxies: number;
  readonly warming: number;
  readonly stuck: number;
}
