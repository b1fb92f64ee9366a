import { countInWords, roundPercentInWords } from '../../domain/in-words.js';
import type { BurnEvent } from '../burn-event.js';
import type { SloWeek } from '../slo-week.js';
import { causeInWords, firstStep } from '../words/causes.js';
import { Moments } from '../words/moments.js';
import { listed, serviceName } from '../words/names.js';
import { goodInWords, promiseInWords } from '../words/promises.js';
import { type AttentionParts, byService, type Ranked } from './ranked.js';

/** Below this share of its budget, an SLO breaks with the next small trouble. */
const lowBudgetRatio = 0.1;

/**
 * A stretch that takes so much of a budget is told, even where enough is left: the share that is worth a ticket.
 *
 * @see https://sre.google/workbook/alerting-on-slos/ (10 % of the budget)
 */
const costlyRatio = 0.1;

/** Promises that do not hold: newly broken ones first; old ones only while they go on spending. */
export function broken({ slos, burnEvents, period }: AttentionParts): readonly Ranked[] {
  return byService(slos.filter(({ state }) => state === 'missed')).flatMap((own) => {
    const worst = own[0]!;
    const isNew = own.some(({ stateBefore }) => stateBefore !== 'missed');
    const isStillBad = own.some(({ week }) => week.state === 'missed');
    const spent = Math.max(...own.map(({ budget }) => budget?.spentThisWeekRatio ?? 0));
    if (!isNew && spent < 0.1) return [];
    const event = burnEvents.told.find(({ costs }) => costs.some(({ id }) => id === worst.id));
    const names = listed(own.map(({ slo }) => slo.name));
    return [
      {
        failing: worst.id,
        rank: (isNew ? 700 : isStillBad ? 610 : 450) + Math.min(40, spent * 10),
        kind: 'broken' as const,
        title: isNew
          ? `${serviceName(worst.slo.service)} broke its promise (${names})`
          : `${serviceName(worst.slo.service)} has no budget left and goes on failing (${names})`,
        why: `${brokenFigures(worst)}${event ? worstTime(event, worst, period.timeZone) : ''}`,
        action: isNew
          ? 'Agree with those who depend on it what comes first until the budget is back: mending what failed, or new features.'
          : 'Hold back risky changes until old failures leave the window, and mend what still fails.',
        owner: worst.slo.owner,
        service: worst.slo.service,
      },
    ];
  });
}

function brokenFigures({ slo, window, budget }: SloWeek): string {
  const kept =
    window.goodRatio === undefined ? '' : `${goodInWords(window.goodRatio)} good, promised ${promiseInWords(slo)}.`;
  return `${kept} ${roundPercentInWords(budget?.spentThisWeekRatio ?? 0)} of the budget went this week.`.trim();
}

/** ` Most of that went Wed 14:05 to 15:10.` */
function worstTime(event: BurnEvent, { id, budget }: SloWeek, timeZone: string): string {
  const cost = event.costs.find((one) => one.id === id)?.costRatio;
  if (!cost) return '';
  const share =
    cost * 2 >= (budget?.spentThisWeekRatio ?? 0) ? 'Most of that' : `${roundPercentInWords(cost)} of the budget`;
  return ` ${share} went ${new Moments(timeZone).span(event)}.`;
}

/** Kept so far, and not for long: hardly anything is left, or not after another week like this one. */
export function runningOut({ slos }: AttentionParts): readonly Ranked[] {
  const found = slos.filter(
    ({ state, budget }) =>
      state === 'met' && budget && (budget.remainingRatio < lowBudgetRatio || (budget.nextRemainingRatio ?? 1) <= 0),
  );
  return byService(found).map((own) => {
    const { id, slo, budget } = own[0]!;
    const { remainingRatio, nextRemainingRatio, spentThisWeekRatio } = budget!;
    // New requests bring budget of their own, and old failures leave the window.
    const isSteady = nextRemainingRatio !== undefined && nextRemainingRatio > 0 && nextRemainingRatio >= remainingRatio;
    const next =
      nextRemainingRatio === undefined
        ? ''
        : nextRemainingRatio <= 0
          ? ' Another week like this one breaks the promise.'
          : ` Another week like this one leaves ${roundPercentInWords(nextRemainingRatio)}${isSteady ? ': as much comes back as goes' : ''}.`;
    return {
      failing: id,
      rank: 500 + 90 * (1 - Math.min(1, Math.max(0, Math.min(remainingRatio, nextRemainingRatio ?? 1)))),
      kind: 'running-out' as const,
      title: `${serviceName(slo.service)} ${isSteady ? 'has hardly any budget left' : 'is running out of budget'} (${slo.name})`,
      why:
        `${roundPercentInWords(remainingRatio)} of the budget is left, ${roundPercentInWords(spentThisWeekRatio)} ` +
        `went this week.${next}`,
      action: 'Mend what most of the failures have in common, and go slow with risky changes until then.',
      owner: slo.owner,
      service: slo.service,
    };
  });
}

/** Kept, though one stretch took a large part of the budget. */
export function costly({ burnEvents, slos, period }: AttentionParts): readonly Ranked[] {
  const moments = new Moments(period.timeZone);
  return burnEvents.told.flatMap((event) => {
    const [worst] = event.costs;
    const slo = slos.find(({ id }) => id === worst?.id);
    const cost = worst?.costRatio ?? 0;
    if (cost < costlyRatio || slo?.state !== 'met') return [];
    const step = event.cause && firstStep(event.cause, slo.slo);
    return [
      {
        rank: 460 + Math.min(39, cost * 30),
        kind: 'costly' as const,
        title: `${serviceName(event.service)} lost ${roundPercentInWords(cost)} of its budget at once (${worst!.slo})`,
        why: `${moments.span(event)}: ${countInWords(worst!.bad)} of ${countInWords(worst!.total)} were bad. ${event.cause ? causeInWords(event.cause, slo.slo) : ''}`.trim(),
        action: `${step ?? 'Find out what happened then.'} See to it that the next time is shorter, or does not come.`,
        owner: event.owner,
        service: event.service,
      },
    ];
  });
}
