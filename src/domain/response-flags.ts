/**
 * What Envoy's response flags mean, in a few words.
 *
 * @see https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage (%RESPONSE_FLAGS%)
 */
const meanings: Readonly<Record<string, string>> = {
  '-': 'the service itself answered so',
  UH: 'no healthy instance',
  UF: 'could not connect',
  UO: 'circuit breaker open',
  NR: 'no route',
  URX: 'retries used up',
  NC: 'no such cluster',
  DT: 'request or connection too long',
  DC: 'client went away',
  LH: 'health check failed',
  UT: 'answer took too long',
  LR: 'reset by the proxy',
  UR: 'reset by the service',
  UC: 'service closed the connection',
  DI: 'delay injected',
  FI: 'fault injected',
  RL: 'rate limited',
  UAEX: 'authorisation denied',
  RLSE: 'rate limit service failed',
  IH: 'invalid header',
  SI: 'stream was idle',
  DPE: 'client broke the protocol',
  UPE: 'service broke the protocol',
  UMSDR: 'stream too long',
  OM: 'proxy overloaded',
  DF: 'name not found in DNS',
};

/** `could not connect, retries used up` for `UF,URX`; undefined where none is known. */
export function flagsInWords(flags: string): string | undefined {
  const known = flags.split(',').map((flag) => meanings[flag]);
  return known.every((meaning) => meaning === undefined) ? undefined : known.filter(Boolean).join(', ');
}
