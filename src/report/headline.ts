import { serviceKey } from '../domain/service-id.js';
import { counted, listed } from './words/names.js';
import type { PromiseCounts, SloWeek } from './slo-week.js';
import type { ReportPeriod } from './week-report.js';

/** How many SLOs stand how. */
export function promiseCounts(states: Iterable<SloWeek['state']>): PromiseCounts {
  const counts = { met: 0, missed: 0, 'no-traffic': 0, 'no-data': 0, insufficient: 0 };
  for (const state of states) counts[state] += 1;
  return counts;
}

/** The verdict on a week in one sentence. */
export function headline(slos: readonly SloWeek[], { isFinished }: Pick<ReportPeriod, 'isFinished'>): string {
  const sentence = verdict(slos, isFinished);
  return isFinished ? sentence : `So far this week: ${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`;
}

function verdict(slos: readonly SloWeek[], isFinished: boolean): string {
  if (slos.length === 0) return 'No SLO is kept here.';
  const counts = promiseCounts(slos.map(({ state }) => state));
  const judged = counts.met + counts.missed;
  if (judged === 0) return nothingJudged(slos.length, counts);
  const rest = slos.length - judged;
  const unjudged = rest === 0 ? '' : `; ${rest === 1 ? '1 more' : `${rest} more`} cannot be judged`;
  if (judged === 1) return `${onlyVerdict(slos, isFinished)}${unjudged}.`;
  const broken = brokenWords(slos, isFinished);
  const kept = isFinished ? 'were kept' : 'are kept';
  if (counts.missed === 0) {
    return `${judged === 2 ? 'Both promises' : `All ${counted(judged, 'promise')}`} ${kept}${unjudged}.`;
  }
  const share =
    counts.met === 0 ? `None of ${counted(judged, 'promise')}` : `${counts.met} of ${counted(judged, 'promise')}`;
  return `${share} ${kept}: ${broken}${unjudged}.`;
}

/** Of the one promise that can be judged. */
function onlyVerdict(slos: readonly SloWeek[], isFinished: boolean): string {
  const { state, stateBefore, slo } = slos.find((one) => one.state === 'met' || one.state === 'missed')!;
  if (state === 'met') return isFinished ? 'The promise was kept' : 'The promise is kept';
  if (stateBefore !== 'missed') return `${slo.service.name} broke its promise`;
  return `${slo.service.name} has not recovered from ${isFinished ? 'weeks before' : 'before'}`;
}

function nothingJudged(slos: number, counts: PromiseCounts): string {
  if (counts['no-data'] === slos) return 'Nothing was observed: no promise can be judged.';
  if (counts['no-traffic'] === slos) return 'There was no traffic: no promise was put to the test.';
  return 'Too little was seen: no promise can be judged.';
}

/** Who broke theirs now, and who did before. */
function brokenWords(slos: readonly SloWeek[], isFinished: boolean): string {
  const missed = slos.filter(({ state }) => state === 'missed');
  const now = services(missed.filter(({ stateBefore }) => stateBefore !== 'missed'));
  const before = services(missed.filter(({ stateBefore }) => stateBefore === 'missed')).filter(
    (name) => !now.includes(name),
  );
  const parts = [
    ...(now.length > 0 ? [`${listed(now)} broke ${now.length === 1 ? 'its own' : 'theirs'}`] : []),
    ...(before.length > 0
      ? [
          `${listed(before)} ${before.length === 1 ? 'has' : 'have'} not recovered from ${isFinished ? 'weeks before' : 'before'}`,
        ]
      : []),
  ];
  return parts.join(', ');
}

function services(slos: readonly SloWeek[]): readonly string[] {
  return [...new Map(slos.map(({ slo: { service } }) => [serviceKey(service), service.name])).values()];
}
