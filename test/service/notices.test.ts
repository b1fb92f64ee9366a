import { expect, test } from '@jest/globals';
import { Notices } from '../../src/service/notices.js';

test('a trouble is told when it begins, when it becomes another, and when it is over', () => {
  const told: string[] = [];
  const notices = new Notices((notice) => told.push(notice));
  const report = (trouble: string | undefined) => notices.report('list a', trouble, 'list a is read again');
  report(undefined);
  report('refused');
  report('refused');
  notices.report('list b', 'refused', 'list b is read again');
  report('timed out');
  report(undefined);
  report(undefined);
  expect(told).toEqual(['refused', 'refused', 'timed out', 'list a is read again']);
});
