/** The tools of the tests that benches use, too: stores, stories and their truth. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const modules = [
  'prometheus/metric-store',
  'prometheus/record-rules',
  'prometheus/rule-file',
  'prometheus/victoria-store',
  'truth/ending',
  'truth/judgement',
  'truth/service-story',
  'truth/stories',
  'truth/told-fleet',
  'truth/told-service',
  'find-program',
];

/** Everything that these modules export, as one object. */
export async function testTools() {
  const folder = join(root, '.cache', 'bench');
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, 'test-tools.mjs');
  await build({
    stdin: {
      contents: modules.map((module) => `export * from './test/support/${module}.ts';`).join('\n'),
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
