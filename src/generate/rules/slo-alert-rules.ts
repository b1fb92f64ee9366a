import { type AlertShare, ofShare } from './alert-share.js';
import type { LinkSettings } from '../../config/config.js';
import { type AlertName, alertSeverities } from '../../domain/alert-names.js';
import { binary, call, chain, maxBy, number } from '../../promql/expression.js';
import type { Expression, Matcher, Selector } from '../../promql/expression.js';
import { linkTemplates, ofThisSlo, sloInWords, withQuery } from './alert-template.js';
import { overspent } from './budget-now.js';
import { burnRateOver, budgetsOf, ofWindow } from './burn-step-rules.js';
import type { JudgedAlike } from './burn-step-rules.js';
import { carrierSeconds } from './carrier-rules.js';
import type { AlertingRule } from './rule-file.js';
import {
  burnStep,
  countedDay,
  minuteEvents,
  objective,
  objectiveLabels,
  scrapeCoverage,
  serviceLabels,
  silent,
  sliLabels,
  sloLabels,
} from './series-names.js';
import { before, beforeBudget, beforeBurning } from './shown-range.js';
import { recorded } from './sli-rules.js';

/** An alert about missing data ends after a day: the last data is never older. */
const day = 86_400;

/** What was not counted for so long is missing. */
const missingSeconds = 600;

/** So long it takes until the coverage of a new service is recorded. */
const recordedWithinSeconds = 300;

/** Below this share of scrapes that succeed, a quarter of the service or more is unseen. */
const leastCoverage = 0.75;

/** The alerts of all SLOs of a share; each is about one SLO, and its labels are those of the embedded evaluator's. */
export function sloAlertRules(
  share: AlertShare,
  judged: readonly JudgedAlike[],
  links: LinkSettings,
): readonly AlertingRule[] {
  return [...budgetAlertRules([ofShare(share)], judged, links), ...sightAlertRules(share, links)];
}

/**
 * Those about budgets.
 *
 * @param matchers of the SLOs that are judged
 */
export function budgetAlertRules(
  matchers: readonly Matcher[],
  judged: readonly JudgedAlike[],
  links: LinkSettings,
): readonly AlertingRule[] {
  return [
    ...burnAlert('ErrorBudgetBurnFast', matchers, judged, links),
    ...burnAlert('ErrorBudgetBurnSlow', matchers, judged, links),
    exhausted(judged, links),
  ];
}

/** Those about what was seen of services at all. */
export function sightAlertRules(share: AlertShare, links: LinkSettings): readonly AlertingRule[] {
  const of: Selector = { kind: 'selector', metric: objective, matchers: [ofShare(share)] };
  return [dataMissing(of, links), coverageLow(of, links)];
}

/** None where no policy has a step of its severity. */
function burnAlert(
  name: 'ErrorBudgetBurnFast' | 'ErrorBudgetBurnSlow',
  of: readonly Matcher[],
  judged: readonly JudgedAlike[],
  links: LinkSettings,
): readonly AlertingRule[] {
  const severity = alertSeverities[name];
  const isThere = judged.some(({ policy: { steps } }) => steps.some((step) => step.severity === severity));
  if (!isThere) return [];
  const active: Selector = {
    kind: 'selector',
    metric: burnStep,
    matchers: [{ label: 'severity', operator: '=', value: severity }, ...of],
  };
  const step = worst({ ...active, matchers: [active.matchers[0]!, ...ofThisSlo] });
  const promise = maxBy(['window'], { kind: 'selector', metric: objective, matchers: ofThisSlo });
  const alert = sloAlert(name, { links, from: beforeBurning(judged, severity) }, maxBy(sloLabels, active), {
    summary: `${sloInWords} burns {{ $value | printf "%.1f" }}x as fast as it may${budgetLeft(judged)}`,
    description:
      withQuery(
        step,
        'Step {{ .Labels.step }}: the budget was spent {{ .Value | printf "%.1f" }} times as fast as it may be, over {{ .Labels.over }}.',
      ) + withQuery(promise, ' Promised: {{ .Value | humanizePercentage }} over {{ .Labels.window }}.'),
    action: withQuery(step, '{{ .Labels.action }}'),
  });
  return [alert];
}

/** Of the steps that are active, the one that burns fastest. */
function worst(steps: Selector): Expression {
  return call('topk', number(1), steps);
}

/** `, 63.2% of the budget left`, by the window of the SLO at hand. */
function budgetLeft(judged: readonly JudgedAlike[]): string {
  const byWindow = new Map(judged.map((alike) => [alike.windowSeconds, alike]));
  return [...byWindow.values()]
    .map((alike) => {
      const budgets = { ...budgetsOf(alike), matchers: [ofWindow(alike.windowSeconds), ...ofThisSlo] };
      const left = binary(number(1), '-', burnRateOver(alike.windowSeconds, budgets));
      return withQuery(call('clamp_min', left, number(0)), ', {{ .Value | humanizePercentage }} of the budget left');
    })
    .join('');
}

function exhausted(judged: readonly JudgedAlike[], links: LinkSettings): AlertingRule {
  const spent = judged.map((alike) => overspent(alike.windowSeconds, budgetsOf(alike)));
  const [first, ...others] = spent;
  return sloAlert(
    'ErrorBudgetExhausted',
    { links, from: beforeBudget(judged) },
    maxBy(sloLabels, chain('or', [first!, ...others])),
    {
      summary: `${sloInWords} has spent {{ $value | printf "%.2f" }} times its error budget`,
      description:
        'More bad events than the objective allows. Until old trouble leaves the window, every failure breaks the promise further.',
      action:
        'Agree with those who depend on it what comes first: what made the failures, or new features. See who and what they were on the page.',
    },
  );
}

/**
 * Silence of one service among hundreds; of one that was counted for an hour or more, and until nobody has seen it for a day. Not of
 * one whose proxies answer, and have no requests to count: of what its clients see, these say nothing.
 */
function dataMissing(objectives: Selector, links: LinkSettings): AlertingRule {
  const known = binary({ kind: 'selector', metric: countedDay, matchers: [] }, '>=', number(12));
  const lately = call('last_over_time', recorded(minuteEvents('events'), missingSeconds));
  const on = { mode: 'on', labels: sliLabels } as const;
  const unseen = binary(binary(objectives, 'and', known, on), 'unless', lately, on);
  const ofServers: Selector = {
    ...objectives,
    matchers: [...objectives.matchers, { label: 'sli', operator: '=~', value: '[^/]+/server(/.*)?' }],
  };
  // Recorded every five minutes: one that failed, or that a restart of Prometheus left out, makes nothing missing.
  const answering = call('last_over_time', recorded(silent, missingSeconds));
  const idle = binary(ofServers, 'and', answering, { mode: 'on', labels: serviceLabels });
  const missing = binary(unseen, 'unless', idle, on);
  return sloAlert('SliDataMissing', { links, from: before(day) }, maxBy(sloLabels, missing), {
    summary: `nothing is known of ${sloInWords} for ten minutes or more`,
    description:
      'It was measured before, and no proxy that answers is known to be its own. Nothing says that it is well: without data nothing burns, and nothing is promised either.',
    action:
      'See whether its proxies run and are scraped, and why they cannot be read. A pod that nobody has called yet is known by labels of its target that name its service. If the service is gone for good, this ends within a day.',
  });
}

/** Of services that have been known for six hours; what nobody sees at all any more is missing, not partly seen. */
function coverageLow(objectives: Selector, links: LinkSettings): AlertingRule {
  const low = binary({ kind: 'selector', metric: scrapeCoverage, matchers: [] }, '<', number(leastCoverage));
  const earlier = call('last_over_time', {
    ...recorded(scrapeCoverage, 3600),
    offsetSeconds: carrierSeconds - recordedWithinSeconds,
  });
  const known = binary(low, 'and', earlier, { mode: 'on', labels: serviceLabels });
  const all = binary(maxBy(objectiveLabels, objectives), '*', number(0));
  const share = binary(known, '+', all, { mode: 'on', labels: serviceLabels, many: 'right' });
  const lately = call('last_over_time', recorded(minuteEvents('events'), missingSeconds));
  const seen = binary(share, 'and', lately, { mode: 'on', labels: sliLabels });
  return sloAlert('CoverageLow', { links, from: before(2 * carrierSeconds) }, maxBy(sloLabels, seen), {
    summary: `only {{ $value | humanizePercentage }} of the scrapes for ${sloInWords} succeeded in the last 6 hours`,
    description:
      'Some of its proxies cannot be read, or not all the time: budget and burn rates speak of the rest only.',
    action: 'See which of its proxies are down or too slow to answer, and mend or remove them.',
  });
}

/** What an alert says. */
export interface Texts {
  readonly summary: string;
  readonly description: string;
  readonly action: string;
}

/**
 * An alert about one SLO, with its severity and links.
 *
 * @param from the moment from which on these show it
 */
export function sloAlert(
  name: AlertName,
  { links, from }: { readonly links: LinkSettings; readonly from: Expression },
  expression: Expression,
  texts: Texts,
): AlertingRule {
  return {
    alert: name,
    labels: { severity: alertSeverities[name] },
    annotations: { ...texts, ...linkTemplates(links, name, { hasSlo: true, from }) },
    expression,
    forSeconds: 0,
  };
}
