import type { MeshEvent } from '../domain/mesh-event.js';
import type { RequestFacts } from '../domain/series-meaning.js';
import type { ServiceId } from '../domain/service-id.js';
import type { SloId } from '../domain/slo.js';
import type { TimeRange } from '../domain/window.js';
import type { ReportAlert, ReportFinding } from './week-surroundings.js';

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
  /** Share of the SLO's budget, as of the end of the week or, where its window ended before, of that window; undefined without one. */
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
