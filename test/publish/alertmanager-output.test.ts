import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { alertmanagerOutput } from '../../src/publish/alertmanager-output.js';
import { leastConfig, Workspace } from '../config/workspace.js';

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
});
afterEach(() => {
  workspace.remove();
});

const section = (more = ''): string =>
  `${leastConfig}notifications: { receivers: [{ name: a, webhook: { url: 'http://a/' } }], default: a${more} }\n`;

function output(config: string, files: Record<string, string> = {}) {
  return alertmanagerOutput(workspace.load({ 'meshslo.yaml': config, ...files }).config!);
}

test('who asks for no notifications gets no file', () => {
  expect(output(leastConfig)).toBeUndefined();
});

test('without a file of the user’s, it is the whole configuration', () => {
  expect(output(section())).toEqual({ text: expect.stringContaining('- name: meshslo/a\n'), diagnostics: [] });
});

test('with one, that and ours; the file itself stays as it is', () => {
  const theirs = 'route: # theirs\n  receiver: b\nreceivers:\n  - name: b\n';
  const merged = output(section(', merge_into: own/am.yml'), { 'own/am.yml': theirs });
  expect(merged?.text).toMatch(/^route: # theirs\n {2}# >>> meshslo[^]*- name: b\n/);
});

test('a clash is told at its line of the user’s file', () => {
  const merged = output(section(', merge_into: am.yml'), {
    'am.yml': 'route:\n  receiver: b\nreceivers: [{ name: b }]\n',
  });
  expect(merged?.diagnostics).toMatchObject([
    { code: 'inline-list', position: { file: join(workspace.folder, 'am.yml'), line: 3, column: 1 } },
  ]);
});

test('a file that is not there is told, and how to do without', () => {
  expect(() => output(section(', merge_into: gone.yml'))).toThrow(
    expect.objectContaining({ code: 'file-unreadable', message: expect.stringContaining('no such file') }),
  );
});
