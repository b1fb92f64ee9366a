import type { AlertMark, AlertSeverity } from '../domain/alert.js';
import type { ErrorBudget, SloState, WindowEvents } from '../domain/budget.js';
import type { MigrationPhase } from '../domain/catalog-service.js';
import type { EpochSeconds } from '../domain/clock.js';
import type { FindingKind, FindingSeverity } from '../domain/finding-kinds.js';
import type { MeshEvent } from '../domain/mesh-event.js';
import type { RequestFacts } from '../domain/series-meaning.js';
import type { ServiceId } from '../domain/service-id.js';
import type { Slo, SloId } from '../domain/slo.js';
import type { TimeRange } from '../domain/window.js';
import type { BudgetCurve } from './budget-curve.js';

/** Number of the form that {@link WeekReport} has as JSON; another number is another form. @see docs/reports.md */
export const reportFormat = 1;

/** Whom a report is about. */
export type ReportScope =
  | { readonly kind: 'organisation' }
  /** All services of one owner. */
  | { readonly kind: 'team'; readonly owner: string }
  | { readonly kind: 'service'; readonly service: ServiceId };

/**
 * One week of one scope: everything that its readers are told, in every format.
 *
 * Plain values that JSON holds without loss; what is undefined is absent there. All counts are whole events (or slices, where
 * an SLO's budget counts slices), added up and never averaged. Read again later, the same ledger gives the same figures.
 */
export interface WeekReport {
  readonly format: typeof reportFormat;
  readonly scope: ReportScope;
  readonly period: ReportPeriod;
  /** Undefined for the first report of a week. */
  readonly revision: ReportRevision | undefined;
  /** The verdict in one sentence, for a subject line and for those who read no further. */
  readonly headline: string;
  readonly counts: PromiseCounts;
  /** The four weeks before, oldest first. */
  readonly countsBefore: readonly (PromiseCounts & { readonly week: string })[];
  /** Requests of the services' own availability SLOs, one SLO per service; undefined where there is none. */
  readonly requests: RequestsOfWeek | undefined;
  /** What to do next week: ranked, few. */
  readonly attention: readonly AttentionItem[];
  /** Owners by how they did, the worst first; empty but for the organisation. */
  readonly teams: readonly TeamWeek[];
  /** Every SLO of the scope, the worst first. */
  readonly slos: readonly SloWeek[];
  /** How the budgets of the worst few went down, in the order of {@link slos}. */
  readonly curves: readonly BudgetCurve[];
  readonly burnEvents: BurnEvents;
  /** Hours in which most of budgets went, the worst first. */
  readonly worstHours: readonly WorstHour[];
  readonly alerts: AlertsOfWeek;
  /** Windows that were taken out of the count; undefined where the ledger cannot hold any yet. */
  readonly corrections: readonly ReportCorrection[] | undefined;
  /** Undefined where no catalogue tells. */
  readonly migration: MigrationProgress | undefined;
  readonly coverage: CoverageOfWeek;
  /** Findings that were open at some moment of the week; undefined where nothing looks for any. */
  readonly findings: readonly ReportFinding[] | undefined;
  /** Address of the page, without a slash at its end; undefined where nobody said. */
  readonly page: string | undefined;
}

/** Requests and those of them that failed, added up over services. */
export interface RequestsOfWeek {
  readonly week: { readonly total: number; readonly bad: number };
  readonly lastWeek: { readonly total: number; readonly bad: number };
  readonly fourWeeks: { readonly total: number; readonly bad: number };
}

/** Which week, in whose clocks, and how much of it is known. */
export interface ReportPeriod extends TimeRange {
  /** `2026-W47`. */
  readonly week: string;
  readonly timeZone: string;
  /** Nothing later is in the figures; `to` where the whole week is. */
  readonly knownUntil: EpochSeconds;
  /** Whether the week was over when this was read. */
  readonly isFinished: boolean;
}

/** That a report of the same week and scope was given before, and what is different now. */
export interface ReportRevision {
  /** 2 for the first revision. */
  readonly number: number;
  /** A sentence each. */
  readonly changes: readonly string[];
}

/** How many SLOs stand how. */
export type PromiseCounts = Readonly<Record<SloState, number>>;

/** One SLO in one week. */
export interface SloWeek {
  readonly id: SloId;
  /** As it was promised when the week ended. */
  readonly slo: Slo;
  /**
   * How the promise stands at the end of the week: `missed` where its window holds too many bad events; `no-data` and
   * `no-traffic` where the week shows nothing; else as its window says.
   */
  readonly state: SloState;
  /** The same for the week before; undefined where it was not there yet. */
  readonly stateBefore: SloState | undefined;
  readonly week: WeekFigures;
  /** The SLO's own window, as it stood at the end of the week. */
  readonly window: WeekFigures & TimeRange;
  /** Undefined without events in the window. */
  readonly budget: WeekBudget | undefined;
  readonly lastWeek: WeekFigures;
  /** Sums of the four weeks before. */
  readonly fourWeeks: WeekFigures;
  /** When it was seen for the first time; undefined where that was not by the end of the week. */
  readonly firstSeen: EpochSeconds | undefined;
}

/** What was counted in a stretch of time, and what it says. */
export interface WeekFigures extends WindowEvents {
  readonly state: SloState;
  /** Good over total; undefined without events. */
  readonly goodRatio: number | undefined;
  /** Of `total`: imported, not observed; undefined where slices are counted. */
  readonly imported: number | undefined;
  /** Of `total`: known to lie in the stretch, not when; undefined where slices are counted. */
  readonly unplaced: number | undefined;
}

/** The budget of an SLO's own window at the end of a week. */
export interface WeekBudget extends ErrorBudget {
  /** Share of this budget that went in the week; of a window that began within the week, since then. */
  readonly spentThisWeekRatio: number;
  /** Bad events that make it up. */
  readonly spentThisWeekBad: number;
  /** When the window began anew within the week; undefined where it did not. */
  readonly beganAt: EpochSeconds | undefined;
  /**
   * What would be left after another week with the same events, once those that leave the window are gone; undefined where
   * the window ends before that, or the week is not over.
   */
  readonly nextRemainingRatio: number | undefined;
}

/** One owner's SLOs. */
export interface TeamWeek {
  /** Undefined for services that nobody owns. */
  readonly owner: string | undefined;
  readonly services: number;
  readonly counts: PromiseCounts;
  /** The SLO of theirs that has spent most. */
  readonly worst: Pick<SloWeek, 'id' | 'slo' | 'state' | 'budget'>;
}

/** What somebody should do. */
export interface AttentionItem {
  readonly kind: 'broken' | 'running-out' | 'unseen' | 'partly-seen' | 'noisy' | 'finding' | 'nobody';
  /** What it is about, in a line. */
  readonly title: string;
  /** Why: the figures, and what the failures of the week have in common. */
  readonly why: string;
  /** What to do; one sentence. */
  readonly action: string;
  /** Whose it is; undefined where nobody is known. */
  readonly owner: string | undefined;
  readonly service: ServiceId | undefined;
}

/** Stretches in which budgets went faster than they may. */
export interface BurnEvents {
  /** The costly ones, the worst first. */
  readonly told: readonly BurnEvent[];
  /** How many smaller ones there were. */
  readonly smaller: number;
}

/** One service that spent budget too fast for a while; several of its SLOs may have. */
export interface BurnEvent extends TimeRange {
  readonly service: ServiceId;
  readonly owner: string | undefined;
  /** Whether it was still going on at the end of what is known, or of the week. */
  readonly goesOn: boolean;
  /** What it cost each SLO, the worst first. */
  readonly costs: readonly BurnCost[];
  /** Of the first SLO's bad events; undefined where nothing was told of them. */
  readonly cause: BurnCause | undefined;
  readonly alerts: readonly ReportAlert[];
  /** What the control plane, the registry and others showed at the time. */
  readonly findings: readonly ReportFinding[];
  /** What happened from an hour before it began until it ended. */
  readonly events: readonly MeshEvent[];
}

export interface BurnCost {
  readonly id: SloId;
  readonly slo: string;
  readonly total: number;
  readonly bad: number;
  /** Share of the SLO's budget, as of the end of the week; undefined without one. */
  readonly costRatio: number | undefined;
}

/** What bad events have in common. */
export interface BurnCause {
  /** Bad events of the stretch, widened to whole slots of five minutes. */
  readonly bad: number;
  /** Values that most of them share, the most telling first. */
  readonly shares: readonly CauseShare[];
}

export interface CauseShare {
  readonly fact: keyof RequestFacts;
  readonly value: string;
  readonly bad: number;
}

/** One hour of one SLO. */
export interface WorstHour extends TimeRange {
  readonly id: SloId;
  readonly service: ServiceId;
  readonly slo: string;
  readonly total: number;
  readonly bad: number;
  readonly costRatio: number | undefined;
}

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
