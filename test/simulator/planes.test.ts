import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readExposition } from '../../src/exposition/read-exposition.js';
import { seriesInterpreter } from '../../src/packs/interpreter.js';
import { loadPacks } from '../../src/packs/load-packs.js';
import { Mesh } from '../../src/simulator/mesh.js';
import { planesOf } from '../../src/simulator/planes/demo-planes.js';
import { describeWithRecordings } from '../support/programs.js';
import { everyTrouble, smallMesh } from './small-mesh.js';

const start = 1_795_168_800;
const { packs } = loadPacks();

/** What proxies of a mesh print after two minutes, by the name of the proxy, with the content type of the answer. */
function printed(name: string, pack: string): ReadonlyMap<string, { contentType: string; text: string }> {
  const { plane } = planesOf(name)!.find((one) => one.pack === pack)!;
  const mesh: Mesh = new Mesh(smallMesh({ shares: everyTrouble, requestsPerSecond: 50 }), start, 5, (events) => {
    plane.take(events);
  });
  plane.attach(mesh);
  mesh.advance(start + 65);
  mesh.advance(start + 125);
  const query = { filter: undefined, usedOnly: false };
  return new Map(plane.proxies().map((proxy) => [proxy.name, plane.text(proxy.name, mesh.nowSeconds, query)!]));
}

/** Sets of label names of each sample's name, bounds and quantiles left out. */
function shapes(body: {
  contentType: string | undefined;
  text: string;
}): ReadonlyMap<string, readonly ReadonlySet<string>[]> {
  const found = new Map<string, ReadonlySet<string>[]>();
  const exposition = readExposition(Buffer.from(body.text), { contentType: body.contentType });
  for (const { name, labels, value } of exposition.families.flatMap(({ samples }) => samples)) {
    if (value === 0) continue;
    const names = new Set([...labels].filter(([, text]) => text !== '').map(([label]) => label));
    found.set(name, [...(found.get(name) ?? []), names]);
  }
  return found;
}

const meshes = [
  { name: 'linkerd2', pack: 'linkerd2', recording: 'linkerd/proxy_2019-06_control-plane_datadog.prom' },
  { name: 'linkerd1', pack: 'linkerd1', recording: 'linkerd1/admin-metrics_2018-03_datadog.txt' },
  { name: 'linkerd1-daemonset', pack: 'linkerd1', recording: 'linkerd1/admin-metrics_2018-03_datadog.txt' },
  { name: 'envoy', pack: 'envoy', recording: 'envoy/stats-prometheus_1.2x_datadog-2023.prom' },
  { name: 'nginx', pack: 'nginx-ingress', recording: 'nginx/ingress-controller_datadog.prom' },
  { name: 'ambient', pack: 'ztunnel', recording: 'istio/ztunnel_1.24_datadog.om.txt' },
] as const;

describe('proxies of other meshes print what can be read', () => {
  test.each([...meshes, { name: 'ambient', pack: 'istio-ambient' }] as const)('$name, for $pack', ({ name, pack }) => {
    for (const { contentType, text } of printed(name, pack).values()) {
      const { problems, badLines } = readExposition(Buffer.from(text), { contentType });
      expect({ problems, badLines }).toEqual({ problems: [], badLines: 0 });
    }
  });
});

describeWithRecordings('simulated proxies have the families and labels of recorded ones', (folder) => {
  test.each(meshes)('$name as $recording', ({ name, pack, recording }) => {
    const contentType = recording.includes('.om.') ? 'application/openmetrics-text; version=1.0.0' : undefined;
    const recorded = shapes({ contentType, text: readFileSync(join(folder, recording), 'utf8') });
    const simulated = new Map<string, ReadonlySet<string>[]>();
    for (const body of printed(name, pack).values()) {
      for (const [sample, sets] of shapes(body)) simulated.set(sample, [...(simulated.get(sample) ?? []), ...sets]);
    }
    const read = seriesInterpreter(packs.get(pack)!, { cluster: 'x', clusterAliases: new Map() }).sampleNames;
    const shared = [...recorded.keys()].filter((sample) => read.has(sample));
    expect(shared.length).toBeGreaterThan(0);
    for (const sample of shared) {
      // Newer versions have further labels; none that was recorded is missing.
      const alike = recorded
        .get(sample)!
        .some((labels) => (simulated.get(sample) ?? []).some((own) => [...labels].every((label) => own.has(label))));
      expect([sample, alike]).toEqual([sample, true]);
    }
  });
});
