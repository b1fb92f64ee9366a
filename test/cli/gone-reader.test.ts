import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildSync } from 'esbuild';

const folder = `.cache/gone-reader-${process.pid}`;
const program = join(folder, 'main.mjs');

beforeAll(() => {
  const entryPoints = ['src/cli/main.ts'];
  buildSync({ entryPoints, outfile: program, bundle: true, platform: 'node', format: 'esm', packages: 'external' });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a command whose reader has gone before its first word. */
async function unread(words: readonly string[], which: 'stdout' | 'stderr'): Promise<{ code: unknown; said: string }> {
  const child = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child[which].destroy();
  child[which === 'stdout' ? 'stderr' : 'stdout'].setEncoding('utf8').on('data', (text: string) => (said += text));
  const [code] = (await once(child, 'close')) as unknown[];
  return { code, said };
}

describe('a command whose reader has gone ends in silence, with the exit code that it would have had', () => {
  test.each([
    { words: ['check', '--config', 'examples/meshslo.yaml'], code: 0 },
    { words: ['check', '--config', 'test/fixtures/config/every-mistake/meshslo.yaml'], code: 1 },
    { words: ['check', '--config', 'test/fixtures/config/every-mistake/meshslo.yaml', '--output', 'json'], code: 1 },
    { words: ['inspect', 'test/fixtures/no-such-file.prom', '--output', 'json'], code: 2, says: /no-such-file/ },
    { words: ['--help'], code: 0 },
  ])('$words', async ({ words, code, says = /^$/ }) => {
    expect(await unread(words, 'stdout')).toEqual({ code, said: expect.stringMatching(says) });
  });

  test('of its mistakes, too', async () => {
    expect(await unread(['inspect', 'test/fixtures/no-such-file.prom'], 'stderr')).toEqual({ code: 2, said: '' });
  });
});
