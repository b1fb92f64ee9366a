import { roundPercentInWords } from '../domain/in-words.js';
import { serviceKey } from '../domain/service-id.js';
import type { SloId } from '../domain/slo.js';
import type { AttentionItem, WeekReport } from './week-report.js';
import type { BurnCause, BurnEvent } from './burn-event.js';
import type { SloWeek } from './slo-week.js';
import { goodInWords, promiseInWords } from './words/promises.js';
import { causeInWords } from './words/causes.js';
import { durationInWords, Moments } from './words/moments.js';
import { counted, listed, serviceName } from './words/names.js';

/** What attention is worked out from. */
export interface AttentionParts extends Pick<
  WeekReport,
  'scope' | 'period' | 'slos' | 'burnEvents' | 'alerts' | 'coverage' | 'findings'
> {
  /** What the bad events of an SLO's week have in common. */
  readonly causeOf: (id: SloId) => BurnCause | undefined;
}

type Ranked = AttentionItem & {
  readonly rank: number;
  /** The SLO whose failures are told, too. */
  readonly failing?: SloId;
};

const daySeconds = 86_400;

/** Below this share of its budget, an SLO breaks with the next small trouble. */
const lowBudgetRatio = 0.1;

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
    .map(({ kind, title, why, action, owner, service, failing }) => {
      const failures = failing === undefined ? '' : failuresInWords(failing, parts);
      return { kind, title, why: `${why}${failures}`, action, owner, service };
    });
}

/** Meshslo itself did not look. */
function blind({ coverage, period }: AttentionParts): readonly Ranked[] {
  const seconds = period.knownUntil - period.from;
  if (seconds === 0 || coverage.gapSeconds < seconds * (1 - leastWatched)) return [];
  return [
    {
      rank: 900,
      kind: 'unseen',
      title: `meshslo saw nothing for ${durationInWords(coverage.gapSeconds)} of the week`,
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
    const isStillBad = own.some(({ week }) => week.state === 'missed');
    const spent = Math.max(...own.map(({ budget }) => budget?.spentThisWeekRatio ?? 0));
    if (!isNew && spent < 0.1) return [];
    const event = burnEvents.told.find(({ service }) => serviceKey(service) === serviceKey(worst.slo.service));
    const names = listed(own.map(({ slo }) => slo.name));
    return [
      {
        failing: worst.id,
        rank: (isNew ? 700 : isStillBad ? 610 : 450) + Math.min(40, spent * 10),
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

/** Kept so far, and not for long: hardly anything is left, or not after another week like this one. */
function runningOut({ slos }: AttentionParts): readonly Ranked[] {
  const found = slos.filter(
    ({ state, budget }) =>
      state === 'met' && budget && (budget.remainingRatio < lowBudgetRatio || (budget.nextRemainingRatio ?? 1) <= 0),
  );
  return byService(found).map((own) => {
    const { id, slo, budget } = own[0]!;
    const { remainingRatio, nextRemainingRatio, spentThisWeekRatio } = budget!;
    const next =
      nextRemainingRatio === undefined
        ? ''
        : nextRemainingRatio <= 0
          ? ' Another week like this one breaks the promise.'
          : ` Another week like this one leaves ${roundPercentInWords(nextRemainingRatio)}.`;
    return {
      failing: id,
      rank: 500 + 90 * (1 - Math.min(1, Math.max(0, Math.min(remainingRatio, nextRemainingRatio ?? 1)))),
      kind: 'running-out' as const,
      title: `${serviceName(slo.service)} is running out of budget (${slo.name})`,
      why:
        `${roundPercentInWords(remainingRatio)} of the budget is left, ${roundPercentInWords(spentThisWeekRatio)} ` +
        `went this week.${next}`,
      action: 'Mend first what most of the failures have in common, and go slow with risky changes.',
      owner: slo.owner,
      service: slo.service,
    };
  });
}

/** ` Its failures this week: all with code 503.` */
function failuresInWords(id: SloId, { causeOf }: Pick<AttentionParts, 'causeOf'>): string {
  const cause = causeOf(id);
  if (!cause || cause.shares.length === 0) return '';
  const words = causeInWords(cause);
  return ` Its failures this week: ${words.charAt(0).toLowerCase()}${words.slice(1)}`;
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
