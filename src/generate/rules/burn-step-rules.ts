import type { AlertPolicy, PolicyStep } from '../../domain/alert-policy.js';
import { burnFactor } from '../../domain/burn-step.js';
import { type EvidenceTerms, isImprobable, usualEvidence } from '../../domain/evidence.js';
import { formatDuration } from '../../domain/duration.js';
import { binary, call, chain, maxBy, number } from '../../promql/expression.js';
import type { Expression, Matcher, Selector } from '../../promql/expression.js';
import { type AlertShare, ofShare } from './alert-share.js';
import type { RecordingRule } from './rule-file.js';
import { budget, burnStep, objective, objectiveLabels, sliLabels, windowEvents, worstMinute } from './series-names.js';
import { recorded } from './sli-rules.js';

/** SLOs that one rule judges: those of a share under one policy, with budgets over one window. */
export interface JudgedAlike {
  readonly share: AlertShare;
  readonly policy: AlertPolicy;
  readonly windowSeconds: number;
}

/** The one step that is none of the policy's: an alert that nothing says is over. */
const held = 'held';

const onSli = { mode: 'on', labels: sliLabels } as const;

/**
 * A rule for every step of a policy: its burn rate over the long window, for the SLOs for which the step is active, and for
 * no others. Then one for each severity that holds its alerts while too little is seen to call them over.
 *
 * Says the same as {@link stepStates} and {@link judged} say to the embedded evaluator.
 */
export function burnStepRules(alike: JudgedAlike): readonly RecordingRule[] {
  const { steps } = alike.policy;
  const severities = [...new Set(steps.map(({ severity }) => severity))];
  return [
    ...steps.map((step) => stepRule(alike, step)),
    ...severities.flatMap((severity) => holdRule(alike, severity)),
  ];
}

/** The share of bad events that every SLO of some allows. Unique: one objective that is there twice fails nothing. */
export function budgetRule(matchers: readonly Matcher[]): RecordingRule {
  const objectives: Selector = { kind: 'selector', metric: objective, matchers };
  return { record: budget, labels: {}, expression: binary(number(1), '-', maxBy(objectiveLabels, objectives)) };
}

/** What SLOs that are judged alike allow. */
export function budgetsOf(alike: JudgedAlike, severity?: 'page' | 'ticket'): Selector {
  const matchers: readonly Matcher[] = [
    ...ofAlike(alike),
    // Where nobody may be woken, tickets are all there is.
    ...(severity === 'page' ? [{ label: 'pages', operator: '!=', value: 'off' } as const] : []),
  ];
  return { kind: 'selector', metric: budget, matchers };
}

/** SLOs that are judged alike. */
export function ofAlike({ share, policy, windowSeconds }: JudgedAlike): readonly Matcher[] {
  return [ofShare(share), { label: 'policy', operator: '=', value: policy.name }, ofWindow(windowSeconds)];
}

/** Budgets over a window of this length. */
export function ofWindow(windowSeconds: number): Matcher {
  return { label: 'window', operator: '=', value: formatDuration(windowSeconds) };
}

/**
 * How many times faster than allowed each SLO's budget is spent over a window; nothing without events.
 *
 * @param leastBad where fewer events are bad, there is nothing either
 */
export function burnRateOver(windowSeconds: number, budgets: Selector, leastBad = 0): Expression {
  const happened = binary(events('events', windowSeconds), '>', number(0));
  const bad = events('bad_events', windowSeconds);
  const ratio = binary(leastBad === 0 ? bad : binary(bad, '>=', number(leastBad)), '/', happened);
  return binary(ratio, '/', budgets, { ...onSli, many: 'right' });
}

/** The bad events that a window of each SLO may hold for the events that it holds. */
export function allowedEvents(windowSeconds: number, budgets: Selector): Expression {
  return binary(events('events', windowSeconds), '*', budgets, { ...onSli, many: 'right' });
}

/** A rule reads every series as seldom as it can: asking for few of them costs more than reckoning with many. */
function stepRule(alike: JudgedAlike, step: PolicyStep): RecordingRule {
  const { longSeconds, shortSeconds, shortPace, severity, worstMinutesLeftOut } = step;
  const { evidence, hold } = alike.policy;
  const budgets = budgetsOf(alike, severity);
  const factor = rounded(burnFactor(step, alike.windowSeconds));
  const least = leastEvents(alike.policy, step);
  const isFast = (windowSeconds: number, leastRate: number, leastBad: number): Expression =>
    binary(burnRateOver(windowSeconds, budgets, leastBad), '>=', number(rounded(leastRate)));
  const conditions: [Expression, ...Expression[]] =
    shortSeconds === longSeconds
      ? [isFast(longSeconds, factor, Math.max(least.bad, least.badLately))]
      : [isFast(longSeconds, factor, least.bad), isFast(shortSeconds, factor * shortPace, least.badLately)];
  const asked = evidence ?? (worstMinutesLeftOut > 0 ? usualEvidence : undefined);
  if (asked !== undefined && !isEvident(step, factor, asked)) {
    conditions.push(improbable(step, factor, asked, budgets));
  }
  const active = chain('and', conditions);
  // Silence begins nothing: as good events leave a long window, its ratio rises without anything happening. A ratio of a
  // shorter one says by itself that something did.
  const speaks = hold === undefined || shortSeconds <= hold.withinSeconds;
  return {
    record: burnStep,
    labels: { ...labelsOf(alike), severity, step: step.name, over: formatDuration(longSeconds), action: step.action },
    expression: speaks
      ? active
      : binary(active, 'and', binary(events('events', hold.withinSeconds), '>', number(0)), onSli),
  };
}

/** What the SLOs of a rule have in common: said again, it tells the rule from those of others. */
function labelsOf({ share, policy, windowSeconds }: JudgedAlike): Readonly<Record<string, string>> {
  return {
    ...(share.value !== '' && { [share.by]: share.value }),
    policy: policy.name,
    window: formatDuration(windowSeconds),
  };
}

/** How many events must be bad at least: in the long window, and of late. Of those that last, the evidence asks more. */
function leastEvents(
  { evidence }: AlertPolicy,
  { leastBad, worstMinutesLeftOut }: PolicyStep,
): { readonly bad: number; readonly badLately: number } {
  const lasts = worstMinutesLeftOut > 0;
  return {
    bad: lasts || !evidence ? leastBad : Math.max(leastBad, evidence.leastBad),
    badLately: evidence?.leastBadLately ?? 0,
  };
}

/** Whether so fast a burn of so many bad events is improbable already: the more there are, and the faster, the more it is. */
function isEvident({ leastBad, worstMinutesLeftOut }: PolicyStep, factor: number, evidence: EvidenceTerms): boolean {
  const least = Math.max(leastBad, evidence.leastBad);
  return worstMinutesLeftOut === 0 && factor > 1 && isImprobable(least, least / factor, evidence.chance);
}

/**
 * That bad events hardly come by chance where so many are allowed: as {@link isImprobable} says of numbers, with the bad ones
 * taken together. Of those that last there must be enough by themselves.
 */
function improbable(step: PolicyStep, factor: number, asked: EvidenceTerms, budgets: Selector): Expression {
  const bad = lastingBad(step);
  const enough = step.worstMinutesLeftOut > 0 ? binary(bad, '>=', number(asked.leastBad)) : bad;
  const allowed = allowedEvents(step.longSeconds, budgets);
  const times = binary(enough, '/', allowed, { ...onSli, many: 'right' });
  // A step's own factor has asked for more than is allowed already, of all bad events.
  const isMore = step.worstMinutesLeftOut === 0 && factor >= 1;
  const surprise = binary(call('ln', isMore ? times : binary(times, '>', number(1))), '-', number(1));
  const tail = binary(binary(bad, '*', surprise, { ...onSli, many: 'right' }), '+', allowed);
  return binary(tail, '>', number(rounded(-Math.log(asked.chance))));
}

/** The bad events of the long window without so many times its worst minute. */
function lastingBad({ longSeconds, worstMinutesLeftOut }: PolicyStep): Expression {
  const bad = events('bad_events', longSeconds);
  if (worstMinutesLeftOut === 0) return bad;
  const worst: Selector = { kind: 'selector', metric: worstMinute(longSeconds), matchers: [] };
  return binary(bad, '-', binary(number(worstMinutesLeftOut), '*', worst));
}

function holdRule(alike: JudgedAlike, severity: 'page' | 'ticket'): readonly RecordingRule[] {
  const { hold } = alike.policy;
  if (hold === undefined) return [];
  const matchers: readonly Matcher[] = [
    { label: 'severity', operator: '=', value: severity },
    ...budgetsOf(alike).matchers,
  ];
  // What was firing at the evaluation before this one, this rule among it: two minutes hold one such.
  const before = call('last_over_time', { ...recorded(burnStep, 120), matchers });
  const firing = maxBy(objectiveLabels, before);
  // Not `few`: without telemetry there are no events to be few, and that is no recovery either.
  const many = binary(events('events', hold.withinSeconds), '>=', number(hold.fewerEvents));
  const notLongAgo = binary(events('bad_events', hold.badWithinSeconds), '>', number(0));
  const action =
    `See whether the service still gets requests at all. The alert ends when ${hold.fewerEvents} events without trouble, ` +
    `or ${formatDuration(hold.badWithinSeconds)}, have passed.`;
  return [
    {
      record: burnStep,
      labels: { ...labelsOf(alike), severity, step: held, over: formatDuration(hold.badWithinSeconds), action },
      expression: binary(binary(firing, 'unless', many, onSli), 'and', notLongAgo, onSli),
    },
  ];
}

function events(kind: 'events' | 'bad_events', windowSeconds: number): Selector {
  return { kind: 'selector', metric: windowEvents(kind, windowSeconds), matchers: [] };
}

/** Without the last digits of a division, which mean nothing. */
function rounded(value: number): number {
  return Number(value.toPrecision(12));
}
