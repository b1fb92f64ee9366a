import { selectorsOf } from '../../packs/selectors.js';
import type { SignalPack } from '../../packs/signal-pack.js';
import { binary, call, maxBy, number } from '../../promql/expression.js';
import type { Expression, Selector } from '../../promql/expression.js';
import { namedServices, rawServiceLabels } from './named-services.js';
import type { RecordingRule } from './rule-file.js';
import type { RuleSettings } from './rule-settings.js';
import type { EventPart } from './series-names.js';
import {
  carrier,
  countedDay,
  fiveMinuteEvents,
  scrapeCoverage,
  scrapeCoverageStep,
  serviceLabels,
} from './series-names.js';
import { silentRules } from './silent-rules.js';
import type { Sli } from './sli.js';
import { heldOfSli, recorded } from './sli-rules.js';

/** A proxy that was there in the last six hours still stands for its service. */
export const carrierSeconds = 6 * 3600;

/** So often coverage is recorded: proxies of one moment are held against each other, however long each of them lives. */
export const coverageStepSeconds = 120;

/**
 * Which targets count requests of which service, as its own proxies: what tells one lost target among hundreds. And which of them
 * have none to count.
 *
 * @param slis of this mesh: where all requests are one, nothing raw is read again
 */
export function carrierRules(pack: SignalPack, slis: readonly Sli[], settings: RuleSettings): readonly RecordingRule[] {
  const carrying = carryingTargets(pack, slis, settings);
  const rules = carrying.map((expression) => ({
    record: carrier,
    labels: { mesh: pack.name },
    expression: one(expression),
  }));
  return [...rules, ...silentRules(pack, carrying, settings)];
}

function carryingTargets(pack: SignalPack, slis: readonly Sli[], settings: RuleSettings): readonly Expression[] {
  const held = slis.find(isEveryRequest);
  if (held !== undefined) {
    const of = (part: EventPart): Expression =>
      call('last_over_time', { ...heldOfSli(part, held, 'now'), rangeSeconds: 300 - 0.001 });
    return [maxBy([...serviceLabels, ...settings.targetLabels], binary(of('good_events'), 'or', of('bad_events')))];
  }
  const { total } = selectorsOf(pack, 'server', { kind: 'availability' });
  return total.map(({ selector, view }) => {
    const seen = call('last_over_time', { ...selector, rangeSeconds: 300, offsetSeconds: settings.delaySeconds });
    const raw = [...settings.targetLabels, ...rawServiceLabels(view.service, settings)];
    return namedServices(maxBy(raw, seen), view.service, settings, settings.targetLabels);
  });
}

/** All requests of services, as their own proxies see them. */
function isEveryRequest({ perspective, indicator, filter }: Sli): boolean {
  return perspective === 'server' && indicator.kind === 'availability' && Object.keys(filter).length === 0;
}

/** Where anything was counted. */
export function countedDayRule(): RecordingRule {
  const counted = call('count_over_time', recorded(fiveMinuteEvents('events'), 86_400));
  return { record: countedDay, labels: {}, expression: counted };
}

/** How much of every service was seen: in two minutes, and in six hours. */
export function coverageRules(settings: RuleSettings): readonly RecordingRule[] {
  const lately = { ...up(coverageStepSeconds - 0.001), offsetSeconds: settings.delaySeconds };
  const perCarrier = binary(carriers(settings), '*', maxBy(settings.targetLabels, call('avg_over_time', lately)), {
    mode: 'on',
    labels: settings.targetLabels,
    many: 'left',
  });
  return [
    {
      record: scrapeCoverageStep,
      labels: {},
      expression: { kind: 'aggregation', operator: 'avg', by: serviceLabels, of: perCarrier },
    },
    {
      record: scrapeCoverage,
      labels: {},
      expression: call('avg_over_time', recorded(scrapeCoverageStep, carrierSeconds)),
    },
  ];
}

/** Every target that carried a service in the last six hours: 1. */
export function carriers({ targetLabels }: RuleSettings): Expression {
  return maxBy([...serviceLabels, ...targetLabels], call('last_over_time', recorded(carrier, carrierSeconds)));
}

function one(expression: Expression): Expression {
  return binary(binary(expression, '*', number(0)), '+', number(1));
}

/** Whether targets answered, over a while. A target that is no longer listed has no such series. */
export function up(rangeSeconds: number): Selector {
  return { kind: 'selector', metric: 'up', matchers: [], rangeSeconds };
}
