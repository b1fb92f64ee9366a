import type { LatencyProfile } from './latency.js';

export type Protocol = 'http' | 'grpc';

/** How a request can end. */
export type OutcomeKind =
  | 'ok'
  | 'not-found'
  | 'server-error'
  | 'unavailable'
  | 'no-response'
  | 'abort-fast'
  | 'abort-long'
  | 'timeout'
  | MeshFailure;

/** What a client's proxy fails by itself; the server's proxy never sees the request. */
type MeshFailure =
  'connect-failure' | 'no-healthy-upstream' | 'circuit-breaker' | 'no-route' | 'no-cluster' | 'dns-failure';

/** What one proxy knows of a request when it has ended. */
export interface ProxyFacts {
  /** HTTP status; 0 when no response was produced. */
  readonly code: number;
  /** Response flags; empty when nothing was unusual. */
  readonly flags: readonly string[];
  readonly grpcStatus: number | undefined;
}

/** A way to end, as both proxies report it. */
export interface Outcome {
  readonly kind: OutcomeKind;
  /** Absent when the server's proxy sees nothing of the request. */
  readonly server: ProxyFacts | undefined;
  readonly client: ProxyFacts;
  /** How long it takes; absent where the service's own latency applies. */
  readonly latency: LatencyProfile | undefined;
}

const atOnce: LatencyProfile = { medianMs: 0.8, spread: 0.4 };
const gaveUpSoon: LatencyProfile = { medianMs: 30, spread: 0.8 };
const gaveUpLate: LatencyProfile = { medianMs: 18_000, spread: 0.25 };
/** Istio routes have no timeout by default; 15 s is Envoy's own. */
const timedOut: LatencyProfile = { medianMs: 15_000, spread: 0.002 };

/**
 * Every way to end, by kind.
 *
 * A failure of gRPC comes with HTTP 200, also when it is a proxy that answers; one that is the caller's own fault (5,
 * NOT_FOUND) is as good as a 404.
 *
 * @see envoyproxy/envoy source/common/stream_info/utility.h for the flags
 */
export function outcomes(protocol: Protocol): Readonly<Record<OutcomeKind, Outcome>> {
  const grpc = protocol === 'grpc';
  const answer = (code: number, grpcStatus: number, ...flags: readonly string[]): ProxyFacts =>
    grpc ? { code: 200, flags, grpcStatus } : { code, flags, grpcStatus: undefined };
  const silence = (...flags: readonly string[]): ProxyFacts => ({ code: 0, flags, grpcStatus: undefined });
  const both = (kind: OutcomeKind, facts: ProxyFacts, latency?: LatencyProfile): Outcome => ({
    kind,
    server: facts,
    client: facts,
    latency,
  });
  const mesh = (kind: MeshFailure, code: number, ...flags: readonly string[]): Outcome => ({
    kind,
    server: undefined,
    client: answer(code, code === 404 ? 12 : 14, ...flags),
    latency: atOnce,
  });
  return {
    ok: both('ok', answer(200, 0)),
    'not-found': both('not-found', answer(404, 5)),
    'server-error': both('server-error', answer(500, 13)),
    // The application's port is closed: its own proxy fails to connect, the caller's sees an ordinary answer.
    unavailable: { kind: 'unavailable', server: answer(503, 14, 'UF'), client: answer(503, 14), latency: atOnce },
    // The application resets the stream: its proxy has nothing to report, the caller's calls it an upstream reset.
    'no-response': { kind: 'no-response', server: silence(), client: answer(503, 14, 'UR'), latency: undefined },
    'abort-fast': both('abort-fast', silence('DC'), gaveUpSoon),
    'abort-long': both('abort-long', silence('DC'), gaveUpLate),
    timeout: { kind: 'timeout', server: silence('DC'), client: answer(504, 4, 'UT'), latency: timedOut },
    'connect-failure': mesh('connect-failure', 503, 'UF', 'URX'),
    'no-healthy-upstream': mesh('no-healthy-upstream', 503, 'UH'),
    'circuit-breaker': mesh('circuit-breaker', 503, 'UO'),
    'no-route': mesh('no-route', 404, 'NR'),
    'no-cluster': mesh('no-cluster', 503, 'NC'),
    'dns-failure': mesh('dns-failure', 503, 'DF'),
  };
}
