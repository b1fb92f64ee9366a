import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { generate, type GenerateOptions } from '../../../src/cli/generate.js';
import { leastConfig } from '../../config/workspace.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshslo-layouts-'));
  writeFileSync(join(folder, 'meshslo.yaml'), `${leastConfig}slos: [slos.yaml]\n`);
  writeFileSync(join(folder, 'slos.yaml'), 'service: shop/cart\nowner: team-shop\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

function files(more: Partial<GenerateOptions>): ReadonlyMap<string, string> {
  const out = join(folder, 'out');
  const options = { config: join(folder, 'meshslo.yaml'), out, output: 'text' as const, ...more };
  expect(generate(options, { color: false, write: () => undefined }, 0)).toBe(0);
  const found = readdirSync(out, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return new Map(
    found.map((one) => {
      const path = join(one.parentPath, one.name);
      return [path.slice(out.length + 1), readFileSync(path, 'utf8')];
    }),
  );
}

describe('files for a repository', () => {
  test('for Grafana: a provider and dashboards', () => {
    const all = files({ layout: 'grafana', dashboardPath: '/dashboards' });
    expect(parse(all.get('provisioning/dashboards/meshslo.yaml')!)).toEqual({
      apiVersion: 1,
      providers: [
        {
          name: 'meshslo-eu-1',
          orgId: 1,
          folder: 'Service mesh',
          folderUid: 'meshslo-eu-1',
          type: 'file',
          disableDeletion: false,
          updateIntervalSeconds: 30,
          allowUiUpdates: false,
          options: { path: '/dashboards', foldersFromFilesStructure: false },
        },
      ],
    });
    const boards = [...all].filter(([name]) => name.startsWith('dashboards/'));
    expect(boards.length).toBeGreaterThan(3);
    for (const [name, text] of boards) {
      expect(JSON.parse(text)).toMatchObject({ uid: name.replace(/^dashboards\/|\.json$/g, '') });
    }
    expect([...all.keys()].some((name) => name.includes('recording'))).toBe(false);
  });

  test('for a cluster: a manifest each, and the list of them', () => {
    const all = files({ layout: 'kubernetes', namespace: 'observability' });
    const { resources } = parse(all.get('kustomization.yaml')!) as { resources: readonly string[] };
    expect([...resources].sort()).toEqual([...all.keys()].filter((name) => /^(prom|config)/.test(name)).sort());
    expect(parse(all.get('prometheusrule-meshslo-eu-1-recording.yaml')!)).toMatchObject({
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PrometheusRule',
      metadata: { name: 'meshslo-eu-1-recording', namespace: 'observability' },
    });
    const maps = resources.filter((name) => name.startsWith('configmap-'));
    expect(parse(all.get(maps[0]!)!)).toMatchObject({
      kind: 'ConfigMap',
      metadata: { labels: { grafana_dashboard: '1' } },
    });
  });

  test('are the same bytes for the same input, and those of another layout go', () => {
    const first = files({ layout: 'kubernetes' });
    expect(files({ layout: 'kubernetes' })).toEqual(first);
    expect([...files({ layout: 'grafana' }).keys()]).not.toContain('kustomization.yaml');
  });
});
