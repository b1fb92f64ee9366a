import { serviceKey } from '../domain/service-id.js';
import type { RequestsOfWeek, SloWeek } from './slo-week.js';

/** Perspectives that see the requests to a service as a whole, the better first. */
const wholeViews = ['server', 'client', 'union'];

/** What was asked of the services, and what of it failed: of each service, the SLO that sees all its requests. */
export function requestsOfWeek(slos: readonly SloWeek[]): RequestsOfWeek | undefined {
  const ofService = new Map<string, SloWeek>();
  for (const one of slos) {
    if (!seesAllRequests(one)) continue;
    const key = serviceKey(one.slo.service);
    const known = ofService.get(key);
    if (!known || rank(one) < rank(known) || (rank(one) === rank(known) && one.id < known.id)) ofService.set(key, one);
  }
  const chosen = [...ofService.values()];
  if (chosen.length === 0) return undefined;
  const sum = (of: 'week' | 'lastWeek' | 'fourWeeks') => ({
    total: chosen.reduce((all, one) => all + one[of].total, 0),
    bad: chosen.reduce((all, one) => all + one[of].bad, 0),
  });
  return { week: sum('week'), lastWeek: sum('lastWeek'), fourWeeks: sum('fourWeeks') };
}

function seesAllRequests({ slo }: SloWeek): boolean {
  const isWhole = Object.values(slo.filter).every((value) => value === undefined);
  const countsRequests = slo.indicator.kind === 'availability' && slo.indicator.of === undefined;
  return countsRequests && slo.budgeting.method === 'occurrences' && isWhole && rank({ slo }) >= 0;
}

function rank({ slo }: Pick<SloWeek, 'slo'>): number {
  return wholeViews.indexOf(slo.perspective);
}
