import type { EventLog } from '../../src/simulator/event-log.js';

/** What a pager that saw every request at once would do, minute by minute. */
export interface ReferenceAlerts {
  /** By the minute that has just ended, counted from the start. */
  readonly page: readonly boolean[];
  readonly ticket: readonly boolean[];
}

interface Minute {
  readonly total: number;
  readonly bad: number;
}

/**
 * The conditions of alerts/policies/standard.yaml for 99.9 % over 30 days, by numbers of their own: the ratio from which on the
 * long window burns (budget share x 43,200 min / long x 0.1 %), and the one that the short window must still show.
 */
const pages = [
  { long: 1, ratio: 0.756, short: 1, still: 0.756, least: 20, worst: 0 }, // 1.75 % in 1 min: 756 times
  { long: 1, ratio: 0.5832, short: 1, still: 0.5832, least: 300, worst: 0 }, // 1.35 % in 1 min: 583.2 times
  { long: 2, ratio: 0.3348, short: 1, still: 0.3348, least: 250, worst: 0 }, // 1.55 % in 2 min: 334.8 times
  { long: 60, ratio: 0.01548, short: 5, still: 0.01548, least: 12, worst: 0 }, // 2.15 % in 1 h: 15.48 times
  { long: 30, ratio: 0.0144, short: 15, still: 0.0072, least: 0, worst: 2 }, // 1 % in 30 min: 14.4 times
  { long: 180, ratio: 0.006, short: 20, still: 0.0036, least: 0, worst: 4 }, // 2.5 % in 3 h: 6 times
];
const tickets = [
  { long: 720, ratio: 0.003, short: 60, still: 0.003, least: 0, worst: 0 }, // 5 % in 12 h: 3 times
  { long: 4320, ratio: 0.0012, short: 360, still: 0.0012, least: 0, worst: 0 }, // 12 % in 3 d: 1.2 times
];

/** Evaluates the log of one service, whose server's proxy is asked, from its start on. */
export function referenceAlerts(
  log: EventLog,
  service: string,
  startSeconds: number,
  minutes: number,
): ReferenceAlerts {
  const seen = minutesOf(log, service, startSeconds, minutes);
  return { page: evaluated(seen, pages), ticket: evaluated(seen, tickets) };
}

function minutesOf(log: EventLog, service: string, startSeconds: number, minutes: number): readonly Minute[] {
  const seen = Array.from({ length: minutes }, () => ({ total: 0, bad: 0 }));
  for (const { fromSeconds, destination, server, count } of log.requests()) {
    const minute = seen[Math.floor((fromSeconds - startSeconds) / 60)];
    if (destination !== service || !server || !minute) continue;
    minute.total += count;
    if (server.code >= 500) minute.bad += count;
  }
  return seen;
}

function evaluated(seen: readonly Minute[], steps: typeof pages): readonly boolean[] {
  let isFiring = false;
  return seen.map((_, index) => {
    const last = (minutes: number): readonly Minute[] => seen.slice(Math.max(0, index + 1 - minutes), index + 1);
    const [lately, hour] = [sum(last(5)), sum(last(60))];
    const isActive = lately.total > 0 && steps.some((step) => isBurning(step, last));
    isFiring = isActive || (isFiring && lately.total < 10 && hour.bad > 0);
    return isFiring;
  });
}

function isBurning(
  { long, ratio, short, still, least, worst }: (typeof pages)[number],
  last: (minutes: number) => readonly Minute[],
): boolean {
  const [whole, recent] = [sum(last(long)), sum(last(short))];
  const lasting = whole.bad - worst * Math.max(...last(long).map(({ bad }) => bad));
  return (
    recent.bad >= 2 &&
    whole.bad >= least &&
    whole.bad >= ratio * whole.total &&
    recent.bad >= still * recent.total &&
    isNoChance(lasting, whole.total / 1000)
  );
}

/** At most once in 10,000, where so many are expected: the bound of Chernoff, as a power of ten. */
function isNoChance(bad: number, expected: number): boolean {
  return bad >= 3 && bad > expected && (bad - expected) * Math.log10(Math.E) + bad * Math.log10(expected / bad) < -4;
}

function sum(minutes: readonly Minute[]): Minute {
  return minutes.reduce((all, { total, bad }) => ({ total: all.total + total, bad: all.bad + bad }), {
    total: 0,
    bad: 0,
  });
}
