/** Bodies for the benches: recorded ones with moving counters, and a generated one where no recording is at hand. */

/**
 * The body at `count` moments: every whole number of an `istio_` family grows, and every third of the others does, so
 * that lines also change their length.
 *
 * @param longer what each of them has counted before: from 1,000 on hardly a line changes its length any more.
 */
export function movingBodies(body, count, longer = 0) {
  const lines = body.toString('latin1').split('\n');
  return Array.from({ length: count }, (_, moment) =>
    Buffer.from(
      lines
        .map((line, number) => {
          const moves = line.startsWith('istio_') || number % 3 === 0;
          const value = /^([^#].*[ }])(\d{1,12})$/.exec(line);
          if (!moves || value === null) return line;
          return value[1] + String(Number(value[2]) + longer + moment * ((number % 7) + 1));
        })
        .join('\n'),
      'latin1',
    ),
  );
}

/** A sidecar of about 240 KB: a few callers and codes with full label sets and histograms, and Envoy's own statistics. */
export function sidecarBody() {
  const lines = [];
  lines.push('# TYPE istio_requests_total counter');
  for (const labels of labelSets()) lines.push(`istio_requests_total{${labels}} 1234`);
  lines.push('# TYPE istio_request_duration_milliseconds histogram');
  for (const labels of labelSets()) {
    for (const le of ['1', '5', '10', '25', '50', '100', '250', '500', '1000', '2500', '5000', '10000', '+Inf']) {
      lines.push(`istio_request_duration_milliseconds_bucket{${labels},le="${le}"} 1200`);
    }
    lines.push(`istio_request_duration_milliseconds_sum{${labels}} 40321.5`);
    lines.push(`istio_request_duration_milliseconds_count{${labels}} 1234`);
  }
  for (let cluster = 0; cluster < 40; cluster++) {
    for (const name of ['upstream_cx_total', 'upstream_cx_active', 'upstream_rq_total', 'membership_healthy']) {
      lines.push(`# TYPE envoy_cluster_${name}_${cluster} counter`);
      lines.push(
        `envoy_cluster_${name}_${cluster}{cluster_name="outbound|9080||reviews.default.svc.cluster.local"} 17`,
      );
    }
  }
  for (const name of ['uptime', 'memory_allocated', 'total_connections']) {
    lines.push(`# TYPE envoy_server_${name} gauge`, `envoy_server_${name}{} 86400`);
  }
  return Buffer.from(`${lines.join('\n')}\n`);
}

function labelSets() {
  return ['productpage', 'reviews', 'ratings', 'gateway'].flatMap((caller) =>
    ['200', '404', '503', '0'].map(
      (code) =>
        'connection_security_policy="mutual_tls",destination_app="details",destination_principal="spiffe://cluster.local' +
        '/ns/default/sa/bookinfo-details",destination_service="details.default.svc.cluster.local",destination_service_name=' +
        '"details",destination_service_namespace="default",destination_version="v1",destination_workload="details-v1",' +
        'destination_workload_namespace="default",reporter="destination",request_protocol="http",response_code="' +
        `${code}",response_flags="-",source_app="${caller}",source_principal="spiffe://cluster.local/ns/default/sa/` +
        `bookinfo-${caller}",source_version="v1",source_workload="${caller}-v1",source_workload_namespace="default"`,
    ),
  );
}
