import { expect, test } from '@jest/globals';
import { demoGreeting } from '../../src/demo/demo-greeting.js';

test('the columns are aligned, whatever the folder is called', () => {
  const file = '/a/very/long/folder/of/somebody/.meshslo/demo/meshslo.yaml';
  const lines = demoGreeting({ url: 'http://127.0.0.1:8080', file, goesOn: false });
  const columns = ['every service', 'the same', 'the configuration'].map((text) =>
    lines.find((line) => line.includes(text))!.indexOf(text),
  );
  expect(new Set(columns).size).toBe(1);
});

test('a port of one’s own is part of the command that is to be copied', () => {
  const text = (url: string): string => demoGreeting({ url, file: 'x', goesOn: false }).join('\n');
  expect(text('http://127.0.0.1:18181')).toContain('npx meshslo status --url http://127.0.0.1:18181 ');
  expect(text('http://127.0.0.1:8080')).not.toContain('--url');
});

test('a later start does not call what was scraped before it simulated', () => {
  const text = (goesOn: boolean): string => demoGreeting({ url: 'http://x', file: 'x', goesOn }).join('\n');
  expect(text(false)).toContain('older than this start is simulated');
  expect(text(true)).toContain('older than the first start is simulated');
});

test('how faults are switched is said in one line, where there are some', () => {
  const given = { url: 'http://x', file: 'x', goesOn: false };
  expect(demoGreeting({ ...given, faults: 'http://127.0.0.1:9/faults' }).join('\n')).toContain(
    'curl http://127.0.0.1:9/faults  ',
  );
  expect(demoGreeting(given).join()).not.toContain('curl');
});

test('where the report of the simulated week lies is said in one line, where there is one', () => {
  const given = { url: 'http://x', file: 'x', goesOn: false };
  const lines = demoGreeting({ ...given, outbox: '.meshslo/demo/outbox' });
  expect(lines.filter((line) => line.includes('report'))).toEqual([
    expect.stringMatching(/^ {4}\.meshslo\/demo\/outbox +the weekly report, as it is mailed: open a page or a mail$/),
  ]);
  expect(demoGreeting(given).join()).not.toContain('report');
});
