import fc from 'fast-check';

/** Label values that are near every border of the pack's conditions, and a few that no proxy ever wrote. */
const flag = fc.constantFrom('DC', 'DCX', 'UF', 'UFX', 'XUF', 'UH', 'UO', 'NR', 'NC', 'DF', 'UT', 'URX', 'UC', '-');
const odd = fc.constantFrom('', 'a"b', 'back\\slash', 'two\nlines', '\u00e4\u{1f980}', '.*', 'x,y', '(', 'UF\n,DC');

const labelValues = {
  reporter: fc.constantFrom('source', 'destination', 'waypoint', ''),
  response_code: fc.oneof(fc.constantFrom('200', '0', '404', '500', '503', '599', '5000', '50', '600', ''), odd),
  response_flags: fc.oneof(
    fc.array(flag, { maxLength: 3 }).map((flags) => flags.join(',')),
    odd,
  ),
  grpc_response_status: fc.constantFrom('', '0', '1', '2', '4', '5', '7', '13', '14', '15', '16', '140'),
  destination_service_name: fc.oneof(fc.constantFrom('cart', 'web', 'unknown', 'PassthroughCluster', ''), odd),
  destination_service_namespace: fc.constantFrom('shop', 'unknown', ''),
  destination_cluster: fc.constantFrom('Kubernetes', 'eu-1', 'unknown', ''),
  destination_version: fc.constantFrom('v1', 'v2', 'unknown', ''),
  destination_canonical_revision: fc.constantFrom('v1', 'latest', ''),
  source_canonical_service: fc.constantFrom('web', 'unknown', ''),
  source_workload: fc.constantFrom('web', 'web-v1', 'unknown', ''),
  request_operation: fc.constantFrom('Get', 'Put', ''),
};

export type Labels = Readonly<Record<keyof typeof labelValues, string>>;

/** Label sets as Istio's proxies could print them. */
export const labelSets: fc.Arbitrary<Labels> = fc.record(labelValues);
