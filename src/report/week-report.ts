import type { EpochSeconds } from '../domain/clock.js';
import type { ServiceId } from '../domain/service-id.js';
import type { TimeRange } from '../domain/window.js';
import type { BurnEvents } from './burn-event.js';
import type { BudgetCurve, PromiseCounts, RequestsOfWeek, SloWeek, WorstHour } from './slo-week.js';
import type {
  AlertsOfWeek,
  CoverageOfWeek,
  MigrationProgress,
  ReportCorrection,
  ReportFinding,
} from './week-surroundings.js';

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

/** What somebody should do. */
export interface AttentionItem {
  readonly kind: 'broken' | 'running-out' | 'costly' | 'unseen' | 'partly-seen' | 'noisy' | 'finding' | 'nobody';
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

/** One owner's SLOs. */
export interface TeamWeek {
  /** Undefined for services that nobody owns. */
  readonly owner: string | undefined;
  readonly services: number;
  readonly counts: PromiseCounts;
  /** The SLO of theirs that has spent most. */
  readonly worst: Pick<SloWeek, 'id' | 'slo' | 'state' | 'budget'>;
}
