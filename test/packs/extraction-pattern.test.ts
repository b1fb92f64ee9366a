import { expect, test } from '@jest/globals';
import { extract, extractionPattern, valuesWithPart } from '../../src/packs/extraction-pattern.js';

test('a pattern takes its part out of whole values, and finds the values with a part', () => {
  const pattern = extractionPattern('svc/([^/.:]+)(?:[/.:][^\\n]*)?');
  if ('code' in pattern) throw new Error(pattern.message);
  expect(['svc/web', 'svc/web.shop', 'svc/', 'x/web'].map((value) => extract(pattern, value))).toEqual([
    'web',
    'web',
    '',
    '',
  ]);
  expect(valuesWithPart(pattern, 'web')).toBe('svc/web(?:[/.:][^\\n]*)?');
  expect(valuesWithPart(pattern, 'a/b')).toBeUndefined();
});

test.each([
  ['svc/[a-z]+', 'pattern-without-part'],
  ['(a)/(b)', 'pattern-without-part'],
  ['svc/([a-z]*)', 'part-may-be-empty'],
  ['svc(/[a-z]+)?', 'part-may-be-empty'],
  ['(a)+', 'part-may-be-empty'],
  ['none|svc/([a-z]+)', 'part-may-be-empty'],
  ['svc(?:/([a-z]+)|:none)', 'part-may-be-empty'],
  ['svc(?:/([a-z]+))?', 'part-may-be-empty'],
  ['svc/((?:a|b)+', 'bad-pattern'],
])('%s is %s', (text, code) => {
  expect(extractionPattern(text)).toMatchObject({ code });
});

test.each(['(a|b)', '(?:a|b)/(c)', '[(|]([a-z]+)', '\\(([a-z]+)\\)', '(?:x/([a-z]+))'])('%s is a pattern', (text) => {
  expect(extractionPattern(text)).not.toHaveProperty('code');
});
