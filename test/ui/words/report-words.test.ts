import { expect, test } from '@jest/globals';
import { verdictOf } from '../../../src/ui/words/report-words.js';

test.each([
  { team: null, before: 'Week 9 of 2026' },
  { team: null, before: 'Week 9 of 2026, revision 2' },
  { team: 'team-shop', before: 'Week 9 of 2026, team-shop' },
  { team: 'Shop: till: Ada', before: 'Week 9 of 2026, Shop: till: Ada, revision 2' },
])('the verdict of “$before” is what follows', ({ team, before }) => {
  const verdict = '35 of 37 promises were kept: cart broke its own.';
  expect(verdictOf({ team, subject: `${before}: ${verdict}` })).toBe(verdict);
});

test('a subject that was cut before its verdict is shown as it is', () => {
  expect(verdictOf({ team: 'a: b', subject: 'Week 9 of 2026, a: b' })).toBe('Week 9 of 2026, a: b');
});
