import type { RequestFacts } from '../domain/series-meaning.js';
import type { ServiceId } from '../domain/service-id.js';
import type { SloId } from '../domain/slo.js';

/** What has been counted of one SLO since the last slot was handed out. */
export interface SloCell {
  readonly slo: SloId;
  total: number;
  bad: number;
  /** Scrapes that were due, and those that succeeded, of proxies that carry this SLO. */
  attempts: number;
  successes: number;
}

/** Bad events of one SLO with one set of facts; one per proxy and label set, added up when a slot is handed out. */
export interface BreakdownCell {
  readonly slo: SloId;
  readonly facts: RequestFacts;
  bad: number;
}

/** Growth over one gap, of one SLO. */
export interface GapCell {
  readonly slo: SloCell;
  readonly from: number;
  readonly to: number;
  total: number;
  bad: number;
}

/** The golden signals of one service, as one side's proxies saw them. */
export interface SignalCell {
  readonly service: ServiceId;
  requests: number;
  errors: number;
  leftOut: number;
  /** Requests that took at most so many seconds, cumulative as the proxies print them; Infinity holds all. */
  readonly latency: Map<number, number>;
  memoryBytes: number | undefined;
  connections: number | undefined;
  proxies: number;
}

/** A cell with nothing counted. */
export function emptySignals(service: ServiceId): SignalCell {
  return {
    service,
    requests: 0,
    errors: 0,
    leftOut: 0,
    latency: new Map(),
    memoryBytes: undefined,
    connections: undefined,
    proxies: 0,
  };
}
