import { describe, expect, test } from '@jest/globals';
import { readPromql, filled } from '../../support/boards/read-promql.js';
import { boardsOfEveryFleet } from './made-up-boards.js';

/** All queries of all boards of all meshes, each with the place where it stands. */
const queries = boardsOfEveryFleet().flatMap(([fleet, board]) =>
  board.rows.flatMap(({ panels }) =>
    panels.flatMap((panel) =>
      panel.queries.map(({ expr }) => ({ fleet, where: `${fleet}: ${board.title}, ${panel.title}`, panel, expr })),
    ),
  ),
);

/** Places of queries that a pattern fits. */
function having(pattern: RegExp, of = queries): readonly string[] {
  return of.filter(({ expr }) => pattern.test(expr)).map(({ where }) => where);
}

/** What Istio's and Linkerd's own boards, and published ones, do wrong: facts/mesh-telemetry.md 9. None of it is here. */
describe('defects of other boards that these have not', () => {
  test('ambient traffic is missing: waypoints report as `waypoint`, and are counted', () => {
    const ambient = queries.filter(({ fleet }) => fleet === 'istio-ambient');
    expect(having(/reporter="waypoint"/, ambient).length).toBeGreaterThan(10);
  });

  test('gRPC failures with HTTP 200 are no success', () => {
    const bad = queries.filter(({ fleet, panel }) => fleet === 'istio' && panel.title === 'Failed, by how');
    expect(bad.length).toBeGreaterThan(0);
    for (const { expr } of bad) expect(expr).toContain('grpc_response_status=~"2|4|7|13|14|15"');
  });

  test('a source never knows whether a connection is encrypted, and is not asked', () => {
    expect(having(/\{[^}]*reporter="source"[^}]*connection_security_policy/)).toEqual([]);
    expect(having(/\{[^}]*reporter="destination"[^}]*connection_security_policy="mutual_tls"/)).not.toEqual([]);
  });

  test('reporters are never summed over', () => {
    const raw = queries.filter(({ expr }) => /istio_requests_total|istio_request_duration/.test(expr));
    for (const { expr, where } of raw) {
      const selectors = expr.match(/istio_request[a-z_]+\{[^}]*\}/g) ?? [];
      expect([where, selectors.every((one) => one.includes('reporter="'))]).toEqual([where, true]);
    }
  });

  test('nothing is made up where data is missing', () => {
    expect(having(/or on ?\(\) vector|or vector\(/)).toEqual([]);
    for (const { expr } of queries) expect(readPromql(filled(expr)).madeUp).toEqual([]);
  });

  test('calls, recorded every fifteen minutes, are asked over more than the five that a Prometheus looks back', () => {
    const asked = queries.flatMap(
      ({ expr }) => expr.match(/service_dependency:\w+:delta15m(\{[^}]*\})?(\[\w+\])?/g) ?? [],
    );
    expect(asked.length).toBeGreaterThan(100);
    expect(asked.filter((one) => !one.endsWith('[20m]'))).toEqual([]);
  });

  test('the board of one mesh does not list services that another carries', () => {
    const scrapes = queries.filter(({ where }) => where.endsWith('Data plane, istio, Scrapes that succeed'));
    expect(scrapes.length).toBeGreaterThan(0);
    for (const { expr } of scrapes) expect(expr).toContain('service_target:carrier:info{mesh="istio"}');
  });

  test('bursts are not hidden by irate', () => {
    expect(having(/\birate\(/)).toEqual([]);
  });

  test('no counter is shown as it stands', () => {
    expect(having(/(?<!rate\()\bpilot_(total_)?xds_(rejects|pushes)\{[^}]*\}(?!\[)/)).toEqual([]);
  });

  test('no gauge is rated: these only look like counters', () => {
    expect(having(/(rate|increase)\((endpoint_no_pod|pilot_conflict_\w+|pilot_eds_no_instances|pilot_xds)\b/)).toEqual(
      [],
    );
  });

  test('no metric that is gone, or never was', () => {
    expect(having(/pilot_xds_push_errors|mixer_|tcp_connection_duration_ms|identity_cert_refresh_count/)).toEqual([]);
  });

  test('errors of sending are no pushes', () => {
    const pushes = queries.filter(({ expr }) => expr.includes('pilot_xds_pushes'));
    expect(pushes.length).toBeGreaterThan(0);
    for (const { expr, where } of pushes) {
      // Where pushes say that nothing is zero, their number does not matter.
      const counted = expr.replace(/ or sum\(rate\(pilot_xds_pushes\{[^}]*\}\[\S+\]\)\) \* 0$/, '');
      for (const selector of counted.match(/pilot_xds_pushes\{(?:[^"}]|"[^"]*")*\}/g) ?? []) {
        expect([where, selector]).toEqual([
          where,
          expect.stringMatching(/type=~"\[a-z\]\{3,4\}"|type!~"\.\*_senderr"|type=~"\.\*_senderr"/),
        ]);
      }
    }
  });

  test('versions without a proxy linger as zeros, and are left out', () => {
    const versions = queries.filter(({ expr }) => expr.includes('sum by (version) (pilot_xds'));
    expect(versions.length).toBeGreaterThan(0);
    for (const { expr } of versions) expect(expr).toContain('> 0');
  });

  test('inbound and outbound are not added up by Linkerd 2', () => {
    const linkerd = queries.filter(({ fleet, expr }) => fleet === 'linkerd2' && expr.includes('response_total'));
    expect(linkerd.length).toBeGreaterThan(0);
    for (const { expr } of linkerd) {
      for (const selector of expr.match(/response_total\{[^}]*\}/g) ?? []) expect(selector).toMatch(/direction="/);
    }
  });

  test('what istiod does about time, certificates and versions is shown', () => {
    for (const name of [
      'pilot_proxy_convergence_time_bucket',
      'citadel_server_root_cert_expiry_timestamp',
      'pilot_proxy_queue_time_bucket',
    ]) {
      expect(having(new RegExp(name))).not.toEqual([]);
    }
  });
});
