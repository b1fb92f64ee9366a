import type { SloDirectory } from '../domain/source.js';
import type { RequestFacts, Verdict, View } from '../domain/series-meaning.js';
import { type SloId, sloId, type RequestFilter } from '../domain/slo.js';
import type { BreakdownCell, SignalCell, SloCell } from './cells.js';

/** How the requests of one group count for one SLO. */
export interface Share {
  readonly slo: SloCell;
  readonly verdict: Verdict;
  readonly breakdown: BreakdownCell;
}

/** A share in a latency SLO. */
export interface LatencyShare extends Share {
  readonly thresholdSeconds: number;
  /** Requests of scrapes with unreadable lines, one of which may have been the threshold's bucket. */
  waiting: number;
}

/** A share in an SLO over proxies' minutes. */
export interface WindowShare extends Share {
  readonly thresholdSeconds: number;
  readonly quantile: number;
}

/**
 * The requests of one label set, whichever of its series reports them: the request counter, the histogram's count and
 * each of its buckets lead to the same group.
 */
export interface RequestGroup {
  readonly availability: readonly Share[];
  readonly latency: readonly LatencyShare[];
  readonly windows: readonly WindowShare[];
  /** Series of the buckets that its thresholds need, by bound. */
  readonly buckets: ReadonlyMap<number, number[]>;
  readonly signals: readonly { readonly cell: SignalCell; readonly verdict: Verdict }[];
}

/** Where the cells of a slot are found. */
export interface CellStore {
  readonly directory: SloDirectory;
  sloCell(slo: SloId): SloCell;
  signalCell(view: View): SignalCell | undefined;
}

/** Looks up, once per label set, every SLO and chart that its requests count for. */
export function requestGroup(views: readonly View[], facts: RequestFacts, store: CellStore): RequestGroup {
  const availability: Share[] = [];
  const latency: LatencyShare[] = [];
  const windows: WindowShare[] = [];
  for (const { service, perspective, mesh, verdict } of views) {
    for (const slo of store.directory.slosOf(service, perspective, mesh)) {
      if (!matches(slo.filter, facts)) continue;
      const id = sloId(slo);
      const share: Share = { slo: store.sloCell(id), verdict, breakdown: { slo: id, facts, bad: 0 } };
      switch (slo.indicator.kind) {
        case 'availability':
          availability.push(share);
          break;
        case 'latency':
          latency.push({ ...share, thresholdSeconds: slo.indicator.thresholdSeconds, waiting: 0 });
          break;
        case 'latency-windows': {
          const { thresholdSeconds, quantile } = slo.indicator;
          windows.push({ ...share, thresholdSeconds, quantile });
          break;
        }
        default:
          slo.indicator satisfies never;
      }
    }
  }
  const signals = views.flatMap((view) => {
    const cell = store.directory.meshOf(view.service) === view.mesh ? store.signalCell(view) : undefined;
    return cell ? [{ cell, verdict: view.verdict }] : [];
  });
  const buckets = new Map(latency.map(({ thresholdSeconds }): [number, number[]] => [thresholdSeconds, []]));
  return { availability, latency, windows, buckets, signals };
}

function matches(filter: RequestFilter, facts: RequestFacts): boolean {
  return (
    (filter.caller === undefined || filter.caller === facts.caller) &&
    (filter.version === undefined || filter.version === facts.version) &&
    (filter.method === undefined || filter.method === facts.method)
  );
}
