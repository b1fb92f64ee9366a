import { roundPercentInWords } from '../../domain/in-words.js';

/** What is left of a budget, as figure and bar; overspent is an empty bar and a negative figure. */
export function BudgetBar({ remainingRatio }: { readonly remainingRatio: number | null }) {
  if (remainingRatio === null) return <span class="unknown">unknown</span>;
  const text = roundPercentInWords(remainingRatio);
  return (
    <span class="budget">
      <progress max={1} value={Math.max(0, remainingRatio)} aria-label={`${text} of the budget left`} />
      <span class={remainingRatio < 0 ? 'figure overspent' : 'figure'}>{text}</span>
    </span>
  );
}
