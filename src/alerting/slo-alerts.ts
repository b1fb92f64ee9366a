import type { LinkSettings } from '../config/config.js';
import type { ActiveAlert } from '../domain/alert.js';
import { burnOver } from '../domain/burn-step.js';
import type { Burning, JudgedSlo } from '../domain/burn-verdict.js';
import type { EpochSeconds } from '../domain/clock.js';
import { countInWords, roundPercentInWords, spanInWords, windowInWords } from '../domain/in-words.js';
import { serviceKey } from '../domain/service-id.js';
import { burnTexts } from './burn-texts.js';
import { sloAlert, sloInWords } from './slo-alert.js';

const [minute, hour, day] = [60, 3600, 86_400];

/** A pod that moves is not seen for a minute or two; what is unseen for longer is missing. */
const missingAfterSeconds = 10 * minute;

/** What has been gone for so long is gone for good. */
const forgottenAfterSeconds = day;

/** What was seen for less than this came and went: a job, a trial. */
const establishedSeconds = hour;

/** Below this share of the time that meshslo itself watched, a quarter of the service or more is unseen. */
const leastObservedRatio = 0.75;

/** A rollout leaves proxies unseen for minutes; this is long enough to be no rollout. */
const coverageSeconds = 6 * hour;

/** What alerts of SLOs are made from, beside the verdicts. */
export interface SloAlertsContext {
  readonly links: LinkSettings;
  /** End of the newest slot; nothing is known from here on. */
  readonly knownUntil: EpochSeconds;
  /** The share of the last six hours in which meshslo itself watched, in [0, 1]. */
  readonly watchedRatio: number;
}

/** Everything that fires of SLOs at one look; a ticket stands beside the page of its SLO, and whoever delivers holds it back. */
export function sloAlerts(all: readonly JudgedSlo[], context: SloAlertsContext): readonly ActiveAlert[] {
  const ofService = new Map<string, JudgedSlo[]>();
  for (const status of all) {
    const key = serviceKey(status.slo.service);
    const known = ofService.get(key);
    if (known) known.push(status);
    else ofService.set(key, [status]);
  }
  return all.flatMap((status) => [
    ...burnAlerts(status, ofService.get(serviceKey(status.slo.service))!, context),
    ...exhausted(status, context),
    ...dataMissing(status, context),
    ...coverageLow(status, context),
  ]);
}

function burnAlerts(
  status: JudgedSlo,
  ofService: readonly JudgedSlo[],
  { links }: SloAlertsContext,
): readonly ActiveAlert[] {
  const { page, ticket } = status.verdict;
  const alert = (name: 'ErrorBudgetBurnFast' | 'ErrorBudgetBurnSlow', burning: Burning): ActiveAlert => {
    const longSeconds = burning.kind === 'step' ? burning.state.step.longSeconds : hour;
    const texts = burnTexts(
      status,
      burning,
      ofService.filter((other) => other !== status),
    );
    return sloAlert(name, status, texts, { links, shownSeconds: Math.max(hour, 2 * longSeconds) });
  };
  return [
    ...(page && status.slo.alerts.pages ? [alert('ErrorBudgetBurnFast', page)] : []),
    ...(ticket ? [alert('ErrorBudgetBurnSlow', ticket)] : []),
  ];
}

function exhausted(status: JudgedSlo, { links }: SloAlertsContext): readonly ActiveAlert[] {
  const { slo, window, budget } = status;
  if (status.state !== 'missed' || budget === undefined) return [];
  const [bad, allowed] = [window.bad, Math.floor(budget.allowedEvents)].map(countInWords);
  const texts = {
    summary: `${sloInWords(slo)} has spent its error budget: ${roundPercentInWords(budget.spentRatio)} of it`,
    description: `${bad} bad events ${windowInWords(slo.window)}, where ${allowed} are allowed. Until old trouble leaves the window, every failure breaks the promise further.`,
    action:
      'Agree with those who depend on it what comes first: what made the failures, or new features. See who and what they were on the page.',
  };
  return [sloAlert('ErrorBudgetExhausted', status, texts, { links, shownSeconds: window.to - window.from })];
}

/** Silence of one SLO; where meshslo itself has not watched, that is another alert. */
function dataMissing(status: JudgedSlo, { links, knownUntil }: SloAlertsContext): readonly ActiveAlert[] {
  const { slo, observed } = status;
  if (!observed || observed.last - observed.first < establishedSeconds) return [];
  const missingSeconds = knownUntil - (observed.last + minute);
  if (missingSeconds < missingAfterSeconds || missingSeconds > forgottenAfterSeconds) return [];
  const texts = {
    summary: `nothing is known of ${sloInWords(slo)} for ${spanInWords(missingSeconds)}`,
    description:
      'It was measured before, and no proxy that answers is known to be its own. Nothing says that it is well: without data nothing burns, and nothing is promised either.',
    action:
      'See whether its proxies run and are listed, and why they cannot be read (/api/v1/targets). If the service is gone for good, this ends within a day.',
  };
  return [sloAlert('SliDataMissing', status, texts, { links, shownSeconds: 2 * missingSeconds + hour })];
}

function coverageLow(status: JudgedSlo, { links, knownUntil, watchedRatio }: SloAlertsContext): readonly ActiveAlert[] {
  const { slo, observed } = status;
  if (!observed || knownUntil - observed.first < coverageSeconds || watchedRatio === 0) return [];
  // What nobody sees at all any more is missing, not partly seen.
  if (knownUntil - observed.last > missingAfterSeconds) return [];
  const { coverage } = burnOver(status, coverageSeconds);
  if (coverage >= leastObservedRatio * watchedRatio) return [];
  const texts = {
    summary: `only ${roundPercentInWords(coverage)} of ${sloInWords(slo)} was observed in the last ${spanInWords(coverageSeconds)}`,
    description:
      'Some of its proxies cannot be read, or not all the time: budget and burn rates speak of the rest only.',
    action: 'See which of its proxies are down or too slow to answer (/api/v1/targets), and mend or remove them.',
  };
  return [sloAlert('CoverageLow', status, texts, { links, shownSeconds: 2 * coverageSeconds })];
}
