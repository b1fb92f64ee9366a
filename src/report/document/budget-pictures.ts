import { roundPercentInWords } from '../../domain/in-words.js';
import type { BudgetCurve } from '../slo-week.js';
import { burnDownChart } from '../charts/burn-down-chart.js';
import { smallMultiples } from '../charts/small-multiples.js';
import type { SloWeek } from '../slo-week.js';
import type { WeekReport } from '../week-report.js';
import type { Block } from './report-document.js';
import type { Words } from './words.js';

/** Budgets beside the worst one that are drawn. */
const mostSmall = 6;

/** Pictures of how budgets went down: the worst one large, the next ones small. Only budgets of which something went. */
export function budgetPictures({ curves, slos, period }: WeekReport, words: Words): readonly Block[] {
  const drawn = curves.flatMap((curve) => {
    const slo = slos.find(({ id }) => id === curve.id);
    return slo && curve.points.length > 1 ? [{ curve, slo }] : [];
  });
  const [worst, ...others] = drawn;
  if (!worst) return [];
  const small = others.filter(({ slo }) => (slo.budget?.spentThisWeekRatio ?? 0) > 0.001).slice(0, mostSmall);
  const large = {
    name: 'budget-worst',
    alt: `${curveWords(worst, words)} ${steepestWords(worst.curve, words)}`,
    svg: () => burnDownChart(worst.curve, period),
  };
  const names = small.map((one) => curveWords(one, words));
  const multiples = {
    name: 'budgets-next',
    alt: `The next ones, worst first. ${names.join(' ')}`,
    svg: () =>
      smallMultiples(
        small.map(({ curve, slo: { slo } }) => ({ curve, service: slo.service.name, slo: slo.name })),
        period,
      ),
  };
  const { slo } = worst.slo;
  return [
    {
      kind: 'paragraph',
      text: `What was left of the budget of ${words.service(slo.service)} ${slo.name}, day by day:`,
      tone: 'faint',
    },
    { kind: 'picture', picture: large },
    ...(small.length > 0
      ? [
          { kind: 'paragraph' as const, text: 'And of the next ones:', tone: 'faint' as const },
          { kind: 'picture' as const, picture: multiples },
        ]
      : []),
  ];
}

/** `shop/cart availability: from 81 % of its budget to 12 %.` */
function curveWords(
  { curve, slo: { slo } }: { readonly curve: BudgetCurve; readonly slo: SloWeek },
  words: Words,
): string {
  const left = (ratio: number): string => roundPercentInWords(ratio);
  const [first, last] = [curve.points[0]!, curve.points.at(-1)!];
  return `${words.service(slo.service)} ${slo.name}: from ${left(first.remainingRatio)} of its budget to ${left(last.remainingRatio)}.`;
}

/** `Most of it, 31 %, went Wed 14:00 to 15:00.` */
function steepestWords({ points }: BudgetCurve, { moments }: Words): string {
  const drops = points.slice(1).map((point, index) => ({
    from: points[index]!.at,
    to: point.at,
    drop: points[index]!.remainingRatio - point.remainingRatio,
  }));
  const steepest = drops.reduce((worst, one) => (one.drop > worst.drop ? one : worst));
  if (steepest.drop <= 0) return 'Nothing of it went in this week.';
  return `The hour that took most, ${roundPercentInWords(steepest.drop)}, was ${moments.span(steepest)}.`;
}
