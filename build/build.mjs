/** Builds dist/: the service by stripping its types, the page by Vite. Types are checked by `npm run types`. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build as buildService } from 'esbuild';
import { build as buildPage } from 'vite';

const sources = readdirSync('src', { recursive: true })
  .filter((file) => file.endsWith('.ts') && !file.startsWith('ui'))
  .map((file) => join('src', file));

/** Makes copies of the page's code for clients that read them; assets never change under their name. */
function compressAssets() {
  const folder = join('dist', 'ui', 'assets');
  for (const file of readdirSync(folder).filter((name) => /\.(js|css|svg)$/.test(name))) {
    const bytes = readFileSync(join(folder, file));
    if (bytes.length < 1000) continue;
    writeFileSync(join(folder, `${file}.br`), brotliCompressSync(bytes));
    writeFileSync(join(folder, `${file}.gz`), gzipSync(bytes, { level: 9 }));
  }
}

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
compressAssets();
