import { describe, expect, test } from '@jest/globals';
import type { Diagnostic } from '../../src/domain/diagnostic.js';
import { renderDiagnostics } from '../../src/documents/render-diagnostics.js';

const mistake: Diagnostic = {
  severity: 'error',
  code: 'some-mistake',
  message: 'something is wrong',
  hint: 'mend it',
  position: { file: 'a.yaml', line: 2, column: 4, length: 3 },
};

function render(diagnostic: Diagnostic, lines: readonly string[], color = false): string {
  return renderDiagnostics([diagnostic], { color, linesOf: () => lines });
}

describe('a mistake as people read it', () => {
  test('message, line, caret under the fault, hint', () => {
    expect(render(mistake, ['a: 1', 'b: 234'])).toBe(
      ['a.yaml:2:4 error: something is wrong [some-mistake]', '  2 | b: 234', '    |    ^^^ mend it', ''].join('\n'),
    );
  });

  test('without a line to show, the hint stands alone', () => {
    expect(render(mistake, ['only one'])).toBe('a.yaml:2:4 error: something is wrong [some-mistake]\n  mend it\n');
    expect(render({ severity: 'warning', code: 'x', message: 'y' }, [])).toBe('warning: y [x]\n');
  });

  test('a long line is cut round the fault', () => {
    const line = `${'x'.repeat(500)}FAULT${'y'.repeat(500)}`;
    const text = render({ ...mistake, position: { file: 'a', line: 1, column: 501, length: 5 } }, [line]);
    const [, source, caret] = text.split('\n');
    expect(source!.length).toBeLessThan(130);
    expect(caret!.indexOf('^')).toBe(source!.indexOf('FAULT'));
  });

  test('control characters of a file never reach the terminal', () => {
    const text = render({ ...mistake, message: 'bad \u001b]0;title\u0007' }, ['', 'b: \u001b[2Jx']);
    expect(text).not.toMatch(/[\u001b\u0007]/);
  });

  test.each([
    { line: '  password: hunter2', shown: '  password: *******' },
    { line: 'x: { token: "hunter2", a: 1 }', shown: 'x: { token: *********, a: 1 }' },
    { line: 'url: http://me:hunter2@host/', shown: 'url: http://**********@host/' },
    { line: 'password_file: here', shown: 'password_file: here' },
    { line: 'authorization: Bearer hunter2', shown: 'authorization: **************' },
    { line: 'authorization: { bearer_token_file: here }', shown: 'authorization: { bearer_token_file: here }' },
    { line: 'bearer_token: hunter2', shown: 'bearer_token: *******' },
  ])('$shown', ({ line, shown }) => {
    const text = render({ ...mistake, position: { file: 'a', line: 1, column: 1, length: 1 } }, [line]);
    expect(text).toContain(`1 | ${shown}\n`);
  });

  test('colour marks place, severity and caret, and changes no word', () => {
    const coloured = render(mistake, ['a: 1', 'b: 234'], true);
    expect(coloured).toContain('\u001b[31merror:\u001b[0m');
    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(render(mistake, ['a: 1', 'b: 234']));
  });
});
