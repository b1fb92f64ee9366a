import type { Obstacle } from '../obstacle.js';
import type { PeerEvents } from '../query/read-ratio.js';
import { sharedLabels } from './compare.js';

/**
 * Why a query with several results is several promises; undefined for one.
 *
 * @param mustSum whether its tool leaves sums to its queries
 */
export function keptApart({ total, bad }: PeerEvents, mustSum: boolean): Obstacle | undefined {
  const terms = [...total.terms, ...bad.terms];
  if (mustSum && terms.some(({ isSummed }) => !isSummed)) {
    const message = 'without sum() it has a result for every series, each a promise of its own';
    return { code: 'not-summed', message, hint: 'write sum(rate(...))' };
  }
  const fixed = sharedLabels(terms);
  const [label] = [...total.groupedBy, ...bad.groupedBy].filter((one) => !fixed.has(one));
  if (label === undefined) return undefined;
  return {
    code: 'several-promises',
    message: `one promise for every value of ${label}`,
    hint: 'write one for each service; what holds for all of them alike is a default of their tier: docs/slo-files.md',
  };
}
