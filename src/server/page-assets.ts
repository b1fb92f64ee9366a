import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RequestHandler } from 'express';
import express, { Router } from 'express';

/** Compressed copies that the build has made, best first. */
const copies = [
  { encoding: 'br', suffix: '.br' },
  { encoding: 'gzip', suffix: '.gz' },
] as const;

/** The code of the page: files whose names change with their content, compressed by the build where that is worth it. */
export function pageAssets(uiFolder: string): Router {
  const folder = join(uiFolder, 'assets');
  const router = Router();
  router.use(compressedCopies(new Set(filesOf(folder))));
  router.use(express.static(folder, { immutable: true, maxAge: '1y', index: false }));
  return router;
}

/** Takes the copy in place of the file, for clients that can read it. */
function compressedCopies(files: ReadonlySet<string>): RequestHandler {
  return (request, response, next) => {
    const name = request.path.slice(1);
    const known = copies.filter(({ suffix }) => files.has(name + suffix));
    if (known.length > 0) response.vary('Accept-Encoding');
    const copy = known.find(({ encoding }) => request.acceptsEncodings(encoding) === encoding);
    if (copy) {
      response.set('Content-Encoding', copy.encoding).type(name);
      request.url = `/${name}${copy.suffix}`;
    }
    next();
  };
}

/** A page that was not built has none. */
function filesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
