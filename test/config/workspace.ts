import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadConfig } from '../../src/config/load-config.js';
import type { LoadedConfig } from '../../src/config/load-config.js';

/** The least that a configuration must say. */
export const leastConfig = `cluster: eu-1
scrape:
  jobs:
    - name: sidecars
      mesh: istio
      targets: [{ static: ['127.0.0.1:15090'] }]
`;

/** A mesh that tells who failed, and nothing else: no latency, no callers. */
export function plainPack(name: string): string {
  return `pack: ${name}
title: A mesh without buckets
detect: [{ family: my_requests }]
target: { path: /metrics }
requests: { families: [my_requests] }
services: { all: { name: { labels: [service] }, namespace: { constant: shop } } }
classes: { all: [{ name: failed, verdict: bad, where: { ok: 'false' } }, { name: rest, verdict: good }] }
views:
  - { perspective: server, where: { side: server }, service: all, classes: all }
  - { perspective: client, where: { side: client }, service: all, classes: all }
`;
}

/** A folder with files, gone at the end of the test. */
export class Workspace {
  readonly folder = mkdtempSync(join(tmpdir(), 'meshslo-config-'));

  /** Loads `meshslo.yaml`, after writing the files. */
  load(files: Readonly<Record<string, string>>, environment: NodeJS.ProcessEnv = {}): LoadedConfig {
    for (const [name, content] of Object.entries(files)) {
      const file = join(this.folder, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
    return loadConfig(join(this.folder, 'meshslo.yaml'), environment);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** `code line:column`, the hint behind it where there is one. */
export function shortly({ diagnostics }: LoadedConfig): readonly string[] {
  return diagnostics.map(({ code, position, hint }) => {
    const place = position === undefined ? '' : ` ${position.line}:${position.column}`;
    return `${code}${place}${hint === undefined ? '' : ` (${hint})`}`;
  });
}
