import { expect, test } from '@jest/globals';
import { seriesLabels } from '../../src/scrape/series-labels.js';

const target = { namespace: 'shop', pod: 'cart-1' };

test.each([
  { own: { code: '200' }, is: { code: '200', ...target }, why: 'the labels of the target are on every series' },
  {
    own: { namespace: 'bank' },
    is: { exported_namespace: 'bank', ...target },
    why: 'the target wins, and nothing is lost',
  },
  { own: { namespace: '' }, is: target, why: 'an empty label is none' },
  {
    own: { namespace: 'bank', exported_namespace: 'old' },
    is: { exported_namespace: 'old', exported_exported_namespace: 'bank', ...target },
    why: 'an exported label that is there already stays',
  },
])('$own becomes $is: $why', ({ own, is }) => {
  const labels = seriesLabels(new Map(Object.entries(own)), new Map(Object.entries(target)));
  expect(Object.fromEntries(labels)).toEqual(is);
});
