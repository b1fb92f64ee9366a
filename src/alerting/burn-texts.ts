import type { StepState } from '../domain/burn-step.js';
import type { Burning, JudgedSlo } from '../domain/burn-verdict.js';
import {
  burnRateInWords,
  countInWords,
  coverageInWords,
  objectiveInWords,
  percentInWords,
  roundPercentInWords,
  spanInWords,
  windowInWords,
} from '../domain/in-words.js';
import type { BurnRate } from '../domain/slo-status.js';
import { burnPace } from '../domain/urgency.js';
import { type AlertTexts, sloInWords } from './slo-alert.js';

/** What a held alert says of who looks next: nobody can know more than that. */
const heldAction =
  'See whether the service still gets requests at all. The alert ends when ten events without trouble, or an hour, have passed.';

/**
 * What a burning SLO says: how fast, what is left, what happened, and where to look first.
 *
 * @param neighbours the other SLOs of the same service
 */
export function burnTexts(status: JudgedSlo, burning: Burning, neighbours: readonly JudgedSlo[]): AlertTexts {
  const name = sloInWords(status.slo);
  const left = budgetLeft(status);
  if (burning.kind === 'held') {
    return {
      summary: `${name} was burning, and too little is seen to call it over${left === undefined ? '' : `; ${left}`}`,
      description: sentences([heldSentence(status), promise(status), meshOrService(status, neighbours), seen(status)]),
      action: heldAction,
    };
  }
  const { state } = burning;
  const rate = state.long.burnRate!;
  const gone = burnPace(state.long, status)?.exhaustedInSeconds;
  const end = gone === undefined || gone === 0 ? undefined : `at this pace gone in ${spanInWords(gone)}`;
  const pace = `burns ${burnRateInWords(rate)} as fast as it may (last ${lastInWords(state.long.windowSeconds)})`;
  const facts = [pace, left, end].filter((fact) => fact !== undefined);
  return {
    summary: `${name} ${facts.join(', ')}`,
    description: sentences([
      counted(status, state.long),
      promise(status),
      thresholds(state),
      meshOrService(status, neighbours),
      youth(status, state.long),
      seen(status),
    ]),
    action: state.step.action,
  };
}

/** `312 of 18,000 requests were bad (1.7 %) in the last 30 minutes.` */
function counted({ slo }: JudgedSlo, { total, bad, windowSeconds }: BurnRate): string {
  const what = slo.budgeting.method === 'occurrences' ? 'requests' : 'slices of time';
  const share = roundPercentInWords(bad / total);
  return `${countInWords(bad)} of ${countInWords(total)} ${what} were bad (${share}) in the last ${lastInWords(windowSeconds)}.`;
}

function promise({ slo }: JudgedSlo): string {
  return `Promised: ${objectiveInWords(slo)}, ${windowInWords(slo.window)}.`;
}

/** `Step half-hour (1 % of the budget in 30 minutes): 14x is enough, it was 17x, and 20x in the last 15 minutes.` */
function thresholds({ step, factor, long, short }: StepState): string {
  const { name, budgetShare, longSeconds, shortSeconds } = step;
  const share = `${percentInWords(budgetShare)} of the budget in ${spanInWords(longSeconds)}`;
  const lately =
    shortSeconds === longSeconds
      ? ''
      : `, and ${burnRateInWords(short.burnRate!)} in the last ${lastInWords(shortSeconds)}`;
  return `Step ${name} (${share}): ${burnRateInWords(factor)} is enough, it was ${burnRateInWords(long.burnRate!)}${lately}.`;
}

function heldSentence(status: JudgedSlo): string {
  const { policy } = status.verdict;
  const [lately, before] = [policy.hold!.withinSeconds, policy.hold!.badWithinSeconds].map((seconds) =>
    status.burnRates.find(({ windowSeconds }) => windowSeconds === seconds)!,
  );
  return (
    `Only ${countInWords(lately!.total)} events were seen in the last ${lastInWords(lately!.windowSeconds)}: ` +
    `that is no recovery. ${counted(status, before!)}`
  );
}

function budgetLeft({ budget }: JudgedSlo): string | undefined {
  if (budget === undefined) return undefined;
  const { remainingRatio } = budget;
  return remainingRatio > 0
    ? `${roundPercentInWords(remainingRatio)} of the budget left`
    : 'nothing of the budget left';
}

/** Whether it is the service or the mesh, as far as the other of the two SLOs can tell. */
function meshOrService({ slo }: JudgedSlo, neighbours: readonly JudgedSlo[]): string | undefined {
  const isMesh = slo.perspective === 'mesh-failures';
  const others = neighbours.filter(
    (other) => (other.slo.perspective === 'mesh-failures') !== isMesh && other.slo.indicator.kind === 'availability',
  );
  // Of what nobody sees, nobody can say that it does well.
  if (!others.some(({ burnRates }) => burnRates.some(({ coverage }) => coverage > 0))) return undefined;
  const isOtherBurning = others.some(({ verdict }) => verdict.page !== undefined);
  if (isMesh) {
    return isOtherBurning
      ? 'What reaches the service fails there too: look at the service as well as at the mesh.'
      : 'What reaches the service is answered well: it is the mesh on the way to it.';
  }
  return isOtherBurning
    ? 'The mesh on the way to it fails too: look at the mesh first.'
    : 'The mesh on the way to it does well: it is the service itself.';
}

/** That a window is not full yet: in the first hour of a service, a blip is a large share of all there ever was. */
function youth({ window, observed, definedSince }: JudgedSlo, { windowSeconds }: BurnRate): string | undefined {
  if (observed === undefined) return undefined;
  const knownSeconds = window.to - Math.max(observed.first, definedSince ?? 0);
  if (knownSeconds >= windowSeconds) return undefined;
  return `It has been measured for ${spanInWords(knownSeconds)} only: that is all that is known of the last ${lastInWords(windowSeconds)}, and a short burst weighs more in it.`;
}

function seen({ window }: JudgedSlo): string | undefined {
  const words = coverageInWords(window.coverage);
  return words === undefined ? undefined : `Of the budget's window ${words}.`;
}

/** `hour` and `5 minutes`, after "the last". */
function lastInWords(seconds: number): string {
  return spanInWords(seconds).replace(/^1 /, '');
}

function sentences(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(' ');
}
