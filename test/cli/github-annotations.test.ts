import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { applyCommand } from '../../src/cli/apply.js';
import { check, checkCommand } from '../../src/cli/check.js';
import { diffCommand } from '../../src/cli/diff.js';
import { generateCommand } from '../../src/cli/generate.js';
import { githubAnnotation, githubAnnotations } from '../../src/cli/github-annotations.js';
import { leastConfig } from '../config/workspace.js';

const position = { file: '/repo/slos/cart.yaml', line: 4, column: 18, length: 5 };

describe('a mistake as a workflow command', () => {
  test('stands on its line and columns, with its hint', () => {
    const mistake = {
      severity: 'error',
      code: 'threshold-is-no-bucket-bound',
      message: '240ms is none',
      hint: '250ms',
      position,
    } as const;
    expect(githubAnnotations([mistake], '/repo')).toEqual([
      '::error file=slos/cart.yaml,line=4,col=18,endColumn=23,title=threshold-is-no-bucket-bound::240ms is none%0A250ms',
    ]);
  });

  test('without a place is one of the whole run', () => {
    expect(githubAnnotation({ level: 'warning', title: 'note', message: 'x' }, '/repo')).toBe(
      '::warning title=note::x',
    );
  });

  test('of a file outside the repository names it whole', () => {
    const outside = { ...position, file: '/etc/meshslo.yaml' };
    expect(githubAnnotation({ level: 'error', title: 'x', message: 'y', position: outside }, '/repo')).toContain(
      'file=/etc/meshslo.yaml,',
    );
  });

  test.each([
    ['100%', '100%25'],
    ['two\r\nlines\nand\rmore', 'two%0Alines%0Aand%0Amore'],
    ['::error::not me', '::error::not me'],
    ['\u001b[31mred', '\ufffd[31mred'],
    ['%0A', '%250A'],
  ])('escapes %j', (message, shown) => {
    expect(githubAnnotation({ level: 'error', title: 'x', message }, '/')).toBe(`::error title=x::${shown}`);
  });

  test('a file may have every character that ends a property', () => {
    const strange = { ...position, file: '/repo/a,b:c%d.yaml' };
    expect(githubAnnotation({ level: 'error', title: 'x', message: 'y', position: strange }, '/repo')).toContain(
      'file=a%2Cb%3Ac%25d.yaml,line=4',
    );
  });

  test('is one line, whatever it holds, and says what it was given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (title, message) => {
        const line = githubAnnotation({ level: 'error', title, message }, '/');
        expect(line).not.toMatch(/[\r\n]/);
        const [, properties] = /^::error title=([^:,]*)::/.exec(line)!;
        expect(properties).not.toContain(',');
      }),
    );
  });
});

describe('meshslo check --output github', () => {
  const folder = mkdtempSync(join(tmpdir(), 'meshslo-github-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('annotates every mistake of every file, and fails', async () => {
    writeFileSync(join(folder, 'meshslo.yaml'), `${leastConfig}slos: [slos.yaml]\n`);
    writeFileSync(
      join(folder, 'slos.yaml'),
      'service: shop/cart\nslos:\n  availability: { objective: 100% }\n  latency: { treshold: 1s }\n',
    );
    let text = '';
    const terminal = { color: false, write: (part: string) => void (text += part) };
    const before = process.env['GITHUB_WORKSPACE'];
    process.env['GITHUB_WORKSPACE'] = folder;
    const code = await check({ config: join(folder, 'meshslo.yaml'), output: 'github' }, terminal);
    if (before === undefined) delete process.env['GITHUB_WORKSPACE'];
    else process.env['GITHUB_WORKSPACE'] = before;
    expect(code).toBe(1);
    const lines = text.split('\n').filter((line) => line.startsWith('::'));
    expect(lines).toEqual([
      expect.stringMatching(
        /^::error file=slos\.yaml,line=3,col=30,endColumn=34,title=objective-of-100-percent::.*100 %25/,
      ),
      expect.stringMatching(
        /^::error file=slos\.yaml,line=4,col=14,endColumn=22,title=unknown-key::unknown key treshold.*%0Adid you mean threshold/,
      ),
    ]);
  });
});

describe('the example for GitHub Actions', () => {
  const text = readFileSync('examples/github-actions/slos.yaml', 'utf8');

  test('is a workflow that runs on pull requests', () => {
    expect(parse(text)).toMatchObject({ on: { pull_request: {} }, jobs: { check: {}, publish: { needs: 'check' } } });
  });

  test('calls verbs and options that there are', () => {
    const verbs = new Map(
      [checkCommand(), generateCommand(), diffCommand(), applyCommand()].map((one) => [one.name(), one]),
    );
    const calls = [...text.matchAll(/run: meshslo (\w+)([^\n]*)/g)];
    expect(calls.map(([, verb]) => verb)).toEqual(['check', 'generate', 'diff', 'apply']);
    for (const [, verb, rest] of calls) {
      const known = verbs.get(verb!)!.options.map(({ long }) => long);
      for (const [option] of rest!.matchAll(/--[a-z-]+/g)) expect(known).toContain(option);
    }
  });
});
