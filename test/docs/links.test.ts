import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import type { Command } from 'commander';
import { expect, test } from '@jest/globals';
import { applyCommand } from '../../src/cli/apply.js';
import { checkCommand } from '../../src/cli/check.js';
import { demoCommand } from '../../src/cli/demo.js';
import { diffCommand } from '../../src/cli/diff.js';
import { findingsCommand } from '../../src/cli/findings.js';
import { generateCommand } from '../../src/cli/generate.js';
import { importCommand } from '../../src/cli/import.js';
import { initCommand } from '../../src/cli/init.js';
import { inspectCommand } from '../../src/cli/inspect.js';
import { ledgerCommand } from '../../src/cli/ledger.js';
import { previewCommand } from '../../src/cli/preview.js';
import { reportCommand } from '../../src/cli/report.js';
import { sensuBridgeCommand } from '../../src/cli/sensu-bridge.js';
import { serveCommand } from '../../src/cli/serve.js';
import { statusCommand } from '../../src/cli/status.js';

const root = join(import.meta.dirname, '..', '..');
const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => join('docs', name)),
].filter((name) => name.endsWith('.md'));
const textOf = (page: string): string => readFileSync(join(root, page), 'utf8');

const verbs = [
  applyCommand,
  checkCommand,
  demoCommand,
  diffCommand,
  findingsCommand,
  generateCommand,
  importCommand,
  initCommand,
  inspectCommand,
  ledgerCommand,
  previewCommand,
  reportCommand,
  sensuBridgeCommand,
  serveCommand,
  statusCommand,
].map((make): Command => make());

/** What GitHub makes of a heading. */
function anchorsOf(page: string): readonly string[] {
  return [...textOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_\- ]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test.each(pages)('every link of %s leads to a file and a heading that exist', (page) => {
  const links = [...textOf(page).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)]*))?\)/g)];
  const broken = links.filter(([, file, anchor]) => {
    const target = file === '' ? page : normalize(join(dirname(page), file!));
    if (!existsSync(join(root, target))) return true;
    return anchor !== undefined && target.endsWith('.md') && !anchorsOf(target).includes(anchor);
  });
  expect(broken.map(([link]) => link)).toEqual([]);
});

test.each(pages)('every file of ours that %s names exists', (page) => {
  const names = [...textOf(page).matchAll(/`((?:alerts|bench|docs|examples|rules|src|test)\/[\w./-]+)`/g)];
  expect(names.map(([, name]) => name!).filter((name) => !existsSync(join(root, name)))).toEqual([]);
});

test('every option of every command that the docs show is understood', () => {
  const unknown = pages.flatMap((page) =>
    [...textOf(page).matchAll(/\bmeshslo ([a-z][a-z-]*)((?:[^\S\n]+[^\s`|#&][^\s`|&]*|[^\S\n]*\\\n)*)/g)].flatMap(
      ([shown, name, rest]) => {
        const verb = verbs.find((one) => one.name() === name);
        if (!verb) return [];
        const known = [verb, ...verb.commands].flatMap(({ options }) => options.map(({ long }) => long));
        const used = [...rest!.matchAll(/(?<=\s\[?)--[a-z-]+/g)].map(([option]) => option);
        return used.filter((option) => !known.includes(option)).map((option) => `${page}: ${shown} (${option})`);
      },
    ),
  );
  expect(unknown).toEqual([]);
});
