/** Builds dist/: the service by stripping its types, the page by Vite. Types are checked by `npm run types`. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build as buildService } from 'esbuild';
import { build as buildPage } from 'vite';

const sources = readdirSync('src', { recursive: true })
  .filter((file) => file.endsWith('.ts') && !file.startsWith('ui'))
  .map((file) => join('src', file));

await Promise.all([
  buildService({
    entryPoints: sources,
    outdir: 'dist',
    outbase: 'src',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: true,
  }),
  buildPage({ logLevel: 'warn' }),
]);
