import type { EpochSeconds } from '../domain/clock.js';
import type { ControlPlaneKind } from '../packs/control-plane-pack.js';

/** What a control plane tells, or why it does not: nobody knowing is never a zero. */
export type Told<T> = { readonly told: T } | { readonly untold: string };

/** A control plane as the last look saw it. */
export interface ControlPlaneState {
  readonly name: string;
  readonly kind: ControlPlaneKind;
  readonly title: string;
  readonly cluster: string;
  readonly owner: string | undefined;
  readonly lookedAt: EpochSeconds;
  readonly lookSeconds: number;
  /** Lists and secrets that cannot be read. */
  readonly troubles: readonly string[];
  readonly instances: readonly InstanceState[];
  readonly sync: Told<SyncState>;
  readonly versions: Told<VersionState>;
  readonly certificates: Told<readonly CertificateState[]>;
  readonly pushes: Told<PushState>;
  /** What differs between instances; empty where they agree. */
  readonly differences: Told<readonly string[]>;
  readonly warming: Told<WarmingState>;
}

/** One process of the control plane. */
export interface InstanceState {
  readonly address: string;
  readonly health: 'up' | 'down' | 'forbidden' | 'unknown';
  /** Why it is not up; undefined where it is. */
  readonly trouble: string | undefined;
  readonly version: string | undefined;
  readonly uptimeSeconds: number | undefined;
  /** Connected proxies. */
  readonly proxies: number | undefined;
  readonly memoryBytes: number | undefined;
  /** Processors in use, lately. */
  readonly processors: number | undefined;
}

/** Kinds of proxies, as Istio has them; others are `unknown`. */
export const proxyTypes = ['sidecar', 'router', 'waypoint', 'ztunnel', 'unknown'] as const;
export type ProxyType = (typeof proxyTypes)[number];

/**
 * How far a proxy is: a push may be on its way (`pending`), for too long (`out-of-sync`), or refused (`rejecting`); there may be
 * nothing to send it (`not-sent`), and nobody may be able to tell (`unknown`).
 */
export const syncStatuses = ['synced', 'pending', 'out-of-sync', 'rejecting', 'not-sent', 'unknown'] as const;
export type SyncStatus = (typeof syncStatuses)[number];

/** How proxies and control plane agree. */
export interface SyncState {
  readonly proxies: readonly SyncCount[];
  /** Proxies that are out of sync or refuse something, by owner. */
  readonly behind: readonly BehindCount[];
}

export interface SyncCount {
  readonly type: ProxyType;
  readonly status: SyncStatus;
  readonly count: number;
}

export interface BehindCount {
  readonly owner: string | undefined;
  readonly type: ProxyType;
  readonly status: 'out-of-sync' | 'rejecting';
  readonly count: number;
}

/** Which versions run. */
export interface VersionState {
  /** Of the control plane's instances, newest first; empty where it does not tell. */
  readonly controlPlane: readonly string[];
  /** What proxies should have. */
  readonly wanted: string | undefined;
  /** Newest first. */
  readonly proxies: readonly { readonly version: string; readonly count: number }[];
  /** Proxies of another version than the wanted one. */
  readonly drifting: readonly {
    readonly owner: string | undefined;
    readonly version: string;
    readonly count: number;
  }[];
}

/** One certificate, or the one of many that ends first. */
export interface CertificateState {
  /** `root`, `chain`, `issuer`, `workloads of team-shop`. */
  readonly name: string;
  /** Of the control plane itself, or of proxies. */
  readonly of: 'control-plane' | 'workload';
  readonly owner: string | undefined;
  /** Negative once it has ended. */
  readonly secondsLeft: number;
  /** So much it must have left, by the configuration. */
  readonly neededSeconds: number;
  /** Told in whole days, rounded down: none left may be most of a day, or an end long ago. */
  readonly isInWholeDays: boolean;
  /** Whose certificate it is, of many: `shop/cart-7c9f8d6b5-x2x7p`. */
  readonly example: string | undefined;
}

/** What was pushed lately. */
export interface PushState {
  /** From a change to a proxy having been sent it; undefined where nothing was pushed, or nothing tells it. */
  readonly p50Seconds: number | undefined;
  readonly p99Seconds: number | undefined;
  /** For those that tell no distribution. */
  readonly meanSeconds: number | undefined;
  readonly pushesPerSecond: number | undefined;
  /** Refused by proxies, lately. */
  readonly rejects: number | undefined;
  /** Could not be sent, lately. */
  readonly failures: number | undefined;
  /** Requests for certificates that failed, lately. */
  readonly certificateErrors: number | undefined;
}

/** What proxies wait for. */
export interface WarmingState {
  /** That have told. */
  readonly proxies: number;
  readonly warming: number;
  /** For longer than they may. */
  readonly stuck: number;
}
