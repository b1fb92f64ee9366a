import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import type { NotificationSettings } from '../../../src/config/notifications.js';
import { alertmanagerFile } from '../../../src/generate/alertmanager/alertmanager-file.js';
import { describeWith } from '../../support/programs.js';
import { hook, notifications } from './settings.js';

/** A file as people keep it: comments, odd spacing, quotes as they came. */
const theirs = `# Ours since 2019. Ask Ada before you touch it.
global:
  smtp_smarthost:   "localhost:25"   # odd spacing stays
  smtp_from: 'alerts@example.com'

route:
  # the root
  receiver: everybody
  group_by: [ 'job' ]
  routes:
  # databases first
  - match: {service: db}
    receiver: dba

receivers:
# who is called
- name: everybody
  email_configs: [{to: all@example.com}]
- name: dba
  webhook_configs:
    - url: http://dba.example/
`;

const muted = notifications({
  receivers: [{ name: 'dba', existing: true }],
  owners: [{ owner: 'team-db', receivers: { page: 'dba', ticket: 'dba' } }],
  muteTimes: [
    {
      name: 'nights',
      severity: 'ticket',
      owner: undefined,
      weekdays: [],
      hours: [{ fromMinute: 0, toMinute: 360 }],
      timeZone: 'UTC',
    },
  ],
});

function merge(content: string, settings: NotificationSettings = muted) {
  return alertmanagerFile(settings, { file: 'alertmanager.yml', content });
}

const folder = mkdtempSync(join(tmpdir(), 'meshslo-merged-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function withoutBlocks(text: string): string {
  return text.replace(/^ *# >>> meshslo[^]*?# <<< meshslo\r?\n/gm, '');
}

describe('a merged configuration', () => {
  test('every byte that is not ours stays where it is', () => {
    const { text, diagnostics } = merge(theirs);
    expect(diagnostics).toEqual([]);
    expect(withoutBlocks(text!)).toBe(theirs);
  });

  test('ours comes first in every list, so that no route of theirs swallows it', () => {
    const { route, receivers } = parse(merge(theirs).text!) as {
      route: { routes: { receiver: string; routes: object[] }[] };
      receivers: { name: string }[];
    };
    expect(route.routes.map(({ receiver }) => receiver)).toEqual(['meshslo/mail', 'dba']);
    expect(route.routes[0]!.routes[1]).toMatchObject({
      matchers: ['severity="page"'],
      routes: [{ matchers: ['owner="team-db"'], receiver: 'dba' }],
    });
    expect(receivers.map(({ name }) => name)).toEqual([
      'meshslo/pager',
      'meshslo/mail',
      'meshslo/nobody',
      'everybody',
      'dba',
    ]);
  });

  test('merging again changes nothing', () => {
    const once = merge(theirs).text!;
    expect(merge(once).text).toBe(once);
  });

  test('another run replaces what the one before has written', () => {
    const before = merge(theirs).text!;
    const after = merge(before, notifications({ receivers: [hook('third')] })).text!;
    expect(after).toBe(merge(theirs, notifications({ receivers: [hook('third')] })).text);
    expect(after).not.toContain('time_intervals');
  });

  test.each([
    { content: 'route:\n  receiver: a\nreceivers:\n  - name: a\n', why: 'no routes, and indented lists' },
    { content: 'receivers:\n- name: a\nroute:\n    receiver: a', why: 'no line end at the end' },
    { content: 'route: # r\n  routes:\n  receiver: a\ninhibit_rules:\nreceivers:\n- name: a\n', why: 'empty lists' },
    { content: 'route:\r\n  receiver: a\r\nreceivers:\r\n  - name: a\r\n', why: 'line ends of Windows' },
    {
      content:
        'time_intervals:\n  - name: t\n    time_intervals: []\nroute:\n  receiver: a\nreceivers: &r\n  - name: a\n',
      why: 'mute times of theirs, and an anchor',
    },
    {
      content: '---\n# first\nroute:\n  receiver: a\nreceivers:\n\n  - name: a\n\n\n# last\n',
      why: 'lines without anything',
    },
  ])('$why: it fits in, and merging again changes nothing', ({ content }) => {
    const settings = { ...muted, receivers: [hook('pager'), hook('mail'), hook('dba')] };
    const { text, diagnostics } = merge(content, settings);
    expect(diagnostics).toEqual([]);
    expect(withoutBlocks(text!).trimEnd()).toBe(content.trimEnd());
    expect(merge(text!, settings).text).toBe(text);
    expect(parse(text!)).toMatchObject({
      route: { receiver: 'a' },
      receivers: expect.arrayContaining([{ name: 'a' }]),
    });
  });

  test.each([
    {
      content: theirs.replace(': dba', ': dbb').replace('name: dba', 'name: dbb'),
      is: 'unknown-receiver 15:1',
      why: 'it has to exist',
    },
    { content: theirs.replace('name: dba', 'name: meshslo/dba'), is: 'name-clash 19:9', why: 'a name of ours' },
    {
      content: theirs.replace(/receivers:\n[^]*/, 'receivers: [{ name: dba }]\n'),
      is: 'inline-list 15:1',
      why: 'one line',
    },
    {
      content: theirs.replace(/route:\n[^]*?\n\n/, 'route: { receiver: dba }\n'),
      is: 'inline-list 6:1',
      why: 'one line',
    },
    {
      content: theirs.replace('receiver: everybody\n  group_by', 'group_by'),
      is: 'missing 6:1',
      why: 'no configuration of Alertmanager',
    },
    { content: `${theirs}---\na: 1\n`, is: 'second-document 23:1', why: 'two documents' },
    { content: `${theirs}\t- x`, is: 'tab-as-indent 22:1', why: 'no YAML' },
    { content: '', is: 'empty-file 1:1', why: 'nothing' },
    { content: `${theirs}# >>> meshslo\n`, is: 'damaged-block 22:1', why: 'a mark without end' },
    { content: `# <<< meshslo\n${theirs}`, is: 'damaged-block 1:1', why: 'a mark without beginning' },
  ])('$is is refused: $why', ({ content, is }) => {
    const { text, diagnostics } = merge(content);
    expect(text).toBeUndefined();
    const [first] = diagnostics;
    expect(`${first!.code} ${first!.position!.line}:${first!.position!.column}`).toContain(is);
  });

  test('a mistake is told at its line in the file that has our blocks in it', () => {
    const text = merge(theirs).text!.replace('name: dba', 'name: meshslo/dba');
    const line = text.split('\n').findIndex((one) => one.includes('name: meshslo/dba')) + 1;
    expect(merge(text).diagnostics[0]).toMatchObject({ code: 'name-clash', position: { line } });
  });

  test('whatever the bytes, it never throws, and what it writes it can merge again', () => {
    const piece = fc.constantFrom(
      'route:',
      '  receiver: a',
      '  routes:',
      '  - receiver: a',
      'receivers:',
      '- name: a',
      '# c',
      '',
      '# >>> meshslo',
      '# <<< meshslo',
      'inhibit_rules: []',
      'inhibit_rules:',
      '\t',
      '- ',
      '{',
      ': x',
      '---',
      '...',
      '&a',
      '*a',
      '|',
      '"',
    );
    let merged = 0;
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 5 }), (lines) => {
        const content = `route:\n  receiver: a\n${lines.join('\n')}\nreceivers:\n  - name: dba\n`;
        const { text } = merge(content);
        if (text === undefined) return;
        merged += 1;
        expect(merge(text).text).toBe(text);
        expect(withoutBlocks(text)).toBe(withoutBlocks(content));
      }),
      { numRuns: 300 },
    );
    expect(merged).toBeGreaterThan(5);
  });
});

describeWith('amtool', 'amtool', (amtool) => {
  test('takes a merged configuration', () => {
    const file = join(folder, 'alertmanager.yml');
    writeFileSync(file, merge(theirs).text!);
    const { status, stdout } = spawnSync(amtool, ['check-config', file], { encoding: 'utf8' });
    expect(stdout).toContain('SUCCESS');
    expect(status).toBe(0);
  });
});
