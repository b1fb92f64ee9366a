import type { EventSelectors, SignedSelector } from '../../packs/selectors.js';
import { selectorsOf } from '../../packs/selectors.js';
import type { SignalPack } from '../../packs/signal-pack.js';
import { binary, call, number, sumBy } from '../../promql/expression.js';
import type { Expression, Selector } from '../../promql/expression.js';
import { printExpression } from '../../promql/printer.js';
import { added } from './added.js';
import type { Term } from './added.js';
import { gapGrowth, minuteGrowth } from './growth.js';
import { namedServices, rawServiceLabels } from './named-services.js';
import type { RecordingRule } from './rule-file.js';
import type { RuleSettings } from './rule-settings.js';
import type { EventKind } from './series-names.js';
import { fiveMinuteEvents, minuteEvents, serviceLabels, sliLabels, unplacedEvents } from './series-names.js';
import type { Sli } from './sli.js';
import { sliName } from './sli.js';

/** Growth of the counters that selectors pass, summed by labels; undefined where that cannot be told. */
type Growth = (selectors: readonly Selector[], by: readonly string[]) => Expression | undefined;

/** The events of one SLI in the minute before, for all services: all of them, and the bad ones. */
export function minuteRules(sli: Sli, pack: SignalPack, settings: RuleSettings): readonly RecordingRule[] {
  return eventRules(sli, pack, settings, minuteEvents, (selectors, by) => minuteGrowth(selectors, by, pack, settings));
}

/** The events of one SLI in gaps that ended in the five minutes before; none for a mesh that does not tell restarts. */
export function unplacedRules(sli: Sli, pack: SignalPack, settings: RuleSettings): readonly RecordingRule[] {
  return eventRules(sli, pack, settings, unplacedEvents, (selectors, by) => gapGrowth(selectors, by, pack, settings));
}

/** The events of five minutes of all SLIs: what happened in each minute, and what came out of gaps. */
export function fiveMinuteRules(): readonly RecordingRule[] {
  return (['events', 'bad_events'] as const).map((kind) => {
    const minutes = call('sum_over_time', recorded(minuteEvents(kind), 300));
    const unplaced = call('sum_over_time', recorded(unplacedEvents(kind), 300));
    const expression = added(sliLabels, [
      { sign: 1, of: minutes },
      { sign: 1, of: unplaced },
    ]);
    return { record: fiveMinuteEvents(kind), labels: {}, expression };
  });
}

/** A recorded series over the samples that it has in a window: those after its beginning, on every Prometheus. */
export function recorded(metric: string, windowSeconds: number): Selector {
  return { kind: 'selector', metric, matchers: [], rangeSeconds: windowSeconds - 0.001 };
}

function eventRules(
  sli: Sli,
  pack: SignalPack,
  settings: RuleSettings,
  nameOf: (kind: EventKind) => string,
  growth: Growth,
): readonly RecordingRule[] {
  const { total, bad } = selectorsOf(pack, sli.perspective, sli.indicator, sli.filter);
  const labels = { sli: sliName(sli) };
  const everything = sumOf(total, settings, growth);
  if (everything === undefined) return [];
  const ofTotal: Selector = {
    kind: 'selector',
    metric: nameOf('events'),
    matchers: [{ label: 'sli', operator: '=', value: labels.sli }],
  };
  return [
    { record: nameOf('events'), labels, expression: everything },
    { record: nameOf('bad_events'), labels, expression: badEvents({ total, bad }, ofTotal, settings, growth) },
  ];
}

/** What is bad, by way of the total where it begins with that: nothing is read twice. 0 where nothing has ever been bad. */
function badEvents(
  { total, bad }: EventSelectors,
  ofTotal: Selector,
  settings: RuleSettings,
  growth: Growth,
): Expression {
  const known = new Set(total.map(termKey));
  const further = bad.filter((term) => !known.has(termKey(term)));
  if (bad.length - further.length < total.length) {
    return binary(sumOf(bad, settings, growth)!, 'or', binary(sumBy(serviceLabels, ofTotal), '*', number(0)));
  }
  const terms = [{ sign: 1, of: ofTotal } as const, ...termsOf(further, settings, growth)];
  // A bucket may fall below its past in a restart that the count hides.
  return call('clamp_min', added(serviceLabels, terms), number(0));
}

function sumOf(selectors: readonly SignedSelector[], settings: RuleSettings, growth: Growth): Expression | undefined {
  const terms = termsOf(selectors, settings, growth);
  const [only] = terms;
  if (only === undefined) return undefined;
  return terms.length === 1 && only.sign === 1 ? only.of : added(serviceLabels, terms);
}

/** One term for all selectors of one metric whose series name the service in the same way, and count alike. */
function termsOf(selectors: readonly SignedSelector[], settings: RuleSettings, growth: Growth): readonly Term[] {
  const alike = new Map<string, SignedSelector[]>();
  for (const one of selectors) {
    const key = JSON.stringify([one.sign, one.view.service, one.selector.metric]);
    alike.set(key, [...(alike.get(key) ?? []), one]);
  }
  return [...alike.values()].flatMap((group) => {
    const { sign, view } = group[0]!;
    const selectorsOfGroup = group.map(({ selector }) => selector);
    const sums = growth(selectorsOfGroup, rawServiceLabels(view.service, settings));
    return sums === undefined ? [] : [{ sign, of: namedServices(sums, view.service, settings) }];
  });
}

function termKey({ sign, selector }: SignedSelector): string {
  return `${sign} ${printExpression(selector)}`;
}
