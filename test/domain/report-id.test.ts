import { expect, test } from '@jest/globals';
import { type ArchivedScope, parseReportId, reportId, scopeKey, scopeOfKey } from '../../src/domain/report-id.js';

const week = { year: 2026, week: 47 };
const organisation: ArchivedScope = { kind: 'organisation' };

test.each<[string, ArchivedScope, number]>([
  ['2026-W47', organisation, 1],
  ['2026-W47~2', organisation, 2],
  ['2026-W47.team-shop', { kind: 'team', owner: 'team-shop' }, 1],
  ['2026-W47.a.b~12', { kind: 'team', owner: 'a.b' }, 12],
  ['2026-W47.%7E2', { kind: 'team', owner: '~2' }, 1],
  ['2026-W47.Z%C3%BCrich%20%2F%20%3Cb%3E', { kind: 'team', owner: 'Zürich / <b>' }, 1],
])('%s names its report, and nothing else does', (id, scope, revision) => {
  expect(reportId({ week, scope, revision })).toBe(id);
  expect(parseReportId(id)).toEqual({ week, scope, revision });
  expect(scopeOfKey(scopeKey(scope))).toEqual(scope);
});

test('an owner that is half a character has a report, too', () => {
  const id = reportId({ week, scope: { kind: 'team', owner: 'a\ud800' }, revision: 1 });
  expect(id).toBe('2026-W47.a%EF%BF%BD');
  expect(parseReportId(id)).toMatchObject({ scope: { owner: 'a\ufffd' } });
});

test.each(['', '2026-W54', '2026-W47.', '2026-W47~1', '2026-W47~0', '2026-W47.%', '2026-W47.%41', '2026-w47', 'x'])(
  '%j names none',
  (id) => {
    expect(parseReportId(id)).toBeUndefined();
  },
);
