import { transformSync } from 'esbuild';

/** Strips the types of one file for jest; nothing is checked here. */
export default {
  process(source, file) {
    const loader = file.endsWith('x') ? 'tsx' : 'ts';
    const options = { loader, format: 'esm', target: 'node20', sourcemap: 'inline', sourcefile: file };
    return { code: transformSync(source, options).code };
  },
};
