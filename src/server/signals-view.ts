import { latencyQuantile } from '../domain/histogram.js';
import type { SignalPoint } from '../ledger/signal-store.js';
import type { LatencyView, SignalsView, UnknownReason } from './api-types/service-detail.js';

type Signals = NonNullable<SignalPoint['signals']>;
type Column = readonly (number | null)[];

/** Golden signals, a column each. */
export function signalsView(points: readonly SignalPoint[]): SignalsView {
  const column = (read: (signals: Signals, seconds: number) => number | undefined): Column =>
    points.map(({ signals, seconds }) => (signals ? (read(signals, seconds) ?? null) : null));
  const columns = {
    requestsPerSecond: column(({ requests }, seconds) => requests / seconds),
    memoryBytes: column(({ memoryBytes }) => memoryBytes),
    connections: column(({ connections }) => connections),
    latency: latencyView(points),
  };
  const untold = points.some(({ signals }) => signals) ? 'not-told' : 'no-data';
  const hadRequests = points.some(({ signals }) => (signals?.requests ?? 0) > 0);
  return {
    ...columns,
    errorRatio: column((signals) => share(signals.errors, signals.requests)),
    leftOutRatio: column(({ leftOut, requests: counted }) => share(leftOut, counted + leftOut)),
    proxies: column(({ proxies }) => proxies),
    unknown: {
      requests: whyUnknown(columns.requestsPerSecond, 'no-data'),
      latency: whyUnknown(columns.latency.p50Seconds, untold === 'no-data' || hadRequests ? untold : 'no-traffic'),
      memory: whyUnknown(columns.memoryBytes, untold),
      connections: whyUnknown(columns.connections, untold),
    },
  };
}

function latencyView(points: readonly SignalPoint[]): LatencyView {
  const quantile = (share: number): Column =>
    points.map(({ signals }) => (signals?.latency ? (latencyQuantile(signals.latency, share) ?? null) : null));
  const bounds = points.flatMap(({ signals }) => signals?.latency?.boundsSeconds.filter(Number.isFinite) ?? []);
  return {
    p50Seconds: quantile(0.5),
    p90Seconds: quantile(0.9),
    p99Seconds: quantile(0.99),
    highestBoundSeconds: bounds.length === 0 ? null : bounds.reduce((a, b) => Math.max(a, b)),
  };
}

function share(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : part / whole;
}

function whyUnknown(column: Column, reason: UnknownReason): UnknownReason | null {
  return column.some((value) => value !== null) ? null : reason;
}
