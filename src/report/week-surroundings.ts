import type { AlertMark, AlertSeverity } from '../domain/alert.js';
import type { MigrationPhase } from '../domain/catalog-service.js';
import type { EpochSeconds } from '../domain/clock.js';
import type { FindingKind, FindingSeverity } from '../domain/finding-kinds.js';
import type { MeshEvent } from '../domain/mesh-event.js';
import type { ServiceId } from '../domain/service-id.js';
import type { SloId } from '../domain/slo.js';
import type { TimeRange } from '../domain/window.js';

/** Alerts of the scope that fired in the week, those that went on from before included. */
export interface AlertsOfWeek {
  readonly pages: number;
  readonly tickets: number;
  /** Of all: nobody was called, since a page of the same SLO was firing. */
  readonly inhibited: number;
  readonly acknowledged: number;
  /** Of all: somebody said that they called for nothing. */
  readonly noise: number;
  /** By name, the most frequent first. */
  readonly byName: readonly { readonly name: string; readonly fired: number; readonly noise: number }[];
  /** Pages first, then newest first; at most some. */
  readonly told: readonly ReportAlert[];
}

export interface ReportAlert {
  readonly id: string;
  readonly name: string;
  readonly severity: AlertSeverity;
  readonly service: ServiceId | undefined;
  readonly slo: string | undefined;
  readonly owner: string | undefined;
  readonly summary: string;
  readonly startedAt: EpochSeconds;
  /** Undefined while it went on at the end of what is known. */
  readonly endedAt: EpochSeconds | undefined;
  readonly noise: AlertMark | undefined;
}

/** A stretch of time that somebody took out of the count. */
export interface ReportCorrection extends TimeRange {
  readonly services: readonly ServiceId[];
  readonly reason: string;
  readonly author: string;
  readonly at: EpochSeconds;
  readonly undone: boolean;
}

/** How far services are on their way into the mesh, as the catalogue tells now. */
export interface MigrationProgress {
  readonly at: EpochSeconds;
  readonly services: number;
  /** Services by the phase they have reached; those of which no place tells are `unknown`. */
  readonly reached: Readonly<Record<MigrationPhase | 'unknown', number>>;
  /** Services that are not yet where their owners want them, the furthest first; at most some. */
  readonly behind: readonly {
    readonly service: ServiceId;
    readonly owner: string | undefined;
    readonly wanted: MigrationPhase;
    readonly actual: MigrationPhase | undefined;
  }[];
  /** How many there are of those. */
  readonly behindCount: number;
  /** What happened in the week. */
  readonly events: readonly MeshEvent[];
}

/** What nobody saw. */
export interface CoverageOfWeek {
  /** Observed share of the time of all SLOs, from when each was first seen, in [0, 1]; undefined where none ever was. */
  readonly ratio: number | undefined;
  /** Stretches in which meshslo saw nothing at all, the longest first; at most some. */
  readonly gaps: readonly TimeRange[];
  /** Time of all such stretches. */
  readonly gapSeconds: number;
  /** SLOs that were seen less than their readers would expect, the least first; at most some. */
  readonly partly: readonly {
    readonly id: SloId;
    readonly service: ServiceId;
    readonly slo: string;
    readonly coverage: number;
  }[];
  /** How many there are of those. */
  readonly partlyCount: number;
  /** SLOs of which the week holds imported events. */
  readonly importedCount: number;
  /** What the ledger holds of an earlier time was read from elsewhere: nobody watched it. Undefined where nothing is imported. */
  readonly importedUntil: EpochSeconds | undefined;
}

export interface ReportFinding {
  readonly id: string;
  readonly kind: FindingKind;
  readonly severity: FindingSeverity;
  readonly summary: string;
  readonly action: string;
  readonly owner: string | undefined;
  readonly firstSeen: EpochSeconds;
  readonly resolvedAt: EpochSeconds | undefined;
}
