import { holds } from '../../packs/condition.js';
import type { PackView, SignalPack } from '../../packs/signal-pack.js';
import type { EventTerm } from '../query/counted-events.js';
import { viewLabels } from './compare.js';
import { fixedValue, passes } from './label-values.js';
import { exampleValues } from './probes.js';

/**
 * Views whose series a query may count, those that it asks for first.
 *
 * The union is left out: no query of another tool says it in one selector.
 */
export function fittingViews(pack: SignalPack, terms: readonly EventTerm[]): readonly PackView[] {
  const rated = pack.views
    .filter(({ perspective }) => perspective !== 'union')
    .flatMap((view) => {
      const isOpen = view.where.every((condition) => {
        const matchers = terms.flatMap((term) => term.matchers.filter(({ label }) => label === condition.label));
        if (matchers.length === 0) return true;
        const labels = viewLabels(view);
        const values = [
          labels.get(condition.label) ?? '',
          ...matchers.flatMap(({ value }) => value),
          ...exampleValues(condition),
        ];
        return terms.every((term) =>
          values.some(
            (value) =>
              holds(condition, value) &&
              term.matchers.every((matcher) => matcher.label !== condition.label || passes(matcher, value)),
          ),
        );
      });
      const asked = view.where.filter(({ label }) =>
        terms.every((term) => fixedValue(term, label) !== undefined),
      ).length;
      return isOpen ? [{ view, asked }] : [];
    });
  const most = Math.max(...rated.map(({ asked }) => asked));
  return rated.filter(({ asked }) => asked === most).map(({ view }) => view);
}
