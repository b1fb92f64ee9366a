import type { SloState } from '../domain/budget.js';
import type { SloWeek } from './slo-week.js';

const order: readonly SloState[] = ['missed', 'met', 'insufficient', 'no-data', 'no-traffic'];

/** The worst first: broken promises, then kept ones with the least budget left, then those that nobody can judge. */
export function worstFirst(slos: readonly SloWeek[]): readonly SloWeek[] {
  return [...slos].sort(
    (a, b) =>
      order.indexOf(a.state) - order.indexOf(b.state) ||
      (a.budget?.remainingRatio ?? 1) - (b.budget?.remainingRatio ?? 1) ||
      (b.budget?.spentThisWeekRatio ?? 0) - (a.budget?.spentThisWeekRatio ?? 0) ||
      (a.id < b.id ? -1 : 1),
  );
}
