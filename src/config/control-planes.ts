import type { ControlPlaneKind } from '../packs/control-plane-pack.js';
import type { AccessSettings } from './access-settings.js';
import type { TargetListSettings } from './target-settings.js';

/** One control plane that meshslo looks at: that of a mesh in a cluster, in however many instances. */
export interface ControlPlaneSettings {
  /** Unique among them. */
  readonly name: string;
  readonly kind: ControlPlaneKind;
  readonly cluster: string;
  /** Who acts when the control plane itself is unwell. */
  readonly owner: string | undefined;
  readonly intervalSeconds: number;
  /** At most the interval. */
  readonly timeoutSeconds: number;
  readonly instances: EndpointSettings;
  /** Where the proxies' own metrics, or their administration, are; empty lists where only the control plane is asked. */
  readonly proxies: EndpointSettings;
  /** Linkerd 1 only: HTTP controllers of its Namerds. */
  readonly controllers: EndpointSettings;
  /** Linkerd 1 only: namespaces of dtabs that Linkerds are configured with. */
  readonly namespaces: readonly string[];
  /** Which version proxies should have; undefined for that of the control plane. */
  readonly wantedVersion: string | undefined;
  readonly thresholds: ControlPlaneThresholds;
}

/** Many endpoints of one sort, and how they are asked. */
export interface EndpointSettings {
  readonly targets: readonly TargetListSettings[];
  readonly scheme: 'http' | 'https';
  readonly access: AccessSettings;
}

/** From when on something is trouble. */
export interface ControlPlaneThresholds {
  /** So long a push may be on its way. */
  readonly outOfSyncSeconds: number;
  /** So long a cluster may be warming. */
  readonly warmingSeconds: number;
  /** So long instances may differ: they hear of a change one after the other. */
  readonly disagreeSeconds: number;
  /** So much time a certificate of the control plane must have left. */
  readonly certificateSeconds: number;
  /** So much time a certificate of a workload must have left. */
  readonly workloadCertificateSeconds: number;
}
