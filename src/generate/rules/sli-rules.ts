import type { SignedSelector } from '../../packs/selectors.js';
import { selectorsOf } from '../../packs/selectors.js';
import type { SignalPack } from '../../packs/signal-pack.js';
import { binary, call, maxBy, number, sumBy } from '../../promql/expression.js';
import type { Expression, Selector } from '../../promql/expression.js';
import { printExpression } from '../../promql/printer.js';
import { added, sumOfAny } from './added.js';
import type { Term } from './added.js';
import { heldAtReturn, heldBeforeGap, heldOfMinute, minuteGrowth, returnedAlive, tellsAge } from './growth.js';
import { namedServices, rawServiceLabels } from './named-services.js';
import type { RecordingRule } from './rule-file.js';
import type { RuleSettings } from './rule-settings.js';
import type { EventPart, HeldMoment } from './series-names.js';
import {
  fiveMinuteEvents,
  fiveMinutesAt,
  heldAt,
  heldEvents,
  heldMoment,
  minuteAt,
  minuteEvents,
  portionLabel,
  serviceLabels,
  sliLabels,
  unplacedEvents,
} from './series-names.js';
import type { Sli } from './sli.js';
import { minuteSettlesSeconds } from './settling.js';
import { sliName } from './sli.js';

/** What the counters of each target hold of one SLI, now and a minute before, and when that was: the one reading of raw series. */
export function heldRules(sli: Sli, pack: SignalPack, settings: RuleSettings): readonly RecordingRule[] {
  const at = call('label_replace', call('vector', call('time')), heldMoment, heldAt, '', '');
  return rawParts(sli, pack).map(({ part, selectors }) => ({
    record: heldEvents(part),
    labels: { sli: sliName(sli) },
    expression: binary(heldOf(selectors, settings), 'or', at),
  }));
}

/** When all of that was to have been read: comes after it. A reading that failed has left an older time. */
export function minuteAtRule({ portion }: RuleSettings): RecordingRule {
  const labels = portion === undefined ? {} : { [portionLabel]: portion };
  return { record: minuteAt, labels, expression: call('vector', call('time')) };
}

/** The events of one SLI in the minute before, for all services: all of them, the bad ones, and the good ones. */
export function minuteRules(sli: Sli, pack: SignalPack, settings: RuleSettings): readonly RecordingRule[] {
  const parts = rawParts(sli, pack).map(({ part }) => ({
    part,
    of: minuteGrowth((moment) => heldOfSli(part, sli, moment), pack, settings),
  }));
  return eventRules(sli, minuteEvents, parts);
}

/** The events of one SLI in gaps that ended in the five minutes before; none for a mesh that does not tell restarts. */
export function unplacedRules(sli: Sli, pack: SignalPack, settings: RuleSettings): readonly RecordingRule[] {
  if (!tellsAge(pack)) return [];
  const { targetLabels } = settings;
  const parts = rawParts(sli, pack).map(({ part }) => {
    const held = heldOfSli(part, sli, 'now');
    const before = binary(heldBeforeGap(held), 'and', returnedAlive(pack, settings), {
      mode: 'on',
      labels: targetLabels,
    });
    const grown = added(serviceLabels, [
      { sign: 1, of: heldAtReturn(held, pack, settings) },
      { sign: -1, of: before },
    ]);
    // What a living proxy forgot in the gap is no growth below zero.
    return { part, of: call('clamp_min', grown, number(0)) };
  });
  return eventRules(sli, unplacedEvents, parts);
}

/**
 * The events of five minutes of all SLIs: what happened in each minute, and what came out of gaps. Then, until when that was.
 *
 * @param gapsSettleSeconds what comes out of gaps is recorded by the same group, or so long ago
 */
export function fiveMinuteRules(gapsSettleSeconds = 0): readonly RecordingRule[] {
  const sums = (['events', 'bad_events'] as const).map((kind) => {
    const minutes = call('sum_over_time', settled(recorded(minuteEvents(kind), 300), minuteSettlesSeconds));
    const unplaced = call('sum_over_time', settled(recorded(unplacedEvents(kind), 300), gapsSettleSeconds));
    return { record: fiveMinuteEvents(kind), labels: {}, expression: sumOfAny(sliLabels, [minutes, unplaced]) };
  });
  return [...sums, { record: fiveMinutesAt, labels: {}, expression: lastMinuteOfFive() }];
}

/** A recorded series over the samples that it has in a window: those after its beginning, on every Prometheus. */
export function recorded(metric: string, windowSeconds: number): Selector {
  return { kind: 'selector', metric, matchers: [], rangeSeconds: windowSeconds - 0.001 };
}

/** The newest minute that the newest five minutes hold: where rules see late what they recorded, that was long ago. */
function lastMinuteOfFive(): Expression {
  const at = call('timestamp', { kind: 'selector', metric: fiveMinuteEvents('bad_events'), matchers: [] });
  const minute: Selector = { kind: 'selector', metric: minuteAt, matchers: [] };
  const ahead = binary(minute, '-', maxBy([], at), { mode: 'on', labels: [], many: 'left' });
  const steps = call('floor', binary(binary(number(-minuteSettlesSeconds), '-', ahead), '/', number(60)));
  return maxBy([], binary(minute, '+', binary(steps, '*', number(60))));
}

/** What a group has recorded, as of a time at which all of it is written: now, by 0, for what comes after it in the same group. */
export function settled(of: Selector, settlesSeconds: number): Selector {
  return settlesSeconds === 0 ? of : { ...of, offsetSeconds: settlesSeconds };
}

/** Every raw series once: a difference takes what a sum is made of. */
function rawParts(
  sli: Sli,
  pack: SignalPack,
): readonly { readonly part: EventPart; readonly selectors: readonly SignedSelector[] }[] {
  const { total, bad, good } = selectorsOf(pack, sli.perspective, sli.indicator, sli.filter);
  const parts: readonly [EventPart, readonly SignedSelector[]][] = isDifference(total, bad)
    ? [
        ['events', total],
        ['good_events', good],
      ]
    : [
        ['good_events', good],
        ['bad_events', bad],
      ];
  return parts.flatMap(([part, selectors]) => (selectors.length === 0 ? [] : [{ part, selectors }]));
}

/** Whether bad events are the total less the good ones. */
function isDifference(total: readonly SignedSelector[], bad: readonly SignedSelector[]): boolean {
  const known = new Set(bad.map(termKey));
  return total.every((term) => known.has(termKey(term)));
}

/** Records what was read, and what follows from it: bad events are 0 where nothing has ever been bad. */
function eventRules(
  sli: Sli,
  nameOf: (part: EventPart) => string,
  read: readonly { readonly part: EventPart; readonly of: Expression }[],
): readonly RecordingRule[] {
  const labels = { sli: sliName(sli) };
  const of = new Map(read.map(({ part, of }) => [part, of]));
  const ofPart = (part: EventPart): Selector => ofSli(nameOf(part), sli);
  const rule = (part: EventPart, expression: Expression): RecordingRule => ({
    record: nameOf(part),
    labels,
    expression,
  });
  const [events, good, bad] = [of.get('events'), of.get('good_events'), of.get('bad_events')];
  const goodRules = good === undefined ? [] : [rule('good_events', good)];
  if (events !== undefined) {
    const difference = added(serviceLabels, [
      { sign: 1, of: ofPart('events') },
      ...(good === undefined ? [] : [{ sign: -1 as const, of: ofPart('good_events') }]),
    ]);
    // A bucket may fall below its past in a restart that the count hides.
    return [rule('events', events), ...goodRules, rule('bad_events', call('clamp_min', difference, number(0)))];
  }
  const none = binary(sumBy(serviceLabels, ofPart('good_events')), '*', number(0));
  const known = [...(good === undefined ? [] : [none]), ...(bad === undefined ? [] : [bad])];
  if (known.length === 0) return [];
  const parts = [...(good === undefined ? [] : (['good_events'] as const)), 'bad_events'] as const;
  return [
    ...goodRules,
    rule('bad_events', known.length === 1 ? known[0]! : binary(bad!, 'or', none)),
    rule('events', sumOfAny(serviceLabels, parts.map(ofPart))),
  ];
}

/** What is recorded of one SLI. */
export function ofSli(metric: string, sli: Sli): Selector {
  return { kind: 'selector', metric, matchers: [{ label: 'sli', operator: '=', value: sliName(sli) }] };
}

/** What the counters of each target hold of one part of an SLI at a moment. */
export function heldOfSli(part: EventPart, sli: Sli, moment: HeldMoment | typeof heldAt): Selector {
  const { matchers, ...of } = ofSli(heldEvents(part), sli);
  return { ...of, matchers: [...matchers, { label: heldMoment, operator: '=', value: moment }] };
}

function heldOf(selectors: readonly SignedSelector[], settings: RuleSettings): Expression {
  const further = [...settings.targetLabels, heldMoment];
  const terms = termsOf(selectors, settings, further);
  const [only] = terms;
  return terms.length === 1 && only!.sign === 1 ? only!.of : added([...serviceLabels, ...further], terms);
}

/** One term for all selectors of one metric whose series name the service in the same way, and count alike. */
function termsOf(
  selectors: readonly SignedSelector[],
  settings: RuleSettings,
  further: readonly string[],
): readonly Term[] {
  const alike = new Map<string, SignedSelector[]>();
  for (const one of selectors) {
    const key = JSON.stringify([one.sign, one.view.service, one.selector.metric]);
    alike.set(key, [...(alike.get(key) ?? []), one]);
  }
  return [...alike.values()].map((group) => {
    const { sign, view } = group[0]!;
    const selectorsOfGroup = group.map(({ selector }) => selector);
    const sums = heldOfMinute(selectorsOfGroup, rawServiceLabels(view.service, settings), settings);
    return { sign, of: namedServices(sums, view.service, settings, further) };
  });
}

function termKey({ sign, selector }: SignedSelector): string {
  return `${sign} ${printExpression(selector)}`;
}
