import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { inspectBody } from '../../src/cli/inspection.js';
import { loadPacks } from '../../src/packs/load-packs.js';
import { describeWithRecordings } from '../support/programs.js';

const { packs } = loadPacks();

describeWithRecordings('which request of a recording counts as what', (folder) => {
  const inspect = (file: string) =>
    inspectBody({ bytes: readFileSync(join(folder, 'istio', file)), contentType: undefined }, packs, false);

  test.each([
    {
      file: 'istio-proxy-merged_1.11.4_datadog.prom',
      version: '1.11.4',
      uptimeSeconds: 1056,
      services: [
        { service: 'default/reviews', perspective: 'server', requests: { good: 1, bad: 0, 'left-out': 0 } },
        { service: 'default/reviews', perspective: 'union', requests: { good: 1, bad: 0, 'left-out': 0 } },
      ],
      requestsOfNoService: 0,
      why: 'one request with 200 that the server’s proxy reported: good for the server, and for the union',
    },
    {
      file: 'istio-proxy_1.5_details_datadog.prom',
      // Istio 1.5 prints envoy_5_0___istio_build: an address taken apart by a wrong tag.
      version: undefined,
      uptimeSeconds: 556,
      services: [
        { service: 'default/details', perspective: 'server', requests: { good: 1, bad: 0, 'left-out': 0 } },
        { service: 'default/details', perspective: 'union', requests: { good: 1, bad: 0, 'left-out': 0 } },
      ],
      requestsOfNoService: 4 + 45 + 1,
      why: '50 requests went to Debian’s servers through PassthroughCluster, one of them a 404: no service of the mesh',
    },
  ])('$file: $why', ({ file, version, uptimeSeconds, services, requestsOfNoService }) => {
    const inspection = inspect(file);
    expect(inspection.mesh?.pack.name).toBe('istio');
    expect(inspection.mesh?.version).toBe(version);
    expect(inspection).toMatchObject({ uptimeSeconds, services, requestsOfNoService });
  });

  test.each(['istiod_1.5.0_datadog.prom', 'pilot_1.1.5_datadog.prom', 'citadel_1.1_datadog.prom'])(
    '%s is no proxy: nothing of it is read',
    (file) => {
      const { mesh, wanted, services } = inspect(file);
      expect(mesh).toBeUndefined();
      expect(wanted.size + services.length).toBe(0);
    },
  );
});
