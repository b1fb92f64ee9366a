import { holds } from '../../packs/condition.js';
import type { Perspective } from '../../domain/slo.js';
import type { PackView, SignalPack } from '../../packs/signal-pack.js';
import type { EventTerm } from '../query/counted-events.js';
import { viewLabels } from './compare.js';
import { fixedValue, passes } from './label-values.js';
import { exampleValues } from './probes.js';

/**
 * Views whose series a query may count: those that it asks for most, the likeliest first.
 *
 * The union is left out: no query of another tool says it in one selector.
 */
export function fittingViews(pack: SignalPack, terms: readonly EventTerm[], isLatency: boolean): readonly PackView[] {
  const rated = pack.views
    .filter((view) => mayBeMeant(view, terms, isLatency))
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
  const nearest = rated.filter(({ asked }) => asked === most).map(({ view }) => view);
  return nearest.toSorted((a, b) => order.indexOf(a.perspective) - order.indexOf(b.perspective));
}

/** What people mean before they say more. */
const order: readonly Perspective[] = ['server', 'client', 'mesh-failures', 'union'];

/** Whether a query could mean what fails on the way: it must ask for what such a view calls bad, and times are not its question. */
function mayBeMeant({ perspective, classes }: PackView, terms: readonly EventTerm[], isLatency: boolean): boolean {
  if (perspective !== 'mesh-failures') return perspective !== 'union';
  const labels = classes
    .filter(({ verdict }) => verdict === 'bad')
    .flatMap(({ where }) => where.map(({ label }) => label));
  const isAsked = terms.some(({ matchers }) => matchers.some(({ label }) => labels.includes(label)));
  return isAsked && !isLatency;
}
