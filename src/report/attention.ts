import { roundPercentInWords, spanInWords } from '../domain/in-words.js';
import { serviceKey } from '../domain/service-id.js';
import { windowAt, windowSeconds } from '../domain/window.js';
import type { AttentionItem, BurnEvent, SloWeek, WeekReport } from './week-report.js';
import { goodInWords, promiseInWords } from './words/promises.js';
import { Moments } from './words/moments.js';
import { counted, listed, serviceName } from './words/names.js';

/** What attention is worked out from. */
export type AttentionParts = Pick<
  WeekReport,
  'scope' | 'period' | 'slos' | 'burnEvents' | 'alerts' | 'coverage' | 'findings'
>;

type Ranked = AttentionItem & { readonly rank: number };

const weekSeconds = 7 * 86_400;
const daySeconds = 86_400;

/** What will be gone within so many weeks like this one needs somebody now. */
const soonWeeks = 2;

/** Below this share of its time an SLO's figures are more about what was not seen. */
const leastCoverage = 0.75;

/** Below this share of its time, meshslo itself is the trouble. */
const leastWatched = 0.95;

/** What needs somebody next week, the most pressing first. */
export function attention(parts: AttentionParts): readonly AttentionItem[] {
  const all = [
    ...blind(parts),
    ...broken(parts),
    ...runningOut(parts),
    ...unseen(parts),
    ...partlySeen(parts),
    ...noisy(parts),
    ...openFindings(parts),
    ...nobody(parts),
  ];
  const most = parts.scope.kind === 'organisation' ? 6 : 5;
  return all
    .sort((a, b) => b.rank - a.rank || (a.title < b.title ? -1 : 1))
    .slice(0, most)
    .map(({ kind, title, why, action, owner, service }) => ({ kind, title, why, action, owner, service }));
}

/** Meshslo itself did not look. */
function blind({ coverage, period }: AttentionParts): readonly Ranked[] {
  const seconds = period.knownUntil - period.from;
  if (seconds === 0 || coverage.gapSeconds < seconds * (1 - leastWatched)) return [];
  return [
    {
      rank: 900,
      kind: 'unseen',
      title: `meshslo saw nothing for ${spanInWords(coverage.gapSeconds)} of the week`,
      why: `Whatever failed in that time is in no figure of this report.`,
      action: 'See why it stood still or could not read any proxy: its log and the page of its targets tell.',
      owner: undefined,
      service: undefined,
    },
  ];
}

/** Promises that do not hold: newly broken ones first; old ones only while they go on spending. */
function broken({ slos, burnEvents, period }: AttentionParts): readonly Ranked[] {
  return byService(slos.filter(({ state }) => state === 'missed')).flatMap((own) => {
    const worst = own[0]!;
    const isNew = own.some(({ stateBefore }) => stateBefore !== 'missed');
    const spent = Math.max(...own.map(({ budget }) => budget?.spentThisWeekRatio ?? 0));
    if (!isNew && spent < 0.1) return [];
    const event = burnEvents.told.find(({ service }) => serviceKey(service) === serviceKey(worst.slo.service));
    const names = listed(own.map(({ slo }) => slo.name));
    return [
      {
        rank: isNew ? 700 + Math.min(99, spent * 10) : 450 + Math.min(40, spent * 10),
        kind: 'broken' as const,
        title: isNew
          ? `${serviceName(worst.slo.service)} broke its promise (${names})`
          : `${serviceName(worst.slo.service)} goes on spending what it does not have (${names})`,
        why: `${brokenFigures(worst)}${event ? ` ${worstTime(event, period.timeZone)}` : ''}`,
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

/** `Most of it went Wed 14:05 to 15:10.` */
function worstTime(event: BurnEvent, timeZone: string): string {
  const cost = event.costs[0]?.costRatio;
  if (cost === undefined) return '';
  return `${roundPercentInWords(cost)} of it from ${new Moments(timeZone).span(event)}.`;
}

/** Kept so far, and not for long at this pace. */
function runningOut({ slos, period }: AttentionParts): readonly Ranked[] {
  const found = slos.flatMap((slo) => {
    const weeks = weeksLeft(slo, period.knownUntil - period.from);
    return slo.state === 'met' && weeks !== undefined && weeks <= soonWeeks ? [{ slo, weeks }] : [];
  });
  return byService(found.map(({ slo }) => slo)).map((own) => {
    const worst = found.filter(({ slo }) => own.includes(slo)).sort((a, b) => a.weeks - b.weeks)[0]!;
    const { slo, budget } = worst.slo;
    return {
      rank: 500 + Math.max(0, 90 * (1 - worst.weeks / soonWeeks)),
      kind: 'running-out' as const,
      title: `${serviceName(slo.service)} is running out of budget (${slo.name})`,
      why:
        `${roundPercentInWords(budget!.spentThisWeekRatio)} of the budget went this week and ` +
        `${roundPercentInWords(budget!.remainingRatio)} is left: at this pace gone in ${spanInWords(worst.weeks * weekSeconds)}.`,
      action: 'Find what most of the failures have in common and mend that first; go slow with risky changes.',
      owner: slo.owner,
      service: slo.service,
    };
  });
}

/** Until nothing is left if every week were like this; undefined where that lies beyond the window. */
function weeksLeft({ slo, window, budget }: SloWeek, knownSeconds: number): number | undefined {
  if (!budget || budget.remainingRatio <= 0 || knownSeconds < daySeconds) return undefined;
  const seconds = window.to - (budget.beganAt ?? window.to - knownSeconds);
  const perWeek = (budget.spentThisWeekRatio * weekSeconds) / seconds;
  // A window as short as a week forgets as fast as it spends.
  if (perWeek <= 0 || windowSeconds(slo.window, window.to - 1) <= weekSeconds) return undefined;
  const weeks = budget.remainingRatio / perWeek;
  if (slo.window.kind === 'rolling') return weeks;
  return window.to + weeks * weekSeconds < windowAt(slo.window, window.to - 1).ends ? weeks : undefined;
}

/** Seen in the weeks before, and not once in this one. */
function unseen({ slos, coverage, period }: AttentionParts): readonly Ranked[] {
  // Where nothing was seen of anybody, that is said once.
  if (coverage.gapSeconds >= period.knownUntil - period.from) return [];
  const gone = byService(slos.filter(({ week, fourWeeks }) => week.state === 'no-data' && fourWeeks.coverage > 0));
  if (gone.length === 0) return [];
  const first = gone[0]![0]!.slo;
  const names = gone.map(([one]) => serviceName(one!.slo.service));
  const owners = [...new Set(gone.map(([one]) => one!.slo.owner))];
  return [
    {
      rank: 400 + Math.min(40, gone.length),
      kind: 'unseen',
      title: `Nothing was seen of ${listed(names)}`,
      why: 'It was measured in the weeks before. Nothing says that all is well.',
      action: 'See whether its proxies run and are listed as targets; of a service that is gone, remove the SLO file.',
      owner: owners.length === 1 ? owners[0] : undefined,
      service: gone.length === 1 ? first.service : undefined,
    },
  ];
}

function partlySeen({ slos, coverage, period }: AttentionParts): readonly Ranked[] {
  if (coverage.gapSeconds >= (period.knownUntil - period.from) * (1 - leastCoverage)) return [];
  const partly = byService(
    slos.filter(
      ({ week, firstSeen }) =>
        week.coverage > 0 &&
        week.coverage < leastCoverage &&
        firstSeen !== undefined &&
        firstSeen < period.knownUntil - daySeconds,
    ),
  );
  if (partly.length === 0) return [];
  const names = partly.map(([one]) => serviceName(one!.slo.service));
  const least = Math.min(...partly.flat().map(({ week }) => week.coverage));
  const { service, owner } = partly[0]![0]!.slo;
  const isOne = partly.length === 1;
  return [
    {
      rank: 300,
      kind: 'partly-seen',
      title: `Of ${listed(names)} too little was seen`,
      why: `${isOne ? 'Observed' : 'The least observed'}: ${roundPercentInWords(least)} of the time. The figures speak of that part only.`,
      action: 'See which of its proxies are down or too slow to answer, and mend or remove them.',
      owner: isOne ? owner : undefined,
      service: isOne ? service : undefined,
    },
  ];
}

/** Alerts that people say called for nothing. */
function noisy({ alerts }: AttentionParts): readonly Ranked[] {
  const fired = alerts.pages + alerts.tickets;
  if (alerts.noise < 3 || alerts.noise * 2 < fired) return [];
  return [
    {
      rank: 200,
      kind: 'noisy',
      title: `${alerts.noise} of ${counted(fired, 'alert')} called for nothing`,
      why: `Marked as noise: ${listed(alerts.byName.filter(({ noise }) => noise > 0).map(({ name, noise }) => `${name} ${noise}`))}.`,
      action: 'Promise what users need and no more, or give these SLOs another alert policy.',
      owner: undefined,
      service: undefined,
    },
  ];
}

function openFindings({ findings = [] }: AttentionParts): readonly Ranked[] {
  return findings
    .filter(({ severity, resolvedAt }) => severity === 'critical' && resolvedAt === undefined)
    .slice(0, 2)
    .map(({ summary, action, owner, kind }) => ({
      rank: 420,
      kind: 'finding',
      title: summary,
      why: `A finding that is still open: ${kind}.`,
      action,
      owner,
      service: undefined,
    }));
}

function nobody({ slos, scope }: AttentionParts): readonly Ranked[] {
  const unowned = byService(slos.filter(({ slo }) => slo.owner === undefined));
  if (scope.kind !== 'organisation' || unowned.length === 0 || unowned.length === byService(slos).length) return [];
  return [
    {
      rank: 100,
      kind: 'nobody',
      title: `${counted(unowned.length, 'service')} ${unowned.length === 1 ? 'has' : 'have'} no owner`,
      why: `Nobody is told of ${listed(unowned.map(([one]) => serviceName(one!.slo.service)))}.`,
      action: 'Name an owner in meshslo.yaml (owners), in an SLO file or in the catalogue.',
      owner: undefined,
      service: undefined,
    },
  ];
}

/** SLOs by service, in the order in which services come first. */
function byService(slos: readonly SloWeek[]): readonly (readonly SloWeek[])[] {
  const found = new Map<string, SloWeek[]>();
  for (const slo of slos) {
    const key = serviceKey(slo.slo.service);
    const known = found.get(key);
    if (known) known.push(slo);
    else found.set(key, [slo]);
  }
  return [...found.values()];
}
