import { roundPercentInWords } from '../domain/in-words.js';
import type { BudgetView } from '../server/api-types/slo.js';

/** What is left of a budget, as figure and bar; overspent is an empty bar and a negative figure. */
export function BudgetBar({ budget }: { readonly budget: BudgetView | null }) {
  if (!budget) return <span class="unknown">unknown</span>;
  const text = roundPercentInWords(budget.remainingRatio);
  return (
    <span class="budget">
      <progress max={1} value={Math.max(0, budget.remainingRatio)} aria-label={`${text} of the budget left`} />
      <span class={budget.remainingRatio < 0 ? 'figure overspent' : 'figure'}>{text}</span>
    </span>
  );
}
