/** The tools of the tests that benches use, too: stores, stories and their truth. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const modules = [
  'e2e/live-run',
  'generate/rules/fleet-rules',
  'support/find-program',
  'support/prometheus/metric-store',
  'support/prometheus/record-rules',
  'support/prometheus/rule-file',
  'support/prometheus/victoria-store',
  'support/truth/ending',
  'support/truth/judgement',
  'support/truth/proxy-labels',
  'support/truth/service-story',
  'support/truth/stories',
  'support/truth/told-fleet',
  'support/truth/told-service',
];

/** Everything that these modules export, as one object. */
export async function testTools() {
  const folder = join(root, '.cache', 'bench');
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, 'test-tools.mjs');
  await build({
    stdin: {
      contents: modules.map((module) => `export * from './test/${module}.ts';`).join('\n'),
      resolveDir: root,
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
    outfile,
  });
  return import(pathToFileURL(outfile).href);
}
