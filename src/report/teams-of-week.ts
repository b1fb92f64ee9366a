import { serviceKey } from '../domain/service-id.js';
import { promiseCounts } from './headline.js';
import type { SloWeek } from './slo-week.js';
import type { TeamWeek } from './week-report.js';

/** Owners with what became of their promises; those who broke most first. @param slos the worst first */
export function teamsOfWeek(slos: readonly SloWeek[]): readonly TeamWeek[] {
  const ofOwner = new Map<string | undefined, SloWeek[]>();
  for (const slo of slos) {
    const known = ofOwner.get(slo.slo.owner);
    if (known) known.push(slo);
    else ofOwner.set(slo.slo.owner, [slo]);
  }
  const teams = [...ofOwner].map(([owner, own]): TeamWeek => {
    const { id, slo, state, budget } = own[0]!;
    return {
      owner,
      services: new Set(own.map((one) => serviceKey(one.slo.service))).size,
      counts: promiseCounts(own.map((one) => one.state)),
      worst: { id, slo, state, budget },
    };
  });
  // They come in the order of their worst SLO.
  return teams.sort((a, b) => b.counts.missed - a.counts.missed);
}
