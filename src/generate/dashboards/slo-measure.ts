import type { Perspective } from '../../domain/slo.js';
import type { SliMeasure, SloMeasure } from '../../packs/measure.js';
import type { MetricWord } from '../../packs/metric-vocabulary.js';
import { quoteRegex } from '../../promql/escaping.js';
import { binary, call, chain, maxBy, number, sumBy } from '../../promql/expression.js';
import type { Expression, Matcher, Selector } from '../../promql/expression.js';
import { encodePart } from '../../domain/service-id.js';
import { ofWindow } from '../rules/burn-step-rules.js';
import type { EventKind } from '../rules/series-names.js';
import {
  budget,
  minuteEvents,
  objective,
  objectiveLabels,
  sliLabels,
  sloLabels,
  windowEvents,
} from '../rules/series-names.js';
import { ofTeam, scopedSelector } from './board-scope.js';
import type { BoardScope } from './board-scope.js';
import type { Moment } from './moment.js';
import { minutesRange } from './moment.js';

/** What tells one SLO from every other, and what is told of it. */
const sloKey = [...sloLabels, 'window'];

/** Events as objectives count them: as many a second, or the share that was bad. Nothing where nothing was counted. */
export function sliExpression(
  { what, perspective: asked, by }: SliMeasure,
  scope: BoardScope,
  moment: Moment,
): Expression | undefined {
  const sli = ofPerspective(asked === 'server' ? scope.seenAs : asked, scope);
  if (sli === undefined) return undefined;
  const minutes = (kind: EventKind): Selector => {
    const word: MetricWord = { name: minuteEvents(kind), type: 'recorded-sum', labels: sliLabels };
    const selector = scopedSelector(word, [], scope, minutesRange(moment));
    return { ...selector, matchers: [...selector.matchers, sli] };
  };
  const summed = (kind: EventKind): Expression => sumBy(by, ofTeam(call('sum_over_time', minutes(kind)), scope));
  if (what === 'bad-share') return binary(summed('bad_events'), '/', binary(summed('events'), '>', number(0)));
  const mean = call('avg_over_time', minutes(what === 'all' ? 'events' : 'bad_events'));
  return binary(sumBy(by, ofTeam(mean, scope)), '/', number(60));
}

/** All requests that are seen from there: neither some of them, nor those within a threshold. Undefined where no rule counts them. */
function ofPerspective(perspective: Perspective, { meshes, slis }: BoardScope): Matcher | undefined {
  const names = meshes.map(({ name }) => `${encodePart(name)}/${perspective}`).filter((name) => slis.has(name));
  const [only] = names;
  if (only === undefined) return undefined;
  if (names.length === 1) return { label: 'sli', operator: '=', value: only };
  return { label: 'sli', operator: '=~', value: names.map(quoteRegex).join('|') };
}

/** What SLOs promise, what is left of their budgets, how fast these go. Undefined where no SLO has recorded windows. */
export function sloExpression({ what, overSeconds }: SloMeasure, scope: BoardScope): Expression | undefined {
  const all = objectivesOf(budget, scope);
  switch (what) {
    case 'objective':
      return maxBy(sloKey, objectivesOf(objective, scope));
    case 'budget-left': {
      const left = scope.budgetWindowsSeconds.map((seconds): Expression => {
        const ofThese = { ...all, matchers: [...all.matchers, ofWindow(seconds)] };
        return binary(number(1), '-', maxBy(sloKey, burnRate(seconds, ofThese, scope)));
      });
      const [first, ...others] = left;
      return first && chain('or', [first, ...others]);
    }
    case 'burn-rate': {
      const seconds = nearest(overSeconds, scope.windowsSeconds);
      return seconds === undefined ? undefined : maxBy(sloKey, burnRate(seconds, all, scope));
    }
  }
}

function objectivesOf(name: string, scope: BoardScope): Selector {
  return scopedSelector({ name, type: 'gauge', labels: objectiveLabels }, [], scope);
}

/** As alerts have it, of the board's services only: thousands of others need not be read. */
function burnRate(seconds: number, budgets: Selector, scope: BoardScope): Expression {
  const events = (kind: EventKind): Selector =>
    scopedSelector({ name: windowEvents(kind, seconds), type: 'recorded-sum', labels: sliLabels }, [], scope);
  const ratio = binary(events('bad_events'), '/', binary(events('events'), '>', number(0)));
  return binary(ratio, '/', budgets, { mode: 'on', labels: sliLabels, many: 'right' });
}

/** Burn rates are told over windows that somebody's policy has recorded. */
function nearest(seconds: number, windows: readonly number[]): number | undefined {
  const [best] = [...windows].sort((a, b) => Math.abs(a - seconds) - Math.abs(b - seconds) || a - b);
  return best;
}
