/** The rules that the alert bench compares: meshslo's own code, and what two tools generate, by their own arithmetic. */
import { burnWindows, judged } from '../dist/domain/burn-verdict.js';
import { judgedEarly } from '../dist/domain/open-minute.js';
import { binSeconds, over } from './alert-traffic.mjs';

const day = 86_400;
const budgetSeconds = 30 * day;

/** 99.9 % over 30 d. */
export const objective = 0.999;
const allowed = 1 - objective;

const slo = {
  service: { cluster: 'bench', namespace: 'bench', name: 'bench' },
  name: 'availability',
  objective,
  window: { kind: 'rolling', seconds: budgetSeconds },
  budgeting: { method: 'occurrences' },
};

/** Bins of a minute, and those after which other tools evaluate their rules. */
const [minuteBins, rivalBins] = [60 / binSeconds, 30 / binSeconds];

/**
 * A policy as the running meshslo judges it: once a minute, over whole minutes; and in between, whether what has come since pages.
 *
 * @param early whether the open minute is looked at; generated rules see whole minutes alone
 * @returns what evaluates one traffic: called with each bin in turn, it tells which step pages or tickets; undefined for none
 */
export function meshsloRule(policy, { early = true } = {}) {
  const windows = burnWindows([policy]).filter(({ seconds }) => isRead(policy, seconds));
  return {
    everyBins: early ? 1 : minuteBins,
    watch(traffic) {
      const worst = new Map(
        windows
          .filter(({ withWorstMinute }) => withWorstMinute)
          .map(({ seconds }) => [seconds, worstMinutes(traffic, seconds)]),
      );
      let before = { page: false, ticket: false };
      let status;
      const statusAt = (end) => {
        const burnRates = windows.map(({ seconds }) => {
          const [total, bad] = [over(traffic.total, end, seconds), over(traffic.bad, end, seconds)];
          const burnRate = total === 0 ? undefined : bad / total / allowed;
          return {
            windowSeconds: seconds,
            total,
            bad,
            coverage: 1,
            burnRate,
            unplacedBad: 0,
            worstMinuteBad: worst.get(seconds)?.(end),
          };
        });
        return judged({ slo, at: end * binSeconds, burnRates }, policy, before);
      };
      return (end) => {
        const sinceMinute = (end % minuteBins) * binSeconds;
        if (sinceMinute === 0 || !status) status = statusAt(end - (end % minuteBins));
        else {
          const open = { total: over(traffic.total, end, sinceMinute), bad: over(traffic.bad, end, sinceMinute) };
          status = judgedEarly(status, open) ?? status;
        }
        const { verdict } = status;
        before = { page: verdict.page !== undefined, ticket: verdict.ticket !== undefined };
        return {
          page: verdict.page && stepsOf(verdict, 'page'),
          ticket: verdict.ticket && stepsOf(verdict, 'ticket'),
        };
      };
    },
  };
}

function isRead({ hold, steps }, seconds) {
  return (
    seconds === hold?.withinSeconds ||
    seconds === hold?.badWithinSeconds ||
    steps.some(({ longSeconds, shortSeconds }) => seconds === longSeconds || seconds === shortSeconds)
  );
}

function stepsOf({ steps }, severity) {
  return steps
    .filter(({ step, isActive }) => isActive && step.severity === severity)
    .map(({ step, factor }) => ({ name: step.name, seconds: step.longSeconds, factor }));
}

/** Bad events of the worst minute of a window, by the bin that it ends before; asked in order. */
function worstMinutes({ bad }, seconds) {
  const queue = [];
  const width = seconds / binSeconds;
  let seen = 0;
  return (end) => {
    for (let at = seen + minuteBins; at <= end; at += minuteBins) {
      const value = bad[at] - bad[at - minuteBins];
      while (queue.length > 0 && queue.at(-1).value <= value) queue.pop();
      queue.push({ at, value });
      seen = at;
    }
    while (queue.length > 0 && queue[0].at <= end - width) queue.shift();
    return queue[0]?.value ?? 0;
  };
}

/** The workbook's steps as Sloth generates them: no evidence, no `for`, evaluated every 30 s. */
export const google = stepRule([
  { severity: 'page', factor: 14.4, long: 3600, short: 300 },
  { severity: 'page', factor: 6, long: 6 * 3600, short: 1800 },
  { severity: 'ticket', factor: 3, long: day, short: 2 * 3600 },
  { severity: 'ticket', factor: 1, long: 3 * day, short: 6 * 3600 },
]);

/** What Pyrra generates for 30 d: 28 d's windows stretched, and with `for`. */
export const pyrra = stepRule([
  { severity: 'page', factor: 14, long: 3840, short: 300, for: 120 },
  { severity: 'page', factor: 7, long: 23_160, short: 1920, for: 960 },
  { severity: 'ticket', factor: 2, long: 92_580, short: 7740, for: 3840 },
  { severity: 'ticket', factor: 1, long: 370_260, short: 23_160, for: 11_580 },
]);

function stepRule(steps) {
  return {
    everyBins: rivalBins,
    watch({ total, bad }) {
      const since = steps.map(() => undefined);
      const ratio = (end, seconds) => over(bad, end, seconds) / over(total, end, seconds);
      return (end) => {
        const said = { page: undefined, ticket: undefined };
        steps.forEach((step, index) => {
          const least = step.factor * allowed;
          const isTrue = ratio(end, step.short) > least && ratio(end, step.long) > least;
          since[index] = isTrue ? (since[index] ?? end) : undefined;
          if (!isTrue || (end - since[index]) * binSeconds < (step.for ?? 0)) return;
          (said[step.severity] ??= []).push({ name: '', seconds: step.long, factor: step.factor });
        });
        return said;
      };
    },
  };
}

/** Whether what pages is true: one of the steps is above its threshold by the ratios that the traffic was drawn from. */
export function isTrue({ total, expected, rate }, end, steps) {
  return steps.some(({ seconds, factor }) => {
    const known = Math.min(seconds, end * binSeconds) * rate;
    return over(expected, end, seconds) / known >= factor * allowed && over(total, end, seconds) > 0;
  });
}
