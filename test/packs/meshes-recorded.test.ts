import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { inspectBody } from '../../src/cli/inspection.js';
import { loadPacks } from '../../src/packs/load-packs.js';
import { describeWithRecordings } from '../support/programs.js';

const { packs } = loadPacks();

/** `default/web server 17700/0/0`: good, bad and left out. */
function inWords(service: string, perspective: string, good: number, bad = 0, leftOut = 0): string {
  return `${service} ${perspective} ${good}/${bad}/${leftOut}`;
}

describeWithRecordings('a recording of every mesh is recognised, and its requests counted by hand', (folder) => {
  test.each([
    {
      file: 'linkerd1/admin-metrics_2018-03_datadog.txt',
      mesh: 'linkerd1',
      version: undefined,
      services: [inWords('default/web', 'server', 17700)],
      requestsOfNoService: 0,
      uptimeSeconds: 53.922,
      why: 'rt:service:success of svc/web; what rt:server and rt:client count of the same requests is not counted again',
    },
    {
      file: 'linkerd/proxy_2019-06_control-plane_datadog.prom',
      mesh: 'linkerd2',
      version: undefined,
      services: [inWords('linkerd/linkerd-prometheus', 'client', 16275)],
      // Inbound, whose service only discovery knows (851 + 582), and 6 outbound to nobody.
      requestsOfNoService: 851 + 582 + 6,
      uptimeSeconds: undefined,
      why: 'one outbound destination has a service',
    },
    {
      file: 'envoy/stats-prometheus_1.2x_datadog-2023.prom',
      mesh: 'envoy',
      version: undefined,
      services: [inWords('default/service1', 'client', 1), inWords('default/service2', 'client', 1)],
      // Two at the listener, whose service only discovery knows, and 22 calls of the control plane.
      requestsOfNoService: 2 + 22,
      uptimeSeconds: expect.any(Number),
      why: 'two clusters were asked once each; the 7 requests to Envoy’s own administration are none',
    },
    {
      file: 'nginx/ingress-controller_datadog.prom',
      mesh: 'nginx-ingress',
      version: undefined,
      services: [],
      requestsOfNoService: 3,
      uptimeSeconds: undefined,
      why: 'a controller of 2018 names the ingress of a request and not yet its service; the default backend’s are nobody’s',
    },
    {
      file: 'istio/ztunnel_1.24_datadog.om.txt',
      mesh: 'ztunnel',
      version: 'unknown',
      services: [
        inWords('default/details', 'client', 831),
        inWords('default/productpage', 'client', 831),
        inWords('default/ratings', 'client', 107),
        inWords('default/reviews', 'client', 831),
      ],
      requestsOfNoService: 0,
      uptimeSeconds: undefined,
      why: 'connections, as the clients’ ends saw them',
    },
    {
      file: 'istio/istio-proxy-merged_1.11.4_datadog.prom',
      mesh: 'istio',
      version: '1.11.4',
      services: [inWords('default/reviews', 'server', 1), inWords('default/reviews', 'union', 1)],
      requestsOfNoService: 0,
      uptimeSeconds: 1056,
      why: 'it is an Envoy, too, and Istio’s above all',
    },
  ])('$file is $mesh: $why', ({ file, mesh, version, services, requestsOfNoService, uptimeSeconds }) => {
    const bytes = readFileSync(join(folder, file));
    const contentType = file.includes('.om.') ? 'application/openmetrics-text; version=1.0.0' : undefined;
    const found = inspectBody({ bytes, contentType }, packs, false);
    expect(found.mesh?.pack.name).toBe(mesh);
    expect(found.mesh?.version).toBe(version);
    const counted = found.services.map(({ service, perspective, requests }) =>
      inWords(service, perspective, requests.good, requests.bad, requests['left-out']),
    );
    expect(counted).toEqual(expect.arrayContaining(services));
    expect(counted).toHaveLength(services.length);
    expect(found).toMatchObject({ requestsOfNoService, uptimeSeconds });
  });

  test.each(['traefik-mesh/proxy_datadog.prom', 'k8s/ksm_2.10.0_elastic.prom', 'istio/citadel_1.1_datadog.prom'])(
    '%s is of no mesh that has a pack',
    (file) => {
      expect(inspectBody({ bytes: readFileSync(join(folder, file)), contentType: undefined }, packs, false).mesh).toBe(
        undefined,
      );
    },
  );
});
